// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Walks every row of the table of the summary with an event made from the row's fields, and holds docs/summary.md to
// it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "interpret/programs/operations.hpp"
#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/plan/call_plan.hpp"
#include "interpret/summary/plan/plan.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"
#include "tests/interpret/summary_words.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

// The rows that a type may speak by, with what its record needs to do so.
struct Speaker {
  Shape shape;
  std::string kernel, claim;
};

std::vector<Speaker> speakers(Shape shape) {
  if (shape == Shape::kMac)
    return {{Shape::kSelinux, "", ""},
            {Shape::kSmack, "lsm=SMACK ", ""},
            {Shape::kApparmor, "apparmor=\"DENIED\" ", ""},
            {Shape::kApparmorStatus, "apparmor=\"STATUS\" ", ""}};
  if (shape == Shape::kManager)
    return {{Shape::kManager, "", ""}, {Shape::kManagerApparmor, "", "apparmor=\"DENIED\" "}};
  return {{shape, "", ""}};
}

// Does a program's text, or its whole message, decide what is told of this type?
bool has_own_table(std::uint16_t record) {
  return operation_set(record) != OperationSet::kNone || record == type::kUser || record == type::kTrustedApp ||
         record == type::kUserErr || record == type::kTest;
}

template <typename Do>
void each_type(Do&& do_it) {
  for (std::uint16_t record = 1000; record < 3000; ++record)
    if (has_verb(record)) do_it(record, record_action(record));
}

TEST_CASE("each part of each record's row comes from the fields that the row names") {
  int checks = 0;
  each_type([&](std::uint16_t record, const RecordAction& action) {
    for (const Speaker& speaker : speakers(action.shape)) {
      for (const Step& step : plan_of(speaker.shape).steps) {
        for (const tables::FieldId id : step.from()) {
          const std::string value = std::to_string(7000 + id);
          const std::string pair = std::string(tables::field_info(id).name) + "=" + value;
          INFO(tables::record_type_text(record)
               << ' ' << plan_of(speaker.shape).name << ' ' << pair << ' ' << part_info(step.part).name);
          if (speaker.kernel.starts_with(std::string(tables::field_info(id).name) + "=")) continue;
          ++checks;
          const EventOf kernel{
              {record, speaker.kernel + pair + (speaker.claim.empty() ? "" : " msg='" + speaker.claim + "'")}};
          const Summary told = summarise(kernel.decoded);
          const ObjectPart* const part = told.find(step.part);
          if (step.where == Where::kClaim) {
            CHECK((part == nullptr || part->field == nullptr || part->field->value != value));
          } else {
            REQUIRE(part != nullptr);
            REQUIRE(part->field != nullptr);
            CHECK(part->field->value == value);
            CHECK_FALSE(part->claimed);
          }
          if (has_own_table(record)) continue;
          // The same from a program: it is claimed. What the kernel says goes before it.
          const EventOf program{{record, speaker.kernel + "msg='" + speaker.claim + pair + "'"}};
          const Summary claimed = summarise(program.decoded);
          const ObjectPart* const of_program = claimed.find(step.part);
          REQUIRE(of_program != nullptr);
          CHECK(of_program->claimed);
          if (step.where == Where::kClaim) continue;
          const EventOf both{{record, speaker.kernel + pair + " msg='" + speaker.claim +
                                          std::string(tables::field_info(id).name) + "=5'"}};
          const Summary kept = summarise(both.decoded);
          REQUIRE(kept.find(step.part) != nullptr);
          if (kept.find(step.part)->field != nullptr) CHECK(kept.find(step.part)->field->value == value);
          CHECK_FALSE(kept.find(step.part)->claimed);
        }
      }
    }
  });
  CHECK(checks > 500);
}

TEST_CASE("of several fields of one part the first that says something is told") {
  each_type([&](std::uint16_t record, const RecordAction& action) {
    for (const Speaker& speaker : speakers(action.shape)) {
      for (const Step& step : plan_of(speaker.shape).steps) {
        if (step.where == Where::kClaim || step.from().size() < 2) continue;
        std::string body = speaker.kernel;
        for (const tables::FieldId id : step.from())
          body += std::string(tables::field_info(id).name) + "=" + std::to_string(7000 + id) + " ";
        INFO(tables::record_type_text(record) << ' ' << body);
        const EventOf of{{record, body + (speaker.claim.empty() ? "" : "msg='" + speaker.claim + "'")}};
        const Summary told = summarise(of.decoded);
        const ObjectPart* const part = told.find(step.part);
        REQUIRE(part != nullptr);
        REQUIRE(part->field != nullptr);
        // An earlier step may have named the part by a field of this one.
        CHECK(part->field->value == std::to_string(7000 + step.from().front()));
      }
    }
  });
}

