// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/meaning.hpp"

#include "interpret/arguments/arguments.hpp"
#include "interpret/meaning/keystrokes.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/meaning/sockaddr_text.hpp"
#include "interpret/meaning/value.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/flags.hpp"
#include "tables/record_types.hpp"
#include "tables/subcalls.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {

namespace field = tables::field;
namespace type = tables::type;
using tables::FieldClass;

void Meaning::begin(const DecodedEvent& event, const DecodedRecord& record) {
  event_ = &event;
  record_ = &record;
  enriched_.read(record.tokens.enriched);
  has_arguments_ = false;
}

Form Meaning::append(const Field& field, std::string& out) {
  return append(field, field_class(record_->type, field.id), out);
}

Form Meaning::append(const Field& field, FieldClass kind, std::string& out) {
  if (kind == FieldClass::kPlain || field.spelling != Spelling::kBare) return Form::kNone;
  switch (kind) {
    case FieldClass::kUid:
      return append_id(field, NameId::Kind::kUser, out);
    case FieldClass::kGid:
      return append_id(field, NameId::Kind::kGroup, out);
    case FieldClass::kSyscall:
      return append_syscall(field, out);
    case FieldClass::kArgument:
      return append_argument(field, out);
    case FieldClass::kSockaddr:
      return append_address(field, out);
    case FieldClass::kTtyData:
      return append_keys(field, out);
    case FieldClass::kTimeStatus:
      return append_time_status(field, out);
    default:
      return append_value(out, kind, record_->type, field.value);
  }
}

std::optional<tables::ArchWord> Meaning::arch() const noexcept {
  if (record_->type == type::kSyscall) return event_->arch();
  if (const Field* const own = event_->find(*record_, field::kArch)) {
    std::uint64_t word = 0;
    if (parse_hex(own->value, word)) return static_cast<tables::ArchWord>(word);
  }
  return event_->arch();
}

// A program's field that the kernel's part has as well.
bool Meaning::is_said_again(const Field& field) const noexcept {
  const auto claim = event_->claim(*record_);
  return !claim.empty() && &field >= claim.data() && event_->find(*record_, field.id) != nullptr;
}

Form Meaning::append_id(const Field& field, NameId::Kind kind, std::string& out) {
  std::uint32_t id = 0;
  if (field.value == "-1")
    id = ~id;
  else if (!parse_decimal(field.value, id))
    return Form::kNone;
  const std::string_view name =
      told_name(*event_, enriched_, field, is_said_again(field), {kind, id}, names_, scratch_);
  out += name;
  return name.empty() ? Form::kNone : Form::kName;
}

Form Meaning::append_syscall(const Field& field, std::string& out) {
  const auto machine = arch();
  std::uint32_t number = 0;
  std::string_view name;
  if (machine && parse_decimal(field.value, number)) name = tables::syscall_name(*machine, number);
  // A later kernel's call: whoever enriched the record may have known it.
  if (name.empty() && !enriched_.empty()) name = enriched_.find("syscall", false, scratch_);
  if (name.starts_with("unknown")) return Form::kNone;
  if (name.empty()) return Form::kNone;
  out += name;
  if (record_->type == type::kSyscall) append_subcall(name, out);
  return Form::kName;
}

// "socketcall(bind)"
void Meaning::append_subcall(std::string_view call, std::string& out) {
  if (call != "socketcall" && call != "ipc") return;
  if (!has_arguments_) read_arguments();
  const std::string_view meant = tables::subcall_name(call, arguments_[0]);
  if (!meant.empty()) ((out += '(') += meant) += ')';
}

void Meaning::read_arguments() {
  has_arguments_ = true;
  arguments_ = {};
  for (const Field& one : event_->fields(*record_)) {
    if (one.id >= field::kA0 && one.id <= field::kA3) {
      parse_hex(one.value, arguments_[one.id - field::kA0]);
      if (one.id == field::kA3) break;
    }
  }
}

Form Meaning::append_argument(const Field& field, std::string& out) {
  const auto machine = event_->arch();
  const auto call = event_->syscall();
  if (!machine || !call) return Form::kNone;
  if (!has_arguments_) read_arguments();
  const auto index = static_cast<unsigned>(field.id - field::kA0);
  if (record_->type == type::kSocketcall) {
    const DecodedRecord* const by = event_->find(type::kSyscall);
    const Field* const what = by != nullptr ? event_->find(*by, field::kA0) : nullptr;
    std::uint64_t number = 0;
    if (what == nullptr || !parse_hex(what->value, number)) return Form::kNone;
    if (tables::syscall_name(*machine, *call) != "socketcall") return Form::kNone;
    return append_socketcall_argument(out, *machine, static_cast<std::uint32_t>(number), index, arguments_);
  }
  const Form form = interpret::append_argument(out, *machine, *call, index, arguments_);
  if (form != Form::kNone) return form;
  const auto id = argument_id(*machine, *call, index, arguments_);
  if (!id) return Form::kNone;
  const std::string_view name = told_name(*event_, nullptr, *id, names_, scratch_);
  out += name;
  return name.empty() ? Form::kNone : Form::kName;
}

Form Meaning::append_address(const Field& field, std::string& out) {
  SockaddrRoom room;
  const auto machine = arch();
  const auto address = decode_sockaddr(field.value, room, machine ? byte_order(*machine) : std::endian::native);
  if (!address) return Form::kNone;
  append_sockaddr(out, *address);
  return Form::kText;
}

Form Meaning::append_keys(const Field& field, std::string& out) {
  const std::string_view bytes = decoded(field, scratch_);
  if (!has_keys(bytes)) return Form::kNone;
  append_keystrokes(out, bytes);
  return Form::kText;
}

// kernel/auditsc.c, audit_log_ntp: "op=status old=64 new=8193"; the other values are numbers.
Form Meaning::append_time_status(const Field& field, std::string& out) {
  const Field* const op = event_->find(*record_, field::kOp);
  std::uint32_t bits = 0;
  if (op == nullptr || op->value != "status" || !parse_decimal(field.value, bits)) return Form::kNone;
  return tables::append_named_flags(out, tables::Flags::kTimeStatus, bits) ? Form::kList : Form::kNone;
}

}  // namespace naudit::interpret
