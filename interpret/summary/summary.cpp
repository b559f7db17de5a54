// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/summary.hpp"

#include "interpret/programs/told_operation.hpp"
#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/object_of_call.hpp"
#include "interpret/summary/object_of_mac.hpp"
#include "interpret/summary/object_of_record.hpp"
#include "interpret/summary/plan/plan.hpp"
#include "interpret/summary/scene.hpp"
#include "interpret/summary/script.hpp"
#include "interpret/summary/subject.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;

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

// Is the outcome what a program says of itself?
bool claims_outcome(const Scene& scene, const Summary& summary) noexcept {
  const DecodedRecord& record = *scene.headline;
  if (!summary.success || record.tokens.claim_count == 0) return false;
  for (const tables::FieldId id : {field::kRes, field::kResult})
    if (scene.event.find(record, id) != nullptr) return false;
  for (const tables::FieldId id : {field::kRes, field::kResult})
    if (const Field* const result = scene.event.find_claim(record, id)) return parse_result(result->value).has_value();
  return false;
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
  Scene scene(event);
  if (scene.main() == nullptr) {
    summary.action = "unknown";
    return summary;
  }
  if (scene.headline == nullptr) {
    summary.success = event.success();
    take_subject(scene, plan_of(Shape::kNone), summary);
    const CallAction* const action = find_call(scene);
    summary.action = action != nullptr ? action->verb : name_of_call(scene);
    summary.action_is_name = action == nullptr && summary.action != kUnknownAction;
    summary.kind = EventKind::kAuditRule;
    take_object_of_call(scene, action != nullptr ? *action : CallAction{}, summary);
  } else {
    const RecordAction action = record_action(scene.headline->type);
    const Plan& plan = plan_of(speaking_module(scene, action.shape));
    summary.success = event.success();
    if (claims_outcome(scene, summary)) summary.claimed |= claim::kOutcome;
    take_subject(scene, plan, summary);
    summary.action = action.verb;
    if (summary.action.empty()) summary.action = scene.headline->type_name;
    if (summary.action.empty()) summary.action = "unknown";
    summary.action_is_name = !has_verb(scene.headline->type);
    summary.kind = action.kind;
    summary.object_kind = action.object;
    take_object_of_record(scene, plan, summary);
    take_operation(scene, summary);
    // All that is left of a call.
    if (scene.call == nullptr && tables::record_traits(scene.headline->type).auxiliary)
      take_object_of_call(scene, CallAction{}, summary);
  }
  if (summary.how != nullptr) summary.runs_script = is_interpreter(summary.how->value);
  return summary;
}

}  // namespace naudit::interpret
