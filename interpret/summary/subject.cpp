// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/subject.hpp"

#include "interpret/summary/record_fields.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;

bool says_something(const Field* one) noexcept {
  return one != nullptr && !says_nothing(*one);
}

// A field that stands twice: what comes later may have been smuggled in.
void first(const Field*& place, const Field& one) noexcept {
  if (place == nullptr) place = &one;
}

bool is_of_audit_daemon(const DecodedRecord& record) noexcept {
  return record.type >= 1200 && record.type < 1300;
}

// What the kernel, or the daemon, says of the one who acted.
const Field* read_process(Scene& scene, const DecodedRecord& main, Summary& summary) noexcept {
  const Field* exe = nullptr;
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
        // Of a call nothing of this stands behind its program.
        if (&main == scene.call && summary.comm != nullptr) return exe;
        break;
      case field::kTty:
      case field::kTerminal:
        first(summary.terminal, one);
        break;
      case field::kExit:
        first(summary.exit, one);
        break;
      case field::kSubj:
        // auditd writes the label last, before the result, and some versions a piece of an older record behind it.
        if (is_of_audit_daemon(main)) return exe;
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
  return exe;
}

void take_process(Scene& scene, const DecodedRecord& main, Summary& summary) noexcept {
  const Field* const exe = read_process(scene, main, summary);
  if (says_something(exe)) summary.how = exe;
}

// What a program says of itself, where nobody else does.
void take_claims(const Scene& scene, const DecodedRecord& main, Summary& summary) noexcept {
  const auto take = [&](const Field*& place, std::uint16_t flag, const Field& one) {
    if (says_something(place) || says_nothing(one)) return;
    place = &one;
    summary.claimed |= flag;
  };
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
      default:
        break;
    }
  }
}

// Whose login id it was stands beside whose it is; older kernels write "old auid=… new auid=… old ses=… new ses=…". A
// call's record has the new one only.
void take_login(const Scene& scene, Summary& summary) noexcept {
  for (const Field& one : scene.event.fields(*scene.headline)) {
    if (one.id == field::kOldAuid || one.id == field::kOldAuidUnderscore) summary.auid = &one;
    if (one.id == field::kSes || one.name == "new ses") summary.session = &one;
  }
}

bool is_number(const Field& field) noexcept {
  std::uint32_t number = 0;
  return parse_decimal(field.value, number);
}

// What security modules call the one whom they decided about.
bool is_label(tables::FieldId id) noexcept {
  return id == field::kScontext || id == field::kLabel || id == field::kSubject || id == field::kProfile ||
         id == field::kTaskcontext;
}

void take_label(const Scene& scene, Summary& summary) noexcept {
  for (const Field& one : scene.event.fields(*scene.headline)) {
    if (says_nothing(one)) continue;
    if (is_label(one.id)) first(summary.label, one);
    if (one.id == field::kFsuid && summary.uid == nullptr) first(summary.fsuid, one);
  }
}

// The record's own fields are those of the object manager: the kernel wrote them about whoever sent the record. What it
// says inside msg='…' is about another process: D-Bus has spid and the label, systemd auid, uid and the command line, X
// the name of the program (libselinux, avc_audit; dbus, selinux.c and apparmor.c; systemd, selinux-access.c).
void take_refused(const Scene& scene, Summary& summary) noexcept {
  summary.has_decider = true;
  for (const Field& one : scene.event.fields(*scene.headline)) {
    if (one.id == field::kAuid) first(summary.decided_by.auid, one);
    if (one.id == field::kUid) first(summary.decided_by.uid, one);
    if (one.id == field::kSes) first(summary.decided_by.session, one);
    if (one.id == field::kPid) first(summary.decided_by.pid, one);
    if (one.id == field::kSubj && !says_nothing(one)) first(summary.decided_by.label, one);
    if (one.id == field::kExe && !says_nothing(one)) first(summary.decided_by.exe, one);
  }
  const auto take = [&](const Field*& place, std::uint16_t flag, const Field& one) {
    if (place != nullptr || says_nothing(one)) return;
    place = &one;
    summary.claimed |= flag;
  };
  for (const Field& one : scene.event.claim(*scene.headline)) {
    if (is_label(one.id)) take(summary.label, claim::kLabel, one);
    switch (one.id) {
      case field::kAuid:
        if (is_number(one)) take(summary.auid, claim::kAuid, one);  // systemd writes n/a
        break;
      case field::kUid:
        if (is_number(one)) take(summary.uid, claim::kUid, one);
        break;
      case field::kSpid:
      case field::kPid:
        take(summary.pid, claim::kPid, one);
        break;
      case field::kComm:
        take(summary.comm, claim::kComm, one);
        break;
      case field::kCmdline:
        take(summary.command, claim::kCommand, one);
        break;
      case field::kExe:
        take(summary.decided_by.exe, claim::kDecider, one);
        break;
      default:
        break;
    }
  }
}