TEST_CASE("the subject of each record's row is who the row says") {
  const std::string kernel = "auid=1011 uid=1012 ses=13 ppid=14 pid=15 comm=\"kernel\" ";
  const std::string program = "auid=1021 uid=1022 ses=23 spid=25 comm=\"program\" scontext=l:a:b exe=\"/p\" ";
  each_type([&](std::uint16_t record, const RecordAction& action) {
    for (const Speaker& speaker : speakers(action.shape)) {
      const EventOf of{{record, speaker.kernel + kernel + "msg='" + speaker.claim + program + "'"}};
      const Summary told = summarise(of.decoded);
      INFO(tables::record_type_text(record) << ' ' << plan_of(speaker.shape).name << ": " << subject_of(of));
      constexpr std::uint16_t kWho = claim::kAuid | claim::kUid | claim::kPid | claim::kLabel | claim::kCommand;
      switch (plan_of(speaker.shape).who) {
        case Who::kNobody:
          CHECK(told.auid == nullptr);
          CHECK(told.uid == nullptr);
          CHECK(told.pid == nullptr);
          CHECK(told.subject_kind == SubjectKind::kNone);
          break;
        case Who::kRefused:
          REQUIRE(told.auid != nullptr);
          CHECK(told.auid->value == "1021");
          CHECK(told.uid->value == "1022");
          CHECK(told.pid->value == "25");
          CHECK(told.comm->value == "program");
          CHECK(told.label->value == "l:a:b");
          CHECK((told.claimed & kWho) == (kWho & ~claim::kCommand));
          CHECK(told.has_decider);
          CHECK(told.decided_by.auid->value == "1011");
          CHECK(told.decided_by.uid->value == "1012");
          CHECK(told.decided_by.pid->value == "15");
          break;
        default:
          REQUIRE(told.auid != nullptr);
          CHECK(told.auid->value == "1011");
          CHECK(told.uid->value == "1012");
          CHECK(told.session->value == "13");
          CHECK(told.pid->value == "15");
          CHECK(told.comm->value == "kernel");
          CHECK((told.claimed & kWho) == 0);
          CHECK_FALSE(told.has_decider);
          break;
      }
      // With a system call its record says who, whatever else belongs to the event.
      const EventOf call{{record, speaker.kernel + "msg='" + speaker.claim + "'"},
                         {type::kSyscall, "arch=c000003e syscall=1 auid=1031 uid=1032 pid=35"}};
      const Summary of_call = summarise(call.decoded);
      REQUIRE(of_call.pid != nullptr);
      CHECK(of_call.pid->value == "35");
      CHECK(of_call.uid->value == "1032");
    }
  });
}

TEST_CASE("the outcome of each record's row is its own result, claimed if a program says it") {
  each_type([&](std::uint16_t record, const RecordAction& action) {
    for (const Speaker& speaker : speakers(action.shape)) {
      const auto outcome = [&](const std::string& fields, const std::string& claim) {
        return outcome_of(EventOf{{record, speaker.kernel + fields + " msg='" + speaker.claim + claim + "'"}});
      };
      INFO(tables::record_type_text(record) << ' ' << plan_of(speaker.shape).name);
      CHECK(outcome("res=1", "") == "success");
      CHECK(outcome("res=0", "") == "failure");
      CHECK(outcome("res=0", "res=success") == "failure");
      CHECK(outcome("", "res=success") == "success?");
      CHECK(outcome("", "res=failed") == "failure?");
      if (plan_of(speaker.shape).outcome == Outcome::kResult) CHECK(outcome("", "res=perhaps").empty());
      if (plan_of(speaker.shape).outcome == Outcome::kResult) CHECK(outcome("", "").empty());
    }
  });
}

