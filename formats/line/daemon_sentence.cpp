// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/daemon_sentence.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "formats/json/text.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

using interpret::DecodedEvent;
using interpret::DecodedRecord;

constexpr DaemonSentence kRows[] = {
    {.record = "DAEMON_START",
     .op = "start",
     .needs = "previous",
     .words = "the audit daemon[ version {ver}] started; the one before it had been {previous}"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .needs = "sink",
     .words = "the sink {sink} left out {events} events[ because of {cause}][, from {first} to {last}][, {total} in "
              "all]"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .cause = "kernel",
     .words = "the kernel dropped {records} records[, {total} since it started]"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .cause = "receive-buffer",
     .words = "records did not fit the audit socket, {overruns} times[, {total} in all]"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .cause = "record-too-long",
     .words = "the ends of {records} records were cut off: they are longer than the kernel's limit[, {total} in all]"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .cause = "registration",
     .words = "the kernel stopped sending records to nauditd[; the process with pid {holder} has them]"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .cause = "gap",
     .needs = "exact",
     .words = "at most {events} events of the kernel never came[, between the serials {first} and {last}]"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .cause = "gap",
     .words = "{events} events of the kernel never came[, between the serials {first} and {last}]"},
    {.record = "DAEMON_ERR",
     .op = "lost",
     .words = "[{events} events ][{records} records ]were lost[ because of {cause}][, {total} in all]"},
    {.record = "DAEMON_ERR",
     .op = "withheld",
     .words = "the rate limit of the sink {sink} withheld {events} events[ with the key {key}][ of type {record}][ of "
              "the call {call}][ of auid {auid}][ of uid {uid}][ of {exe}][ of the session {ses}][ with success "
              "{success}][ of the host {host}][, from {first} to {last}]"},
    {.record = "DAEMON_ERR",
     .op = "repeated",
     .words =
         "the sink {sink} only counted {events} events like {first}[ with the key {key}][ of {exe}][, the last one "
         "{last}]"},
    {.record = "DAEMON_ERR",
     .op = "sink-state",
     .words = "the sink {sink} cannot do all of its work: {state}[ ({cause})][; events that wait: {waiting}]"},
    {.record = "DAEMON_RESUME",
     .op = "sink-state",
     .words = "the sink {sink} works again[; events that wait: {waiting}]"},
    {.record = "DAEMON_ERR",
     .op = "load-rules",
     .needs = "added",
     .words = "not all rules could be loaded: {added} added[, {removed} removed][, {moved} moved][, {kept} kept][, "
              "{left_out} left out]"},
    {.record = "DAEMON_ERR", .op = "load-rules", .words = "the rules could not be loaded"},
    {.op = "load-rules",
     .words = "nauditd loaded its rules[: {added} added][, {removed} removed][, {moved} moved][, {kept} kept][, "
              "{left_out} left out]"},
    {.op = "rules-of-others",
     .words = "somebody else changed audit rules: {added} added, {removed} removed[, {rules} are loaded now]"},
    {.op = "rules-drift",
     .words = "somebody changed nauditd's rules: {missing} missing, {unwanted} not wanted, {moved} moved"},
    {.op = "rules-locked", .words = "auditing is locked[; rules that wait for a reboot: {waiting}]"},
    {.op = "auditing-off", .words = "auditing is switched off in the kernel: no events are made"},
    {.op = "auditing-on", .words = "auditing is switched on again in the kernel"},
    {.op = "eoe-back", .words = "the kernel sends the end of each event (EOE) again"},
    {.op = "eoe-missing",
     .words = "the end of events (EOE) does not come: a rule excludes that record, or records are lost"},
    {.op = "gap-late", .words = "{events} events that had been told as missing came after all"},
    {.op = "settings-drift", .words = "somebody changed the kernel's settings of auditing:{*}"},
    {.op = "settings-restored", .words = "the kernel's settings of auditing are as they were configured again"},
    {.op = "plugin-not-started", .words = "the plugin {file} could not be started"},
    {.op = "sink-not-started", .words = "the sink {sink} could not be started[ because of {cause}]"},
    {.op = "stall", .words = "audited programs have to wait, {waited_ms} ms so far: the kernel's queue is full"},
    {.op = "stall-over", .words = "audited programs no longer wait; they had waited {waited_ms} ms"},
    {.op = "client-accept", .words = "{client} delivers its events to the source {source}"},
    {.op = "client-refuse", .words = "{client} was not let in by the source {source}"},
    {.op = "client-close", .words = "{client} has left the source {source}"},
    {.op = "client-break", .words = "the source {source} ended the connection of {client}"},
    {.op = "client-reject", .words = "the source {source} left out a message of {client}"},
    {.record = "DAEMON_ACCEPT", .op = "tail", .words = "the process with pid {pid} began to read the stream of events"},
    {.op = "takeover-attempt", .words = "the process with pid {opid} tried to become the audit daemon"},
};

