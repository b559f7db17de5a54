// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/http/event_head.hpp"

namespace naudit::output {

// Events that a server refuses for good, in a file with the reason beside each: one line of JSON, with the event as it
// was, or as a text if its format is not JSON:
//
//   {"sink":"siem","status":400,"reason":"document_parsing_exception: …","event":{…}}
//
// The file is a `file` sink's: rotated, synced, guarded against links, on a thread of its own, so that its disk holds
// up no network. What even it loses is counted and told under the name "<sink>.dead-letter".
class DeadLetters {
 public:
  // Main thread; `file` is absolute.
  DeadLetters(const config::Sink& sink, const std::string& file, SinkHost host, std::uint64_t seed);
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;
  ~DeadLetters();

  // The worker's thread. Waits for nothing.
  void add(const EventHead& head, std::string_view text, int status, std::string_view reason);
  void flush();
  // Main thread.
  void stop(std::chrono::milliseconds at_most);
  void rotate();

 private:
  const std::string sink_;
  std::shared_ptr<Batch> batch_;
  std::unique_ptr<Sink> file_;
};

}  // namespace naudit::output
