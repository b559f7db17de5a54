// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The text tokens: everything that no other token holds.
#include <algorithm>
#include <string>

#include "base/hex.hpp"
#include "formats/bsm/encoder.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/meaning/sockaddr_text.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/record/told_meanings.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedRecord;
using interpret::Field;
using tables::FieldClass;

constexpr std::size_t kLongestName = 256;

bool is_encoded(const DecodedRecord& record, const Field& one, FieldClass kind) noexcept {
  switch (kind) {
    case FieldClass::kEncoded:
    case FieldClass::kKeys:
    case FieldClass::kProctitle:
    case FieldClass::kTtyData:
      return true;
    default:
      // Only the first of them are fields that we know.
      return record.type == type::kExecve && one.name.starts_with('a') && one.id != field::kArgc &&
             !one.name.ends_with("_len");
  }
}

// What the enriched form has names for.
bool is_named(FieldClass kind) noexcept {
  return kind == FieldClass::kUid || kind == FieldClass::kGid || kind == FieldClass::kArch ||
         kind == FieldClass::kSyscall || kind == FieldClass::kUringOp || kind == FieldClass::kSockaddr;
}

void upper(std::string_view name, std::string& out) {
  out = name;
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
}

tables::FieldId field_of_upper(std::string_view name) {
  std::string lower(name.substr(0, kLongestName));
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return tables::find_field(lower);
}

}  // namespace

void BsmEncoder::put_texts() {
  put_facts();
  const std::size_t records = event_->records().size();
  const std::size_t main = names_.main();  // its names are the plain ones
  if (main < records) put_record(main);
  for (std::size_t i = 0; i < records; ++i)
    if (i != main) put_record(i);
}

// What the records say by what they are, and what is known of the event as a whole.
void BsmEncoder::put_facts() {
  const correlate::Event& source = event_->source();
  for (std::size_t i = 0; i < event_->records().size(); ++i) {
    const DecodedRecord& record = event_->records()[i];
    names_.set_record(i);
    const bool has_type = record.type != 0 || !record.type_name.empty();
    if (has_type && names_.is_first_of_type()) put_text({}, "type", names_.type());
  }
  if (!call_.empty()) put_text({}, "syscall", call_);
  if (event_->incomplete() != correlate::Incomplete::kNo)
    put_text({}, "incomplete_reason", correlate::incomplete_text(event_->incomplete()));
  if (source.late) put_text({}, "late", "true");
  if (source.id.seconds > kBsmUnset) put_text({}, "seconds", std::to_string(source.id.seconds));
  if (!node_.empty() && head_.zone.empty()) put_text({}, "node", node_);
  for (const std::string& place : event_->execve().missing()) put_text("EXECVE.", "missing", place);
  for (const std::string& place : event_->execve().unexpected()) put_text("EXECVE.", "unexpected", place);
}

void BsmEncoder::put_record(std::size_t index) {
  const DecodedRecord& record = event_->records()[index];
  names_.set_record(index);
  const bool is_line = record.type == 0 && record.type_name.empty();
  if (is_line || event_->source().incomplete == correlate::Incomplete::kMalformed)
    return put_text({}, "text", record.text);
  const interpret::Tokens& tokens = record.tokens;
  const auto put_word = [&](std::string_view name, std::string_view value, bool claim) {
    if (!value.empty()) put_text(names_.prefix(tables::find_field(name), claim), name, value);
  };
  put_word("seresult", tokens.avc_result, tokens.avc_in_claim);
  put_word("seperms", tokens.avc_permissions, tokens.avc_in_claim);
  put_fields(record, event_->fields(record), false);
  put_word("text", tokens.words, false);
  put_fields(record, event_->claim(record), true);
  put_word("text", tokens.claim_words, true);
  put_enriched(record);
}

void BsmEncoder::put_fields(const DecodedRecord& record, std::span<const Field> fields, bool claim) {
  for (const Field& one : fields)
    if (!is_held(one)) put_field(record, one, names_.prefix(one.id, claim));
  if (!record.told.empty()) put_told(record, fields, claim);
}

