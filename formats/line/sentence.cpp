// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/sentence.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "formats/line/daemon_sentence.hpp"
#include "formats/line/told.hpp"
#include "formats/line/verb_phrase.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/summary/script.hpp"
#include "interpret/summary/text.hpp"
#include "tables/errnos.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

using interpret::DecodedEvent;
using interpret::Field;
using interpret::ObjectKind;
using interpret::ObjectPart;
using interpret::Part;
using interpret::PartForm;
using interpret::Summary;

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// Of a call whose own record is missing only the rest is known.
std::string_view rest_words(const DecodedEvent& event) {
  return event.find(tables::type::kExecve) != nullptr ? "executed a program" : "did something";
}

void append_result(const Summary& summary, std::string& out) {
  if (!summary.success) return;
  if (*summary.success) {
    out += ": success";
    return;
  }
  std::uint32_t number = 0;
  const bool has_error = summary.exit != nullptr && summary.exit->value.starts_with('-') &&
                         interpret::parse_decimal(summary.exit->value.substr(1), number);
  constexpr std::uint32_t kNotPermitted = 1, kNoAccess = 13;
  out += has_error && (number == kNotPermitted || number == kNoAccess) ? ": denied" : ": failed";
  const std::string_view name = has_error ? tables::errno_name(static_cast<int>(number)) : std::string_view{};
  if (name.empty()) return;
  out += " (";
  out += name;
  out += ')';
}

}  // namespace

void Sentence::append(const DecodedEvent& event, const Summary& summary, std::string& out) {
  if (append_daemon_sentence(event, out)) return;
  object_.clear();
  who_is_program_ = false;
  const bool is_attempt = acts_for_others(summary) || summary.action == "logged-in";
  const AttemptPhrase* const attempt = find_attempt(summary.action);
  if (summary.action == "crashed-program") {
    append_crash(event, summary, out);
  } else if (attempt != nullptr && (attempt->always || (is_attempt && summary.success == false))) {
    append_attempt(event, summary, *attempt, out);
  } else {
    const bool is_login = (summary.action == "logged-in" || summary.action == "logged-out") &&
                          summary.auid != nullptr && !is_unset(*summary.auid);
    if (is_login) {
      append_login(event, summary, out);
    } else {
      append_who(event, summary, out);
      append_deed(event, summary, out);
    }
    if (event.find(tables::type::kExecve) != nullptr) append_arguments(event, out);
    append_program(event, summary, out);
    append_decider(summary, out);
    append_origin(summary, out);
    append_result(summary, out);
  }
  if (event.key() == nullptr) return;
  scratch_.clear();
  out += " [key ";
  bool is_first = true;
  tables::for_each_shown_key(interpret::decoded(*event.key(), scratch_), [&](std::string_view key) {
    if (!is_first) out += ' ';
    is_first = false;
    base::append_shown(key, out);
  });
  out += ']';
}

// "a login as eva with /usr/sbin/sshd from 10.0.0.9 failed"
void Sentence::append_attempt(const DecodedEvent& event, const Summary& summary, const AttemptPhrase& attempt,
                              std::string& out) {
  out += names_object(summary) ? attempt.words : attempt.alone;
  append_object(event, summary, out);
  append_program(event, summary, out);
  append_origin(summary, out);
  out += attempt.end;
  const ObjectPart* const operation = summary.find(Part::kOperation);
  if (operation == nullptr || !tells_operation(summary)) return;
  out += " (";
  append_part(event, *operation, out);
  out += ')';
}

// "/usr/bin/x (pid 9) of jo crashed with SIGSEGV": the user did nothing, and it is no success either.
void Sentence::append_crash(const DecodedEvent& event, const Summary& summary, std::string& out) {
  const ObjectPart* const path = summary.find(Part::kPath);
  const ObjectPart* const program = path != nullptr ? path : summary.find(Part::kName);
  const ObjectPart* const pid = summary.find(Part::kPid);
  if (program != nullptr)
    append_part(event, *program, out);
  else
    out += "a program";
  if (pid != nullptr) {
    out += " (pid ";
    append_part(event, *pid, out);
    out += ')';
  }
  const Field* const login = summary.auid != nullptr && !is_unset(*summary.auid) ? summary.auid : nullptr;
  const Field* const user = summary.uid != nullptr && !is_unset(*summary.uid) ? summary.uid : nullptr;
  if (login != nullptr || user != nullptr) {
    out += " of ";
    append_user(event, login != nullptr ? *login : *user, out);
    if (login != nullptr && user != nullptr && user->value != login->value) {
      out += " (as ";
      append_user(event, *user, out);
      out += ')';
    }
  }
  out += " crashed";
  for (const Part part : {Part::kSignal, Part::kReason}) {
    const ObjectPart* const one = summary.find(part);
    if (one == nullptr) continue;
    out += interpret::part_info(part).words;
    append_part(event, *one, out);
  }
}

