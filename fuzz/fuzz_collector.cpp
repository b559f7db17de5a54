// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a client sends to a source, in one piece and byte by byte: both have to be understood alike. What it tells
// becomes events that are its own machine's only. The first byte says which protocol it is; 2: what a collector answers
// us.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/collector/feed.hpp"
#include "daemon/collector/protocol.hpp"
#include "output/sinks/accepted_count.hpp"

namespace {

using namespace naudit;
using daemon::ClientMessage;
using daemon::Protocol;

constexpr std::uint64_t kMaxLine = 4096;

struct Taken {
  std::vector<std::string> texts;
  bool is_bad = false;
  friend bool operator==(const Taken&, const Taken&) = default;
};

Taken take(config::SourceType type, std::string_view bytes, bool slowly) {
  const auto protocol = daemon::make_protocol(type, kMaxLine);
  Taken taken;
  std::string buffer;
  const std::size_t step = slowly ? 1 : bytes.size();
  for (; !bytes.empty(); bytes.remove_prefix(step)) {
    buffer += bytes.substr(0, step);
    ClientMessage message;
    Protocol::Took took = Protocol::Took::kMore;
    while (!buffer.empty() && (took = protocol->next(buffer, message)) == Protocol::Took::kMessage) {
      if (message.size == 0 || message.size > buffer.size() || message.text.size() > kMaxLine) __builtin_trap();
      taken.texts.emplace_back(message.text);
      buffer.erase(0, message.size);
    }
    taken.is_bad = took == Protocol::Took::kBad;
    if (taken.is_bad) return taken;
  }
  return taken;
}

void check_count(std::string_view bytes) {
  output::AcceptedCount whole, pieces;
  const bool is_good = whole.take(bytes);
  bool is_good_too = true;
  for (const char& c : bytes) is_good_too = is_good_too && pieces.take({&c, 1});
  if (is_good != is_good_too || whole.value() != pieces.value()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const char first = static_cast<char>(data[0]);
  if (first == '2') {
    check_count(bytes);
    return 0;
  }
  const auto type = first == '0' ? config::SourceType::kAuditd : config::SourceType::kStream;
  const Taken taken = take(type, bytes, false);
  if (taken != take(type, bytes, true)) __builtin_trap();

  correlate::EventPool pool(16);
  config::Source source;
  daemon::Feed feed(daemon::Identity("192.0.2.1", {"web1.example"}, source, {"collector"}), {}, 64 * config::kKiB,
                    pool);
  correlate::EventBatch events;
  correlate::TimePoint now{};
  for (const std::string& text : taken.texts) {
    now += std::chrono::milliseconds{1};
    static_cast<void>(feed.take(text, type == config::SourceType::kStream && text.size() % 2 == 0, now, events));
  }
  feed.age(now + std::chrono::hours{1}, events);
  feed.flush(events);
  for (const auto& event : events)
    if (event->node != "web1.example" || event->records().empty()) __builtin_trap();
  return 0;
}
