// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/loss_report.hpp"

#include <utility>

namespace naudit::output {
namespace {

constexpr std::size_t kMostCauses = 8;

}  // namespace

void LossReport::add(std::string_view cause, std::uint64_t events, std::string_view first_id,
                     std::string_view last_id) {
  if (events == 0) return;
  SinkLoss* loss = nullptr;
  for (SinkLoss& known : pending_)
    if (known.cause == cause) loss = &known;
  if (loss == nullptr && pending_.size() >= kMostCauses) loss = &pending_.back();
  if (loss == nullptr) {
    loss = &pending_.emplace_back();
    loss->cause = cause;
    loss->first_id = first_id;
  }
  loss->events += events;
  loss->last_id = last_id;
}

std::optional<SinkLoss> LossReport::next(TimePoint now) {
  if (now < not_before_) return std::nullopt;
  std::optional<SinkLoss> loss = rest();
  if (loss) not_before_ = now + kPause;
  return loss;
}

std::optional<SinkLoss> LossReport::rest() {
  if (pending_.empty()) return std::nullopt;
  std::optional<SinkLoss> loss = std::move(pending_.front());
  pending_.erase(pending_.begin());
  return loss;
}

LossReport::TimePoint LossReport::due() const noexcept {
  return pending_.empty() ? TimePoint::max() : not_before_;
}

}  // namespace naudit::output
