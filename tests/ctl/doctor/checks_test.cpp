// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/doctor/check.hpp"
#include "ctl/doctor/report.hpp"
#include "netlink/status.hpp"
#include "tables/arch.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace naudit::ctl {
namespace {

rules::Rule rule(rules::List list, rules::Action action) {
  rules::Rule made;
  made.list = list;
  made.action = action;
  made.syscalls = rules::SyscallMask::all();
  return made;
}

rules::Rule call_rule(bool with_arch) {
  rules::Rule made = rule(rules::List::kExit, rules::Action::kAlways);
  made.syscalls = {};
  made.syscalls.set(59);
  if (with_arch) made.fields.push_back({rules::FieldId::kArch, rules::Operator::kEqual, tables::native_arch(), ""});
  return made;
}

// A machine on which nothing is wrong, and everything is known.
Facts well() {
  Facts facts;
  facts.is_root = true;
  facts.between = 1s;
  netlink::KernelStatus kernel;
  kernel.enabled = 1;
  kernel.failure = 1;
  kernel.pid = 812;
  kernel.backlog_limit = 8192;
  kernel.backlog_wait_time_actual = 0;
  facts.kernel_before = kernel;
  facts.kernel = kernel;
  facts.holder = Process{812, "nauditd"};
  facts.rules = std::vector{call_rule(true)};
  facts.boot = BootWords{true, 8192};
  facts.listeners = std::vector<Listener>();
  facts.journald = JournaldSocket::kMasked;
  facts.surroundings = Surroundings();
  facts.login_id = 1000;
  facts.rmem_max = 212992;
  facts.reach = Reach::kAnswers;
  facts.socket = "/run/naudit/control.sock";
  DaemonFact daemon;
  daemon.pid = 812;
  daemon.mode = "own";
  daemon.registration = "registered";
  daemon.sinks = {{"log", "file", "ok", "", 0}};
  daemon.has_rules = true;
  daemon.rules_wanted = 1;
  facts.daemon_before = daemon;
  facts.daemon = daemon;
  facts.keys = std::vector{KeyFact{"exec", 0.5, 20}, KeyFact{"identity", 0.5, 20}};
  facts.receive_buffer = 64 * config::kMiB;
  facts.config_path = "/etc/naudit/nauditd.yaml";
  facts.config = config::Config();
  facts.rooms = std::vector{Room{"the log of sink 'log'", "/var/log/naudit", 1000, 500, 1000, 500, 50, 100, 10}};
  facts.path_faults = std::vector<PathFault>();
  facts.clock = Clock{true, 0s, -20ms};
  return facts;
}

template <typename T>
void edit(Known<T>& known, const std::function<void(T&)>& change) {
  T value = *known;
  change(value);
  known = value;
}

// What is wrong: the check finds it, on this level, in these words.
struct Case {
  std::string_view id;
  Level level;
  std::string_view words;
  std::function<void(Facts&)> spoil;
};

constexpr Level kNote = Level::kNote, kWarning = Level::kWarning, kCritical = Level::kCritical;

void change_kernel(Facts& facts, const std::function<void(netlink::KernelStatus&)>& change) {
  edit<netlink::KernelStatus>(facts.kernel, change);
}
void change_daemon(Facts& facts, const std::function<void(DaemonFact&)>& change) {
  edit<DaemonFact>(facts.daemon, change);
}
// No nauditd runs, and the registration is this one's.
void without_daemon(Facts& facts, const Process& holder) {
  facts.reach = Reach::kAbsent;
  facts.daemon.set_unknown("nauditd does not run");
  facts.holder = holder;
  change_kernel(facts, [&](auto& kernel) { kernel.pid = static_cast<std::uint32_t>(holder.pid); });
}
void change_room(Facts& facts, const std::function<void(Room&)>& change) {
  edit<std::vector<Room>>(facts.rooms, [&](auto& rooms) { change(rooms[0]); });
}

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {"daemon", kCritical, "nauditd is not running", [](Facts& f) { without_daemon(f, {}); }},
      {"daemon", kCritical, "nauditd has failed (exit-code, status 6)",
       [](Facts& f) {
         without_daemon(f, {});
         f.unit_failure = "exit-code, status 6";
       }},
      {"daemon", kWarning, "pid 99 (nauditd) is registered, and does not answer",
       [](Facts& f) { without_daemon(f, {99, "nauditd"}); }},
      {"daemon", kCritical, "does not answer: waited",
       [](Facts& f) {
         f.reach = Reach::kSilent;
         f.daemon.set_unknown("waited 5s");
       }},
      {"daemon", kCritical, "its registration is taken by pid 99",
       [](Facts& f) { change_daemon(f, [](auto& d) { d.registration = "taken by pid 99"; }); }},
      {"owner", kWarning, "pid 99 (auditd) is this machine's audit daemon",
       [](Facts& f) { without_daemon(f, {99, "auditd"}); }},
      {"owner", kCritical, "pid 99 (python3) is this machine's audit daemon",
       [](Facts& f) { f.holder = Process{99, "python3"}; }},
      {"config", kCritical, "nauditd.yaml:3:1: unknown key",
       [](Facts& f) { f.config_problems = {"/etc/naudit/nauditd.yaml:3:1: unknown key 'x'"}; }},
      {"auditing", kCritical, "audit=0", [](Facts& f) { edit<BootWords>(f.boot, [](auto& b) { b.audit = false; }); }},
      {"auditing", kCritical, "enabled 0", [](Facts& f) { change_kernel(f, [](auto& k) { k.enabled = 0; }); }},
      {"never-task", kCritical, "every new task",
       [](Facts& f) { f.rules = std::vector{rule(rules::List::kTask, rules::Action::kNever)}; }},
      {"never-task", kWarning, "takes tasks out",
       [](Facts& f) {
         rules::Rule one = rule(rules::List::kTask, rules::Action::kNever);
         one.fields.push_back({rules::FieldId::kUid, rules::Operator::kEqual, 54321, ""});
         f.rules = std::vector{one};
       }},
      {"lost", kCritical, "7 lost in the 1.0 s", [](Facts& f) { change_kernel(f, [](auto& k) { k.lost = 7; }); }},
      {"lost", kWarning, "lost 7 records since boot",
       [](Facts& f) {
         change_kernel(f, [](auto& k) { k.lost = 7; });
         f.kernel_before = f.kernel;
       }},
      {"gaps", kCritical, "5 of them just now", [](Facts& f) { change_daemon(f, [](auto& d) { d.gap_events = 5; }); }},
      {"gaps", kWarning, "5 events",
       [](Facts& f) {
         change_daemon(f, [](auto& d) { d.gap_events = 5; });
         f.daemon_before = f.daemon;
       }},
      {"stall", kCritical, "held up",
       [](Facts& f) { change_kernel(f, [](auto& k) { k.backlog_wait_time_actual = 500; }); }},
      {"stall", kNote, "since boot",
       [](Facts& f) {
         change_kernel(f, [](auto& k) { k.backlog_wait_time_actual = 500; });
         f.kernel_before = f.kernel;
       }},
      {"backlog", kWarning, "Only 64 records",
       [](Facts& f) { change_kernel(f, [](auto& k) { k.backlog_limit = 64; }); }},
      {"backlog", kCritical, "5000 of 8192", [](Facts& f) { change_kernel(f, [](auto& k) { k.backlog = 5000; }); }},
      {"receive-buffer", kCritical, "again and again",
       [](Facts& f) { change_daemon(f, [](auto& d) { d.overruns = 1; }); }},
      {"receive-buffer", kWarning, "was full 1 time ",
       [](Facts& f) {
         change_daemon(f, [](auto& d) { d.overruns = 1; });
         f.daemon_before = f.daemon;
       }},
      {"receive-buffer", kWarning, "208.0 KiB, not 64MiB", [](Facts& f) { f.receive_buffer = 212992; }},
      {"receive-buffer", kWarning, "1.0 MiB only",
       [](Facts& f) {
         edit<config::Config>(f.config, [](auto& c) { c.kernel.receive_buffer = config::kMiB; });
         f.receive_buffer = config::kMiB;
       }},
      {"rate-limit", kWarning, "more than 1 record a second",
       [](Facts& f) { change_kernel(f, [](auto& k) { k.rate_limit = 1; }); }},
      {"failure-panic", kWarning, "failure 2", [](Facts& f) { change_kernel(f, [](auto& k) { k.failure = 2; }); }},
      {"journald-socket", kWarning, "pid 300 (systemd-journal)",
       [](Facts& f) { f.listeners = std::vector{Listener{7, {{1, "systemd"}, {300, "systemd-journal"}}}}; }},
      {"journald-socket", kNote, "next boot", [](Facts& f) { f.journald = JournaldSocket::kOn; }},
      {"listeners", kNote, "pid 300 (osqueryd)",
       [](Facts& f) { f.listeners = std::vector{Listener{7, {{300, "osqueryd"}}}}; }},
      {"boot-audit", kWarning, "without audit=1", [](Facts& f) { f.boot = BootWords{{}, 8192}; }},
      {"boot-backlog", kWarning, "with 64", [](Facts& f) { f.boot = BootWords{true, {}}; }},
      {"boot-backlog", kWarning, "audit_backlog_limit=100", [](Facts& f) { f.boot = BootWords{true, 100}; }},
      {"no-rules", kWarning, "has no rule", [](Facts& f) { f.rules = std::vector<rules::Rule>(); }},
      {"rules-missing", kWarning, "2 of 9 wanted rules",
       [](Facts& f) {
         change_daemon(f, [](auto& d) {
           d.rules_wanted = 9;
           d.rules_missing = 2;
         });
       }},
      {"rules-missing", kWarning, "locked: 2 rules wait for a reboot",
       [](Facts& f) {
         change_daemon(f, [](auto& d) {
           d.rules_locked = true;
           d.rules_missing = 2;
         });
       }},
      {"rules-missing", kWarning, "a.yaml:2:3",
       [](Facts& f) { change_daemon(f, [](auto& d) { d.rules_error = "a.yaml:2:3: no"; }); }},
      {"rules-arch", kWarning, "1 rule names system calls and no arch",
       [](Facts& f) { f.rules = std::vector{call_rule(false)}; }},
      {"noisy-key", kWarning, "'exec' makes 90 % of the events",
       [](Facts& f) { f.keys = std::vector{KeyFact{"exec", 0.9, 20}}; }},
      {"sinks", kCritical, "'log' delivers nothing: disconnected (refused)",
       [](Facts& f) {
         change_daemon(f, [](auto& d) {
           d.sinks[0].state = "disconnected";
           d.sinks[0].last_error = "refused";
         });
       }},
      {"sinks", kCritical, "is losing events: 3",
       [](Facts& f) { change_daemon(f, [](auto& d) { d.sinks[0].dropped = 3; }); }},
      {"sinks", kWarning, "has lost 3 events",
       [](Facts& f) {
         change_daemon(f, [](auto& d) { d.sinks[0].dropped = 3; });
         f.daemon_before = f.daemon;
       }},
      {"disk", kCritical, "is full: 9 B", [](Facts& f) { change_room(f, [](Room& r) { r.free = 9; }); }},
      {"disk", kWarning, "nearly full: 49 B",
       [](Facts& f) {
         change_room(f, [](Room& r) {
           r.free = 49;
           r.keep_free = 0;
         });
       }},
      {"disk", kWarning, "less than keep_free", [](Facts& f) { change_room(f, [](Room& r) { r.keep_free = 501; }); }},
      {"disk", kWarning, "may grow to 511 B", [](Facts& f) { change_room(f, [](Room& r) { r.most = 511; }); }},
      {"disk", kWarning, "49 of 1000 inodes", [](Facts& f) { change_room(f, [](Room& r) { r.free_inodes = 49; }); }},
      {"disk", kCritical, "9 of 1000 inodes", [](Facts& f) { change_room(f, [](Room& r) { r.free_inodes = 9; }); }},
      {"permissions", kWarning, "the state: '/srv' can be written by everybody",
       [](Facts& f) {
         f.path_faults = std::vector{PathFault{"the state", "'/srv' can be written by everybody", "chmod go-w '/srv'"}};
       }},
      {"clock", kWarning, "not synchronised", [](Facts& f) { f.clock = Clock{false, 0s, {}}; }},
      {"clock", kWarning, "1 min 1 s ahead of", [](Facts& f) { f.clock = Clock{true, 61s, {}}; }},
      {"clock", kWarning, "1 min 1 s behind", [](Facts& f) { f.clock = Clock{true, -61s, {}}; }},
      {"clock", kCritical, "3.0 s in the future", [](Facts& f) { f.clock = Clock{true, 0s, 3s}; }},
      {"locked", kNote, "until a reboot", [](Facts& f) { change_kernel(f, [](auto& k) { k.enabled = 2; }); }},
      {"namespaces", kCritical, "initial pid namespace",
       [](Facts& f) { f.surroundings = Surroundings{false, true, ""}; }},
      {"namespaces", kCritical, "initial pid and user namespace",
       [](Facts& f) { f.surroundings = Surroundings{false, false, ""}; }},
      {"container", kNote, "(docker)", [](Facts& f) { f.surroundings = Surroundings{true, true, "docker"}; }},
      {"login-id", kNote, "auid unset", [](Facts& f) { f.login_id = rules::kUnset; }},
  };
  return kCases;
}

}  // namespace

