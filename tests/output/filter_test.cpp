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

const EventOf& touched() {
  static const EventOf event{
      {type::kSyscall,
       R"(arch=c000003e syscall=257 success=yes auid=1000 ses=7 uid=0 comm="vi" exe="/usr/bin/vim.basic")"},
      {type::kCwd, R"(cwd="/etc/ssh")"},
      {type::kPath, R"(item=0 name="sshd_config" nametype=NORMAL)"},
      {type::kPath, R"(item=1 name="/srv/my file" nametype=PARENT)"}};
  return event;
}

const EventOf& logged_in() {
  static const EventOf event{
      {type::kUserLogin,
       R"(pid=5 uid=0 auid=1000 ses=4294967295 msg='op=login acct="jo" exe="/usr/sbin/sshd" hostname=pc7 addr=10.0.0.7 terminal=ssh res=success')"}};
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
  CHECK(passes(with_numbers(with(&config::Filter::uids, {"root"})), opened()));
  CHECK(passes(with(&config::Filter::uids, {"1000"}), opened()));
  CHECK_FALSE(passes(with(&config::Filter::uids, {"1001"}), opened()));
  CHECK(passes(with(&config::Filter::uids, {"unset"}), EventOf{{1112, "auid=4294967295 uid=5"}}));
  CHECK_FALSE(passes(with(&config::Filter::uids, {"0"}), EventOf{{1112, "auid=1 uid=5 msg='uid=0'"}}));
}

TEST_CASE("a decision is an outcome where no record has a result, and what was only recorded is none") {
  const EventOf denied{{type::kAvc, "avc:  denied  { read } for  pid=5 comm=\"c\" tclass=file permissive=0"}};
  CHECK(passes(with_outcome(config::Outcome::kFailure), denied));
  CHECK_FALSE(passes(with_outcome(config::Outcome::kSuccess), denied));
  const EventOf confined{{type::kAvc, "apparmor=\"DENIED\" operation=\"open\" profile=\"p\" name=\"/x\" pid=5"}};
  CHECK(passes(with_outcome(config::Outcome::kFailure), confined));
  const EventOf recorded{{type::kAvc, "avc:  denied  { read } for  pid=5 comm=\"c\" tclass=file permissive=1"}};
  CHECK_FALSE(passes(with_outcome(config::Outcome::kFailure), recorded));
  CHECK_FALSE(passes(with_outcome(config::Outcome::kSuccess), recorded));
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
       {with(&config::Filter::types, {"NO_TYPE"}), with(&config::Filter::syscalls, {"no_call"})}) {
    CHECK_THROWS_WITH(Filter(wrong, "siem"), Catch::Contains("siem") && Catch::Contains("there is no"));
    CHECK_THROWS_AS(Filter(wrong, "siem"), base::Error);
  }
}

TEST_CASE("a user's name is first the one that the records tell") {
  const std::string body = "pid=1 uid=0 auid=1000 ses=1 msg='op=x res=success'";
  const EventOf told{{1112, body + "\x1dUID=\"root\" AUID=\"ann\""}};
  const EventOf unknown{{1112, body + "\x1dUID=\"root\" AUID=\"unknown(1000)\""}};
  const EventOf untold{{1112, body}};
  // Of the same event, what another record tells of the number.
  const EventOf elsewhere{{type::kSyscall, "syscall=2 auid=4294967295 uid=1000"},
                          {type::kPath, "item=0 ouid=1000 ogid=0\x1dOUID=\"ann\" OGID=\"root\""}};
  config::Filter ann = with(&config::Filter::uids, {"ann"});
  CHECK(passes(ann, told));
  CHECK(passes(ann, elsewhere));
  CHECK_FALSE(passes(ann, unknown));
  CHECK_FALSE(passes(ann, untold));

  // On this machine 1000 is bob, and ann is 2000.
  config::Filter here = with(&config::Filter::uids, {"bob", "ann"});
  here.numbers = {{"bob", 1000}, {"ann", 2000}};
  CHECK(passes(here, told));
  CHECK(passes(here, untold));
  here.uids = {"bob"};
  CHECK_FALSE(passes(here, told));
  CHECK_FALSE(passes(here, unknown));
  CHECK_FALSE(passes(here, elsewhere));
  CHECK(passes(here, untold));
  CHECK(passes(with(&config::Filter::uids, {"1000"}), told));
}

