// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/shape/aggregate.hpp"
#include "output/shape/rate_limit.hpp"

namespace naudit::output::shape {

// What keeps events from one sink because of other events: first those like one before them are counted, and what is
// left counts for the rate limit. Owner: the router; one thread.
class Shaper {
 public:
  using TimePoint = correlate::TimePoint;
  enum class Verdict : std::uint8_t { kPasses, kRepeated, kWithheld };

  Shaper(const config::RateLimit& limit, const config::Aggregate& aggregate, const std::string& sink) {
    if (limit.enabled) limit_.emplace(limit, sink);
    if (aggregate.enabled) aggregate_.emplace(aggregate, sink);
  }

  // Whether the two were made for the same.
  [[nodiscard]] bool is_like(const Shaper& other) const {
    const auto same = [](const auto& one, const auto& two) {
      return one.has_value() == two.has_value() && (!one || one->wanted() == two->wanted());
    };
    return same(limit_, other.limit_) && same(aggregate_, other.aggregate_);
  }
  Verdict look(const interpret::DecodedEvent& event, TimePoint now) {
    if (aggregate_ && !aggregate_->passes(event, now)) return Verdict::kRepeated;
    return !limit_ || limit_->allows(event, now) ? Verdict::kPasses : Verdict::kWithheld;
  }
  // As of RateLimit and Aggregate.
  [[nodiscard]] TimePoint due() noexcept {
    return std::min(limit_ ? limit_->due() : TimePoint::max(), aggregate_ ? aggregate_->due() : TimePoint::max());
  }
  void tell(TimePoint now, std::vector<std::string>& out) {
    if (aggregate_) aggregate_->tell(now, out);
    if (limit_) limit_->tell(now, out);
  }
  void tell_all(std::vector<std::string>& out) {
    if (aggregate_) aggregate_->tell_all(out);
    if (limit_) limit_->tell_all(out);
  }
  [[nodiscard]] bool owes() const noexcept { return (limit_ && limit_->owes()) || (aggregate_ && aggregate_->owes()); }

 private:
  std::optional<RateLimit> limit_;
  std::optional<Aggregate> aggregate_;
};

}  // namespace naudit::output::shape
