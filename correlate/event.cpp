// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/event.hpp"

#include <algorithm>
#include <utility>

namespace naudit::correlate {
namespace {

// An openat event of a 6.x kernel has about 600 bytes in four records: one allocation each covers the usual event.
constexpr std::size_t kUsualBytes = 768;
constexpr std::size_t kUsualRecords = 6;
constexpr std::size_t kLargeEvent = std::size_t{8} * 1024;

}  // namespace

std::string_view incomplete_text(Incomplete reason) noexcept {
  switch (reason) {
    case Incomplete::kNo:
      return {};
    case Incomplete::kTimeout:
      return "timeout";
    case Incomplete::kNoSyscall:
      return "no_syscall";
    case Incomplete::kEvicted:
      return "evicted";
    case Incomplete::kStopped:
      return "stopped";
    case Incomplete::kMalformed:
      return "malformed";
    case Incomplete::kSecondSyscall:
      return "second_syscall";
    case Incomplete::kBrokenArguments:
      return "broken_arguments";
    case Incomplete::kNoSerial:
      return "no_serial";
  }
  return {};
}

void Event::append(std::uint16_t type, std::string_view text, std::uint32_t body, std::string_view name,
                   std::string_view told) {
  if (bytes_.capacity() < kUsualBytes) {
    bytes_.reserve(kUsualBytes);
    records_.reserve(kUsualRecords);
  }
  if (!name.empty()) bytes_.append(name);
  records_.push_back({.offset = static_cast<std::uint32_t>(bytes_.size()),
                      .size = static_cast<std::uint32_t>(text.size()),
                      .type = type,
                      .body = static_cast<std::uint16_t>(body),
                      .name = static_cast<std::uint16_t>(name.size()),
                      .told = static_cast<std::uint32_t>(told.size())});
  bytes_.append(text);
  if (!told.empty()) bytes_.append(told);
}

void Event::prefetch() const noexcept {
  constexpr std::size_t kLine = 64;
  __builtin_prefetch(records_.data());
  __builtin_prefetch(reinterpret_cast<const char*>(records_.data()) + kLine);
  const char* const end = bytes_.data() + std::min(bytes_.size(), kLargeEvent / 4);
  for (const char* line = bytes_.data(); line < end; line += kLine) __builtin_prefetch(line);
}

void Event::clear() {
  id = {};
  node.clear();
  names.clear();
  source = Source::kLive;
  incomplete = Incomplete::kNo;
  late = false;
  has_syscall = false;
  ended = false;
  bytes_.clear();
  records_.clear();
}

EventPtr EventPool::take() {
  if (free_.empty()) return std::make_unique<Event>();
  EventPtr event = std::move(free_.back());
  free_.pop_back();
  return event;
}

void EventPool::give(EventPtr event) {
  if (free_.size() >= most_ || event->capacity() > kLargeEvent) return;
  event->clear();
  free_.push_back(std::move(event));
}

}  // namespace naudit::correlate
