// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What the main thread looks for and tells of losses.
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "daemon/daemon.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;
using std::chrono::steady_clock;

}  // namespace

void Daemon::tell_missing_ends() {
  const auto news = no_ends_.look(drain_->correlated().eoe_missing.value() != 0, steady_clock::now());
  if (news == Trouble::News::kBegan) {
    spdlog::warn(
        "EOE, the record that ends an event, does not come: a rule excludes it, or records are lost. Events end at "
        "PROCTITLE or by a quiet time");
    tell(type::kDaemonErr, "op=eoe-missing res=failed");
  } else if (news == Trouble::News::kEnded) {
    spdlog::info("the kernel ends events (EOE) again");
    tell(type::kDaemonConfig, "op=eoe-back res=success");
  }
}

void Daemon::tell_losses(bool is_last) {
  LossTotals totals;
  if (status_) totals.kernel_lost = status_->lost;
  totals.overruns = drain_->received().overruns.value();
  totals.truncated = drain_->received().truncated.value();
  for (const std::string& text : is_last ? losses_->look_last(totals) : losses_->look(totals, steady_clock::now())) {
    spdlog::warn("{}", text);
    tell(type::kDaemonErr, text);
  }
}

// The drain thread counts them and says nothing.
void Daemon::tell_receive_errors() {
  const std::uint64_t errors = drain_->received().errors.value();
  if (errors == std::exchange(receive_errors_, errors)) return;
  const int code = drain_->counters().receive_error.load(std::memory_order_relaxed);
  spdlog::error("cannot receive audit records: {}, retrying ({} so far)", std::generic_category().message(code),
                base::count_text(errors, "failure"));
}

// The drain thread finds them.
void Daemon::tell_gaps() {
  const auto& gaps = drain_->gaps();
  const std::uint64_t events = gaps.events.value();
  if (events != std::exchange(gap_events_, events)) {
    drain_->take_gaps([this](const correlate::SerialGaps::Found& found) {
      boost::asio::post(loop_, [this, found] { on_gap(found); });
    });
  }
  const std::uint64_t late = gaps.late.value();
  const std::uint64_t late_before = std::exchange(gap_late_, late);
  if (late != late_before) {
    spdlog::info("{} that had been missing came after all", base::count_text(late - late_before, "event"));
    tell(type::kDaemonErr, fmt::format("op=gap-late events={} res=success", late - late_before));
  }
  order_.tell(gaps, config_.events.log_out_of_order);
  serials_->keep(gaps);
}

void Daemon::on_gap(const correlate::SerialGaps::Found& found) {
  const bool is_bound = std::exchange(gap_is_bound_, false);
  spdlog::warn("{}{} of the kernel never came, between the serials {} and {}", is_bound ? "at most " : "",
               base::count_text(found.events, "event"), found.first, found.last);
  tell(type::kDaemonErr, loss_text("gap", fmt::format("first={} last={} events={} gaps={}{}", found.first, found.last,
                                                      found.events, found.gaps, is_bound ? " exact=no" : "")));
  serials_->keep(drain_->gaps());
}

}  // namespace naudit::daemon