TEST_CASE("this machine's numbers are for its own records") {
  config::Filter bob = with(&config::Filter::uids, {"bob"});
  bob.numbers = {{"bob", 1000}};
  EventOf event{{1112, "pid=1 uid=0 auid=1000 ses=1 msg='op=x res=success'"}};
  interpret::NamesScope scope{.whose = interpret::NamesScope::Whose::kOwn, .own = {"here"}};
  const auto pass = [&] { return Filter(bob, "s", scope).passes(event.decoded); };
  CHECK(pass());
  event.event.node = "here";
  CHECK(pass());
  event.event.node = "there";
  CHECK_FALSE(pass());
  event.event.node = "here.example";
  CHECK_FALSE(pass());
  scope.full_name = []() -> const std::string& {
    static const std::string kName = "here.example";
    return kName;
  };
  CHECK(pass());
  scope.whose = interpret::NamesScope::Whose::kNone;
  CHECK_FALSE(pass());
  scope.whose = interpret::NamesScope::Whose::kAll;
  event.event.node = "there";
  CHECK(pass());
}

TEST_CASE("a user whom this machine does not know is no failure, and told") {
  const config::Filter filter = with_numbers(with(&config::Filter::uids, {"root", "no user", "-1", "12"}));
  CHECK(filter.numbers == std::map<std::string, std::uint32_t>{{"root", 0}});
  CHECK_NOTHROW(Filter(filter, "siem"));
  CHECK(
      filter_warnings(filter) ==
      std::vector<std::string>{"filter: this machine knows no user 'no user'; only records that tell this name pass"});
}

TEST_CASE("a program or a path is meant by pattern, folder, whole path, or name of the file") {
  struct Case {
    std::string word;
    bool passes;
  };
  const Case exes[] = {{"/usr/bin/vim.basic", true},  {"vim.basic", true},   {"vim*", true},   {"/usr/", true},
                       {"/usr/bin/", true},           {"/usr/bin", false},   {"vim", false},   {"bin/vim.basic", false},
                       {"/usr/bin/vim.basic/", true}, {"/usr/*/vim*", true}, {"basic", false}, {"/usr/b/", false}};
  for (const Case& one : exes) {
    CAPTURE(one.word);
    CHECK(passes(with(&config::Filter::exes, {one.word}), touched()) == one.passes);
  }
  const Case paths[] = {{"/etc/ssh/sshd_config", true},
                        {"sshd_config", true},
                        {"/etc/", true},
                        {"/etc/ssh", false},
                        {"/srv/my file", true},
                        {"my*", true},
                        {"/etc/*", true},
                        {"/usr/", false},
                        {"/etc/ssh/sshd_*", true},
                        {"/etc/sshd_config", false},
                        {"/var/*", false}};
  for (const Case& one : paths) {
    CAPTURE(one.word);
    CHECK(passes(with(&config::Filter::paths, {one.word}), touched()) == one.passes);
  }
  CHECK(passes(with(&config::Filter::exes, {"/nowhere", "sshd"}), logged_in()));
  CHECK_FALSE(passes(with(&config::Filter::paths, {"*"}), logged_in()));
}

TEST_CASE("a session is meant by its number") {
  CHECK(passes(with(&config::Filter::sessions, {"7"}), touched()));
  CHECK_FALSE(passes(with(&config::Filter::sessions, {"8"}), touched()));
  CHECK(passes(with(&config::Filter::sessions, {"unset"}), logged_in()));
  CHECK_THROWS_WITH(passes(with(&config::Filter::sessions, {"x"}), touched()),
                    Catch::Contains("'x' is no login session"));
}

TEST_CASE("a host is meant by node, or by an address or name that a program tells") {
  CHECK(passes(with(&config::Filter::hosts, {"10.0.0.7"}), logged_in()));
  CHECK(passes(with(&config::Filter::hosts, {"other", "pc7"}), logged_in()));
  CHECK_FALSE(passes(with(&config::Filter::hosts, {"10.0.0.70"}), logged_in()));
  EventOf elsewhere{{type::kLogin, "pid=1"}};
  elsewhere.event.node = "web1";
  CHECK(passes(with(&config::Filter::hosts, {"web1"}), elsewhere));
}

}  // namespace
}  // namespace naudit::output
