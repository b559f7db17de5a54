// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/json_record.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "interpret/hex.hpp"
#include "interpret/mode.hpp"
#include "interpret/sockaddr.hpp"
#include "output/formats/json_names.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::output {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
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

// include/linux/audit.h, audit_string_contains_control: what the kernel does not put between quotes.
bool needs_hex(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) { return c == '"' || c < 0x21 || c > 0x7e; });
}

bool is_upper_hex(std::string_view text) noexcept {
  return std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'f'; });
}

char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same_but_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

// The field whose name this is, whatever its case.
tables::FieldId find_field_any_case(std::string_view name) noexcept {
  std::array<char, 32> lower;
  if (name.size() > lower.size()) return 0;
  std::ranges::transform(name, lower.begin(), to_lower);
  return tables::find_field({lower.data(), name.size()});
}

bool is_null(const Field& field) noexcept {
  return field.spelling == Spelling::kBare && field.value == "(null)";
}

}  // namespace

bool JsonRecord::put(const DecodedEvent& event, const DecodedRecord& record) {
  const interpret::Tokens& tokens = record.tokens;
  // Worst cases: every byte escaped, and a name with its quotes and suffixes for each field.
  worst_ = 7 * record.text.size() + 192 * (tokens.count + tokens.claim_count) + 256;
  json_.reserve(worst_);
  bool lossless = tokens.regular;
  json_.put('{');
  if (!tokens.avc_result.empty() && !tokens.avc_in_claim) lossless &= put_avc(tokens);
  lossless &= put_fields(event, record, event.fields(record));
  put_words(tokens.words);
  if (tokens.has_claim) {
    // Only behind all of the kernel's own fields does `claim` keep its place.
    lossless &= tokens.claim_at == tokens.count;
    json_.put(R"("claim":{)");
    if (tokens.avc_in_claim) lossless &= put_avc(tokens);
    lossless &= put_fields(event, record, event.claim(record));
    put_words(tokens.claim_words);
    json_.close('}');
  }
  if (!tokens.enriched.empty()) {
    json_.put(R"("enriched":)");
    json_.string(tokens.enriched);
    json_.put(',');
  }
  json_.close('}');
  return lossless;
}

void JsonRecord::put_words(std::string_view words) {
  if (words.empty()) return;
  // They may span fields that are written as well.
  json_.reserve(worst_ + 6 * words.size());
  json_.put(R"("text":)");
  json_.string(words);
  json_.put(',');
}

bool JsonRecord::put_execve(const DecodedEvent& event) {
  execve_.read(event);
  bool lossless = execve_.is_simple();
  for (const DecodedRecord& record : event.records()) {
    if (record.type != type::kExecve) continue;
    lossless &= record.tokens.regular && record.tokens.enriched.empty();
    for (const Field& field : event.fields(record)) {
      if (field.id == tables::field::kArgc) continue;
      const std::string_view bytes = interpret::decoded(field, scratch_);
      lossless &= field.spelling == Spelling::kQuoted
                      ? !needs_hex(bytes)
                      : bytes.data() == scratch_.data() && is_upper_hex(field.value) && needs_hex(bytes);
    }
  }
  json_.reserve(64);
  json_.put(R"({"argc":)");
  json_.number(execve_.argc());
  json_.put(R"(,"argv":[)");
  for (std::size_t i = 0; i < execve_.size(); ++i) {
    json_.reserve(6 * execve_[i].size() + 16);
    json_.string(execve_[i]);
    json_.put(',');
  }
  json_.close(']');
  json_.close('}');
  return lossless;
}