TEST_CASE("on a machine that is well, every check says so, and doctor exits with 0") {
  const std::vector<Verdict> verdicts = examine(well(), {});
  CHECK(verdicts.size() == all_checks().size());
  for (const Verdict& one : verdicts) {
    INFO(one.check->id << ": " << one.outcome.why
                       << (one.outcome.findings.empty() ? "" : one.outcome.findings[0].what));
    CHECK(one.outcome.result == Result::kWell);
  }
  CHECK(exit_status(verdicts) == ExitStatus::kWell);
  CHECK(doctor_text(verdicts, {}) == "nothing found; of 28 checks: 28 well, 0 not looked at, 0 not applying here\n");
}

TEST_CASE("each check finds what it is for, with a remedy, and no graver than its row says") {
  std::set<std::string_view> found;
  for (const Case& one : cases()) {
    INFO(one.id << ": " << one.words);
    Facts facts = well();
    one.spoil(facts);
    const Check* const check = find_check(one.id);
    REQUIRE(check != nullptr);
    const Outcome outcome = check->look(facts);
    REQUIRE(outcome.result == Result::kFound);
    REQUIRE(outcome.findings.size() == 1);
    CHECK(outcome.findings[0].level == one.level);
    CHECK(outcome.findings[0].level <= check->level);
    CHECK_THAT(outcome.findings[0].what, Contains(std::string(one.words)));
    REQUIRE_FALSE(outcome.findings[0].fix.empty());
    for (const std::string& line : outcome.findings[0].fix) CHECK_FALSE(line.empty());
    found.insert(one.id);
  }
  std::map<std::string_view, Level> gravest;
  for (const Case& one : cases()) gravest[one.id] = std::max(gravest[one.id], one.level);
  for (const Check& check : all_checks()) {
    INFO(check.id);
    CHECK(found.contains(check.id));
    CHECK(gravest[check.id] == check.level);
  }
}

