// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/enriched.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "base/hex.hpp"
#include "formats/auditd/raw.hpp"
#include "interpret/meaning/sockaddr_text.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/record/told_meanings.hpp"
#include "tables/record_types.hpp"
#include "tables/subcalls.hpp"
#include "tables/syscalls.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using tables::FieldClass;

constexpr char kMark = '\x1D';

// libaudit's rule for a value between quotes, where a byte above 0x7F is a negative char.
bool needs_encoding(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) { return static_cast<signed char>(c) < 0x21 || c == '"' || c == 0x7F; });
}

void append_key(std::string_view name, std::string& out) {
  for (const char c : name) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  out += '=';
}

void append_or_unknown(std::string_view name, std::string_view complaint, std::string_view value, std::string& out) {
  if (name.empty())
    ((out += complaint) += value) += ')';
  else
    out += name;
}

// The record's own newline, where the kernel's text ends in one.
std::string_view number_of(const Field& field) noexcept {
  std::string_view value = field.value;
  while (value.ends_with('\n')) value.remove_suffix(1);
  return value;
}

// What is no number has no name: a program may write anything into a field of these names.
bool is_number(FieldClass kind, std::string_view value) noexcept {
  std::uint64_t word = 0;
  std::uint32_t number = 0;
  switch (kind) {
    case FieldClass::kArch:
      return interpret::parse_hex(value, word);
    case FieldClass::kSockaddr:
      return base::is_hex(value);
    case FieldClass::kUid:
    case FieldClass::kGid:
      return value == "-1" || interpret::parse_decimal(value, number);
    case FieldClass::kSyscall:
    case FieldClass::kUringOp:
      return interpret::parse_decimal(value, number);
    default:
      return false;
  }
}

// What the input tells of a number that our tables do not have: a word, since it ends at the next blank.
std::string_view told_word(const DecodedRecord& record, const Field& field) noexcept {
  interpret::ToldMeanings told;
  told.read(record.told);
  const auto meaning = told.find(false, field.id);
  if (!meaning || meaning->form != interpret::Form::kName) return {};
  const bool is_word = std::ranges::all_of(meaning->text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '(' || c == ')';
  });
  return is_word ? meaning->text : std::string_view();
}

void append_arch(const DecodedRecord& record, const Field& field, std::string& out) {
  std::uint64_t word = 0;
  interpret::parse_hex(number_of(field), word);
  const auto arch = static_cast<tables::ArchWord>(word);
  // libaudit's own name for a little-endian arm.
  std::string_view name = arch == tables::kArchArm ? "armeb" : tables::arch_name(arch);
  if (name.empty()) name = told_word(record, field);
  append_or_unknown(name, "unknown-elf-type(", number_of(field), out);
}

std::string_view call_name(const DecodedEvent& event, const DecodedRecord& record, const Field& field) {
  std::uint32_t number = 0;
  if (!interpret::parse_decimal(number_of(field), number)) return {};
  if (field.id == tables::field::kUringOp) return tables::uring_op_name(number);
  const Field* const arch = event.find(record, tables::field::kArch);
  std::uint64_t word = 0;
  if (arch == nullptr || !interpret::parse_hex(arch->value, word)) return {};
  return tables::syscall_name(static_cast<tables::ArchWord>(word), number);
}

void append_call(const DecodedEvent& event, const DecodedRecord& record, const Field& field, std::string& out) {
  const std::string_view name = call_name(event, record, field);
  if (name.empty()) {
    if (const std::string_view told = told_word(record, field); !told.empty()) {
      out += told;
      return;
    }
  }
  append_or_unknown(name, field.id == tables::field::kUringOp ? "unknown-operation(" : "unknown-syscall(",
                    number_of(field), out);
  const Field* const which = event.find(record, tables::field::kA0);
  std::uint64_t number = 0;
  if (which == nullptr || !interpret::parse_hex(which->value, number)) return;
  if (const std::string_view call = tables::subcall_name(name, number); !call.empty()) ((out += '(') += call) += ')';
}

void append_address(const DecodedEvent& event, const Field& field, std::string& out) {
  interpret::SockaddrRoom room;
  const auto arch = event.arch();
  const std::string_view digits = number_of(field);
  const auto address =
      interpret::decode_sockaddr(digits, room, arch ? interpret::byte_order(*arch) : std::endian::native);
  if (!address) return append_or_unknown({}, "malformed-host(", digits, out);
  // "unspec" is no family of libauparse's.
  if (address->family == AF_UNSPEC) return append_or_unknown({}, "unknown-family(", "0", out);
  const auto start = static_cast<std::ptrdiff_t>(out.size());
  interpret::append_sockaddr(out, *address);
  // An abstract name may go on behind a NUL; a line of text does not.
  const std::size_t nul = out.find('\0', static_cast<std::size_t>(start));
  if (nul != std::string::npos) out.replace(nul, std::string::npos, " }");
}