bool JsonRecord::put_avc(const interpret::Tokens& tokens) {
  json_.put(R"("seresult":)");
  json_.string(tokens.avc_result);
  json_.put(R"(,"seperms":[)");
  std::string_view rest = tokens.avc_permissions;
  bool single_spaces = true;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (end == 0) single_spaces = false;
    if (end > 0) {
      json_.string(rest.substr(0, end));
      json_.put(',');
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  json_.close(']');
  return single_spaces;
}

bool JsonRecord::put_fields(const DecodedEvent& event, const DecodedRecord& record, std::span<const Field> fields) {
  seen_.reset();
  seen_[tables::field::kSeresult] = seen_[tables::field::kSeperms] = true;  // put_avc()'s
  seen_unknown_.clear();
  renamed_.clear();
  fields_ = 0;
  bool lossless = true;
  for (const Field& field : fields) {
    lossless &= put_field(event, record, field);
    json_.put(',');
  }
  return lossless;
}

bool JsonRecord::put_field(const DecodedEvent& event, const DecodedRecord& record, const Field& field) {
  ++fields_;
  const bool is_first = is_new(field);
  if (is_first) {
    put_key(field);
  } else {
    put_new_key(field.name);
  }
  return put_value(event, record, field, field_class(record.type, field.id), is_first) && is_first;
}

// The same name again: kept under a name of its own; `raw` has the original.
void JsonRecord::put_new_key(std::string_view name) {
  std::string& key = renamed_.emplace_back();
  // It ends in a digit: no meaning of a field does.
  for (std::size_t number = fields_; key.empty() || is_seen_unknown(key) || find_field_any_case(key) != 0; ++number) {
    key.assign(name);
    key += '_';
    key += std::to_string(number);
  }
  seen_unknown_.push_back(key);
  json_.key(key);
}

bool JsonRecord::is_new(const Field& field) {
  if (field.id != 0) {
    if (seen_[field.id] || is_seen_unknown(field.name)) return false;
    seen_[field.id] = true;
    return true;
  }
  if (is_used(field.name)) return false;
  seen_unknown_.push_back(field.name);
  return true;
}

// A name that we do not know must not meet another in this object, be it only by case, nor be what a field means.
bool JsonRecord::is_used(std::string_view name) const {
  for (const std::string_view ours : {"text", "claim", "enriched"})
    if (is_same_but_case(name, ours)) return true;
  if (const tables::FieldId known = find_field_any_case(name); known != 0 && seen_[known]) return true;
  if (is_same_but_case(name.substr(0, 6), "saddr_")) return true;
  for (const std::string_view suffix : kMeaningSuffixes) {
    if (name.size() < suffix.size() || !is_same_but_case(name.substr(name.size() - suffix.size()), suffix)) continue;
    const std::string_view base = name.substr(0, name.size() - suffix.size());
    if (find_field_any_case(base) != 0 || is_seen_unknown(base)) return true;
  }
  return is_seen_unknown(name);
}

bool JsonRecord::is_seen_unknown(std::string_view name) const {
  return std::ranges::any_of(seen_unknown_, [&](std::string_view other) { return is_same_but_case(name, other); });
}

void JsonRecord::put_key(const Field& field) {
  if (field.id != 0) {
    json_.put(known_.key(field.id));
  } else {
    json_.key(field.name);
  }
}

void JsonRecord::put_name(const Field& field, std::string_view suffix, std::string_view value) {
  if (value.empty()) return;
  json_.put(",\"");
  json_.put(field.name);
  json_.put(suffix);
  json_.put("\":");
  json_.string(value);
}

bool JsonRecord::put_value(const DecodedEvent& event, const DecodedRecord& record, const Field& field, FieldClass kind,
                           bool with_meaning) {
  bool lossless = true;
  switch (kind) {
    case FieldClass::kEncoded:
    case FieldClass::kKeys:
    case FieldClass::kTtyData:
      return put_encoded(field, kind);
    case FieldClass::kProctitle:
      return put_proctitle(field);
    case FieldClass::kHex:
    case FieldClass::kArch:
    case FieldClass::kMode:
    case FieldClass::kArgument:
    case FieldClass::kCapabilities:
    case FieldClass::kSockaddr:
      // Hexadecimal and octal spellings stay strings, also where all their digits are decimal.
      json_.string(field.value);
      lossless = field.spelling == Spelling::kBare;
      break;
    default:
      lossless = put_plain(field);
      break;
  }
  if (with_meaning && field.spelling == Spelling::kBare) put_meaning(event, record, field, kind);
  return lossless;
}

bool JsonRecord::put_plain(const Field& field) {
  if (field.spelling == Spelling::kBare && is_number(field.value)) {
    json_.put(field.value);
    return true;
  }
  if (is_null(field)) {
    json_.put("null");
    return true;
  }
  json_.string(field.value);
  return field.spelling == Spelling::kBare;
}

bool JsonRecord::put_encoded(const Field& field, FieldClass kind) {
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

bool JsonRecord::put_proctitle(const Field& field) {
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

void JsonRecord::put_id_name(const DecodedEvent& event, const Field& field, NameOf name_of) {
  std::uint32_t id = 0;
  if (!interpret::parse_decimal(field.value, id)) return;
  const std::string_view name = (names_.*name_of)(id, event.source().last);
  json_.reserve(worst_ + 6 * name.size());
  put_name(field, "_name", name);
}

void JsonRecord::put_sockaddr(const DecodedEvent& event, const Field& field) {
  interpret::SockaddrRoom room;
  const auto order = event.arch() ? interpret::byte_order(*event.arch()) : std::endian::native;
  const auto address = interpret::decode_sockaddr(field.value, room, order);
  if (!address) return;
  json_.reserve(worst_ + 2048);
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
}

void JsonRecord::put_meaning(const DecodedEvent& event, const DecodedRecord& record, const Field& field,
                             FieldClass kind) {
  switch (kind) {
    case FieldClass::kUid:
      put_id_name(event, field, &interpret::Names::user);
      break;
    case FieldClass::kGid:
      put_id_name(event, field, &interpret::Names::group);
      break;
    case FieldClass::kArch: {
      std::uint64_t word = 0;
      if (interpret::parse_hex(field.value, word))
        put_name(field, "_name", tables::arch_name(static_cast<tables::ArchWord>(word)));
      break;
    }
    case FieldClass::kSyscall: {
      std::uint32_t number = 0;
      if (!interpret::parse_decimal(field.value, number)) break;
      if (record.type == type::kUringop) {
        put_name(field, "_name", tables::uring_op_name(number));
      } else if (event.arch()) {
        put_name(field, "_name", tables::syscall_name(*event.arch(), number));
      }
      break;
    }
    case FieldClass::kExit:
    case FieldClass::kErrno: {
      std::uint32_t number = 0;
      const bool negative = field.value.starts_with('-');
      if (negative && interpret::parse_decimal(field.value.substr(1), number))
        put_name(field, "_name", tables::errno_name(static_cast<int>(number)));
      break;
    }
    case FieldClass::kSession:
      if (field.value == "4294967295" || field.value == "-1") put_name(field, "_name", "unset");
      break;
    case FieldClass::kMode:
      scratch_.clear();
      if (interpret::append_mode(scratch_, field.value)) put_name(field, "_text", scratch_);
      break;
    case FieldClass::kSockaddr:
      put_sockaddr(event, field);
      break;
    default:
      break;
  }
}

}  // namespace naudit::output
