// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/event.hpp"

#include <algorithm>
#include <utility>

#include "formats/auditd/raw.hpp"
#include "formats/aushape/schema.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::Field;
using Kind = AushapeWriter::Kind;

// "argc", "a12", "a1_len", "a1[0]".
bool is_of_exec(std::string_view name) noexcept {
  return name == "argc" || (name.size() > 1 && name[0] == 'a' && name[1] >= '0' && name[1] <= '9');
}

void append_word(std::string_view word, std::string& out) {
  if (!out.empty()) out += ' ';
  out += word;
}

}  // namespace

void AushapeEvent::append(const DecodedEvent& event, std::string& out) {
  plan(event);
  time_.clear();
  zoned_.append(event.source().id, context_.local_time, time_);
  write(event, 0);
  const std::size_t limit = options_.max_event_size;
  if (limit != 0 && writer_.event_size() + 2 > limit) write(event, limit);
  writer_.end(out);
}

void AushapeEvent::write(const DecodedEvent& event, std::size_t limit) {
  const correlate::Event& source = event.source();
  writer_.begin({.serial = std::max(source.id.serial, std::uint32_t{1}),
                 .time = time_,
                 .node = source.node_or(context_.node),
                 .error = error_},
                limit);
  if (options_.text || needs_text_ || !error_.empty()) put_text(event);
  put_data(event);
  if (options_.norm && writer_.open("norm", Kind::kObject)) {
    norm_.put(event);
    writer_.close();
  }
}

void AushapeEvent::complain(std::string_view what) {
  if (error_.find(what) != std::string::npos) return;
  if (!error_.empty()) error_ += "; ";
  error_ += what;
}

AushapeEvent::Placed AushapeEvent::placed(const Record& record) {
  switch (record.type) {
    case type::kEoe:
      return {.place = Place::kDropped};
    case type::kExecve:
      return {.place = Place::kExecve};
    case type::kPath:
      return {.place = Place::kPath};
    case type::kObjPid:
      return {.place = Place::kObjPid};
    case type::kAvc:
      return {.place = Place::kAvc};
    case type::kNetfilterCfg:
      return {.place = Place::kNetfilterCfg};
    default:
      break;
  }
  std::string_view key = tables::record_type_key(record.type);
  if (key.empty()) {
    if (!writer_.takes_other_records()) return {};
    if (other_keys_.size() <= other_keys_used_) other_keys_.emplace_back();
    std::string& other = other_keys_[other_keys_used_++];
    other = record.type == 0 ? std::string(record.type_name) : tables::record_type_text(record.type);
    std::ranges::transform(other, other.begin(), to_lower);
    key = other;
  }
  const bool is_known = is_aushape_record(key);
  if (!is_known && !writer_.takes_other_records()) return {};
  return {.place = Place::kSingle, .is_open = !is_known, .key = key};
}

// What the schema has no place for has to be known before the first byte: `error` stands in front.
void AushapeEvent::plan(const DecodedEvent& event) {
  error_.clear();
  needs_text_ = false;
  places_.clear();
  other_keys_used_ = 0;
  other_types_.clear();
  ++event_;
  if (event.source().id.serial == 0) complain("Serial 0 is none of the schema's");
  const bool is_malformed = event.source().incomplete == correlate::Incomplete::kMalformed;
  bool has_execve = false;
  bool has_paths = false;
  for (const Record& record : event.records()) {
    if (is_malformed || (record.type == 0 && record.type_name.empty())) {
      complain("A line without a record encountered");
      places_.emplace_back();
      continue;
    }
    Placed one = placed(record);
    if (one.place == Place::kNowhere) complain("A record type that the schema does not know encountered");
    has_execve |= one.place == Place::kExecve;
    has_paths |= one.place == Place::kPath;
    if (one.place == Place::kSingle && !is_first_of_type(record)) {
      complain("An unexpected repeated record type encountered");
      one = {};
    }
    places_.push_back(one);
  }
  if (has_execve) plan_execve(event);
  if (has_paths) plan_paths(event);
}

bool AushapeEvent::is_first_of_type(const Record& record) {
  if (record.type == 0) {
    if (other_types_.contains(record.type_name)) return false;
    other_types_.add(record.type_name);
    return true;
  }
  if (seen_types_.size() <= record.type) seen_types_.resize(record.type + std::size_t{1});
  return std::exchange(seen_types_[record.type], event_) != event_;
}

void AushapeEvent::plan_execve(const DecodedEvent& event) {
  const interpret::Execve& execve = event.execve();
  bool is_whole = execve.is_whole();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].place != Place::kExecve) continue;
    const Record& record = event.records()[i];
    const auto fields = event.fields(record);
    is_whole &= std::ranges::all_of(fields, [](const Field& one) { return is_of_exec(one.name); }) &&
                record.tokens.words.empty() && !record.tokens.has_claim;
  }
  if (!is_whole) complain("Invalid execve record sequence encountered");
  for (std::size_t i = 0; i < execve.size(); ++i) needs_text_ |= !writer_.keeps(execve[i]);
}

// The place of an item in the list is its number; where it is not, the records have to say.
void AushapeEvent::plan_paths(const DecodedEvent& event) {
  items_.clear();
  bool is_whole = true;
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    if (places_[i].place != Place::kPath) continue;
    std::uint32_t item = ~std::uint32_t{0};
    const Field* const number = event.find(event.records()[i], field::kItem);
    is_whole &= number != nullptr && interpret::parse_decimal(number->value, item) &&
                (number->value.size() == 1 || number->value[0] != '0');
    items_.emplace_back(item, i);
  }
  std::ranges::sort(items_);
  for (std::uint32_t i = 0; i < items_.size(); ++i) is_whole &= items_[i].first == i;
  if (!is_whole) complain("Invalid path record sequence encountered");
}

