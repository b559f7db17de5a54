// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/intrusive/list_hook.hpp>
#include <boost/intrusive/unordered_set_hook.hpp>

#include "correlate/header.hpp"

namespace naudit::correlate {

using TimePoint = std::chrono::steady_clock::time_point;

// Where records come from: it decides what ends an event, and what their text may hold.
enum class Source : std::uint8_t {
  kLive,    // the kernel, or ourselves: EOE ends an event, or PROCTITLE where EOE does not come; a text may hold any
            // byte
  kStored,  // a log, which has no EOE: PROCTITLE ends an event that has its SYSCALL; names may stand behind a record
};

// Why an event is not known to be whole.
enum class Incomplete : std::uint8_t {
  kNo,               // it is whole
  kTimeout,          // its end did not come in time
  kNoSyscall,        // it has records that only go with a SYSCALL, and no SYSCALL
  kEvicted,          // too many events or bytes were open
  kStopped,          // the daemon stopped, or the stored log ended, before its end came
  kMalformed,        // a record that has no readable header; it stands alone
  kSecondSyscall,    // a second SYSCALL came under the same id: what belongs to which is not known
  kBrokenArguments,  // the arguments of an exec: pieces are missing, or stand there twice
  kNoSerial,         // its records have no serial: they were put together by time and host
};
inline constexpr std::size_t kIncompleteReasons = static_cast<std::size_t>(Incomplete::kNoSerial) + 1;
// "timeout", "no_syscall" …: the value of `incomplete_reason`; empty for kNo.
std::string_view incomplete_text(Incomplete reason) noexcept;

// Where a record lies in its event's bytes.
struct RecordSpan {
  std::uint32_t offset = 0;  // of the text: "audit(…): body"
  std::uint32_t size = 0;
  std::uint16_t type = 0;  // 0: a name in a stored log that we do not know
  std::uint16_t body = 0;  // where the body starts within the text
  std::uint16_t name = 0;  // bytes just before `offset` that hold the type's name as a stored log spelled it; 0 = usual
  std::uint32_t told = 0;  // bytes just behind the text: what the input says that its fields mean
};

// All records of one event, in the order they came, in one run of bytes.
//
// Owner: first the correlator, then whoever it was emitted to; given back to an EventPool for its buffers. Immutable
// once emitted. Not shared: one thread at a time.
class Event : public boost::intrusive::list_base_hook<>, public boost::intrusive::unordered_set_base_hook<> {
 public:
  EventId id;
  std::string node;  // as the record said it ("node=…"); empty for records of this kernel
  // Names of users and groups that the input tells of the event as a whole (interpret/record/event_names.hpp).
  std::string names;
  Source source = Source::kLive;
  Incomplete incomplete = Incomplete::kNo;
  bool late = false;         // records that came after their event had gone out
  bool has_syscall = false;  // a SYSCALL or URINGOP record is among them
  bool ended = false;        // its EOE came, which is none of its records
  std::uint8_t queue = 0;    // the correlator's own
  TimePoint first{};         // arrival of the first record
  TimePoint last{};          // and of the last one

  // The machine: as the record said it, else `own`.
  [[nodiscard]] std::string_view node_or(std::string_view own) const noexcept {
    return node.empty() ? own : std::string_view(node);
  }
  [[nodiscard]] const std::vector<RecordSpan>& records() const noexcept { return records_; }
  [[nodiscard]] std::string_view text(const RecordSpan& r) const noexcept { return view(r.offset, r.size); }
  [[nodiscard]] std::string_view body(const RecordSpan& r) const noexcept {
    return view(r.offset + r.body, r.size - r.body);
  }
  [[nodiscard]] std::string_view type_name(const RecordSpan& r) const noexcept {
    return view(r.offset - r.name, r.name);
  }
  // What the input, being taken apart already, says that the fields mean (interpret/record/told_meanings.hpp); empty
  // for a record that came as text.
  [[nodiscard]] std::string_view told(const RecordSpan& r) const noexcept { return view(r.offset + r.size, r.told); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

  void append(std::uint16_t type, std::string_view text, std::uint32_t body, std::string_view name = {},
              std::string_view told = {});
  void clear();
  // Asks for what a reader will want soon, into the processor's caches.
  void prefetch() const noexcept;
  // What its buffers hold of the heap.
  [[nodiscard]] std::size_t capacity() const noexcept {
    return bytes_.capacity() + records_.capacity() * sizeof(RecordSpan);
  }

 private:
  [[nodiscard]] std::string_view view(std::size_t at, std::size_t size) const noexcept {
    return {bytes_.data() + at, size};
  }

  std::string bytes_;
  std::vector<RecordSpan> records_;
};

using EventPtr = std::unique_ptr<Event>;

// Whole events on their way from one thread to the next, with the sum of their sizes. One thread at a time.
class EventBatch {
 public:
  void push_back(EventPtr event) {
    bytes_ += event->size();
    events_.push_back(std::move(event));
  }
  // Keeps its memory.
  void clear() noexcept {
    events_.clear();
    bytes_ = 0;
  }

  // Of the records of all events that were put in since clear(), also of those that somebody has taken out.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return events_.size(); }
  [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
  [[nodiscard]] auto begin() noexcept { return events_.begin(); }
  [[nodiscard]] auto end() noexcept { return events_.end(); }
  [[nodiscard]] auto begin() const noexcept { return events_.begin(); }
  [[nodiscard]] auto end() const noexcept { return events_.end(); }
  [[nodiscard]] EventPtr& operator[](std::size_t index) noexcept { return events_[index]; }
  [[nodiscard]] const EventPtr& operator[](std::size_t index) const noexcept { return events_[index]; }
  [[nodiscard]] EventPtr& front() noexcept { return events_.front(); }
  [[nodiscard]] EventPtr& back() noexcept { return events_.back(); }

 private:
  std::vector<EventPtr> events_;
  std::size_t bytes_ = 0;
};

// Keeps finished events for their buffers, so that the steady state allocates nothing. Keeps at most `most` of them,
// and none that grew large. One thread.
class EventPool {
 public:
  explicit EventPool(std::size_t most) : most_(most) {}
  EventPtr take();
  void give(EventPtr event);

 private:
  std::size_t most_;
  std::vector<EventPtr> free_;
};

}  // namespace naudit::correlate
