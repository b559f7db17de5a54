// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/record.hpp"

#include <algorithm>
#include <array>

#include "interpret/record/field_class.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using interpret::Spelling;
using tables::FieldClass;

// The field whose name this is, whatever its case.
tables::FieldId find_field_any_case(std::string_view name) noexcept {
  std::array<char, 32> lower;
  if (name.size() > lower.size()) return 0;
  std::ranges::transform(name, lower.begin(), to_lower);
  return tables::find_field({lower.data(), name.size()});
}

// What the arguments of a system call mean depends on the call and on each other, and so may the call's own name.
bool is_of_call(const Field& field) noexcept {
  return (field.id >= tables::field::kA0 && field.id <= tables::field::kA3) || field.id == tables::field::kSyscall;
}

bool is_known_call(const DecodedEvent& event, const DecodedRecord& record) noexcept {
  const Field* const call = event.find(record, tables::field::kSyscall);
  const auto arch = event.arch();
  std::uint32_t number = 0;
  return call != nullptr && arch && interpret::parse_decimal(call->value, number) &&
         !tables::syscall_name(*arch, number).empty();
}

// Of what an auditd appended, the part that the meanings are taken from: the names of users, and that of a system call
// only where our tables have none.
std::string_view enriched_names(const DecodedEvent& event, const DecodedRecord& record, bool claim) noexcept {
  std::string_view tail = record.tokens.enriched;
  if (tail.empty() || claim || record.type != type::kSyscall || !is_known_call(event, record)) return tail;
  for (const std::string_view other : {"ARCH=", "SYSCALL="}) {
    if (!tail.starts_with(other)) continue;
    tail.remove_prefix(std::min(tail.find(' '), tail.size() - 1) + 1);
  }
  return tail;
}

}  // namespace

void JsonRecord::begin(const DecodedEvent& event) {
  for (const DecodedRecord& record : event.records()) {
    const Field* const pid = event.find(record, tables::field::kPid);
    if (pid == nullptr) continue;
    repeats_.choose(pid->value);
    return;
  }
}

bool JsonRecord::put(const DecodedEvent& event, const DecodedRecord& record) {
  const interpret::Tokens& tokens = record.tokens;
  // Worst cases: every byte escaped, and a name with its quotes and suffixes for each field.
  worst_ = 7 * record.text.size() + 192 * (tokens.count + tokens.claim_count) + 256;
  json_.reserve(worst_);
  bool lossless = tokens.regular;
  meaning_.begin(event, record);
  json_.put('{');
  if (!tokens.avc_result.empty() && !tokens.avc_in_claim) lossless &= put_avc(tokens);
  lossless &= put_fields(event, record, event.fields(record), false);
  put_words(tokens.words);
  if (tokens.has_claim) {
    // Only behind all of the kernel's own fields does `claim` keep its place.
    lossless &= tokens.claim_at == tokens.count;
    json_.put(R"("claim":{)");
    if (tokens.avc_in_claim) lossless &= put_avc(tokens);
    lossless &= put_fields(event, record, event.claim(record), true);
    put_words(tokens.claim_words);
    json_.close('}');
  }
  if (!tokens.enriched.empty()) put_enriched(record);
  json_.close('}');
  return lossless;
}

void JsonRecord::put_enriched(const DecodedRecord& record) {
  const std::string_view tail = record.tokens.enriched;
  json_.put(R"("enriched":)");
  JsonRepeat* const last = repeats_.of(record.type, false);
  if (const std::string_view same = last == nullptr ? std::string_view() : last->tail_json(tail); !same.empty()) {
    json_.put(same);
  } else {
    const std::size_t start = json_.size();
    json_.string(tail);
    if (last != nullptr) last->set_tail(tail, json_.view().substr(start));
  }
  json_.put(',');
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
  const interpret::Execve& execve = event.execve();
  bool lossless = execve.is_simple();
  for (const DecodedRecord& record : event.records()) {
    if (record.type != type::kExecve) continue;
    lossless &= record.tokens.regular && record.tokens.enriched.empty();
    for (const Field& field : event.fields(record)) {
      if (field.id == tables::field::kArgc) continue;
      const std::string_view bytes = interpret::decoded(field, scratch_);
      lossless &= JsonValues::is_usual_spelling(field, bytes);
    }
  }
  json_.reserve(64);
  json_.put(R"({"argc":)");
  json_.number(execve.argc());
  json_.put(R"(,"argv":[)");
  for (std::size_t i = 0; i < execve.size(); ++i) {
    json_.reserve(6 * execve[i].size() + 16);
    if (execve.is_missing(i))
      json_.put("null");
    else
      json_.string(execve[i]);
    json_.put(',');
  }
  json_.close(']');
  put_places("missing", execve.missing());
  put_places("unexpected", execve.unexpected());
  json_.close('}');
  return lossless;
}

void JsonRecord::put_places(std::string_view name, const std::vector<std::string>& places) {
  if (places.empty()) return;
  json_.reserve(64 * places.size() + 32);
  json_.key(name);
  json_.put('[');
  for (const std::string& place : places) {
    json_.string(place);
    json_.put(',');
  }
  json_.close(']');
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

bool JsonRecord::is_same_call(std::span<const Field> fields, const JsonRepeat& last) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    if (is_of_call(field) && !(last.has_name(i, field) && last.has_value(i, field))) return false;
    if (field.id == tables::field::kA3) break;
  }
  return true;
}

