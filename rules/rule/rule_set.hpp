// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "netlink/status.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// How rule files are read.
struct ReadOptions {
  bool check_permissions = true;  // refuse files that others than their owner may write
  bool lenient = false;           // a bad rule is left out, the others are taken
  bool partial = false;           // the same for a file or a folder that cannot be read, or that is not YAML
};

// What all rule files together want: rules in the order of their evaluation, each once, and settings of the kernel.
// Owner: the loader; a value afterwards.
class RuleSet {
 public:
  // At the end, or at the beginning when the rule says `prepend`. A rule that is there already is not added again: a
  // note tells where both stand.
  void add(WantedRule rule);
  // `-d` in a file: takes back what an earlier line wanted. False if there is no such rule.
  bool remove(const Rule& rule);
  // Something that a person should know and that is no error; the same of the same place is kept once.
  void note(base::Place place, std::string text);

  // What was wanted and is not in the set, and why. It is a note, too.
  void leave_out(base::Place place, const std::string& why) {
    note(place, "left out: " + why);
    left_out_.push_back({std::move(place), why});
  }

  // A setting of the kernel: a later one counts.
  void set(const netlink::StatusChange& change, const base::Place& place);
  // Where the one that counts stands.
  [[nodiscard]] base::Place place_of(std::optional<std::uint32_t> netlink::StatusChange::* setting) const;

  [[nodiscard]] std::vector<WantedRule> rules() const;
  // The rules that stand twice are one note for each pair of files.
  [[nodiscard]] std::vector<base::Problem> notes() const;
  [[nodiscard]] const std::vector<base::Problem>& left_out() const noexcept { return left_out_; }

  netlink::StatusChange settings;  // backlog_wait_time in the kernel's unit
  bool loginuid_immutable = false;

 private:
  std::vector<WantedRule> first_;  // the prepended ones, the last one in front
  std::vector<WantedRule> rules_;
  std::unordered_map<std::string, base::Place> places_;
  std::vector<base::Problem> notes_, left_out_;
  std::unordered_set<std::string> told_;  // each note as a line
  struct Twice {
    base::Place place, first;
  };
  std::vector<Twice> twice_;
  std::vector<std::pair<netlink::StatusChange, base::Place>> set_;  // the latest last
};

}  // namespace naudit::rules