// What the kernel does on its own, without a process: a rule goes with its file, a program of BPF with its last user.
bool is_of_kernel(const Scene& scene, const Plan& plan) noexcept {
  if (plan.who == Who::kKernel) return true;
  const Field* const op = scene.event.find(*scene.headline, field::kOp);
  if (op == nullptr) return false;
  return op->value == "UNLOAD" || op->value == "autoremove_rule" || op->value.starts_with("updated");
}

SubjectKind kind_of(const Scene& scene, const Plan& plan, const Summary& summary) noexcept {
  const std::uint16_t headline = scene.headline == nullptr ? 0 : scene.headline->type;
  if (scene.headline != nullptr && is_of_audit_daemon(*scene.headline)) return SubjectKind::kAuditDaemon;
  const Field* who = summary.uid != nullptr ? summary.uid : summary.auid;
  if (who == nullptr) who = summary.fsuid;
  if (who == nullptr) {
    if (summary.pid != nullptr || summary.label != nullptr || summary.comm != nullptr) return SubjectKind::kUnknown;
    // Of a call whose own record is missing nobody knows.
    const bool is_rest = scene.call == nullptr && (headline == 0 || tables::record_traits(headline).auxiliary);
    if (is_rest || (scene.call == nullptr && plan.who == Who::kNobody)) return SubjectKind::kNone;
    return scene.call == nullptr && is_of_kernel(scene, plan) ? SubjectKind::kSystem : SubjectKind::kUnknown;
  }
  std::uint32_t id = 0;
  if (!parse_decimal(who->value, id)) return who->value == "-1" ? SubjectKind::kUnset : SubjectKind::kUnknown;
  if (id == 0) return SubjectKind::kPrivileged;
  if (id == ~std::uint32_t{0}) return SubjectKind::kUnset;
  if (id < 1000) return SubjectKind::kService;
  return id < 60000 ? SubjectKind::kUser : SubjectKind::kUnknown;
}

}  // namespace

void take_subject(Scene& scene, const Plan& plan, Summary& summary) noexcept {
  if (scene.call != nullptr) {
    take_process(scene, *scene.call, summary);
  } else if (plan.who == Who::kRefused) {
    take_refused(scene, summary);
  } else if (plan.who != Who::kNobody) {
    take_process(scene, *scene.headline, summary);
    // The audit daemon's own records have no message of a program.
    if (scene.headline->tokens.claim_count > 0 && !is_of_audit_daemon(*scene.headline))
      take_claims(scene, *scene.headline, summary);
  }
  if (plan.who == Who::kLogin) take_login(scene, summary);
  if (plan.who == Who::kObserved) take_label(scene, summary);
  if (summary.terminal != nullptr && says_nothing(*summary.terminal)) summary.terminal = nullptr;
  if (summary.comm != nullptr && says_nothing(*summary.comm)) summary.comm = nullptr;
  if (summary.how == nullptr) {
    summary.how = summary.comm;
    if ((summary.claimed & claim::kComm) != 0) summary.claimed |= claim::kHow;
  }
  summary.subject_kind = kind_of(scene, plan, summary);
}

}  // namespace naudit::interpret
