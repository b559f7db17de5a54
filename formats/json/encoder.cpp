// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/encoder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "formats/auditd/raw.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

// The key of a record type in `records`, with its quotes and colon.
void put_type_key(const DecodedRecord& record, JsonText& json) {
  const std::string_view key = tables::record_type_key(record.type);
  json.put('"');
  if (key.empty()) {
    json.put("unknown_");
    json.number(record.type);
  } else {
    json.put(key);
  }
  json.put("\":");
}

// Does the record's header spell the event's id in the one usual way?
bool has_usual_header(const DecodedRecord& record, std::string_view id) {
  constexpr std::string_view kStart = "audit(";
  constexpr std::string_view kEnd = "): ";
  const std::string_view text = record.text;
  return text.size() >= kStart.size() + id.size() + kEnd.size() && text.substr(kStart.size(), id.size()) == id &&
         text.substr(kStart.size() + id.size(), kEnd.size()) == kEnd;
}

}  // namespace

std::string json_left_out(const LeftOut& what) {
  return fmt::format(
      R"({{"notice":"left_out","events":{},"first_id":"{}","last_id":"{}","cause":"the reader is too slow"}})"
      "\n",
      what.events, what.first_id, what.last_id);
}

void JsonEncoder::encode(const DecodedEvent& event, std::string& out) {
  json_.clear();
  json_.reserve(4096 + 6 * event.source().node.size() + 6 * context_.node.size());
  lossless_ = true;
  json_.put('{');
  put_head(event);
  summary_.put(event, interpret::summarise(event));
  put_records(event);
  if (!lossless_) put_raw(event);
  json_.close('}');
  const std::string_view line = json_.view();
  out.append(line.substr(0, line.size() - 1));
  out += '\n';
}

void JsonEncoder::put_head(const DecodedEvent& event) {
  const correlate::Event& source = event.source();
  json_.put(R"("id":")");
  id_.clear();
  correlate::append_id(source.id, id_);
  json_.put(id_);
  json_.put(R"(","time":")");
  json_.put(time_.text(source.id.seconds, source.id.millis));
  json_.put(R"(Z","serial":)");
  json_.number(source.id.serial);
  json_.put(',');
  const std::string_view node = source.node_or(context_.node);
  if (!node.empty()) {
    json_.put(R"("node":)");
    json_.string(node);
    json_.put(',');
  }
  if (event.incomplete() == correlate::Incomplete::kNo) {
    json_.put(R"("complete":true,)");
  } else {
    json_.put(R"("complete":false,"incomplete_reason":)");
    json_.clean_string(correlate::incomplete_text(event.incomplete()));
    json_.put(',');
  }
  if (source.late) json_.put(R"("late":true,)");
  put_keys(event);
}

void JsonEncoder::put_keys(const DecodedEvent& event) {
  if (event.key() == nullptr) return;
  const std::string_view all = interpret::decoded(*event.key(), scratch_);
  json_.reserve(64 + 10 * all.size());
  json_.put(R"("keys":[)");
  tables::for_each_shown_key(all, [this](std::string_view key) {
    json_.string(key);
    json_.put(',');
  });
  json_.close(']');
}

void JsonEncoder::put_records(const DecodedEvent& event) {
  const auto records = event.records();
  json_.reserve(64);
  json_.put(R"("records":{)");
  written_.assign(records.size(), false);
  std::size_t in_order = 0;  // records written so far without leaving the order in which they came
  const std::size_t header = std::string_view("audit(): ").size() + id_.size();
  const auto body = [&](const DecodedRecord& record) {
    return record.text.substr(std::min(header, record.text.size()));
  };
  for (std::size_t i = 0; i < records.size(); ++i) {
    const DecodedRecord& record = records[i];
    if (!has_usual_header(record, id_) || !record.type_name.empty()) lossless_ = false;
    if (written_[i]) continue;
    if (record.type == 0 || event.source().incomplete == correlate::Incomplete::kMalformed) {
      lossless_ = false;
      continue;
    }
    const bool is_repeatable = tables::record_traits(record.type).repeatable;
    json_.reserve(64);
    put_type_key(record, json_);
    if (record.type == type::kExecve)
      lossless_ &= record_.put_execve(event, body(record));
    else if (!is_repeatable)
      lossless_ &= record_.put(event, record, body(record));
    else
      json_.put('[');
    for (std::size_t j = i; j < records.size(); ++j) {
      if (records[j].type != record.type) continue;
      written_[j] = true;
      if (j != in_order++) lossless_ = false;
      if (is_repeatable)
        lossless_ &= record_.put(event, records[j], body(records[j]));
      else if (j != i)
        lossless_ = false;
    }
    if (is_repeatable) json_.close(']');
  }
  json_.close('}');
}

void JsonEncoder::put_raw(const DecodedEvent& event) {
  json_.reserve(16);
  json_.put(R"("raw":[)");
  for (const correlate::RecordSpan& record : event.source().records()) {
    scratch_.clear();
    append_raw_record(event.source(), record, {}, scratch_);
    json_.reserve(6 * scratch_.size() + 8);
    json_.string(scratch_);
    json_.put(',');
  }
  json_.close(']');
}

}  // namespace naudit::formats