// Of who has just logged in, or logs out: "jo logged in", "jo logged in as root" where the account is another one. The
// process is the daemon's, so that its user says nothing.
void Sentence::append_login(const DecodedEvent& event, const Summary& summary, std::string& out) {
  append_user(event, *summary.auid, out);
  out += ' ';
  append_verb_phrase(summary.action, false, out);
  if (!names_object(summary)) return;
  const ObjectPart& account = summary.parts[0];
  const bool is_number = account.part == Part::kId && account.field != nullptr;
  if (is_number && account.field->value == summary.auid->value) return;
  name_of_user_.clear();
  append_user(event, *summary.auid, name_of_user_);
  const std::size_t begin = out.size();
  out += " as ";
  const std::size_t name = out.size();
  append_part(event, account, out);
  if (std::string_view(out).substr(name) == name_of_user_) out.resize(begin);
}

// The command line that an object manager has seen, and the manager.
void Sentence::append_decider(const Summary& summary, std::string& out) {
  if (summary.command != nullptr) {
    out += " with ";
    append_field(*summary.command, out);
  }
  if (summary.decided_by.exe != nullptr) {
    out += ", as decided by ";
    append_field(*summary.decided_by.exe, out);
  }
}

void Sentence::append_origin(const Summary& summary, std::string& out) {
  if (const Field* const from = origin(summary)) {
    out += " from ";
    append_field(*from, out);
  }
  if (summary.terminal != nullptr && (summary.claimed & interpret::claim::kTerminal) != 0) {
    out += " on ";
    append_field(*summary.terminal, out);
  }
}

void Sentence::append_who(const DecodedEvent& event, const Summary& summary, std::string& out) {
  const Field* const login = summary.auid != nullptr && !is_unset(*summary.auid) ? summary.auid : nullptr;
  // Of the audit daemon's start the user is its own.
  const Field* const of_process = summary.action == "started-audit" ? nullptr : summary.uid;
  const Field* const user = of_process != nullptr ? of_process : summary.fsuid;
  const Field* const who = login != nullptr ? login : user;
  if (acts_for_others(summary)) {
    append_field(*summary.how, out);
    who_is_program_ = true;
  } else if (who != nullptr && !is_unset(*who)) {
    append_user(event, *who, out);
    if (login != nullptr && summary.uid != nullptr && summary.uid->value != login->value && !is_unset(*summary.uid)) {
      out += " (as ";
      append_user(event, *summary.uid, out);
      out += ')';
    }
  } else if (summary.comm != nullptr && summary.pid != nullptr) {
    // The path says what the name does.
    who_is_program_ =
        summary.how == summary.comm || (summary.how != nullptr && file_name(summary.how->value) == summary.comm->value);
    append_field(who_is_program_ ? *summary.how : *summary.comm, out);
    out += " (pid ";
    append_field(*summary.pid, out);
    out += ')';
  } else if (summary.subject_kind == interpret::SubjectKind::kUnknown && summary.pid != nullptr) {
    out += "pid ";
    append_field(*summary.pid, out);
  } else if (summary.subject_kind == interpret::SubjectKind::kUnknown && summary.comm != nullptr) {
    append_field(*summary.comm, out);
  } else if (summary.subject_kind == interpret::SubjectKind::kUnknown ||
             summary.subject_kind == interpret::SubjectKind::kNone) {
    out += "somebody";
  } else {
    // The kernel and the audit daemon act on their own; of a call the record with its caller is missing.
    const bool is_call = event.syscall().has_value() || event.find(tables::type::kUringop) != nullptr;
    const bool is_kernel = !is_call && summary.action.starts_with("saw-");
    out += summary.kind == interpret::EventKind::kAuditRule && !is_kernel ? "somebody" : "the system";
  }
}

