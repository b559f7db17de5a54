// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/decoded_event.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "tables/record_types.hpp"

namespace naudit::interpret {

namespace type = tables::type;
namespace field = tables::field;

namespace {

// A record of the kernel has fewer, EXECVE apart, and is looked through as fast as an index of it is made.
constexpr std::uint32_t kFewFields = 64;

}  // namespace

bool parse_decimal(std::string_view text, std::uint32_t& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool parse_hex(std::string_view text, std::uint64_t& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return error == std::errc{} && end == text.data() + text.size();
}

namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(std::string_view text, std::string_view word) noexcept {
  return std::ranges::equal(text, word, {}, lower);
}

bool is_of_daemon(std::uint16_t record_type) noexcept {
  return record_type >= 1200 && record_type < 1300;
}

// Only completes a call's records. Nearly every record is one of these few, which need no table.
bool is_companion(std::uint16_t record_type) noexcept {
  switch (record_type) {
    case type::kPath:
    case type::kCwd:
    case type::kProctitle:
    case type::kExecve:
    case type::kSockaddr:
      return true;
    default:
      return tables::record_traits(record_type).auxiliary;
  }
}

}  // namespace

std::optional<bool> parse_result(std::string_view text) noexcept {
  // What the kernel writes into every SYSCALL record.
  if (text == "yes") return true;
  if (text == "no") return false;
  constexpr std::string_view kSuccess[] = {"success", "yes", "1", "y", "succeeded", "ok"};
  constexpr std::string_view kFailure[] = {"failed", "no", "0", "n", "failure", "fail", "denied"};
  const auto is_one = [&](std::string_view word) { return is_word(text, word); };
  if (std::ranges::any_of(kSuccess, is_one)) return true;
  if (std::ranges::any_of(kFailure, is_one)) return false;
  return std::nullopt;
}

void DecodedEvent::refer_to(const correlate::Event& event) {
  source_ = &event;
  records_.clear();
  fields_.clear();
  arch_.reset();
  syscall_.reset();
  success_.reset();
  key_ = nullptr;
  index_.count = 0;
  incomplete_ = event.incomplete;
  has_names_ = false;
  tells_names_ = !event.names.empty();
}

void DecodedEvent::decode(const correlate::Event& event) {
  refer_to(event);
  repeats_.begin();

  for (const correlate::RecordSpan& span : event.records()) {
    DecodedRecord& record = records_.emplace_back();
    record.type = span.type;
    record.text = event.text(span);
    record.type_name = event.type_name(span);
    record.told = event.told(span);
    repeats_.tokenise(span.type, event.body(span), event.source, fields_, record.tokens);
    if (is_of_daemon(span.type)) drop_commas(record);
    if (!record.told.empty() || !record.tokens.enriched.empty()) tells_names_ = true;
  }
  // Only now do the fields stay where they are.
  execve_.read(*this);
  if (incomplete_ == correlate::Incomplete::kNo && !execve_.is_whole())
    incomplete_ = correlate::Incomplete::kBrokenArguments;
  bool has_headline = false;
  std::optional<bool> of_headline;
  for (const DecodedRecord& record : records_) {
    if (record.type == type::kSyscall || record.type == type::kUringop) {
      read_syscall(record);
    } else if (!has_headline && !is_companion(record.type)) {
      has_headline = true;
      of_headline = read_result(record);
    } else if (!success_) {
      success_ = read_result(record);
    }
    if (key_ == nullptr || key_->value == "(null)") {
      if (const Field* const key = find(record, field::kKey)) key_ = key;
    }
  }
  if (of_headline) success_ = of_headline;
  if (key_ != nullptr && key_->value == "(null)" && key_->spelling == Spelling::kBare) key_ = nullptr;
}

// auditd 1.x wrote its records as a sentence: "auditd start, ver=1.3.1, format=raw, auid=4294967295". The commas belong
// to no value.
void DecodedEvent::drop_commas(DecodedRecord& record) noexcept {
  for (Field& one : std::span(fields_).subspan(record.tokens.first, record.tokens.count)) {
    if (one.spelling != Spelling::kBare || !one.value.ends_with(',')) continue;
    one.value.remove_suffix(1);
    record.tokens.regular = false;
  }
}

// The kernel writes arch, syscall, success in this order and first of all (kernel/auditsc.c, audit_log_exit); what
// would come behind them under these names again is not the kernel's.
void DecodedEvent::read_syscall(const DecodedRecord& record) {
  for (const Field& one : fields(record)) {
    switch (one.id) {
      case field::kArch: {
        std::uint64_t word = 0;
        if (parse_hex(one.value, word)) arch_ = static_cast<tables::ArchWord>(word);
        break;
      }
      case field::kSyscall: {
        std::uint32_t number = 0;
        if (parse_decimal(one.value, number)) syscall_ = number;
        break;
      }
      case field::kSuccess:
        success_ = parse_result(one.value);
        return;
      default:
        break;
    }
  }
}

std::optional<bool> DecodedEvent::read_result(const DecodedRecord& record) const noexcept {
  const Field* result = find(record, field::kRes);
  if (result == nullptr) result = find(record, field::kResult);
  if (result == nullptr) result = find_claim(record, field::kRes);
  if (result == nullptr) result = find_claim(record, field::kResult);
  return result == nullptr ? std::nullopt : parse_result(result->value);
}

const EventNames& DecodedEvent::names() const {
  if (!std::exchange(has_names_, true)) names_.read(*this);
  return names_;
}

const DecodedRecord* DecodedEvent::find(std::uint16_t type) const noexcept {
  for (const DecodedRecord& record : records_)
    if (record.type == type) return &record;
  return nullptr;
}

const Field* DecodedEvent::find(std::uint32_t first, std::uint32_t count, tables::FieldId id) const noexcept {
  if (count > kFewFields) return find_in_many(first, count, id);
  for (const Field& one : std::span(fields_).subspan(first, count))
    if (one.id == id) return &one;
  return nullptr;
}

const Field* DecodedEvent::find_in_many(std::uint32_t first, std::uint32_t count, tables::FieldId id) const noexcept {
  if (index_.first != first || index_.count != count) {
    index_.first = first;
    index_.count = count;
    index_.at.fill(count);
    for (std::uint32_t i = count; i-- > 0;) index_.at[fields_[first + i].id] = i;
  }
  return index_.at[id] == count ? nullptr : &fields_[first + index_.at[id]];
}

const Field* DecodedEvent::find(const DecodedRecord& record, tables::FieldId id) const noexcept {
  return find(record.tokens.first, record.tokens.count, id);
}

const Field* DecodedEvent::find_claim(const DecodedRecord& record, tables::FieldId id) const noexcept {
  return find(record.tokens.claim_first, record.tokens.claim_count, id);
}

}  // namespace naudit::interpret
