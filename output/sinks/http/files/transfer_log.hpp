// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "correlate/event_time.hpp"
#include "output/sink.hpp"

namespace naudit::output {

// The heads of requests and replies, line by line in a file, for who looks for the reason why a server takes nothing:
//
//   2026-11-30T15:00:00.123Z > POST /events HTTP/1.1
//   2026-11-30T15:00:00.130Z < HTTP/1.1 200 OK
//
// Values of headers that carry secrets are left out, as are bodies. The file is a `file` sink's, as that of DeadLetters
// is: rotated, on a thread of its own.
class TransferLog {
 public:
  // Main thread; `file` is absolute.
  TransferLog(const config::Sink& sink, const std::string& file, SinkHost host, std::uint64_t seed);
  TransferLog(const TransferLog&) = delete;
  TransferLog& operator=(const TransferLog&) = delete;
  ~TransferLog();

  // The worker's thread. Waits for nothing. `head`: one or more lines; `now`: since 1970.
  void add(char direction, std::string_view head, std::chrono::milliseconds now);
  // Main thread.
  void stop(std::chrono::milliseconds at_most);
  void rotate();

 private:
  correlate::EventTime time_;
  std::unique_ptr<Sink> file_;
};

// The line without what is secret in it: the value of Authorization, Cookie and whatever else is not known to hold
// none. Pure.
std::string masked_header(std::string_view line);

}  // namespace naudit::output
