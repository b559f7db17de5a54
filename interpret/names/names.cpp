// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/names.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace naudit::interpret {
namespace {

constexpr std::uint32_t kUnset = 0xFFFFFFFF;

// Never 0, which marks a free place.
std::uint64_t key_of(NameId id) noexcept {
  return (std::uint64_t{static_cast<std::uint8_t>(id.kind)} + 1) << 32U | id.number;
}

}  // namespace

Names::Names(NamesOptions options, Resolver::Lookup lookup)
    : options_(std::move(options)),
      keys_(std::bit_ceil(std::max(options_.entries, kWays))),
      entries_(keys_.size()),
      may_wait_(options_.wait),
      resolver_(std::move(lookup)) {}

std::string_view Names::name(NameId id, Time now) {
  if (id.number == kUnset) return "unset";
  const auto place = place_of(key_of(id));
  if (place && entries_[*place].state == State::kKnown && now < entries_[*place].expires) {
    entries_[*place].used = ++clock_;
    return entries_[*place].name;
  }
  return slow_name(id, now);
}

std::string_view Names::slow_name(NameId id, Time now) {
  take_answers(now);
  const std::uint64_t key = key_of(id);
  auto place = place_of(key);
  const bool is_new = !place;
  if (is_new || (entries_[*place].state == State::kKnown && now >= entries_[*place].expires)) {
    const auto ticket = resolver_.ask(id);
    if (!ticket) {
      ++counters_.skipped;
      return is_new ? std::string_view{} : entries_[*place].name;
    }
    ++counters_.asked;
    if (is_new) {
      place = make_place(key);
      wait_for(*ticket, now);
      take_answers(now);
      if (entries_[*place].state == State::kAsked) ++counters_.late;
    } else {
      entries_[*place].state = State::kAskedAgain;
    }
  }
  entries_[*place].used = ++clock_;
  return entries_[*place].name;
}

bool Names::is_nameless(NameId id) const noexcept {
  const auto place = place_of(key_of(id));
  return place && entries_[*place].state != State::kAsked && entries_[*place].name.empty();
}

void Names::flush() {
  resolver_.forget();
  std::fill(keys_.begin(), keys_.end(), 0);
}

std::size_t Names::first_place(std::uint64_t key) const noexcept {
  return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15U >> 32U) & (keys_.size() - 1) & ~(kWays - 1);
}

std::optional<std::size_t> Names::place_of(std::uint64_t key) const noexcept {
  const std::size_t first = first_place(key);
  for (std::size_t place = first; place < first + kWays; ++place)
    if (keys_[place] == key) return place;
  return std::nullopt;
}

std::size_t Names::make_place(std::uint64_t key) {
  const std::size_t first = first_place(key);
  std::size_t oldest = first;
  for (std::size_t place = first; place < first + kWays; ++place) {
    if (keys_[place] == 0) {
      oldest = place;
      break;
    }
    if (entries_[place].used < entries_[oldest].used) oldest = place;
  }
  keys_[oldest] = key;
  entries_[oldest].state = State::kAsked;
  entries_[oldest].name.clear();
  return oldest;
}

void Names::take_answers(Time now) {
  if (!resolver_.has_answers()) return;
  resolver_.take(answers_);
  for (Resolver::Answer& answer : answers_) {
    const auto place = place_of(key_of(answer.id));
    if (!place) continue;  // pushed out meanwhile
    Entry& entry = entries_[*place];
    entry.state = State::kKnown;
    entry.expires = now + (answer.name ? options_.lifetime : options_.absence);
    entry.name = answer.name ? std::move(*answer.name) : std::string();
  }
}

void Names::wait_for(Resolver::Ticket ticket, Time now) {
  using std::chrono::milliseconds, std::chrono::nanoseconds;

  // Once the system has let us wait in vain, nothing waits for it until that answer is there.
  if (overdue_ != 0 && !resolver_.wait(overdue_, milliseconds(0))) return;
  overdue_ = 0;

  nanoseconds longest = options_.wait;
  const bool limited = options_.wait_percent < 100;
  if (limited) {
    const nanoseconds gained = std::max(nanoseconds(0), nanoseconds(now - may_wait_since_)) / 100;
    may_wait_ = std::min(may_wait_ + gained * options_.wait_percent, longest);
    may_wait_since_ = now;
    longest = may_wait_;
  }

  if (longest <= nanoseconds(0)) return;
  ++counters_.waits;
  const Time begin = std::chrono::steady_clock::now();
  if (!resolver_.wait(ticket, std::chrono::ceil<milliseconds>(longest))) overdue_ = ticket;
  if (limited) may_wait_ = std::max(nanoseconds(0), may_wait_ - (std::chrono::steady_clock::now() - begin));
}

}  // namespace naudit::interpret
