// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

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

// Compares totals with those of the last look, and says what was lost in between: the texts of DAEMON_ERR records.
// Pure. `overrun_is_loss`: of the multicast group nothing is sent again.
class LossWatch {
 public:
  explicit LossWatch(bool overrun_is_loss) : overrun_is_loss_(overrun_is_loss) {}
  std::vector<std::string> look(const LossTotals& now);

 private:
  bool overrun_is_loss_;
  std::optional<LossTotals> last_;
};

}  // namespace naudit::daemon
