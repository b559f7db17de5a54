// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace naudit::daemon {

// What may have been lost on the way to us, as totals that only grow.
struct LossTotals {
  std::optional<std::uint32_t> kernel_lost;  // AUDIT_GET; wraps, and can be reset by anybody
  std::uint64_t overruns = 0;                // ENOBUFS
  std::uint64_t truncated = 0;
};

// Compares totals with those of the last look, and says what was lost in between: the texts of DAEMON_ERR records. A
// loss is told at once, and while it goes on no more often than every kPace, with what has come to it meanwhile.
// Pure. `overrun_is_loss`: of the multicast group nothing is sent again.
class LossWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kPace{10};

  explicit LossWatch(bool overrun_is_loss) : overrun_is_loss_(overrun_is_loss) {}
  std::vector<std::string> look(const LossTotals& totals, TimePoint now);
  // At the end: with what has not been told yet.
  std::vector<std::string> look_last(const LossTotals& totals);

 private:
  struct Loss {
    std::uint64_t untold = 0;
    std::optional<TimePoint> told;
  };
  void count(const LossTotals& totals);
  [[nodiscard]] std::vector<std::string> tell(TimePoint now);

  bool overrun_is_loss_;
  std::optional<LossTotals> last_;
  Loss kernel_, overruns_, truncated_;
};

}  // namespace naudit::daemon