bool JsonRecord::put_repeated(const DecodedRecord& record, std::span<const Field> fields, JsonRepeat& last,
                              bool& lossless) {
  constexpr std::size_t kMostChanges = 6;  // beyond which the cache is better made anew
  const std::size_t start = json_.size();
  const bool same_call = record.type != type::kSyscall || is_same_call(fields, last);
  std::size_t changes = 0;
  for (std::size_t i = 0; i < fields.size();) {
    std::size_t end = i;
    while (end < fields.size() && last.has_name(end, fields[end]) && last.has_value(end, fields[end]) &&
           (same_call || !is_of_call(fields[end]))) {
      lossless &= last[end].lossless;
      ++end;
    }
    if (end > i) {
      const std::string_view same = last.json(i, end);
      json_.reserve(worst_ + same.size());
      json_.put(same);
      i = end;
      continue;
    }
    // The arch says what the number of the system call means.
    const bool fits = last.has_name(i, fields[i]) && last[i].is_first && fields[i].id != tables::field::kArch;
    if (!is_of_call(fields[i])) ++changes;
    if (!fits || changes > kMostChanges) {
      json_.cut(start);
      return false;
    }
    put_key(fields[i]);
    lossless &= put_value(fields[i], interpret::field_class(record.type, fields[i].id), true);
    json_.put(',');
    ++i;
  }
  return true;
}

bool JsonRecord::put_fields(const DecodedEvent& event, const DecodedRecord& record, std::span<const Field> fields,
                            bool claim) {
  JsonRepeat* const last = repeats_.of(record.type, claim);
  const std::string_view names = enriched_names(event, record, claim);
  if (last != nullptr && last->is_usable(fields.size(), names, event.source().last, lifetime_)) {
    bool lossless = true;
    if (put_repeated(record, fields, *last, lossless)) return lossless;
  }
  const std::size_t start = json_.size();
  if (last != nullptr) last->begin(names, event.source().last);
  seen_.reset();
  seen_[tables::field::kSeresult] = seen_[tables::field::kSeperms] = true;  // put_avc()'s
  seen_unknown_.clear();
  renamed_.clear();
  fields_ = renamed_number_ = 0;
  bool lossless = true;
  for (const Field& field : fields) {
    const bool is_lossless = put_field(record, field);
    json_.put(',');
    lossless &= is_lossless;
    if (last != nullptr) last->add(field, is_first_, is_lossless, json_.size() - start);
  }
  if (last != nullptr) last->end(json_.view().substr(start));
  return lossless;
}

bool JsonRecord::put_field(const DecodedRecord& record, const Field& field) {
  ++fields_;
  is_first_ = is_new(field);
  if (is_first_)
    put_key(field);
  else
    put_new_key(field.name);
  return put_value(field, interpret::field_class(record.type, field.id), is_first_) && is_first_;
}

// The same name again: kept under a name of its own; `raw` has the original.
void JsonRecord::put_new_key(std::string_view name) {
  std::string& key = renamed_.emplace_back();
  // It ends in a digit: no meaning of a field does.
  renamed_number_ = std::max(renamed_number_, fields_);
  for (std::size_t& number = renamed_number_; key.empty() || is_seen_unknown(key) || find_field_any_case(key) != 0;
       ++number) {
    key.assign(name);
    key += '_';
    key += std::to_string(number);
  }
  seen_unknown_.add(key);
  json_.key(key);
}

bool JsonRecord::is_new(const Field& field) {
  if (field.id != 0) {
    if (seen_[field.id] || is_seen_unknown(field.name)) return false;
    seen_[field.id] = true;
    return true;
  }
  if (is_used(field.name)) return false;
  seen_unknown_.add(field.name);
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
  return seen_unknown_.contains(name);
}

void JsonRecord::put_key(const Field& field) {
  if (field.id != 0)
    json_.put(known_.key(field.id));
  else
    json_.key(field.name);
}

bool JsonRecord::put_value(const Field& field, FieldClass kind, bool with_meaning) {
  bool lossless = true;
  switch (kind) {
    case FieldClass::kEncoded:
    case FieldClass::kKeys:
      return values_.put_encoded(field, kind);
    case FieldClass::kTtyData:
      lossless = values_.put_encoded(field, kind);
      break;
    case FieldClass::kProctitle:
      return values_.put_proctitle(field);
    case FieldClass::kHex:
    case FieldClass::kArch:
    case FieldClass::kMode:
    case FieldClass::kArgument:
    case FieldClass::kCapabilities:
    case FieldClass::kIoctl:
    case FieldClass::kPersonality:
    case FieldClass::kSockaddr:
      // Hexadecimal and octal spellings stay strings, also where all their digits are decimal.
      json_.string(field.value);
      lossless = field.spelling == Spelling::kBare;
      break;
    default:
      lossless = values_.put_plain(field);
      break;
  }
  if (with_meaning && field.spelling == Spelling::kBare) meaning_.put(field, kind, worst_);
  return lossless;
}

}  // namespace naudit::formats
