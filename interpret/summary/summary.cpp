// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/summary.hpp"

#include "interpret/programs/told_operation.hpp"
#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/object_of_call.hpp"
#include "interpret/summary/object_of_record.hpp"
#include "interpret/summary/scene.hpp"
#include "interpret/summary/script.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;

bool says_something(const Field* one) {
  return one != nullptr && !one->value.empty() && one->value != "?" && one->value != "(none)" &&
         !(one->value == "(null)" && one->spelling == Spelling::kBare);
}

// What the kernel, or the daemon, says of the one who acted.
void take_subject(Scene& scene, const DecodedRecord& main, Summary& summary) {
  const Field* exe = nullptr;
  // A field that stands twice: what comes later may have been smuggled in.
  const auto first = [](const Field*& place, const Field& one) {
    if (place == nullptr) place = &one;
  };
  for (const Field& one : scene.event.fields(main)) {
    switch (one.id) {
      case field::kAuid:
        first(summary.auid, one);
        break;
      case field::kUid:
        first(summary.uid, one);
        break;
      case field::kSes:
        first(summary.session, one);
        break;
      case field::kPpid:
        first(summary.ppid, one);
        break;
      case field::kPid:
        first(summary.pid, one);
        break;
      case field::kComm:
        first(summary.comm, one);
        break;
      case field::kExe:
        first(exe, one);
        break;
      case field::kTty:
      case field::kTerminal:
        first(summary.terminal, one);
        break;
      case field::kExit:
        first(summary.exit, one);
        break;
      case field::kA0:
      case field::kA1:
      case field::kA2:
      case field::kA3:
        if (&main == scene.call) scene.arguments[static_cast<std::size_t>(one.id - field::kA0)] = &one;
        break;
      default:
        break;
    }
  }
  if (says_something(exe)) summary.how = exe;
}

// What a program says of itself, where nobody else does.
void take_claims(const Scene& scene, const DecodedRecord& main, Summary& summary) {
  const auto take = [&](const Field*& place, std::uint8_t flag, const Field& one) {
    if (says_something(place) || !says_something(&one)) return;
    place = &one;
    summary.claimed |= flag;
  };
  bool has_result = false;
  for (const Field& one : scene.event.claim(main)) {
    switch (one.id) {
      case field::kExe:
        take(summary.how, claim::kHow, one);
        break;
      case field::kComm:
        take(summary.comm, claim::kComm, one);
        break;
      case field::kTerminal:
      case field::kTty:
        take(summary.terminal, claim::kTerminal, one);
        break;
      case field::kAddr:
        take(summary.address, claim::kAddress, one);
        break;
      case field::kHostname:
        take(summary.host, claim::kHost, one);
        break;
      case field::kRes:
      case field::kResult:
        has_result = true;
        break;
      default:
        break;
    }
  }
  if (has_result && summary.success && scene.event.find(main, field::kRes) == nullptr)
    summary.claimed |= claim::kOutcome;
}

SubjectKind kind_of(const Scene& scene, const Summary& summary) {
  const std::uint16_t headline = scene.headline == nullptr ? 0 : scene.headline->type;
  if (headline >= 1200 && headline < 1300) return SubjectKind::kAuditDaemon;
  const Field* const who = summary.uid != nullptr ? summary.uid : summary.auid;
  if (who == nullptr) {
    if (summary.pid != nullptr) return SubjectKind::kUnknown;
    // Of a call whose own record is missing nobody knows.
    return scene.call == nullptr && (headline == 0 || tables::record_traits(headline).auxiliary) ? SubjectKind::kNone
                                                                                                 : SubjectKind::kSystem;
  }
  std::uint32_t id = 0;
  if (!parse_decimal(who->value, id)) return who->value == "-1" ? SubjectKind::kUnset : SubjectKind::kUnknown;
  if (id == 0) return SubjectKind::kPrivileged;
  if (id == ~std::uint32_t{0}) return SubjectKind::kUnset;
  if (id < 1000) return SubjectKind::kService;
  return id < 60000 ? SubjectKind::kUser : SubjectKind::kUnknown;
}

