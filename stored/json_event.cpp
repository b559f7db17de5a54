// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/json_event.hpp"

#include <string>

#include "correlate/correlator.hpp"
#include "formats/auditd/line.hpp"
#include "tables/record_types.hpp"

namespace naudit::stored {

correlate::EventPtr event_of_json(std::string_view line, formats::RebuiltEvent& rebuilt, correlate::EventPool& pool) {
  std::string error;
  if (!formats::rebuild_event(line, rebuilt, error) || rebuilt.records.empty()) return nullptr;
  correlate::EventPtr event = pool.take();
  event->id = rebuilt.id;
  event->node = rebuilt.node;
  event->source = correlate::Source::kStored;
  event->incomplete = rebuilt.incomplete;
  event->late = rebuilt.late;
  event->names = rebuilt.names;
  for (std::size_t i = 0; i < rebuilt.records.size(); ++i) {
    const std::string& record = rebuilt.records[i];
    correlate::Input input;
    correlate::Header header;
    // What was malformed then is so now, and stands in the event as it stood in the log.
    const bool good = formats::parse_line(record, input) && correlate::parse_header(input.text, header);
    if (input.type == tables::type::kSyscall || input.type == tables::type::kUringop) event->has_syscall = true;
    event->append(input.type, input.text, good ? header.size : 0, input.name, rebuilt.told[i]);
  }
  return event;
}

}  // namespace naudit::stored