void Sentence::append_deed(const DecodedEvent& event, const Summary& summary, std::string& out) {
  const ObjectPart* const decision = summary.find(Part::kDecision);
  const ObjectPart* rights = summary.find(Part::kPermissions);
  if (rights == nullptr) rights = summary.find(Part::kOperation);
  const ObjectPart* const signal = summary.find(Part::kSignal);
  out += ' ';
  if (summary.kind == interpret::EventKind::kMacDecision && decision != nullptr && rights != nullptr) {
    const bool is_permissive = summary.find(Part::kPermissive) != nullptr;
    out += is_permissive ? "would have been denied " : decision->text == "denied" ? "was denied " : "was granted ";
    append_part(event, *rights, out);
    if (is_permissive) out += " (permissive)";
    if (names_object(summary)) {
      out += " on";
      append_object(event, summary, out);
    }
    append_message(event, summary, out);
    append_details(event, summary, out);
    return;
  }
  if (signal != nullptr && summary.action.starts_with("killed-")) {
    out += "sent ";
    append_part(event, *signal, out);
    out += names_object(summary) ? " to" : " to a process";
    append_object(event, summary, out);
    return;
  }
  const ObjectPart* const source = summary.find(Part::kSourceAddress);
  if (source != nullptr && summary.parts[0].part == Part::kAddress) {
    append_verb_phrase(summary.action, false, out);
    out += " from ";
    append_part(event, *source, out);
    out += " to ";
    append_part(event, summary.parts[0], out);
    append_details(event, summary, out);
    const ObjectPart* const operation = summary.find(Part::kOperation);
    if (operation == nullptr || !tells_operation(summary)) return;
    out += " (";
    append_part(event, *operation, out);
    out += ')';
    return;
  }
  const bool is_call = event.syscall().has_value() || event.find(tables::type::kUringop) != nullptr;
  if (summary.action == "unknown") {
    out += "left a record that cannot be read";
  } else if (summary.action_is_name) {
    const bool is_rest_of_call = !is_call && (summary.kind == interpret::EventKind::kAuditRule ||
                                              event.records().front().type == tables::type::kAvcPath);
    out += is_call ? "called " : is_rest_of_call ? rest_words(event) : "left a record of type ";
    if (!is_rest_of_call) append_verb_phrase(summary.action, names_object(summary), out);
    if (names_object(summary)) out += " with";
    append_object(event, summary, out);
  } else if (is_self(summary)) {
    append_verb_phrase(summary.action, true, out);
    if (summary.action.ends_with("-of") || summary.action.ends_with("-in")) out += " itself";
  } else {
    const std::size_t begin = out.size();
    // A rule goes with its file, whoever touched that.
    if (summary.subject_kind != interpret::SubjectKind::kSystem &&
        (summary.action == "dropped-audit-rule" || summary.action == "updated-audit-rule")) {
      out += "changed files, so that the kernel ";
    }
    append_verb_phrase(summary.action, names_object(summary), out);
    if (keeps_value(event, summary)) {
      constexpr std::string_view kChanged = "changed ";
      if (std::string_view(out).substr(begin).starts_with(kChanged)) out.replace(begin, kChanged.size(), "set ");
    }
    append_resource(event, summary, begin, out);
    append_object(event, summary, out);
  }
  if (const std::string_view leads = group_words(summary.action); !leads.empty()) {
    const ObjectPart* const group = summary.find(Part::kGroup);
    out += leads;
    out += group != nullptr ? "the group " : "a group";
    if (group != nullptr) append_part(event, *group, out);
  }
  append_details(event, summary, out);
  const ObjectPart* const operation = summary.find(Part::kOperation);
  const ObjectPart* const cause =
      summary.kind == interpret::EventKind::kIntegrity ? summary.find(Part::kReason) : nullptr;
  if (operation != nullptr && tells_operation(summary)) {
    out += " (";
    append_part(event, *operation, out);
    if (cause != nullptr) out += ", ";
    if (cause != nullptr) append_part(event, *cause, out);
    out += ')';
  } else if (cause != nullptr) {
    out += interpret::part_info(Part::kReason).words;
    append_part(event, *cause, out);
  }
  const bool says_decision = summary.action == "was-denied" || summary.action == "was-granted";
  if (decision != nullptr && !says_decision) {
    out += " (";
    append_part(event, *decision, out);
    out += ')';
  }
}

// Does a setting stay as it is? "from 1 to 1" is no change.
bool Sentence::keeps_value(const DecodedEvent& event, const Summary& summary) {
  const ObjectPart* const old_value = summary.find(Part::kOld);
  const ObjectPart* const new_value = summary.find(Part::kNew);
  if (old_value == nullptr || new_value == nullptr) return false;
  scratch_.clear();
  interpret::append_part(event, *old_value, scratch_);
  const std::size_t size = scratch_.size();
  interpret::append_part(event, *new_value, scratch_);
  return std::string_view(scratch_).substr(0, size) == std::string_view(scratch_).substr(size);
}

