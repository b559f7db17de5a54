// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/loss_watch.hpp"

#include <fmt/format.h>

#include "daemon/pipeline/daemon_event.hpp"

namespace naudit::daemon {

std::vector<std::string> LossWatch::look(const LossTotals& now) {
  std::vector<std::string> texts;
  if (last_) {
    if (now.kernel_lost && last_->kernel_lost && *now.kernel_lost > *last_->kernel_lost) {
      texts.push_back(loss_text(
          "kernel", fmt::format("records={} total={}", *now.kernel_lost - *last_->kernel_lost, *now.kernel_lost)));
    }
    if (now.overruns > last_->overruns && overrun_is_loss_) {
      texts.push_back(loss_text("receive-buffer",
                                fmt::format("overruns={} total={}", now.overruns - last_->overruns, now.overruns)));
    }
    if (now.truncated > last_->truncated) {
      texts.push_back(loss_text("record-too-long",
                                fmt::format("records={} total={}", now.truncated - last_->truncated, now.truncated)));
    }
  }
  LossTotals next = now;
  if (!next.kernel_lost && last_) next.kernel_lost = last_->kernel_lost;
  last_ = next;
  return texts;
}

}  // namespace naudit::daemon
