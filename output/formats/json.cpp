// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/json.hpp"

#include <fmt/chrono.h>

#include <ctime>

#include "output/formats/raw.hpp"
#include "tables/record_types.hpp"

namespace naudit::output {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

// RFC 3339 ends at year 9999; a stamp beyond it (a corrupt record) is written as that year's last second.
constexpr std::uint64_t kLastSecond = 253402300799;

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

bool is_repeatable(std::uint16_t record) noexcept {
  switch (record) {
    case type::kSyscall:
    case type::kUringop:
    case type::kCwd:
    case type::kExecve:
    case type::kProctitle:
    case type::kLogin:
    case type::kSeccomp:
      return false;
    default:
      // From user space and from the daemon each record is an event of its own.
      return record >= type::kSyscall && record < 2100 && record != type::kKernel;
  }
}

void JsonEncoder::encode(const DecodedEvent& event, std::string& out) {
  json_.clear();
  json_.reserve(4096 + 6 * event.source().node.size() + 6 * context_.node.size());
  lossless_ = true;
  json_.put('{');
  put_head(event);
  put_summary(event, interpret::summarise(event));
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
  scratch_.clear();
  correlate::append_id(source.id, scratch_);
  json_.put(scratch_);
  json_.put(R"(","time":")");
  put_time(source.id);
  json_.put(R"(","serial":)");
  json_.number(source.id.serial);
  json_.put(',');
  const std::string_view node = source.node.empty() ? std::string_view(context_.node) : std::string_view(source.node);
  if (!node.empty()) {
    json_.put(R"("node":)");
    json_.string(node);
    json_.put(',');
  }
  if (source.incomplete == correlate::Incomplete::kNo) {
    json_.put(R"("complete":true,)");
  } else {
    json_.put(R"("complete":false,"incomplete_reason":)");
    json_.clean_string(correlate::incomplete_text(source.incomplete));
    json_.put(',');
  }
  if (source.late) json_.put(R"("late":true,)");
  put_keys(event);
}

void JsonEncoder::put_time(const correlate::EventId& id) {
  if (id.seconds != second_) {
    second_ = id.seconds;
    time_ =
        fmt::format("{:%Y-%m-%dT%H:%M:%S}.", fmt::gmtime(static_cast<std::time_t>(std::min(id.seconds, kLastSecond))));
  }
  json_.put(time_);
  json_.put(static_cast<char>('0' + id.millis / 100 % 10));
  json_.put(static_cast<char>('0' + id.millis / 10 % 10));
  json_.put(static_cast<char>('0' + id.millis % 10));
  json_.put('Z');
}

// Several keys of a rule arrive as one value, joined by the byte 0x01.
void JsonEncoder::put_keys(const DecodedEvent& event) {
  if (event.key() == nullptr) return;
  std::string_view all = interpret::decoded(*event.key(), scratch_);
  json_.reserve(64 + 10 * all.size());
  json_.put(R"("keys":[)");
  while (!all.empty()) {
    const std::size_t end = std::min(all.find('\x01'), all.size());
    json_.string(all.substr(0, end));
    json_.put(',');
    all.remove_prefix(std::min(end + 1, all.size()));
  }
  json_.close(']');
}

void JsonEncoder::put_summary(const DecodedEvent& event, const interpret::Summary& summary) {
  json_.reserve(1024);
  json_.put(R"("action":)");
  json_.clean_string(summary.action);
  json_.put(',');
  if (summary.success) json_.put(*summary.success ? R"("outcome":"success",)" : R"("outcome":"failure",)");
  if (summary.auid != nullptr || summary.uid != nullptr || summary.pid != nullptr) {
    json_.put(R"("subject":{)");
    put_user(event, "auid", summary.auid);
    put_user(event, "uid", summary.uid);
    std::uint32_t pid = 0;
    if (summary.pid != nullptr && interpret::parse_decimal(summary.pid->value, pid)) {
      json_.put(R"("pid":)");
      json_.number(pid);
      json_.put(',');
    }
    json_.close('}');
  }
  put_object(event, summary);
  if (summary.how != nullptr) {
    const std::string_view how = interpret::decoded(*summary.how, scratch_);
    json_.reserve(6 * how.size() + 64);
    json_.put(R"("how":)");
    json_.string(how);
    json_.put(',');
  }
}

void JsonEncoder::put_user(const DecodedEvent& event, std::string_view name, const Field* field) {
  std::uint32_t id = 0;
  if (field == nullptr || !interpret::parse_decimal(field->value, id)) return;
  json_.put('"');
  json_.put(name);
  json_.put("\":");
  json_.number(id);
  json_.put(',');
  const std::string_view user = context_.names.user(id, event.source().last);
  if (user.empty()) return;
  json_.reserve(6 * user.size() + 64);
  json_.put('"');
  json_.put(name);
  json_.put(R"(_name":)");
  json_.string(user);
  json_.put(',');
}

void JsonEncoder::put_object(const DecodedEvent& event, const interpret::Summary& summary) {
  if (summary.object == nullptr) return;
  json_.reserve(64);
  json_.put(R"("object":{"kind":)");
  json_.clean_string(interpret::object_kind_text(summary.object_kind));
  json_.put(',');
  scratch_.clear();
  interpret::append_object(event, summary, scratch_);
  json_.reserve(6 * scratch_.size() + 256);
  switch (summary.object_kind) {
    case interpret::ObjectKind::kFile:
      json_.put(R"("path":)");
      break;
    case interpret::ObjectKind::kSocket:
      json_.put(R"("address":)");
      break;
    case interpret::ObjectKind::kProcess:
      json_.put(R"("pid":)");
      break;
    default:
      json_.put(R"("name":)");
      break;
  }
  std::uint32_t pid = 0;
  if (summary.object_kind == interpret::ObjectKind::kProcess && interpret::parse_decimal(scratch_, pid)) {
    json_.number(pid);
  } else {
    json_.string(scratch_);
  }
  json_.put(',');
  if (summary.second != nullptr) {
    scratch_.clear();
    interpret::append_path(event, *summary.second, scratch_);
    json_.reserve(6 * scratch_.size() + 64);
    json_.put(R"("old_path":)");
    json_.string(scratch_);
    json_.put(',');
  }
  json_.close('}');
}

void JsonEncoder::put_records(const DecodedEvent& event) {
  const auto records = event.records();
  json_.reserve(64);
  json_.put(R"("records":{)");
  record_.begin(event);
  written_.assign(records.size(), false);
  std::size_t in_order = 0;  // records written so far without leaving the order in which they came
  scratch_.clear();
  correlate::append_id(event.source().id, scratch_);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const DecodedRecord& record = records[i];
    if (!has_usual_header(record, scratch_) || !record.type_name.empty()) lossless_ = false;
    if (written_[i]) continue;
    if (record.type == 0 || event.source().incomplete == correlate::Incomplete::kMalformed) {
      lossless_ = false;
      continue;
    }
    json_.reserve(64);
    put_type_key(record, json_);
    if (record.type == type::kExecve) {
      lossless_ &= record_.put_execve(event);
    } else if (!is_repeatable(record.type)) {
      lossless_ &= record_.put(event, record);
    } else {
      json_.put('[');
    }
    for (std::size_t j = i; j < records.size(); ++j) {
      if (records[j].type != record.type) continue;
      written_[j] = true;
      if (j != in_order++) lossless_ = false;
      if (is_repeatable(record.type)) {
        lossless_ &= record_.put(event, records[j]);
      } else if (j != i) {
        lossless_ = false;
      }
    }
    if (is_repeatable(record.type)) json_.close(']');
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

}  // namespace naudit::output