std::string_view value_of(const DecodedEvent& event, const DecodedRecord& record, std::string_view name) {
  for (const interpret::Field& one : event.fields(record))
    if (one.name == name) return one.value;
  return {};
}

// Appends the word behind a number, if it is a plural, without its "s": "1 event".
void append_one(std::string_view& words, std::string& out) {
  const std::size_t end = std::min(words.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 1), words.size());
  if (!words.starts_with(' ') || words[end - 1] != 's') return;
  out += words.substr(0, end - 1);
  words.remove_prefix(end);
}

// " backlog_limit 64, rate_limit 10": all fields but op= and res=.
void append_others(const DecodedEvent& event, const DecodedRecord& record, std::string& out) {
  bool is_first = true;
  for (const interpret::Field& one : event.fields(record)) {
    if (one.name == "op" || one.name == "res") continue;
    out += is_first ? " " : ", ";
    is_first = false;
    base::append_shown(one.name, out);
    out += ' ';
    base::append_shown(one.value, out);
  }
}

// Appends `words` with the values of the record; false if one of its fields is missing.
bool append_values(const DecodedEvent& event, const DecodedRecord& record, std::string_view words, std::string& out) {
  while (!words.empty()) {
    const std::size_t open = std::min(words.find_first_of("{["), words.size());
    out += words.substr(0, open);
    if (open == words.size()) break;
    const bool is_field = words[open] == '{';
    const std::size_t close = words.find(is_field ? '}' : ']', open);
    const std::string_view inner = words.substr(open + 1, close - open - 1);
    words.remove_prefix(close + 1);
    const std::size_t begin = out.size();
    if (is_field && inner == "*") {
      append_others(event, record, out);
    } else if (is_field) {
      const std::string_view value = value_of(event, record, inner);
      if (value.empty()) return false;
      base::append_shown(value, out);
      if (value == "1") append_one(words, out);
    } else if (!append_values(event, record, inner, out)) {
      out.resize(begin);
    }
  }
  return true;
}

}  // namespace

std::span<const DaemonSentence> daemon_sentences() noexcept {
  return kRows;
}

bool append_daemon_sentence(const DecodedEvent& event, std::string& out) {
  if (event.records().empty()) return false;
  const DecodedRecord& record = event.records().front();
  constexpr std::uint16_t kFirst = 1200, kLast = 1299;
  if (record.type < kFirst || record.type > kLast) return false;
  const std::string_view op = value_of(event, record, "op");
  const std::string_view cause = value_of(event, record, "cause");
  const std::size_t begin = out.size();
  for (const DaemonSentence& row : kRows) {
    if (!row.record.empty() && tables::record_type(row.record) != record.type) continue;
    if (row.op != op || (!row.cause.empty() && row.cause != cause)) continue;
    if (!row.needs.empty() && value_of(event, record, row.needs).empty()) continue;
    if (append_values(event, record, row.words, out)) return true;
    out.resize(begin);
  }
  if (record.type != tables::type::kDaemonErr || op.empty()) return false;
  out += "the audit daemon reported ";
  std::string words(op);
  std::ranges::replace(words, '-', ' ');
  base::append_shown(words, out);
  append_values(event, record, "[ because of {cause}]", out);
  return true;
}

}  // namespace naudit::formats
