// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/loss_watch.hpp"

#include <utility>

#include <fmt/format.h>

#include "daemon/pipeline/daemon_event.hpp"

namespace naudit::daemon {

std::vector<std::string> LossWatch::look(const LossTotals& totals, TimePoint now) {
  count(totals);
  return tell(now);
}

std::vector<std::string> LossWatch::look_last(const LossTotals& totals) {
  count(totals);
  return tell(TimePoint::max());
}

void LossWatch::count(const LossTotals& totals) {
  LossTotals next = totals;
  if (last_) {
    if (!next.kernel_lost) next.kernel_lost = last_->kernel_lost;
    if (last_->kernel_lost && *next.kernel_lost > *last_->kernel_lost)
      kernel_.untold += *next.kernel_lost - *last_->kernel_lost;
    if (overrun_is_loss_) overruns_.untold += next.overruns - last_->overruns;
    truncated_.untold += next.truncated - last_->truncated;
  }
  last_ = next;
}

std::vector<std::string> LossWatch::tell(TimePoint now) {
  std::vector<std::string> texts;
  const auto one = [&](Loss& loss, const char* cause, const char* what, std::uint64_t total) {
    if (loss.untold == 0 || (loss.told && now - *loss.told < kPace)) return;
    texts.push_back(loss_text(cause, fmt::format("{}={} total={}", what, std::exchange(loss.untold, 0), total)));
    loss.told = now;
  };
  one(kernel_, "kernel", "records", last_->kernel_lost.value_or(0));
  one(overruns_, "receive-buffer", "overruns", last_->overruns);
  one(truncated_, "record-too-long", "records", last_->truncated);
  return texts;
}

}  // namespace naudit::daemon