// "attached a resource to" becomes "attached the resource disk to".
void Sentence::append_resource(const DecodedEvent& event, const Summary& summary, std::size_t begin, std::string& out) {
  constexpr std::string_view kPlace = "a resource";
  const ObjectPart* const resource = summary.find(Part::kResource);
  const std::size_t at = out.find(kPlace, begin);
  if (resource == nullptr || at == std::string::npos) return;
  const std::string behind = out.substr(at + kPlace.size());
  out.resize(at);
  out += "the resource ";
  append_part(event, *resource, out);
  out += behind;
}

// What was sent over D-Bus: " for org.freedesktop.systemd1.Manager.StopUnit".
void Sentence::append_message(const DecodedEvent& event, const Summary& summary, std::string& out) {
  const ObjectPart* const interface = summary.find(Part::kInterface);
  const ObjectPart* const member = summary.find(Part::kMember);
  if (interface == nullptr && member == nullptr) return;
  out += " for ";
  if (interface != nullptr) append_part(event, *interface, out);
  if (interface != nullptr && member != nullptr) out += '.';
  if (member != nullptr) append_part(event, *member, out);
}

// With a space before it.
void Sentence::append_object(const DecodedEvent& event, const Summary& summary, std::string& out) {
  object_.clear();
  if (!names_object(summary)) return;
  const ObjectPart& first = summary.parts[0];
  const ObjectPart* const old_path = summary.find(Part::kOldPath);
  const ObjectPart* const source = summary.find(Part::kSource);
  if (first.part == Part::kPid || (first.part == Part::kName && summary.find(Part::kPid) != nullptr)) {
    append_process(event, summary, out);
    return;
  }
  if (old_path != nullptr || source != nullptr) {
    out += ' ';
    append_part(event, old_path != nullptr ? *old_path : *source, out);
    if (const ObjectPart* const directory = summary.find(Part::kOldDirectoryFd)) {
      out += interpret::part_info(Part::kDirectoryFd).words;
      append_part(event, *directory, out);
    }
    out += source != nullptr ? " on" : summary.action == "linked" ? " as" : " to";
  }
  const std::string_view words = interpret::part_info(first.part).words;
  const bool needs_words = first.part == Part::kInode || first.part == Part::kPort || first.part == Part::kList ||
                           first.part == Part::kVersion || first.part == Part::kMessage;
  out += needs_words ? words : " ";
  const std::size_t begin = out.size();
  append_part(event, first, out);
  object_ = out.substr(begin);
}

// "sleep (pid 77)", "pids 77 78".
void Sentence::append_process(const DecodedEvent& event, const Summary& summary, std::string& out) {
  if (const ObjectPart* const pids = summary.find(Part::kPids)) {
    out += " pids ";
    append_part(event, *pids, out);
    return;
  }
  const ObjectPart* const name = summary.find(Part::kName);
  out += ' ';
  if (name != nullptr) {
    const std::size_t begin = out.size();
    append_part(event, *name, out);
    object_ = out.substr(begin);
    out += " (pid ";
  } else {
    out += "pid ";
  }
  append_part(event, *summary.find(Part::kPid), out);
  if (name != nullptr) out += ')';
}

void Sentence::append_details(const DecodedEvent& event, const Summary& summary, std::string& out) {
  const bool is_decision = summary.kind == interpret::EventKind::kMacDecision;
  const bool is_crypto = summary.kind == interpret::EventKind::kCrypto;
  for (const ObjectPart& part : summary.object().subspan(names_object(summary) ? 1 : 0)) {
    const std::string_view words = interpret::part_info(part.part).words;
    if (words.empty() || (is_decision && part.part == Part::kPermissions)) continue;
    // The verb has them.
    if (summary.kind == interpret::EventKind::kVirt && summary.operation == interpret::OperationTold::kInVerb &&
        (part.part == Part::kResource || (part.part == Part::kReason && summary.action.ends_with("-vm-resource"))))
      continue;
    if (part.part == Part::kSourceAddress && summary.parts[0].part == Part::kAddress) continue;
    // The address of the other side is that of the user.
    if (is_crypto && (part.part == Part::kAddress || part.part == Part::kPort)) continue;
    // What was changed of SELinux's ports, the port says.
    if (part.part == Part::kResource && summary.find(Part::kPort) != nullptr) continue;
    // Stands in brackets, behind the operation.
    if (part.part == Part::kReason && summary.kind == interpret::EventKind::kIntegrity) continue;
    if (part.part == Part::kOld || part.part == Part::kNew) {
      append_change(event, summary, part, out);
      continue;
    }
    out += words;
    append_part(event, part, out);
  }
}