const CallAction* find_call(const Scene& scene) {
  if (scene.is_uring) {
    const Field* const op = scene.event.find(*scene.call, field::kUringOp);
    std::uint32_t number = 0;
    return op != nullptr && parse_decimal(op->value, number) ? uring_action(number) : nullptr;
  }
  const auto arch = scene.event.arch();
  const auto number = scene.event.syscall();
  const CallAction* const action = arch && number ? call_action(*arch, *number) : nullptr;
  if (action == nullptr || action->act != Act::kSocketcall) return action;
  const CallAction* const socket = socketcall_action(static_cast<std::uint32_t>(scene.argument(0).value_or(0)));
  return socket != nullptr ? socket : action;
}

std::string_view name_of_call(const Scene& scene) {
  std::string_view name;
  if (scene.is_uring) {
    const Field* const op = scene.event.find(*scene.call, field::kUringOp);
    std::uint32_t number = 0;
    if (op != nullptr && parse_decimal(op->value, number)) name = tables::uring_op_name(number);
  } else if (scene.event.arch() && scene.event.syscall()) {
    name = tables::syscall_name(*scene.event.arch(), *scene.event.syscall());
  }
  return name.empty() ? kUnknownAction : name;
}

}  // namespace

std::string_view subject_kind_text(SubjectKind kind) noexcept {
  switch (kind) {
    case SubjectKind::kNone:
      return {};
    case SubjectKind::kSystem:
      return "system";
    case SubjectKind::kPrivileged:
      return "privileged-acct";
    case SubjectKind::kService:
      return "service-acct";
    case SubjectKind::kUser:
      return "user-acct";
    case SubjectKind::kUnset:
      return "unset-acct";
    case SubjectKind::kUnknown:
      return "unknown-acct";
    case SubjectKind::kAuditDaemon:
      return "audit-daemon";
  }
  return {};
}

Summary summarise(const DecodedEvent& event) noexcept {
  Summary summary;
  summary.success = event.success();
  Scene scene(event);
  const DecodedRecord* const main = scene.main();
  if (main == nullptr) {
    summary.action = kUnknownAction;
    return summary;
  }
  take_subject(scene, *main, summary);
  if (main->tokens.claim_count > 0) take_claims(scene, *main, summary);
  if (!says_something(summary.terminal)) summary.terminal = nullptr;
  if (!says_something(summary.comm)) summary.comm = nullptr;
  if (summary.how == nullptr) {
    summary.how = summary.comm;
    if ((summary.claimed & claim::kComm) != 0) summary.claimed |= claim::kHow;
  }
  summary.subject_kind = kind_of(scene, summary);

  if (scene.headline != nullptr) {
    const RecordAction action = record_action(scene.headline->type);
    summary.action = action.verb;
    summary.action_is_name = action.verb == tables::record_type_key(scene.headline->type);
    summary.kind = action.kind;
    summary.object_kind = action.object;
    take_object_of_record(scene, action.shape, summary);
    take_operation(scene, summary);
    // All that is left of a call.
    if (scene.call == nullptr && tables::record_traits(scene.headline->type).auxiliary)
      take_object_of_call(scene, CallAction{}, summary);
  } else {
    const CallAction* const action = find_call(scene);
    summary.action = action != nullptr ? action->verb : name_of_call(scene);
    summary.action_is_name = action == nullptr && summary.action != kUnknownAction;
    summary.kind = EventKind::kAuditRule;
    take_object_of_call(scene, action != nullptr ? *action : CallAction{}, summary);
  }
  if (summary.how != nullptr) summary.runs_script = is_interpreter(summary.how->value);
  return summary;
}

}  // namespace naudit::interpret