TEST_CASE("what nobody could look at is never called well") {
  const std::vector<Verdict> verdicts = examine(Facts(), {});
  for (const Verdict& one : verdicts) {
    INFO(one.check->id);
    // nauditd that does not run is found, and not unknown.
    if (one.check->id == "daemon")
      CHECK(one.outcome.result == Result::kFound);
    else
      CHECK(one.outcome.result == Result::kUnknown);
    if (one.outcome.result == Result::kUnknown) CHECK_FALSE(one.outcome.why.empty());
  }
}

TEST_CASE("an ordinary user without a nauditd that he may ask gets the exit status of what is not known") {
  Facts facts = well();
  facts.reach = Reach::kNoRight;
  facts.daemon.set_unknown("only root can ask nauditd");
  facts.kernel.set_unknown("only root can ask the kernel");
  const std::vector<Verdict> verdicts = examine(facts, {});
  CHECK(exit_status(verdicts) == ExitStatus::kUnknown);
  CHECK_THAT(
      doctor_text(verdicts, {}),
      Contains("not looked at: daemon, gaps, receive-buffer, rules-missing, sinks: only root can ask nauditd\n") &&
          Contains("only root can ask the kernel\n") && Contains("\nnothing found; "));
}

TEST_CASE("before the first start, what depends on a running daemon does not apply, and is not called well") {
  Facts facts = well();
  without_daemon(facts, {});
  change_kernel(facts, [](auto& kernel) {
    kernel.enabled = 0;
    kernel.backlog_limit = 64;
  });
  facts.rules = std::vector<rules::Rule>();
  for (const std::string_view id : {"owner", "auditing", "backlog", "no-rules"}) {
    INFO(id);
    CHECK(find_check(id)->look(facts).result == Result::kUnrelated);
  }
}