// Of each system call's row, what the arguments and records that its steps name become.
TEST_CASE("each system call acts on what its row says") {
  const auto event = [](std::uint32_t number, const std::array<std::string, 4>& a, const std::string& path) {
    return EventOf{
        {type::kSyscall, "arch=c000003e syscall=" + std::to_string(number) + " success=yes exit=99 a0=" + a[0] +
                             " a1=" + a[1] + " a2=" + a[2] + " a3=" + a[3] + " pid=15 comm=\"c\" exe=\"/x\""},
        {type::kPath, "item=0 name=\"" + path + "\" inode=3 mode=0100644 nametype=NORMAL"}};
  };
  int rows = 0;
  std::map<From, int> uses;
  for (std::uint32_t number = 0; number < 1024; ++number) {
    const CallAction* const action = call_action(tables::kArchX86_64, number);
    if (action == nullptr) continue;
    ++rows;
    INFO(tables::syscall_name(tables::kArchX86_64, number) << ' ' << call_plan(action->act).name);
    std::array<std::string, 4> arguments = {"65", "66", "67", "68"};  // 101 to 104
    std::string kind;
    std::vector<std::string> wanted, absent;
    bool is_file = false;
    for (const CallStep& step : call_plan(action->act).steps) {
      ++uses[step.from];
      const int index = argument_of(step, *action);
      const auto at = static_cast<std::size_t>(std::max(index, 0));
      const std::string said = std::to_string(101 + at);
      switch (step.from) {
        case From::kKind:
          kind = object_kind_text(step.kind);
          break;
        case From::kFile:
        case From::kFileIfAny:
        case From::kFirstFile:
        case From::kMountPoint:
          is_file = step.from != From::kFileIfAny;
          kind = "file";
          wanted.push_back(" path=/p");
          break;
        case From::kOpenFlags:
          arguments[at] = "1";
          wanted.push_back(" access=write");
          break;
        case From::kForWriting:
          wanted.push_back(" access=write");
          break;
        case From::kModeBits:
          arguments[at] = "1c0";
          wanted.push_back(" mode=0700");
          break;
        case From::kUserOrGroup:
        case From::kEffectiveId:
          wanted.push_back(' ' + std::string(part_info(step.part).name) + '=' + said);
          break;
        case From::kNodeType:
          arguments[at] = "1000";
          kind = "fifo";
          break;
        case From::kPidElse:
          if (index >= 0) wanted.push_back(" pid=" + said);
          break;
        case From::kSignalNumber:
          arguments[at] = "9";
          wanted.push_back(" signal=SIGKILL");
          break;
        case From::kChild:
          wanted.push_back(" pid=99");
          break;
        case From::kCaller:
          wanted.push_back(" name=c pid=15");
          break;
        default:
          break;
      }
    }
    const std::string object = object_of(event(number, arguments, "/p"));
    // What a file is called by stands in CREATE and DELETE where the call has two names.
    CHECK(object.starts_with(kind));
    for (const std::string& part : wanted) CHECK(object.find(part) != std::string::npos);
    // Nothing is told that no step names.
    std::size_t parts = 0;
    for (const char c : object)
      if (c == '=') ++parts;
    std::size_t named = 0;
    for (const std::string& part : wanted) named += static_cast<std::size_t>(std::count(part.begin(), part.end(), '='));
    CHECK(parts == named);
    if (!is_file) continue;
    // A relative name belongs to the directory in the argument that the row names.
    const int directory = action->second_dirfd >= 0 ? action->second_dirfd : action->dirfd;
    const std::string relative = object_of(event(number, arguments, "p"));
    CHECK((relative.find(" dirfd=") != std::string::npos) == (directory >= 0));
    if (directory >= 0)
      CHECK(relative.find(" dirfd=" + std::to_string(std::stoul(arguments[static_cast<std::size_t>(directory)], nullptr,
                                                                16))) != std::string::npos);
  }
  CHECK(rows > 150);
  for (int from = 0; from < static_cast<int>(From::kLast); ++from) {
    INFO(from_info(static_cast<From>(from)).words);
    if (static_cast<From>(from) != From::kWhateverIsTold) CHECK(uses[static_cast<From>(from)] > 0);
  }
}

