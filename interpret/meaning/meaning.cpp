// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/meaning.hpp"

#include <sys/stat.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "interpret/arguments/arguments.hpp"
#include "interpret/arguments/mode.hpp"
#include "interpret/meaning/keystrokes.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/meaning/sockaddr_text.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/constants.hpp"
#include "tables/errnos.hpp"
#include "tables/flags.hpp"
#include "tables/record_types.hpp"
#include "tables/subcalls.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {

namespace field = tables::field;
namespace type = tables::type;
using tables::Constants;
using tables::FieldClass;
using tables::Flags;

namespace {

// The whole text as a number; 0x may stand before hexadecimal digits.
std::optional<std::uint64_t> number(std::string_view text, int base) noexcept {
  if (base == 16 && (text.starts_with("0x") || text.starts_with("0X"))) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Form append_name(std::string& out, std::string_view name) {
  out += name;
  return name.empty() ? Form::kNone : Form::kName;
}

Form append_constant(std::string& out, Constants kind, std::string_view value, int base = 10) {
  const auto found = number(value, base);
  return found ? append_name(out, tables::constant_name(kind, *found)) : Form::kNone;
}

Form append_flags(std::string& out, Flags kind, const std::optional<std::uint64_t>& value) {
  return value && tables::append_named_flags(out, kind, *value) ? Form::kList : Form::kNone;
}

// mq_open: "oflag=0x%x" (kernel/auditsc.c); openat2 there: "oflag=0%llo".
Form append_open_flags(std::string& out, std::uint16_t record_type, std::string_view value) {
  const bool is_octal = record_type == tables::type::kOpenat2 && !value.starts_with("0x");
  return append_flags(out, Flags::kOpen, number(value, is_octal ? 8 : 16));
}

Form append_mode_text(std::string& out, std::uint16_t record_type, std::string_view value) {
  if (record_type != tables::type::kMqOpen) return append_mode(out, value) ? Form::kText : Form::kNone;
  // A queue's mode has no file type: without the special bits it says it all itself.
  const auto mode = number(value, 8);
  if (!mode || (*mode & (S_ISUID | S_ISGID | S_ISVTX)) == 0) return Form::kNone;
  if ((*mode & S_ISUID) != 0) out += "suid,";
  if ((*mode & S_ISGID) != 0) out += "sgid,";
  if ((*mode & S_ISVTX) != 0) out += "sticky,";
  out += '0';
  for (const unsigned shift : {6U, 3U, 0U}) out += static_cast<char>('0' + (*mode >> shift & 7U));
  return Form::kText;
}

Form append_errno(std::string& out, std::string_view value) {
  constexpr std::uint64_t kMost = 4095;  // linux/err.h, MAX_ERRNO
  if (value.starts_with('-')) value.remove_prefix(1);
  const auto found = number(value, 10);
  if (!found || *found > kMost) return Form::kNone;
  return append_name(out, tables::errno_name(static_cast<int>(*found)));
}

Form append_capabilities(std::string& out, std::string_view value) {
  const auto set = number(value, 16);
  if (!set) return Form::kNone;
  tables::append_capabilities(out, *set);
  return Form::kList;
}

// How the path was looked up: LOOKUP_* of linux/namei.h, which PATH records had up to Linux 2.6.17. There 0x40 is
// LOOKUP_REVAL, the cache is not trusted; ausearch has a name for it that only a patch to Linux 2.4 gave it.
Form append_lookup_flags(std::string& out, std::string_view value) {
  constexpr std::array<std::pair<std::uint64_t, std::string_view>, 9> kNames = {{{0x1, "follow"},
                                                                                 {0x2, "directory"},
                                                                                 {0x4, "continue"},
                                                                                 {0x10, "parent"},
                                                                                 {0x20, "noalt"},
                                                                                 {0x40, "reval"},
                                                                                 {0x100, "open"},
                                                                                 {0x200, "create"},
                                                                                 {0x400, "access"}}};
  auto rest = number(value, 16);
  if (!rest) return Form::kNone;
  const std::size_t before = out.size();
  for (const auto& [bit, name] : kNames) {
    if ((*rest & bit) == 0) continue;
    if (out.size() != before) out += '|';
    out += name;
    *rest &= ~bit;
  }
  if (out.size() == before) return Form::kNone;
  if (*rest != 0) {
    std::array<char, 16> digits;
    out += "|0x";
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), *rest, 16).ptr);
  }
  return Form::kList;
}

Form append_personality(std::string& out, std::string_view value) {
  const auto word = number(value, 16);
  if (!word) return Form::kNone;
  const std::size_t before = out.size();
  tables::append_personality(out, *word);
  return out.size() == before ? Form::kNone : Form::kList;
}

// "ARP" for ETH_P_ARP
Form append_ethernet_protocol(std::string& out, std::string_view value) {
  constexpr std::string_view kPrefix = "ETH_P_";
  const auto found = number(value, 16);
  std::string_view name = found ? tables::constant_name(Constants::kEthernetProtocol, *found) : std::string_view{};
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  return append_name(out, name);
}

Form append_yes_or_no(std::string& out, std::string_view value, bool any_number) {
  const auto found = number(value, 10);
  if (!found || (!any_number && *found > 1)) return Form::kNone;
  return append_name(out, *found == 0 ? "no" : "yes");
}