TEST_CASE("beside another daemon, listening is well when it is wanted") {
  Facts facts = well();
  facts.holder = Process{99, "auditd"};
  change_daemon(facts, [](auto& daemon) {
    daemon.mode = "observe";
    daemon.registration = "observing";
  });
  CHECK(find_check("owner")->look(facts).result == Result::kWell);
  CHECK(find_check("daemon")->look(facts).result == Result::kWell);
}

TEST_CASE("a key that makes nearly all of a few events is not too noisy, and one below 90 % neither") {
  Facts facts = well();
  facts.keys = std::vector{KeyFact{"exec", 1.0, 0.9}};
  CHECK(find_check("noisy-key")->look(facts).result == Result::kWell);
  facts.keys = std::vector{KeyFact{"exec", 0.89, 1000}};
  CHECK(find_check("noisy-key")->look(facts).result == Result::kWell);
}

TEST_CASE("watches, and rules for every call, need no arch") {
  Facts facts = well();
  facts.rules =
      std::vector{rule(rules::List::kExit, rules::Action::kAlways), rule(rules::List::kExclude, rules::Action::kNever)};
  CHECK(find_check("rules-arch")->look(facts).result == Result::kWell);
}

TEST_CASE("listeners that nobody can name are not looked at, and our own one is no stranger") {
  Facts facts = well();
  facts.listeners = std::vector{Listener{7, {}}};
  CHECK(find_check("listeners")->look(facts).result == Result::kUnknown);
  CHECK(find_check("journald-socket")->look(facts).result == Result::kUnknown);
  facts.listeners = std::vector{Listener{7, {{812, "nauditd"}}}};
  CHECK(find_check("listeners")->look(facts).result == Result::kWell);
  CHECK(find_check("journald-socket")->look(facts).result == Result::kWell);
}

TEST_CASE("the names of checks and their texts are fit for a page, a command line and a terminal") {
  std::set<std::string_view> ids;
  for (const Check& check : all_checks()) {
    INFO(check.id);
    CHECK(ids.insert(check.id).second);
    CHECK(check.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
    CHECK(check.title.size() < 60);
    CHECK(check.why.ends_with('.'));
    CHECK(check.about.ends_with('.'));
  }
  CHECK(find_check("nonsense") == nullptr);
}

}  // namespace naudit::ctl
