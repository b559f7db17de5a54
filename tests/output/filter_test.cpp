// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/filter.hpp"

#include "base/error.hpp"
#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using interpret::EventOf;
namespace type = tables::type;

config::Filter with(std::vector<std::string> config::Filter::* list, std::vector<std::string> words) {
  config::Filter filter;
  filter.*list = std::move(words);
  return filter;
}

config::Filter with_outcome(config::Outcome outcome) {
  config::Filter filter;
  filter.outcome = outcome;
  return filter;
}

config::Filter both(const std::string& call) {
  config::Filter filter = with(&config::Filter::keys, {"exec"});
  filter.syscalls = {call};
  filter.outcome = config::Outcome::kFailure;
  return filter;
}

bool passes(const config::Filter& filter, const EventOf& of) {
  return Filter(filter, "s").passes(of.decoded);
}

const EventOf& opened() {
  static const EventOf event{
      {type::kSyscall, R"(arch=c000003e syscall=257 success=no auid=1000 uid=0 key=6578656301696474)"},
      {type::kPath, R"(name="/x")"}};
  return event;
}

TEST_CASE("without a filter everything passes") {
  CHECK(Filter().passes(EventOf{}.decoded));
  CHECK(Filter().passes_all());
  CHECK(Filter(config::Filter{}, "s").passes_all());
  CHECK_FALSE(Filter(with(&config::Filter::keys, {"a"}), "s").passes_all());
}

TEST_CASE("any of the event's keys is enough") {
  CHECK(passes(with(&config::Filter::keys, {"exec"}), opened()));
  CHECK(passes(with(&config::Filter::keys, {"other", "idt"}), opened()));
  CHECK_FALSE(passes(with(&config::Filter::keys, {"ex"}), opened()));
  CHECK_FALSE(passes(with(&config::Filter::keys, {"exec"}), EventOf{{type::kLogin, "pid=1"}}));
}

TEST_CASE("any record of the type is enough, whatever case it is written in") {
  CHECK(passes(with(&config::Filter::types, {"PATH"}), opened()));
  CHECK(passes(with(&config::Filter::types, {"login", "syscall"}), opened()));
  CHECK_FALSE(passes(with(&config::Filter::types, {"CWD"}), opened()));
  CHECK(passes(with(&config::Filter::types, {"UNKNOWN[1499]"}), EventOf{{1499, "a=1"}}));
}

TEST_CASE("a system call is meant by name in its own arch, or by number") {
  CHECK(passes(with(&config::Filter::syscalls, {"openat"}), opened()));
  CHECK(passes(with(&config::Filter::syscalls, {"257"}), opened()));
  CHECK_FALSE(passes(with(&config::Filter::syscalls, {"open"}), opened()));
  CHECK_FALSE(
      passes(with(&config::Filter::syscalls, {"openat"}), EventOf{{type::kSyscall, "arch=40000003 syscall=257"}}));
  CHECK(passes(with(&config::Filter::syscalls, {"openat"}), EventOf{{type::kSyscall, "arch=40000003 syscall=295"}}));
  CHECK_FALSE(passes(with(&config::Filter::syscalls, {"openat"}), EventOf{{1112, "pid=1"}}));
}

TEST_CASE("a user is meant by uid or auid, of the kernel's fields only") {
  CHECK(passes(with(&config::Filter::uids, {"0"}), opened()));
  CHECK(passes(with(&config::Filter::uids, {"root"}), opened()));
  CHECK(passes(with(&config::Filter::uids, {"1000"}), opened()));
  CHECK_FALSE(passes(with(&config::Filter::uids, {"1001"}), opened()));
  CHECK(passes(with(&config::Filter::uids, {"unset"}), EventOf{{1112, "auid=4294967295 uid=5"}}));
  CHECK_FALSE(passes(with(&config::Filter::uids, {"0"}), EventOf{{1112, "auid=1 uid=5 msg='uid=0'"}}));
}

TEST_CASE("an outcome must be known to match") {
  CHECK(passes(with_outcome(config::Outcome::kFailure), opened()));
  CHECK_FALSE(passes(with_outcome(config::Outcome::kSuccess), opened()));
  CHECK_FALSE(passes(with_outcome(config::Outcome::kFailure), EventOf{{type::kLogin, "pid=1"}}));
  CHECK_FALSE(passes(with_outcome(config::Outcome::kSuccess), EventOf{{type::kLogin, "pid=1"}}));
}

TEST_CASE("all that is given must match") {
  CHECK(passes(both("openat"), opened()));
  CHECK_FALSE(passes(both("close"), opened()));
}

TEST_CASE("what does not exist is refused with the sink's name") {
  for (const config::Filter& wrong :
       {with(&config::Filter::types, {"NO_TYPE"}), with(&config::Filter::syscalls, {"no_call"}),
        with(&config::Filter::uids, {"no user"})}) {
    CHECK_THROWS_WITH(Filter(wrong, "siem"), Catch::Contains("siem") && Catch::Contains("there is no"));
    CHECK_THROWS_AS(Filter(wrong, "siem"), base::Error);
  }
}

}  // namespace
}  // namespace naudit::output