TEST_CASE("each request of a system call has the verb of its row") {
  int checks = 0;
  for (std::uint32_t number = 0; number < 1024; ++number) {
    const CallAction* const action = call_action(tables::kArchX86_64, number);
    if (action == nullptr || action->request < 0) continue;
    for (const Request& request : action->requests) {
      std::array<std::string, 4> arguments = {"f00", "f00", "f00", "f00"};
      // What is left is a value that no other row has.
      std::array<char, 17> digits{};
      std::snprintf(digits.data(), digits.size(), "%llx",
                    static_cast<unsigned long long>(request.mask == 0 ? 0xF00 : request.value));
      arguments[static_cast<std::size_t>(action->request)] = digits.data();
      INFO(tables::syscall_name(tables::kArchX86_64, number) << ' ' << request.verb);
      ++checks;
      CHECK(action_of(EventOf{{type::kSyscall, "arch=c000003e syscall=" + std::to_string(number) +
                                                   " success=yes exit=0 a0=" + arguments[0] + " a1=" + arguments[1] +
                                                   " a2=" + arguments[2] + " a3=" + arguments[3]}}) == request.verb);
    }
    // Without the argument the call says what it is.
    CHECK(action_of(EventOf{{type::kSyscall, "arch=c000003e syscall=" + std::to_string(number) + " success=yes"}}) ==
          action->verb);
  }
  CHECK(checks > 90);
}

TEST_CASE("each rule of the table has a name and a sentence, and a row that points to it") {
  std::map<Rule, int> uses;
  for (int shape = 0; shape <= static_cast<int>(Shape::kPrint); ++shape)
    for (const Step& step : plan_of(static_cast<Shape>(shape)).steps) ++uses[step.rule];
  for (int one = 1; one < static_cast<int>(Rule::kLast); ++one) {
    const RuleInfo& info = rule_info(static_cast<Rule>(one));
    INFO(one << ' ' << info.name);
    CHECK_FALSE(info.name.empty());
    CHECK(info.words.ends_with('.'));
    CHECK(uses[static_cast<Rule>(one)] > 0);
  }
}

// docs/summary.md, as the table gives it.

std::string steps_text(Shape shape) {
  std::string text;
  for (const Step& step : plan_of(shape).steps) {
    if (!text.empty()) text += "; ";
    if (step.rule != Rule::kNone) {
      text += "*" + std::string(rule_info(step.rule).name) + "*";
      continue;
    }
    text += "`" + std::string(part_info(step.part).name) + "` ←";
    for (const tables::FieldId id : step.from()) {
      if (id != step.from().front()) text += ", else";
      text += " `" + std::string(tables::field_info(id).name) + "`";
    }
    if (step.where == Where::kClaim) text += " (only claimed)";
  }
  return text.empty() ? "–" : text;
}

std::string who_text(Who who) {
  switch (who) {
    case Who::kRecord:
      return "the record";
    case Who::kLogin:
      return "the record, under `old-auid`";
    case Who::kRefused:
      return "claimed; the record's is `decided_by`";
    case Who::kObserved:
      return "the record, with its label and `fsuid`";
    case Who::kNobody:
      return "nobody";
    case Who::kKernel:
      return "the record, else the kernel";
  }
  return {};
}

