// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "output/notices.hpp"
#include "tables/record_types.hpp"
#include "tests/output/sink_support.hpp"

namespace naudit::tests {

// What a sink tells: to others, of its state, and in its own stream. Its format has to be `raw`, so that a notice in
// the stream is a record.
class Host {
 public:
  output::SinkHost host() {
    output::SinkHost host;
    host.on_loss = losses.handler();
    host.on_change = [this](const output::SinkChange& change) {
      const std::lock_guard lock(mutex_);
      changes_.push_back(change);
      changed_.notify_all();
    };
    host.notices = notices_;
    return host;
  }
  bool wait_for_changes(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return changes_.size() >= count; });
  }
  [[nodiscard]] std::vector<output::SinkChange> changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
  }

  // A thread that was left behind still tells us things: false if one has not gone after half a minute.
  [[nodiscard]] bool wait_until_unused() const {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (notices_.use_count() > 1)
      if (std::chrono::steady_clock::now() > deadline)
        return false;
      else
        std::this_thread::yield();
    return true;
  }

  LossLog losses;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<output::SinkChange> changes_;
  std::atomic<std::uint32_t> serial_{9000};
  std::shared_ptr<output::Notices> notices_ = std::make_shared<output::Notices>(
      [this](std::string_view text) {
        auto event = std::make_unique<correlate::Event>();
        event->id = {1, 0, serial_.fetch_add(1)};
        std::string record = "audit(";
        correlate::append_id(event->id, record);
        record += "): ";
        const auto body = static_cast<std::uint32_t>(record.size());
        record += text;
        event->append(tables::type::kDaemonErr, record, body);
        return event;
      },
      "");
};

// A stream of the events 0, 1, 2, … and of notices, read to its end.
struct Stream {
  std::uint64_t events = 0;  // that are there
  std::uint64_t told = 0;    // that are missing, as the notices say
  std::uint64_t total = 0;   // as the last notice says
  std::uint64_t next = 0;    // the number of the event that would come next
  std::string misplaced;     // the first line that does not go on where the one before ended
  std::vector<std::string> causes;
};

inline std::string word_after(const std::string& line, const std::string& name) {
  const std::size_t begin = line.find(' ' + name + '=');
  if (begin == std::string::npos) return "";
  const std::size_t from = begin + name.size() + 2;
  return line.substr(from, line.find(' ', from) - from);
}

inline Stream read_stream(const std::vector<std::string>& lines) {
  const auto number = [](const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); };
  const auto serial = [&](const std::string& id) { return number(id.substr(id.find(':') + 1)); };
  Stream stream;
  for (const std::string& line : lines) {
    std::uint64_t first = 0;
    std::uint64_t count = 1;
    if (line.starts_with("{\"event\":")) {
      first = number(line.substr(9));
      ++stream.events;
    } else {
      first = serial(word_after(line, "first"));
      count = number(word_after(line, "events"));
      stream.told += count;
      stream.total = number(word_after(line, "total"));
      stream.causes.push_back(word_after(line, "cause"));
    }
    if (stream.misplaced.empty() && first != stream.next) stream.misplaced = line;
    stream.next = first + count;
  }
  return stream;
}

}  // namespace naudit::tests