void AushapeEvent::put_text(const DecodedEvent& event) {
  if (!writer_.open("text", Kind::kList)) return;
  const correlate::Event& source = event.source();
  for (const correlate::RecordSpan& record : source.records()) {
    line_.clear();
    append_raw_record(source, record, source.node, line_);
    writer_.text("line", line_);
  }
  writer_.close();
}

void AushapeEvent::put_data(const DecodedEvent& event) {
  if (!writer_.open("data", Kind::kObject)) return;
  const auto records = event.records();
  std::array<bool, static_cast<std::size_t>(Place::kDropped) + 1> has{};
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Placed& one = places_[i];
    has[static_cast<std::size_t>(one.place)] = true;
    if (one.place != Place::kSingle || !writer_.open(one.key, Kind::kObject)) continue;
    put_record(event, records[i], one.is_open);
    writer_.close();
  }
  const auto list = [&](Place place, std::string_view key) {
    if (has[static_cast<std::size_t>(place)]) put_list(event, place, key);
  };
  if (has[static_cast<std::size_t>(Place::kExecve)]) put_execve(event);
  list(Place::kPath, "path");
  list(Place::kObjPid, "obj_pid");
  list(Place::kAvc, "avc");
  list(Place::kNetfilterCfg, "netfilter_cfg");
  writer_.close();
}

// What is missing is "", so that those behind it keep their numbers; but no more of it than the records could have
// held.
void AushapeEvent::put_execve(const DecodedEvent& event) {
  if (!writer_.open("execve", Kind::kList)) return;
  const interpret::Execve& execve = event.execve();
  const std::size_t most = event.source().size();
  std::size_t told = 0;
  const auto fill = [&](std::size_t until) {
    for (; told < until && told < most; ++told) writer_.text("a", {});
  };
  for (std::size_t i = 0; i < execve.size(); ++i) {
    if (execve.is_missing(i)) {
      fill(std::size_t{execve.number(i)} + 1);
      continue;
    }
    writer_.text("a", execve[i]);
    ++told;
  }
  fill(execve.argc());
  writer_.close();
}

void AushapeEvent::put_list(const DecodedEvent& event, Place place, std::string_view key) {
  if (!writer_.open(key, Kind::kList)) return;
  const auto put = [&](std::size_t index) {
    if (!writer_.open("item", Kind::kObject)) return;
    put_record(event, event.records()[index], false);
    writer_.close();
  };
  if (place == Place::kPath) {
    for (const auto& [item, index] : items_) put(index);
  } else {
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (places_[i].place == place) put(i);
  }
  writer_.close();
}

void AushapeEvent::put_record(const DecodedEvent& event, const Record& record, bool is_open) {
  fields_.begin(event, record);
  ++record_;
  is_open_ = is_open;
  seen_names_.clear();
  rest_.clear();
  rest_raw_.clear();
  message_ = nullptr;
  const interpret::Tokens& tokens = record.tokens;
  if (!tokens.avc_result.empty()) {
    seen_[field::kSeresult] = seen_[field::kSeperms] = record_;
    seen_names_.add("seresult");
    seen_names_.add("seperms");
    writer_.field("seresult", tokens.avc_result, {}, false);
    whole_ = tokens.avc_permissions;
    std::ranges::replace(whole_, ' ', ',');
    writer_.field("seperms", whole_, {}, false);
  }
  for (const Field& one : event.fields(record)) put_field(record, one);
  for (const Field& one : event.claim(record)) put_field(record, one);
  put_words(tokens.words);
  put_words(tokens.claim_words);
  if (!rest_.empty()) {
    if (message_ != nullptr) put_rest(*message_);
    writer_.field("msg", rest_, rest_raw_, rest_ != rest_raw_);
  } else if (message_ != nullptr) {
    const AushapeFieldText::Shown shown = fields_.show(*message_);
    writer_.field("msg", shown.value, shown.raw, shown.has_raw);
  }
}

// The first of its name, where the schema does not say which there are: whatever the case; what a program claims never
// takes the place of what the kernel says.
bool AushapeEvent::is_first(const Field& one) {
  if (!is_open_ && one.id != 0) return std::exchange(seen_[one.id], record_) != record_;
  if (seen_names_.contains(one.name)) return false;
  seen_names_.add(one.name);
  return true;
}

void AushapeEvent::put_field(const Record& record, const Field& one) {
  if (record.type == type::kPath && one.id == field::kItem && is_first(one)) return;
  const bool is_known = is_open_ || is_aushape_field(one);
  if (!is_known || !is_first(one)) return put_rest(one);
  if (one.id == field::kMsg) {
    message_ = &one;
    return;
  }
  const AushapeFieldText::Shown shown = fields_.show(one);
  writer_.field(one.name, shown.value, shown.raw, shown.has_raw);
}

// As an audit record would spell it: name=value, with what it means and as it stood.
void AushapeEvent::put_rest(const Field& one) {
  const AushapeFieldText::Shown shown = fields_.show(one);
  line_.clear();
  append_raw_field(one, line_);
  append_word(line_, rest_raw_);
  if (shown.has_raw || shown.value != one.value) ((line_ = one.name) += '=') += shown.value;
  append_word(line_, rest_);
}

void AushapeEvent::put_words(std::string_view words) {
  if (words.empty()) return;
  append_word(words, rest_);
  append_word(words, rest_raw_);
}

}  // namespace naudit::formats