void BsmEncoder::put_field(const DecodedRecord& record, const Field& one, std::string_view prefix) {
  const FieldClass kind = interpret::field_class(record.type, one.id);
  // The text without a type before it is the call's name.
  if (one.id == field::kSyscall && prefix.empty() && !call_.empty()) {
    name_ = names_.type();
    name_ += '.';
    return put_text(name_, one.name, one.value);
  }
  if (kind == FieldClass::kSockaddr) return put_address(record, one, prefix);
  if (!is_encoded(record, one, kind)) return put_text(prefix, one.name, one.value);
  const std::string_view value = interpret::decoded(one, scratch_);
  if (kind != FieldClass::kKeys) return put_text(prefix, one.name, value);
  tables::for_each_key(value, [&](std::string_view key) { put_text(prefix, one.name, key); });
}

void BsmEncoder::put_address(const DecodedRecord& record, const Field& one, std::string_view prefix) {
  put_text(prefix, one.name, one.value);
  if (!record.tokens.enriched.empty() || !record.told.empty()) return;
  interpret::SockaddrRoom room;
  const auto arch = event_->arch();
  const auto address =
      interpret::decode_sockaddr(one.value, room, arch ? interpret::byte_order(*arch) : std::endian::little);
  if (!address) return;
  scratch_.clear();
  interpret::append_sockaddr(scratch_, *address);
  upper(one.name, arguments_);
  put_text(prefix, arguments_, scratch_);
}

// NAME=value, "value" or { value }: the values without what is around them, names that auditd wrote in hexadecimal
// digits decoded.
void BsmEncoder::put_enriched(const DecodedRecord& record) {
  std::string_view rest = record.tokens.enriched;
  while (!rest.empty()) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.empty()) return;
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return put_text(names_.prefix(0, false), "text", rest);
    const std::string_view name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    const char open = rest.empty() ? ' ' : rest.front();
    const char close = open == '"' || open == '{' ? (open == '{' ? '}' : '"') : ' ';
    std::size_t end = std::min(rest.find(close, 1), rest.size());
    const bool is_quoted = open == '"' && end < rest.size();
    if (open == '{' && end < rest.size()) ++end;
    std::string_view value = rest.substr(0, end);
    rest.remove_prefix(std::min(end + (is_quoted ? 1 : 0), rest.size()));
    if (is_quoted) value.remove_prefix(1);
    const tables::FieldId id = field_of_upper(name);
    const FieldClass kind = interpret::field_class(record.type, id);
    const bool is_hex = !is_quoted && (kind == FieldClass::kUid || kind == FieldClass::kGid) && base::is_hex(value);
    scratch_.clear();
    if (is_hex && base::append_decoded_hex(scratch_, value)) value = scratch_;
    put_text(names_.prefix(id, false), name, value);
  }
}

// The same of an input that has its fields taken apart, our own JSON.
void BsmEncoder::put_told(const DecodedRecord& record, std::span<const Field> fields, bool claim) {
  interpret::ToldMeanings told;
  told.read(record.told);
  for (const Field& one : fields) {
    if (!is_named(interpret::field_class(record.type, one.id))) continue;
    const auto meaning = told.find(claim, one.id);
    if (!meaning || meaning->form == interpret::Form::kNone) continue;
    upper(one.name, arguments_);
    put_text(names_.prefix(one.id, claim), arguments_, meaning->text);
  }
}

// A NUL ends a string: it becomes a space, and the bytes follow in digits.
void BsmEncoder::put_text(std::string_view prefix, std::string_view name, std::string_view value) {
  const std::size_t size = prefix.size() + name.size() + 1 + value.size();
  if (size <= BsmRecord::kMostString) {
    record_.text(prefix, name, value);
  } else if (prefix.size() + name.size() <= kLongestName) {
    std::string whole(prefix);
    whole += name;
    put_pieces(whole, value);
  } else {
    std::string line(prefix);
    (line += name) += '=';
    line += value;
    put_pieces("field", line);
  }
  if (value.find('\0') == std::string_view::npos) return;
  hex_.clear();
  base::append_hex(hex_, value);
  std::string digits_name(name);
  digits_name += "_hex";
  put_text(prefix, digits_name, std::string(hex_));
}

// name[0]=…, name[1]=…, as the kernel cuts arguments.
void BsmEncoder::put_pieces(std::string_view name, std::string_view value) {
  constexpr std::size_t kPiece = BsmRecord::kMostString - kLongestName - 32;
  for (std::size_t i = 0; i * kPiece < value.size(); ++i) {
    std::string numbered(name);
    ((numbered += '[') += std::to_string(i)) += ']';
    record_.text({}, numbered, value.substr(i * kPiece, kPiece));
  }
}

}  // namespace naudit::formats
