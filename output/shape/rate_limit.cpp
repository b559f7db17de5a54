// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/rate_limit.hpp"

#include <utility>

#include <fmt/format.h>

#include "output/shape/traits.hpp"

namespace naudit::output::shape {
namespace {

std::string id_text(const correlate::EventId& id) {
  std::string text;
  correlate::append_id(id, text);
  return text;
}

std::uint32_t burst_of(const config::RateLimit& wanted) {
  return wanted.burst == 0 ? wanted.events : wanted.burst;
}

}  // namespace

RateLimit::RateLimit(const config::RateLimit& wanted, std::string sink)
    : wanted_(wanted),
      sink_(std::move(sink)),
      per_(wanted.per),
      interval_(per_ / wanted.events),
      tolerance_(interval_ * (burst_of(wanted) - 1)) {}

RateLimit::Bucket& RateLimit::bucket_of(const interpret::DecodedEvent& event, TimePoint now) {
  name_.clear();
  append_traits(wanted_.by, event, name_);
  auto* value = buckets_.find(name_);
  if (value == nullptr) value = buckets_.add(name_, now + per_);
  if (value != nullptr) return value->state;
  if (others_due_ == TimePoint::max()) others_due_ = now + per_;
  return others_;
}

bool RateLimit::allows(const interpret::DecodedEvent& event, TimePoint now) {
  Bucket& bucket = bucket_of(event, now);
  const TimePoint full = std::max(bucket.full, now);
  if (full - now <= tolerance_) {
    bucket.full = full + interval_;
    return true;
  }
  ++untold_;
  if (bucket.withheld++ == 0) {
    bucket.first = event.source().id;
    if (&bucket != &others_ && bucket.fields.empty()) append_fields(wanted_.by, event, bucket.fields);
  }
  bucket.last = event.source().id;
  return false;
}

RateLimit::TimePoint RateLimit::due() noexcept {
  const auto* first = buckets_.first();
  return first == nullptr ? others_due_ : std::min(first->due, others_due_);
}

void RateLimit::tell(Bucket& bucket, bool is_of_others, std::vector<std::string>& out) {
  if (bucket.withheld == 0) return;
  out.push_back(fmt::format("op=withheld cause=rate-limit sink={} by={}{} events={} first={} last={} res=success",
                            sink_, is_of_others ? "others" : names_of(wanted_.by), bucket.fields, bucket.withheld,
                            id_text(bucket.first), id_text(bucket.last)));
  untold_ -= std::exchange(bucket.withheld, 0);
}

void RateLimit::tell(TimePoint now, std::vector<std::string>& out) {
  for (auto* value = buckets_.first(); value != nullptr && value->due <= now; value = buckets_.first()) {
    tell(value->state, false, out);
    if (value->state.full <= now)
      buckets_.remove_first();
    else
      buckets_.put_off_first(now + per_);
  }
  if (others_due_ > now) return;
  tell(others_, true, out);
  others_due_ = others_.full <= now ? TimePoint::max() : now + per_;
}

void RateLimit::tell_all(std::vector<std::string>& out) {
  buckets_.each([&](auto& value) { tell(value.state, false, out); });
  tell(others_, true, out);
}

}  // namespace naudit::output::shape
