// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/sinks_text.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "ctl/client/columns.hpp"
#include "rules/advice/report.hpp"

namespace naudit::ctl {

using base::json_number;
using base::json_text;
using rapidjson::Value;

bool is_in_order(const Value& sink) {
  return json_text(sink, "state") == "ok" && json_number(sink, "events_dropped") == 0;
}

std::string waiting_text(const Value& sink) {
  if (const std::uint64_t kept = json_number(sink, "spool_events"); kept > 0)
    return fmt::format("{} in spool, {}, {} s", kept, rough_size(json_number(sink, "spool_bytes")),
                       json_number(sink, "queue_age_seconds"));
  const std::uint64_t events = json_number(sink, "queue_events"), bytes = json_number(sink, "queue_bytes");
  if (events == 0 && bytes == 0) return "0";
  return fmt::format("{}, {}, {} s", events, rough_size(bytes), json_number(sink, "queue_age_seconds"));
}

StatusReport sinks_report(const Value& sinks, const base::Layout& layout) {
  constexpr std::size_t kFirstNumber = 3;
  constexpr std::size_t kDeep = 8;  // blanks before the rest of an error
  StatusReport report;
  std::vector<std::vector<std::string>> rows = {{"NAME", "TYPE", "STATE", "WAITING", "SENT", "DROPPED"}};
  std::vector<const Value*> shown;
  if (sinks.IsArray())
    for (const Value& sink : sinks.GetArray()) {
      shown.push_back(&sink);
      rows.push_back({base::shown(json_text(sink, "name")), base::shown(json_text(sink, "type")),
                      base::shown(json_text(sink, "state")), waiting_text(sink),
                      std::to_string(json_number(sink, "events_out")),
                      std::to_string(json_number(sink, "events_dropped"))});
    }
  const std::vector<std::string> lines = in_columns(rows, kFirstNumber);
  report.text = "  " + lines[0] + '\n';
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const bool is_wrong = !is_in_order(*shown[i]);
    if (is_wrong) report.is_well = false;
    const std::string line = fmt::format("{} {}", is_wrong ? '!' : ' ', lines[i + 1]);
    report.text += base::styled(line, base::Style::kWrong, layout.colour && is_wrong) + '\n';
    for (const char* const name : {"last_error", "warning"}) {
      const std::string_view text = json_text(*shown[i], name);
      if (text.empty()) continue;
      const std::string_view title = std::string_view(name) == "warning" ? "warning: " : "last error: ";
      report.text +=
          "      " + rules::wrapped(std::string(title) + base::shown(text), kDeep, layout.width, kDeep - 2) + '\n';
    }
  }
  return report;
}

}  // namespace naudit::ctl
