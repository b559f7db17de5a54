// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/loss_report.hpp"

#include <utility>

namespace naudit::output {

std::optional<SinkLoss> LossReport::next(TimePoint now) {
  if (now < not_before_) return std::nullopt;
  std::optional<SinkLoss> loss = rest();
  if (loss) not_before_ = now + kPause;
  return loss;
}

std::optional<SinkLoss> LossReport::rest() {
  if (pending_.empty()) return std::nullopt;
  Loss first = pending_.pop_front();
  total_ += first.events;
  return SinkLoss{.sink = {},
                  .cause = std::move(first.cause),
                  .events = first.events,
                  .first_id = std::move(first.first_id),
                  .last_id = std::move(first.last_id),
                  .total = total_};
}

LossReport::TimePoint LossReport::due() const noexcept {
  return pending_.empty() ? TimePoint::max() : not_before_;
}

}  // namespace naudit::output
