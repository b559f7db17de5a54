// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/record.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "formats/json/edits.hpp"
#include "formats/json/reader.hpp"
#include "interpret/arguments/arguments.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/record_types.hpp"

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

using Kind = JsonRepeat::Field;

// What the arguments of a system call mean depends on the call and on each other, and so may the call's own name.
Kind kind_of(const DecodedEvent& event, const DecodedRecord& record, const Field& field) {
  if (field.id == tables::field::kArch || field.id == tables::field::kSyscall) return Kind::kFixed;
  if (field.id < tables::field::kA0 || field.id > tables::field::kA3) return Kind::kFree;
  const auto arch = event.arch();
  const auto call = event.syscall();
  const auto index = static_cast<unsigned>(field.id - tables::field::kA0);
  const bool is_plain = record.type == type::kSyscall && record.told.empty() && arch && call &&
                        interpret::is_plain_argument(*arch, *call, index);
  return is_plain ? Kind::kPlain : Kind::kOfCall;
}

// Which of the record's fields, or of its claim's, may have another value than in the record that it is like.
std::uint64_t changed_of(const interpret::Tokens& tokens, bool claim) noexcept {
  if (tokens.count >= 64) return claim ? 0 : tokens.changed;
  return claim ? tokens.changed >> tokens.count : tokens.changed & ((std::uint64_t{1} << tokens.count) - 1);
}

}  // namespace

bool JsonRecord::put(const DecodedEvent& event, const DecodedRecord& record, std::string_view body) {
  const interpret::Tokens& tokens = record.tokens;
  // Worst cases: every byte escaped, and a name with its quotes and suffixes for each field.
  worst_ = 7 * record.text.size() + 192 * (tokens.count + tokens.claim_count) + 256;
  json_.reserve(worst_);
  bool lossless = tokens.regular;
  meaning_.begin(event, record);
  const std::size_t start = json_.size();
  json_.put('{');
  has_words_ = !tokens.words.empty();
  has_avc_ = !tokens.avc_result.empty() && !tokens.avc_in_claim;
  if (has_avc_) lossless &= put_avc(tokens);
  lossless &= put_fields(event, record, event.fields(record), false);
  put_words(tokens.words);
  if (tokens.has_claim) {
    // Only behind all of the kernel's own fields does `claim` keep its place.
    lossless &= tokens.claim_at == tokens.count;
    json_.put(R"("claim":{)");
    has_words_ = !tokens.claim_words.empty();
    has_avc_ = tokens.avc_in_claim;
    if (has_avc_) lossless &= put_avc(tokens);
    lossless &= put_fields(event, record, event.claim(record), true);
    put_words(tokens.claim_words);
    json_.close('}');
  }
  if (!tokens.enriched.empty()) put_enriched(record);
  json_.close('}');
  return lossless || put_edits(record.type, start, body);
}

// The object began at `start`. False if nothing short makes the record of it.
bool JsonRecord::put_edits(std::uint16_t record_type, std::size_t start, std::string_view body) {
  json_.unput();  // the comma
  usual_.clear();
  rebuild_body(record_type, json_.view().substr(start), usual_);
  const bool found = find_edits(usual_, body, edits_);
  if (found && !edits_.empty()) {
    json_.unput();  // the bracket
    json_.reserve(worst_ + 64);
    json_.put(json_.view().ends_with('{') ? R"("edits":[)" : R"(,"edits":[)");
    for (const std::string& edit : edits_) {
      json_.reserve(6 * edit.size() + 64);
      json_.string(edit);
      json_.put(',');
    }
    json_.close(']');
    json_.unput();
    json_.put('}');
  }
  json_.reserve(64);
  json_.put(',');
  return found;
}

