// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdlib>
#include <iostream>

#include "tests/ctl/listed.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl::test {

// The auditctl that was found when the tests were built, or the one that NAUDIT_AUDITCTL names, beside nauditctl under
// that name.
class Comparison {
 public:
  // Two that refuse to work are equal in all that follows, and nothing would have been compared.
  Comparison() {
    for (const Peer* peer : {&theirs_, &ours_}) {
      const Behaviour listing = peer->behave({"-l"});
      CAPTURE(peer->version(), listing.error);
      REQUIRE(listing.code == 0);
      REQUIRE(listing.requests.size() == 1);
    }
  }

  void check(const std::string& line, Behaviour theirs, Behaviour ours) {
    tally_.add(Intended(theirs_, line).apply(theirs, ours));
    if (ours == theirs) return;
    INFO(line);
    CHECK(ours.code == theirs.code);
    CHECK(ours.out == theirs.out);
    CHECK(ours.error == theirs.error);
    CHECK(ours.requests == theirs.requests);
  }

  // One listing of one kernel by both, line by line.
  void check_listing(const Words& words, const std::string& state) {
    const std::vector<std::string> kernel{"NAUDIT_SHIM_STATE=" + state};
    const Behaviour theirs = theirs_.behave(words, kernel), ours = ours_.behave(words, kernel);
    CHECK(ours.code == theirs.code);
    CHECK(ours.error == theirs.error);
    const std::vector<std::string> left = lines_of(theirs.out), right = lines_of(ours.out);
    REQUIRE(right.size() == left.size());
    Listed listed(theirs_.major());
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto reasons = listed.compare(left[i], right[i]);
      INFO(words.back());
      if (!reasons) CHECK(right[i] == left[i]);
      tally_.add(reasons.value_or(std::vector<std::string_view>{"not intended"}));
    }
  }

  [[nodiscard]] const Peer& theirs() const { return theirs_; }
  [[nodiscard]] const Peer& ours() const { return ours_; }
  [[nodiscard]] const Tally& tally() const { return tally_; }
  void report(const std::string& what) const {
    std::cout << tally_.text("auditctl " + theirs_.version() + ", " + what) << std::flush;
    CHECK(tally_.tried > 0);
  }

 private:
  static std::string path_of_theirs() {
    const char* other = std::getenv("NAUDIT_AUDITCTL");
    return other != nullptr ? other : NAUDIT_AUDITCTL;
  }

  NamedNauditctl name_;
  Peer theirs_{path_of_theirs()};
  Peer ours_{name_.path()};
  Tally tally_;
};

}  // namespace naudit::ctl::test
