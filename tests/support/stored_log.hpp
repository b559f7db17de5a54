// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "correlate/correlator.hpp"
#include "stored/log_clock.hpp"
#include "stored/log_line.hpp"
#include "tables/record_types.hpp"

namespace naudit::tests {

// The records in a line as auditd writes them, without node and prefix; not EOE, which no log has. Of a line without a
// record its text.
inline std::vector<std::string> auditd_lines(std::string_view line) {
  stored::LogLine records(line);
  correlate::Input input;
  std::vector<std::string> all;
  bool any = false;
  while (records.next(input)) {
    any = true;
    if (input.type == tables::type::kEoe) continue;
    const std::string name = input.name.empty() ? tables::record_type_text(input.type) : std::string(input.name);
    all.push_back("type=" + name + " msg=" + std::string(input.text));
  }
  if (!any) all.emplace_back(input.text);
  return all;
}

// Lines of a stored log in, events out.
class StoredLog {
 public:
  // False if there was no record in the line; it is then an event of its own.
  bool add(std::string_view line) {
    stored::LogLine records(line);
    correlate::Input input;
    bool found = records.next(input);
    const bool any = found;
    do {
      correlate::Header header;
      if (correlate::parse_header(input.text, header)) clock_.at(header.id);
      correlator_.add(input, clock_.now(), events);
      correlator_.age(clock_.now(), events);
      found = found && records.next(input);
    } while (found);
    return any;
  }
  void add_all(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (end > 0) add(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  void finish() { correlator_.flush(correlate::Incomplete::kNo, events); }

  correlate::EventBatch events;
  [[nodiscard]] const correlate::Correlator::Counters& counters() const { return correlator_.counters(); }

 private:
  correlate::EventPool pool_{64};
  correlate::Correlator correlator_{{.source = correlate::Source::kStored}, pool_};
  stored::LogClock clock_;
};

}  // namespace naudit::tests
