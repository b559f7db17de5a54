// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <rapidjson/document.h>

#include "base/descriptor.hpp"
#include "config/config.hpp"

namespace naudit::ctl {

// A log that holds what the daemon has written.
struct EventLog {
  std::string path;
  std::string node;  // of events that do not name theirs
};

// The log to look for past events in: of the first file sink that has all events, in a format that can be read back.
// Nothing if the daemon's status (docs/control-socket.md) names none. Pure.
std::optional<EventLog> log_of_daemon(const rapidjson::Value& status);

// The end of a log, as one format shows it: the last events that pass a filter, the oldest first.
//
// It reads pieces from the end, each larger than the one before, and at most 16 MiB of the file and as much of those
// that were rotated before it, whatever they are called; so memory and time have a limit whatever the log's size (a
// rotated one that is compressed is undone from its start). The log may be any that `nauditctl convert` reads, but not
// compressed itself. Owner: one command. One thread.
class LastEvents {
 public:
  // Opens the log, so that a rotation from here on does not matter. Throws base::Error if it cannot be read.
  explicit LastEvents(EventLog log);

  // At most `count` of them, each with the newline at its end, read up to what is there now. `format` and `filter` as
  // for `convert`. Throws base::Error for a filter that cannot be, and when the disk fails.
  [[nodiscard]] std::vector<std::string> read(std::string_view format, const config::Filter& filter,
                                              std::size_t count) const;

 private:
  EventLog log_;
  struct Older {
    std::string path;
    base::Descriptor file;
  };
  base::Descriptor file_;
  std::vector<Older> older_;  // the youngest first
};

// What tells an event of a stream from the others of the same stream: its stamp and its serial, as the line of that
// format has them; empty if it has none. Pure.
std::string event_mark(std::string_view format, std::string_view line);

// Takes out of the beginning of a stream what was shown already. The stream has the events in the order of the log, so
// it is through with that at the first event that was not shown. Owner: one command. Pure.
class ShownEvents {
 public:
  ShownEvents(std::string format, const std::vector<std::string>& events);

  // What is to be printed of the next bytes of the stream: whole lines only, until it is through; then all.
  std::string_view take(std::string_view bytes);

 private:
  bool is_shown(std::string_view line);

  std::string format_;
  std::unordered_set<std::string> marks_;
  std::string current_;  // the mark of the last event that was left out, which may have more lines
  std::string rest_;     // a line whose end has not come
  std::string out_;
};

}  // namespace naudit::ctl
