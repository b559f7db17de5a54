// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/feed.hpp"

#include <algorithm>
#include <utility>

#include "stored/json_event.hpp"
#include "stored/log_line.hpp"

namespace naudit::daemon {
namespace {

// One machine has few events open at a time; a thousand clients must not take much memory for that.
constexpr std::size_t kMostOpen = 256;
constexpr std::size_t kPlaces = 256;

correlate::Correlator::Options options_of(const config::Events& events, std::uint64_t buffer) {
  return {.source = correlate::Source::kStored,
          .quiet = events.quiet,
          .timeout = events.timeout,
          .max_open = std::min<std::size_t>(events.max_open, kMostOpen),
          .max_open_bytes = static_cast<std::size_t>(std::min(events.max_open_bytes, buffer / 2)),
          .places = kPlaces};
}

}  // namespace

Feed::Feed(Identity identity, const config::Events& events, std::uint64_t buffer, correlate::EventPool& pool)
    : identity_(std::move(identity)), pool_(pool), correlator_(options_of(events, buffer), pool) {}

Feed::Verdict Feed::take(std::string_view text, bool is_event, correlate::TimePoint now, correlate::EventBatch& out) {
  while (text.ends_with('\n') || text.ends_with('\0')) text.remove_suffix(1);
  if (text.empty()) return Verdict::kGood;
  if (text.front() == '{') return take_json(text, now, out);
  // The first that is wrong tells what becomes of all.
  Verdict verdict = Verdict::kGood;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Verdict one = take_line(text.substr(0, end), now, out);
    if (verdict == Verdict::kGood) verdict = one;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (is_event) correlator_.flush(correlate::Incomplete::kNo, out);
  return verdict;
}

Feed::Verdict Feed::refuse(std::string_view node) {
  foreign_ = node;
  return Verdict::kForeign;
}

Feed::Verdict Feed::take_json(std::string_view line, correlate::TimePoint now, correlate::EventBatch& out) {
  correlate::EventPtr event = stored::event_of_json(line, rebuilt_, pool_);
  if (event == nullptr) return Verdict::kNoRecord;
  const auto node = identity_.node(event->node);
  if (!node) {
    const Verdict verdict = refuse(event->node);
    pool_.give(std::move(event));
    return verdict;
  }
  event->node = *node;
  event->first = event->last = now;
  records_ += event->records().size();
  out.push_back(std::move(event));
  return Verdict::kGood;
}

Feed::Verdict Feed::take_line(std::string_view line, correlate::TimePoint now, correlate::EventBatch& out) {
  stored::LogLine records(line);
  correlate::Input input;
  correlate::Header header;
  Verdict verdict = Verdict::kNoRecord;
  while (records.next(input)) {
    if (!headers_.read(input.text, header)) continue;
    const auto node = identity_.node(input.node);
    if (!node) return refuse(input.node);
    input.node = *node;
    correlator_.add(input, header, now, out);
    ++records_;
    verdict = Verdict::kGood;
  }
  return verdict;
}

}  // namespace naudit::daemon
