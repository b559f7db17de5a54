// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <string_view>

#include "correlate/correlator.hpp"
#include "formats/auditd/line.hpp"
#include "stored/log_clock.hpp"

namespace naudit::tests {

// Lines of a stored log in, events out.
class StoredLog {
 public:
  // False if there was no record in the line; it is then an event of its own.
  bool add(std::string_view line) {
    correlate::Input input;
    const bool found = formats::parse_line(line, input);
    correlate::Header header;
    if (correlate::parse_header(input.text, header)) clock_.at(header.id);
    correlator_.add(input, clock_.now(), events);
    correlator_.age(clock_.now(), events);
    return found;
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
