// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <optional>

#include "base/hex.hpp"
#include "interpret/meaning/keystrokes.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/summary/paths.hpp"
#include "tables/constants.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

void append_number(std::uint64_t number, std::string& out, int base = 10) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

bool is_encoded(const Field& field, std::uint16_t record_type) {
  const tables::FieldClass kind =
      record_type == 0 ? tables::field_info(field.id).kind : field_class(record_type, field.id);
  return kind == tables::FieldClass::kEncoded || kind == tables::FieldClass::kKeys;
}

// What a number stands for where the object has its name: 10 is ipv6. Empty if it has none.
std::string_view name_of_number(const ObjectPart& part) {
  using tables::Constants;
  const auto names = [&]() -> std::optional<Constants> {
    switch (part.part) {
      case Part::kFamily:
        return Constants::kNetfilterFamily;
      case Part::kList:
        return Constants::kFilterList;
      case Part::kProtocol:
        return Constants::kIpProtocol;
      case Part::kOperation:
        if (part.field->id == tables::field::kIoctlcmd) return Constants::kIoctlRequest;
        return std::nullopt;
      default:
        return std::nullopt;
    }
  }();
  if (!names || part.field->spelling != Spelling::kBare) return {};
  std::string_view digits = part.field->value;
  if (*names == Constants::kIoctlRequest) {
    std::uint64_t request = 0;
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    return parse_hex(digits, request) ? tables::constant_name(*names, request) : std::string_view{};
  }
  std::uint32_t number = 0;
  return parse_decimal(digits, number) ? tables::constant_name(*names, number) : std::string_view{};
}

// A pid or the name of a unit may look like hexadecimal digits.
void append_text(const ObjectPart& part, std::string& out) {
  const std::string_view name = name_of_number(part);
  if (!name.empty())
    out += name;
  else if (is_encoded(*part.field, part.record_type))
    append_decoded(*part.field, out);
  else
    out += part.field->value;
}

// As ausearch spells keys. Few records are of this type, so that a copy does no harm.
void append_typed(const Field& data, std::string& out) {
  std::string bytes;
  append_decoded(data, bytes);
  if (has_keys(bytes))
    append_keystrokes(out, bytes);
  else
    out += bytes;
}

void append_pids(const DecodedEvent& event, std::string& out) {
  bool first = true;
  for (const DecodedRecord& record : event.records()) {
    if (record.type != tables::type::kObjPid) continue;
    const Field* const pid = event.find(record, tables::field::kOpid);
    if (pid == nullptr) continue;
    if (!first) out += ' ';
    first = false;
    out += pid->value;
  }
}

}  // namespace

void append_address(const DecodedEvent& event, const Field& saddr, std::string& out) {
  SockaddrRoom room;
  const auto arch = event.arch();
  const auto order = arch ? byte_order(*arch) : std::endian::native;
  const auto address = decode_sockaddr(saddr.value, room, order);
  if (!address) {
    out += saddr.value;
    return;
  }
  if (!address->path.empty()) {
    if (address->abstract) out += '@';
    out += address->path;
    return;
  }
  const bool brackets = address->port && address->address.find(':') != std::string_view::npos;
  if (brackets) out += '[';
  if (!address->address.empty()) {
    out += address->address;
    if (address->interface && brackets) {
      out += '%';
      append_number(*address->interface, out);
    }
  } else if (address->cid) {
    append_number(*address->cid, out);
  } else {
    out += address->family_name;
  }
  if (brackets) out += ']';
  if (address->port) {
    out += ':';
    append_number(*address->port, out);
  }
}

void append_part(const DecodedEvent& event, const ObjectPart& part, std::string& out) {
  switch (part_info(part.part).form) {
    case PartForm::kFlag:
      return;
    case PartForm::kPids:
      append_pids(event, out);
      return;
    case PartForm::kPath:
      if (part.field != nullptr) append_path(event, *part.field, part.as_is, out);
      return;
    case PartForm::kAddress:
      if (part.field == nullptr) return;
      // Only SOCKADDR records have an address in digits.
      if (part.field->id == tables::field::kSaddr && base::is_hex(part.field->value))
        append_address(event, *part.field, out);
      else
        out += part.field->value;
      return;
    case PartForm::kKeystrokes:
      if (part.field != nullptr) append_typed(*part.field, out);
      return;
    default:
      break;
  }
  if (part.field != nullptr) {
    append_text(part, out);
  } else if (!part.text.empty()) {
    out += part.text;
  } else if (part.part == Part::kMode) {
    out += '0';
    append_number(part.number, out, 8);
  } else {
    append_number(part.number, out);
  }
}

void append_object(const DecodedEvent& event, const Summary& summary, std::string& out) {
  if (summary.parts_used > 0) append_part(event, summary.parts[0], out);
}

}  // namespace naudit::interpret
