// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/field.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "interpret/meaning/sockaddr.hpp"

namespace naudit::formats {
namespace {

using interpret::Field;
using interpret::Form;
using interpret::Spelling;
using tables::FieldClass;

// A decimal that JSON writes the very same way; 18 digits fit 64 bits in every reader.
bool is_number(std::string_view whole) noexcept {
  std::string_view text = whole;
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return false;
  if (text[0] == '0') return whole.size() == 1;
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_upper_hex(std::string_view text) noexcept {
  return std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'f'; });
}

bool is_null(const Field& field) noexcept {
  return field.spelling == Spelling::kBare && field.value == "(null)";
}

}  // namespace

bool JsonValues::fits_number(const Field& field) noexcept {
  return is_number(field.value) || is_null(field);
}

bool JsonValues::put_number(const Field& field) {
  json_.put(is_null(field) ? "null" : field.value);
  return field.spelling == Spelling::kBare;
}

bool JsonValues::put_plain(const Field& field) {
  if (is_null(field))
    json_.put("null");
  else
    json_.string(field.value);
  return field.spelling == Spelling::kBare;
}

bool JsonValues::put_encoded(const Field& field, FieldClass kind) {
  if (field.spelling == Spelling::kQuoted) {
    json_.string(field.value);
    return !needs_hex(field.value) && kind != FieldClass::kTtyData;
  }
  if (is_null(field)) {
    json_.put("null");
    return true;
  }
  const std::string_view bytes = interpret::decoded(field, scratch_);
  json_.string(bytes);
  // A word that stands bare without being digits would come back in quotes. Keystrokes are digits in any case.
  return bytes.data() == scratch_.data() && is_upper_hex(field.value) &&
         (needs_hex(bytes) || kind == FieldClass::kTtyData);
}

bool JsonValues::put_proctitle(const Field& field) {
  if (is_null(field)) {
    json_.put("null");
    return true;
  }
  std::string_view bytes = interpret::decoded(field, scratch_);
  const bool from_hex = bytes.data() == scratch_.data();
  const bool lossless = field.spelling == Spelling::kQuoted ? !needs_hex(bytes)
                                                            : from_hex && is_upper_hex(field.value) && needs_hex(bytes);
  json_.reserve(6 * bytes.size() + 3 * field.value.size() + 64);
  json_.put('[');
  while (true) {
    const std::size_t end = bytes.find('\0');
    json_.string(bytes.substr(0, end));
    json_.put(',');
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
  }
  json_.close(']');
  json_.unput();
  return lossless;
}

bool JsonValues::is_usual_spelling(const Field& field, std::string_view bytes) {
  if (field.spelling == Spelling::kQuoted) return !needs_hex(bytes);
  return bytes.data() != field.value.data() && is_upper_hex(field.value) && needs_hex(bytes);
}

void JsonMeaning::put(const Field& field, FieldClass kind, std::size_t room) {
  switch (kind) {
    case FieldClass::kPlain:
    case FieldClass::kNumber:
    case FieldClass::kHex:
    case FieldClass::kSuccess:
    case FieldClass::kAddress:
    case FieldClass::kLabel:
      if (!meaning_.is_told(field)) return;
      break;
    case FieldClass::kSockaddr:
      return put_sockaddr(field, room);
    default:
      break;
  }
  text_.clear();
  const Form form = meaning_.append(field, kind, text_);
  if (form == Form::kNone) return;
  // A list's shortest names have three letters, so that quotes and commas at most double it.
  json_.reserve(room + 6 * text_.size() + 64);
  switch (form) {
    case Form::kName:
      json_.put(known_.name_key(field.id));
      json_.string(text_);
      break;
    case Form::kText:
      put_key(field.name, "_text\":");
      json_.string(text_);
      break;
    case Form::kList:
      put_list(field, kind);
      break;
    case Form::kNone:
      break;
  }
}

// Only fields that we know have a meaning, and their names need no escapes.
void JsonMeaning::put_key(std::string_view name, std::string_view suffix) {
  json_.put(",\"");
  json_.put(name);
  json_.put(suffix);
}

void JsonMeaning::put_list(const Field& field, FieldClass kind) {
  const char between = list_separator(kind);
  put_key(field.name, "_list\":[");
  std::string_view rest = text_;
  if (kind == FieldClass::kCapabilities && rest == kNoCapabilities) rest = {};
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(between), rest.size());
    json_.string(rest.substr(0, end));
    json_.put(',');
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  json_.close(']');
  json_.unput();
}

void JsonMeaning::put_sockaddr(const Field& field, std::size_t room) {
  interpret::SockaddrRoom buffers;
  const auto arch = meaning_.arch();
  const auto order = arch ? interpret::byte_order(*arch) : std::endian::native;
  const auto address = interpret::decode_sockaddr(field.value, buffers, order);
  if (!address) return;
  json_.reserve(room + 2048);
  const auto text = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    json_.put(name);
    json_.string(value);
  };
  const auto number = [&](std::string_view name, const std::optional<std::uint32_t>& value) {
    if (!value) return;
    json_.put(name);
    json_.number(*value);
  };
  text(R"(,"saddr_family":)", address->family_name);
  text(R"(,"saddr_address":)", address->address);
  text(R"(,"saddr_path":)", address->path);
  if (address->abstract) json_.put(R"(,"saddr_abstract":true)");
  number(R"(,"saddr_port":)", address->port);
  number(R"(,"saddr_interface":)", address->interface);
  number(R"(,"saddr_protocol":)", address->protocol);
  number(R"(,"saddr_pid":)", address->pid);
  number(R"(,"saddr_groups":)", address->groups);
  number(R"(,"saddr_cid":)", address->cid);
  number(R"(,"saddr_node":)", address->node);
  number(R"(,"saddr_queue":)", address->queue);
  number(R"(,"saddr_vpi":)", address->vpi);
  number(R"(,"saddr_vci":)", address->vci);
}

}  // namespace naudit::formats