void replace(std::string& text, std::string_view what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

// "the kind is process; `pid`, `name`, `pids` of OBJ_PID; else `pid` is a0"
std::string call_text(const CallAction& action) {
  std::string text;
  for (const CallStep& step : call_plan(action.act).steps) {
    std::string words(from_info(step.from).words);
    if (step.from == From::kKind) words = "the kind is " + std::string(object_kind_text(step.kind));
    const int index = argument_of(step, action);
    if (index < 0 && words.find("%a") != std::string::npos) continue;
    if (index == 0) replace(words, ", else a0", "");
    replace(words, "%a", "a" + std::to_string(index));
    if (step.part != Part::kLast) replace(words, "%p", std::string(part_info(step.part).name));
    text += (text.empty() ? "" : "; ") + words;
  }
  return text;
}

// ", by a0: `read-memory-of`, …": what the argument says beyond the call.
std::string requests_text(const CallAction& action) {
  if (action.request < 0) return {};
  std::string text;
  std::vector<std::string_view> told;
  for (const Request& request : action.requests) {
    if (std::find(told.begin(), told.end(), request.verb) != told.end()) continue;
    told.push_back(request.verb);
    text +=
        (text.empty() ? ", by a" + std::to_string(action.request) + ": `" : ", `") + std::string(request.verb) + "`";
  }
  return text;
}

std::string document() {
  std::string text = R"(# Where the summary comes from

The code follows these tables, this page is made from them, and a test walks each row (`tests/interpret/summary/table_test.cpp`;
`UPDATE_GOLDEN=1 build/dev/tests/interpret_test "docs/summary.md*"` writes this page anew). What the members mean is told in
[event-format.md](event-format.md).

With a system call, its SYSCALL or URINGOP record says who acted. Without one, the subject is that of the record's row:
`auid`, `uid`, `ses`, `ppid`, `pid`, `comm`, `tty` of the record itself; `terminal`, `addr`, `hostname`, `exe` may be claimed.
`x ← a, else b` takes the first of these fields that says something: outside of `msg='…'`, else inside it, which is then
claimed. The outcome is `res` or `result` of the record, else `success` of the system call; where the row says so, else what was
decided. Programs' texts in `op` may tell the verb, the kind and the account (interpret/programs).

## Rows

| row | subject | outcome | object |
|---|---|---|---|
)";
  for (int shape = 1; shape <= static_cast<int>(Shape::kPrint); ++shape) {
    const Plan& plan = plan_of(static_cast<Shape>(shape));
    text += "| " + std::string(plan.name) + " | " + who_text(plan.who) + " | " +
            (plan.outcome == Outcome::kDecision ? "result, else decision" : "result") + " | " +
            steps_text(static_cast<Shape>(shape)) + " |\n";
  }
  text += "\n## Rules\n\n| rule | what it does |\n|---|---|\n";
  for (int one = 1; one < static_cast<int>(Rule::kLast); ++one) {
    const RuleInfo& info = rule_info(static_cast<Rule>(one));
    text += "| " + std::string(info.name) + " | " + std::string(info.words) + " |\n";
  }
  text += "\n## Record types\n\n| type | verb | kind | object | row |\n|---|---|---|---|---|\n";
  each_type([&](std::uint16_t record, const RecordAction& action) {
    const std::string_view object = object_kind_text(action.object);
    text += "| " + tables::record_type_text(record) + " | `" + std::string(action.verb) + "` | " +
            std::string(event_kind_text(action.kind)) + " | " + (object.empty() ? "–" : std::string(object)) + " | " +
            std::string(plan_of(action.shape).name) + " |\n";
  });
  text +=
      "\n## System calls\n\nNumbers of arguments count from a0; `dirfd` is the argument with the directory of a "
      "relative "
      "path.\n\n| calls | verb | object | dirfd |\n|---|---|---|---|\n";
  std::map<const CallAction*, std::vector<std::string>> calls;
  for (const tables::ArchWord arch : {tables::kArchX86_64, tables::kArchI386, tables::kArchAarch64}) {
    for (std::uint32_t number = 0; number < 1024; ++number) {
      const CallAction* const action = call_action(arch, number);
      const std::string name(tables::syscall_name(arch, number));
      if (action == nullptr) continue;
      std::vector<std::string>& names = calls[action];
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  for (auto& [action, names] : calls) {
    std::sort(names.begin(), names.end());
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    const std::string words = call_text(*action);
    std::string directory;
    if (action->dirfd >= 0) directory = "a" + std::to_string(action->dirfd);
    if (action->second_dirfd >= 0) directory += ", a" + std::to_string(action->second_dirfd);
    text += "| " + list + " | `" + std::string(action->verb) + "`" + requests_text(*action) + " | " +
            (words.empty() ? "–" : words) + " | " + (directory.empty() ? "–" : directory) + " |\n";
  }
  return text;
}

TEST_CASE("docs/summary.md is the table") {
  const std::string path = NAUDIT_SOURCE_DIR "/docs/summary.md";
  const std::string wanted = document();
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  if (update) std::ofstream(path) << wanted;
  std::ifstream file(path);
  const std::string is(std::istreambuf_iterator<char>(file), {});
  INFO("UPDATE_GOLDEN=1 build/dev/tests/interpret_test \"docs/summary.md*\" writes it");
  CHECK(naudit::tests::difference(wanted, is) == "");
}

}  // namespace
}  // namespace naudit::interpret
