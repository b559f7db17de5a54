// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/statistics.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/json.hpp"
#include "tables/record_types.hpp"

namespace naudit::ctl {
namespace {

using correlate::Incomplete;

constexpr double kMega = 1e6;

double rate(std::uint64_t amount, std::chrono::duration<double> time) {
  return time.count() > 0 ? static_cast<double>(amount) / time.count() : 0;
}

std::string type_text(std::size_t type) {
  return type == 0 ? std::string("of unknown type") : tables::record_type_text(static_cast<std::uint16_t>(type));
}

// The most frequent first.
std::vector<std::pair<std::size_t, std::uint64_t>> types(const stored::ReadCounts& read) {
  std::vector<std::pair<std::size_t, std::uint64_t>> found;
  for (std::size_t type = 0; type < read.by_type.size(); ++type)
    if (read.by_type[type] > 0) found.emplace_back(type, read.by_type[type]);
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.second > b.second; });
  return found;
}

}  // namespace

void EventCounts::add(const EventCounts& other) noexcept {
  events += other.events;
  filtered += other.filtered;
  unspoken += other.unspoken;
  late += other.late;
  for (std::size_t i = 0; i < incomplete.size(); ++i) incomplete[i] += other.incomplete[i];
}

std::string statistics_text(const Statistics& all) {
  std::string text;
  const auto line = [&](const char* name, std::uint64_t value, std::string_view more = {}) {
    fmt::format_to(std::back_inserter(text), "{:<12}{:>14}{}\n", name, value, more);
  };
  const auto of_files = all.failed > 0 ? fmt::format("  ({} not read to the end)", all.failed) : std::string();
  line("files", all.files, of_files);
  line("bytes read", all.read.bytes,
       fmt::format("  {:.1f} MB/s, {:.1f} MB per CPU second", rate(all.read.bytes, all.elapsed) / kMega,
                   rate(all.read.bytes, all.cpu) / kMega));
  line("records", all.read.records, fmt::format("  {:.0f}/s", rate(all.read.records, all.elapsed)));
  line("rejected", all.read.rejected);
  line("events", all.events.events, fmt::format("  {:.0f}/s", rate(all.events.events, all.elapsed)));
  if (all.events.filtered > 0) line("left out", all.events.filtered, "  by the filter");
  if (all.events.unspoken > 0) line("not written", all.events.unspoken, "  the format has no words for such events");
  if (all.events.late > 0) line("late", all.events.late, "  records behind the end of their event");
  for (std::size_t i = 0; i < kIncompleteReasons; ++i) {
    if (all.events.incomplete[i] == 0) continue;
    line("incomplete", all.events.incomplete[i],
         fmt::format("  {}", correlate::incomplete_text(static_cast<Incomplete>(i))));
  }
  line("bytes written", all.written);
  fmt::format_to(std::back_inserter(text), "{:<12}{:>14.3f} s, {:.3f} s of CPU\n", "time", all.elapsed.count(),
                 all.cpu.count());
  for (const auto& [type, count] : types(all.read))
    fmt::format_to(std::back_inserter(text), "  {:<24}{:>12}\n", type_text(type), count);
  return text;
}

std::string statistics_json(const Statistics& all) {
  base::JsonWriter json;
  json.begin_object();
  json.member("files", all.files);
  json.member("files_failed", all.failed);
  json.member("bytes_read", all.read.bytes);
  json.member("records", all.read.records);
  json.member("rejected", all.read.rejected);
  json.member("events", all.events.events);
  json.member("filtered", all.events.filtered);
  json.member("unspoken", all.events.unspoken);
  json.member("late", all.events.late);
  json.begin_object("incomplete");
  for (std::size_t i = 1; i < kIncompleteReasons; ++i)
    json.member(correlate::incomplete_text(static_cast<Incomplete>(i)), all.events.incomplete[i]);
  json.end_object();
  json.member("bytes_written", all.written);
  json.member("seconds", all.elapsed.count());
  json.member("cpu_seconds", all.cpu.count());
  json.begin_object("types");
  for (const auto& [type, count] : types(all.read)) json.member(type == 0 ? "unknown" : type_text(type), count);
  json.end_object();
  json.end_object();
  return json.take() + '\n';
}

}  // namespace naudit::ctl