// "old auid=", "new auid=": the LOGIN record of kernels before 3.14. The field has today's name, the text tells.
bool is_two_words(const Field& field) noexcept {
  constexpr std::string_view kName = " auid=";
  if (field.id != tables::field::kOldAuid) return field.name == "new auid";
  return field.spelling == interpret::Spelling::kBare &&
         std::string_view(field.value.data() - kName.size(), kName.size()) == kName;
}

// What the enriched form adds names for. A saddr of other records is plain text.
FieldClass class_of(const DecodedRecord& record, const Field& field) noexcept {
  if (field.name == "new auid") return FieldClass::kUid;
  const bool is_group =
      record.type == type::kAddGroup || record.type == type::kDelGroup || record.type == type::kGrpMgmt;
  // What a trusted program calls its fields says nothing about what they mean.
  if (record.type == type::kTrustedApp) return FieldClass::kPlain;
  if (field.id == tables::field::kId && is_group) return FieldClass::kGid;
  const FieldClass kind = interpret::field_class(record.type, field.id);
  return kind == FieldClass::kSockaddr && record.type != type::kSockaddr ? FieldClass::kPlain : kind;
}

}  // namespace

bool EnrichedEncoder::append_id(const DecodedEvent& event, const DecodedRecord& record, const Field& field,
                                bool is_user, std::string& out) {
  using Kind = interpret::NameId::Kind;
  std::uint32_t id = interpret::kUnsetId;
  interpret::parse_decimal(number_of(field), id);  // -1 is the one that is not read
  const interpret::NameId who{is_user ? Kind::kUser : Kind::kGroup, id};
  const std::string_view name = interpret::told_name(event, record, field, who, context_.names, scratch_);
  if (name.empty()) {
    // A name that nobody was asked for, or that has not come yet, is not unknown.
    const auto in_input = interpret::name_in_input(event, record, field, who, scratch_);
    const bool is_answered = interpret::may_ask(event, context_.names) && context_.names.is_nameless(who);
    if (!is_answered && !(in_input && in_input->empty())) return false;
    unknown_ = "unknown(";
    (unknown_ += std::to_string(static_cast<std::int32_t>(id))) += ')';
  }
  const std::string_view told = name.empty() ? std::string_view(unknown_) : name;
  if (needs_encoding(told))
    base::append_hex(out, told);
  else
    ((out += '"') += told) += '"';
  return true;
}

void EnrichedEncoder::append_name(const DecodedEvent& event, const DecodedRecord& record, const Field& field,
                                  std::string& out) {
  const FieldClass kind = class_of(record, field);
  if (!is_number(kind, number_of(field))) return;
  const std::size_t start = out.size();
  out += out.back() == kMark ? "" : " ";
  append_key(is_two_words(field) ? "auid" : field.name, out);
  switch (kind) {
    case FieldClass::kArch:
      return append_arch(record, field, out);
    case FieldClass::kSockaddr:
      return append_address(event, field, out);
    case FieldClass::kUid:
    case FieldClass::kGid:
      if (!append_id(event, record, field, kind == FieldClass::kUid, out)) out.resize(start);
      return;
    default:
      return append_call(event, record, field, out);
  }
}

// In the order of the fields, what a program said in its place among what the kernel says.
void EnrichedEncoder::append_names(const DecodedEvent& event, const DecodedRecord& record, std::string& out) {
  const auto fields = event.fields(record);
  const auto before = fields.first(std::min<std::size_t>(record.tokens.claim_at, fields.size()));
  for (const Field& field : before) append_name(event, record, field, out);
  for (const Field& field : event.claim(record)) append_name(event, record, field, out);
  for (const Field& field : fields.subspan(before.size())) append_name(event, record, field, out);
}

void EnrichedEncoder::encode(const DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  const auto spans = source.records();
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const std::size_t start = out.size();
    append_raw_line(source, spans[i], context_, out);
    const DecodedRecord& record = event.records()[i];
    if (record.tokens.enriched.empty()) {
      out += kMark;
      append_names(event, record, out);
      if (out.back() == kMark) out.pop_back();
      if (context_.live) out.resize(std::min(out.size(), start + kLongestNodeLine));
    }
    end_line(start, out);
  }
}

}  // namespace naudit::formats