void JsonRecord::put_enriched(const DecodedRecord& record) {
  const std::string_view tail = record.tokens.enriched;
  json_.put(R"("enriched":)");
  JsonRepeat* const last = repeats_.of(record.tokens, false);
  const std::uint64_t base = record.tokens.base;
  if (const std::string_view same = last == nullptr ? std::string_view() : last->tail_json(base); !same.empty()) {
    json_.put(same);
  } else {
    const std::size_t start = json_.size();
    json_.string(tail);
    if (last != nullptr) last->set_tail(base, json_.view().substr(start));
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

bool JsonRecord::put_execve(const DecodedEvent& event, std::string_view body) {
  const std::size_t start = json_.size();
  std::size_t records = 0;
  const interpret::Execve& execve = event.execve();
  bool lossless = execve.is_simple();
  for (const DecodedRecord& record : event.records()) {
    if (record.type != type::kExecve) continue;
    ++records;
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
  put_redaction(event);
  json_.close('}');
  worst_ = 0;
  return lossless || (records == 1 && put_edits(type::kExecve, start, body));
}

// Which arguments a sink was not to see (output/shape/redactor.hpp).
void JsonRecord::put_redaction(const DecodedEvent& event) {
  for (const std::string_view name : {"redacted", "withheld"}) {
    const Field* found = nullptr;
    for (const DecodedRecord& record : event.records()) {
      if (record.type != type::kExecve || found != nullptr) continue;
      const auto fields = event.fields(record);
      const auto field = std::ranges::find(fields, name, &Field::name);
      if (field != fields.end()) found = &*field;
    }
    if (found == nullptr) continue;
    json_.reserve(6 * found->value.size() + 64);
    json_.key(name);
    json_.string(found->value);
    json_.put(',');
  }
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

bool JsonRecord::put_repeated(const DecodedRecord& record, std::span<const Field> fields, std::uint64_t changed,
                              const JsonRepeat& last, bool& lossless) {
  const JsonRepeat::Kinds& kinds = last.kinds();
  if ((changed & kinds.of_call) != 0) changed |= kinds.of_call;
  if ((changed & kinds.fixed) != 0) return false;
  lossless &= (kinds.lossy & ~changed) == 0;
  const std::size_t start = json_.size();
  const auto copy = [&](std::size_t from, std::size_t to) {
    if (from == to) return;
    const std::string_view same = last.json(from, to);
    json_.reserve(worst_ + same.size());
    json_.put(same);
  };
  std::size_t written = 0;
  for (; changed != 0; changed &= changed - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(changed));
    copy(written, index);
    const Field& field = fields[index];
    const FieldClass kind = interpret::field_class(record.type, field.id);
    const bool is_number = interpret::is_number(record.type, kind);
    if (is_number && !JsonValues::fits_number(field)) {
      json_.cut(start);
      return false;
    }
    const bool with_meaning = (kinds.plain >> index & 1U) == 0;
    put_key(field);
    lossless &= is_number ? put_number(field, kind, with_meaning) : put_value(field, kind, with_meaning);
    json_.put(',');
    written = index + 1;
  }
  copy(written, fields.size());
  return true;
}

bool JsonRecord::put_fields(const DecodedEvent& event, const DecodedRecord& record, std::span<const Field> fields,
                            bool claim) {
  const interpret::Tokens& tokens = record.tokens;
  JsonRepeat* const last = fields.empty() ? nullptr : repeats_.of(tokens, claim);
  const std::uint64_t changed = changed_of(tokens, claim);
  const JsonOrigin::Names names{
      .told = record.told, .in_event = event.tells_names(), .of_machine = interpret::may_ask(event, names_)};
  if (last != nullptr && last->origin().is_usable(tokens.base, names, event.source().last, lifetime_)) {
    bool lossless = true;
    if (put_repeated(record, fields, last->origin().changed(changed), *last, lossless)) return lossless;
  }
  const std::size_t start = json_.size();
  if (last != nullptr) last->begin(tokens.base, changed, names, event.source().last);
  seen_.reset();
  seen_[tables::field::kSeresult] = has_avc_;  // put_avc()'s
  seen_[tables::field::kSeperms] = true;       // which is an array there
  seen_unknown_.clear();
  renamed_.clear();
  fields_ = last_number_ = 0;
  object_ = start;
  is_like_meaning_ = false;
  bool lossless = true;
  for (const Field& field : fields) {
    const bool is_lossless = put_field(record, field);
    json_.put(',');
    lossless &= is_lossless;
    if (last != nullptr)
      last->add(is_first_ ? kind_of(event, record, field) : Kind::kFixed, is_lossless, json_.size() - start);
  }
  if (last != nullptr) last->end(json_.view().substr(start));
  // With another value one of its fields may have a meaning, whose name is taken.
  if (last != nullptr && (is_like_meaning_ || meaning_.looked_elsewhere())) last->forget();
  return lossless;
}

bool JsonRecord::put_field(const DecodedRecord& record, const Field& field) {
  ++fields_;
  is_ambiguous_ = false;
  is_first_ = is_new(field);
  const FieldClass kind = interpret::field_class(record.type, field.id);
  if (!is_first_) {  // its type is that of a field which we do not know
    put_new_key(field.name);
    json_.string(field.value);
    return false;
  }
  if (!interpret::is_number(record.type, kind)) {
    put_key(field);
    return put_value(field, kind, !has_companion(field)) && !is_ambiguous_;
  }
  if (JsonValues::fits_number(field)) {
    put_key(field);
    return put_number(field, kind, !has_companion(field));
  }
  scratch_.assign(field.name) += kOtherSuffix;
  if (is_like_meaning_ && is_written(scratch_)) {
    put_new_key(field.name);
    json_.string(field.value);
    return false;
  }
  json_.key(scratch_);
  json_.string(field.value);
  return field.spelling == Spelling::kBare;
}

bool JsonRecord::put_number(const Field& field, FieldClass kind, bool with_meaning) {
  const bool lossless = values_.put_number(field);
  if (with_meaning && field.spelling == Spelling::kBare) meaning_.put(field, kind, worst_);
  return lossless;
}

// The same name again: kept under a name of its own.
void JsonRecord::put_new_key(std::string_view name) {
  std::string& key = renamed_.emplace_back();
  // It ends in a digit: no meaning of a field does.
  last_number_ = std::max(last_number_ + 1, fields_);
  for (; key.empty() || seen_unknown_.contains(key) || find_field_any_case(key) != 0; ++last_number_) {
    key.assign(name);
    key += '_';
    key += std::to_string(last_number_);
  }
  seen_unknown_.add(key);
  json_.key(key);
}

bool JsonRecord::is_new(const Field& field) {
  if (field.id == tables::field::kSeresult || field.id == tables::field::kSeperms) is_like_meaning_ = true;
  if (field.id != 0) {
    if (seen_[field.id] || seen_unknown_.contains(field.name)) return false;
    seen_[field.id] = true;
    return true;
  }
  if (is_used(field.name)) return false;
  seen_unknown_.add(field.name);
  return true;
}

// A name that we do not know must not meet another in this object, be it only by case.
bool JsonRecord::is_used(std::string_view name) {
  if (is_same_but_case(name, "text")) is_like_meaning_ = true;
  if ((has_words_ && is_same_but_case(name, "text")) || is_same_but_case(name, "enriched") ||
      is_same_but_case(name, "claim") || is_same_but_case(name, "edits"))
    return true;
  if (const tables::FieldId known = find_field_any_case(name); known != 0 && seen_[known]) return true;
  if (seen_unknown_.contains(name)) return true;
  is_ambiguous_ = is_companion(name);
  if (!is_ambiguous_) return false;
  is_like_meaning_ = true;
  // A list is an array and a part of an address may be a number; this is a string. And what stands under the name of a
  // user is believed to be one.
  return is_user_name(name) || is_same_but_case(name.substr(0, 6), "saddr_") ||
         is_same_but_case(name.substr(name.size() - 5), "_list") || is_written(name);
}

// Might a field that we know have this beside it?
bool JsonRecord::is_companion(std::string_view name) const {
  if (is_same_but_case(name.substr(0, 6), "saddr_")) return true;
  const std::size_t end = name.rfind('_');
  if (end == std::string_view::npos) return false;
  const std::string_view suffix = name.substr(end);
  const bool is_suffix =
      is_same_but_case(suffix, kOtherSuffix) ||
      std::ranges::any_of(kMeaningSuffixes, [&](std::string_view one) { return is_same_but_case(suffix, one); });
  return is_suffix && find_field_any_case(name.substr(0, end)) != 0;
}

// Is it called as the name of a user or group that this very object has, or may have?
bool JsonRecord::is_user_name(std::string_view name) const {
  constexpr std::string_view kSuffix = "_name";
  if (name.size() <= kSuffix.size() || !is_same_but_case(name.substr(name.size() - kSuffix.size()), kSuffix))
    return false;
  const FieldClass kind = tables::field_info(find_field_any_case(name.substr(0, name.size() - kSuffix.size()))).kind;
  return kind == FieldClass::kUid || kind == FieldClass::kGid;
}

// Is a field that came before called as what this one means?
bool JsonRecord::has_companion(const Field& field) const {
  if (!is_like_meaning_ || field.id == 0) return false;
  if (field.id == tables::field::kSaddr) return true;
  const std::string name(field.name);
  return std::ranges::any_of(
      kMeaningSuffixes, [&](std::string_view suffix) { return seen_unknown_.contains(name + std::string(suffix)); });
}

// Does the object have this member already? Asked for the few names only that a meaning may have.
bool JsonRecord::is_written(std::string_view name) const {
  std::string member = "\"";
  (member += name) += "\":";
  const std::string_view object = json_.view().substr(object_);
  return !std::ranges::search(object, member, {}, to_lower, to_lower).empty();
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
    case FieldClass::kLookupFlags:
    case FieldClass::kMmapFlags:
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