// What a bare value of this class means in a record of this type, for the classes whose meaning needs nothing but the
// value: numbers that stand for one thing, words of bits, modes. kNone for all other classes, for a value that is not
// such a number, and for a number without a name.
Form append_value(std::string& out, FieldClass kind, std::uint16_t record_type, std::string_view value) {
  switch (kind) {
    case FieldClass::kArch: {
      const auto word = number(value, 16);
      return word ? append_name(out, tables::arch_name(static_cast<tables::ArchWord>(*word))) : Form::kNone;
    }
    case FieldClass::kUringOp: {
      const auto op = number(value, 10);
      return op ? append_name(out, tables::uring_op_name(static_cast<std::uint32_t>(*op))) : Form::kNone;
    }
    case FieldClass::kExit:  // an address may be as large as any number that is not an error
      return value.starts_with('-') ? append_errno(out, value) : Form::kNone;
    case FieldClass::kErrno:
      return append_errno(out, value);
    case FieldClass::kResult:
      return append_yes_or_no(out, value, false);
    case FieldClass::kPromiscuous:
      return append_yes_or_no(out, value, true);
    case FieldClass::kSession:
      return value == "4294967295" || value == "-1" ? append_name(out, "unset") : Form::kNone;
    case FieldClass::kMode:
      return append_mode_text(out, record_type, value);
    case FieldClass::kCapabilities:
      return append_capabilities(out, value);
    case FieldClass::kPermission: {
      const auto bits = number(value, 10);
      if (!bits) return Form::kNone;
      tables::append_permissions(out, static_cast<std::uint32_t>(*bits));
      return Form::kList;
    }
    case FieldClass::kMmapFlags:
      return append_flags(out, Flags::kMmap, number(value, 16));
    case FieldClass::kLookupFlags:
      return append_lookup_flags(out, value);
    case FieldClass::kPersonality:
      return append_personality(out, value);
    case FieldClass::kOpenFlags:
      return append_open_flags(out, record_type, value);
    case FieldClass::kResolve:
      return append_flags(out, Flags::kResolve, number(value, 16));
    case FieldClass::kSeccompCode: {
      const auto code = number(value, 16);
      return code ? append_name(out, tables::seccomp_action_name(static_cast<std::uint32_t>(*code))) : Form::kNone;
    }
    case FieldClass::kSignal:
      return append_constant(out, Constants::kSignal, value);
    case FieldClass::kCapability:
      return append_constant(out, Constants::kCapability, value);
    case FieldClass::kList:
      return append_constant(out, Constants::kFilterList, value);
    case FieldClass::kFamily:
      return append_constant(out, Constants::kNetfilterFamily, value);
    case FieldClass::kHook:
      return append_constant(out, Constants::kNetfilterHook, value);
    case FieldClass::kNetfilterAction:
      return append_constant(out, Constants::kNetfilterAction, value);
    case FieldClass::kProtocol:
      return append_constant(out, Constants::kIpProtocol, value);
    case FieldClass::kIcmpType:
      return append_constant(out, Constants::kIcmpType, value);
    case FieldClass::kMacProtocol:
      return append_ethernet_protocol(out, value);
    case FieldClass::kIoctl:
      return append_constant(out, Constants::kIoctlRequest, value, 16);
    case FieldClass::kFanotifyResponse:
      return append_constant(out, Constants::kFanotifyResponse, value);
    case FieldClass::kFanotifyInfo:
      return append_constant(out, Constants::kFanotifyInfo, value);
    case FieldClass::kFanotifyTrust:
      return append_constant(out, Constants::kFanotifyTrust, value);
    case FieldClass::kNetlinkGroup:
      return append_constant(out, Constants::kNetlinkGroup, value);
    case FieldClass::kAuditEnabled:
      return append_constant(out, Constants::kAuditEnabled, value);
    case FieldClass::kAuditFailure:
      return append_constant(out, Constants::kAuditFailure, value);
    default:
      return Form::kNone;
  }
}

}  // namespace

void Meaning::begin(const DecodedEvent& event, const DecodedRecord& record) {
  event_ = &event;
  record_ = &record;
  enriched_.read(record.tokens.enriched);
  told_.read(record.told);
  looked_elsewhere_ = false;
  has_arguments_ = false;
}

Form Meaning::append(const Field& field, std::string& out) {
  return append(field, field_class(record_->type, field.id), out);
}

Form Meaning::append(const Field& field, FieldClass kind, std::string& out) {
  if (!told_.empty()) {
    if (const auto told = told_.find(is_claimed(field), field.id)) {
      out += told->text;
      return told->form;
    }
  }
  if (kind == FieldClass::kPlain || kind == FieldClass::kNumber || field.spelling != Spelling::kBare)
    return Form::kNone;
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

bool Meaning::is_claimed(const Field& field) const noexcept {
  const auto claim = event_->claim(*record_);
  return !claim.empty() && &field >= claim.data() && &field < claim.data() + claim.size();
}

Form Meaning::append_name_elsewhere(NameId id, std::string& out) {
  looked_elsewhere_ |= event_->tells_names() && id.number != kUnsetId;
  return append_name(out, name_elsewhere(*event_, id, names_));
}

Form Meaning::append_id(const Field& field, NameId::Kind kind, std::string& out) {
  std::uint32_t id = 0;
  if (field.value == "-1")
    id = ~id;
  else if (!parse_decimal(field.value, id))
    return Form::kNone;
  const bool is_said_again = !enriched_.empty() && is_claimed(field) && event_->find(*record_, field.id) != nullptr;
  if (const auto name = name_beside(enriched_, field, is_said_again, scratch_)) return append_name(out, *name);
  return append_name_elsewhere({kind, id}, out);
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
  return id ? append_name_elsewhere(*id, out) : Form::kNone;
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