// " from A to B", unless that is not what the two are.
void Sentence::append_change(const DecodedEvent& event, const Summary& summary, const ObjectPart& part,
                             std::string& out) {
  const bool is_old = part.part == Part::kOld;
  const bool is_alone = summary.find(is_old ? Part::kNew : Part::kOld) == nullptr;
  // The context that pam_selinux would have taken is not the one before.
  const bool is_default = is_old && part.field != nullptr && part.field->id == tables::field::kDefaultContext;
  std::string_view words = interpret::part_info(part.part).words;
  std::string_view end;
  if (is_default) {
    words = ", by default ";
    end = is_alone ? std::string_view{} : ",";
  } else if (is_old && is_alone) {
    words = ", before that ";
  } else if (!is_old && part.field != nullptr && part.field->id == tables::field::kInvalidContext) {
    words = " with the invalid context ";
  } else if (!is_old && is_alone && summary.kind == interpret::EventKind::kVirt) {
    words = " (";
    end = ")";
  }
  out += words;
  append_part(event, part, out);
  out += end;
}

void Sentence::append_arguments(const DecodedEvent& event, std::string& out) {
  const interpret::Execve& execve = event.execve();
  if (execve.size() == 0) return;
  out += " (";
  // Who wants all of them has the event.
  constexpr std::size_t kLongest = 1000;
  const std::size_t begin = out.size();
  for (std::size_t i = 0; i < execve.size(); ++i) {
    if (out.size() - begin > kLongest) {
      out += " …)";
      return;
    }
    if (i > 0) out += ' ';
    if (execve.is_missing(i))
      out += "…";
    else
      base::append_shown(execve[i], out);
    if (execve.is_cut(i)) out += "…";
  }
  if (execve.lacks_end()) out += " …";
  out += ')';
}

void Sentence::append_program(const DecodedEvent& event, const Summary& summary, std::string& out) {
  if (summary.how == nullptr) return;
  if (!who_is_program_) {
    const std::size_t begin = out.size();
    append_field(*summary.how, out);
    const bool is_object = std::string_view(out).substr(begin) == object_;
    if (is_object)
      out.resize(begin);
    else
      out.insert(begin, " with ");
  }
  scratch_.clear();
  if (interpret::append_script(event, summary, scratch_) == interpret::ScriptSource::kNone || scratch_ == object_)
    return;
  out += " running ";
  base::append_shown(scratch_, out);
}

void Sentence::append_part(const DecodedEvent& event, const ObjectPart& part, std::string& out) {
  scratch_.clear();
  interpret::append_part(event, part, scratch_);
  const PartForm form = interpret::part_info(part.part).form;
  if (form == PartForm::kKeys) std::ranges::replace(scratch_, tables::kKeySeparator, ' ');
  std::uint32_t id = 0;
  if ((form == PartForm::kUser || form == PartForm::kGroup) && interpret::parse_decimal(scratch_, id)) {
    const auto kind = form == PartForm::kUser ? interpret::NameId::Kind::kUser : interpret::NameId::Kind::kGroup;
    const std::string_view name = interpret::told_name(event, part.field, {kind, id}, names_, name_);
    if (!name.empty()) return base::append_shown(name, out);
  }
  if (part.part == Part::kPermissions && part.field != nullptr &&
      (part.field->id == tables::field::kDeniedMask || part.field->id == tables::field::kRequestedMask) &&
      append_file_rights(scratch_, out))
    return;
  if (part.part == Part::kAccess) {
    out += scratch_ == "read" ? "reading" : scratch_ == "write" ? "writing" : "reading and writing";
    return;
  }
  base::append_shown(scratch_, out);
}

void Sentence::append_field(const Field& field, std::string& out) {
  const bool encoded = tables::field_info(field.id).kind == tables::FieldClass::kEncoded;
  base::append_shown(encoded ? interpret::decoded(field, scratch_) : field.value, out);
}

void Sentence::append_user(const DecodedEvent& event, const Field& field, std::string& out) {
  std::uint32_t id = 0;
  std::string_view name;
  if (interpret::parse_decimal(field.value, id))
    name = interpret::told_name(event, &field, {interpret::NameId::Kind::kUser, id}, names_, name_);
  base::append_shown(name.empty() ? field.value : name, out);
}

}  // namespace naudit::formats
