// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/value.hpp"

#include <sys/stat.h>

#include <charconv>
#include <optional>

#include "interpret/arguments/mode.hpp"
#include "tables/constants.hpp"
#include "tables/errnos.hpp"
#include "tables/flags.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

using tables::Constants;
using tables::FieldClass;
using tables::Flags;

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

}  // namespace

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

}  // namespace naudit::interpret
