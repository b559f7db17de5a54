// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/priority.hpp"

#include <algorithm>
#include <array>

#include "tables/record_types.hpp"

namespace naudit::output {
namespace {

namespace type = tables::type;

struct Range {
  std::uint16_t first, last;
};
// In order.
constexpr std::array kRanges = {
    Range{type::kLogin, type::kLogin},
    Range{type::kUserAuth, type::kUserEnd},        // authentication, credentials, sessions; not USER_AVC behind them
    Range{type::kUserChauthtok, type::kCredRefr},  // passwords, errors of PAM
    Range{type::kUserLogin, type::kDelGroup},      // also who was added and removed
    Range{type::kGrpAuth, type::kGrpAuth},
    Range{type::kGrpMgmt, type::kAcctUnlock},            // groups, and accounts that are locked
    Range{type::kDaemonStart, type::kDaemonStart + 99},  // ours and auditd's, losses among them
    Range{type::kConfigChange, type::kConfigChange},
    Range{type::kFeatureChange, type::kFeatureChange},
    Range{type::kUserRoleChange, type::kRoleRemove},
};

}  // namespace

bool has_priority(std::uint16_t record_type) noexcept {
  return std::ranges::any_of(
      kRanges, [record_type](const Range& one) { return one.first <= record_type && record_type <= one.last; });
}

bool has_priority(const correlate::Event& event) noexcept {
  return std::ranges::any_of(event.records(),
                             [](const correlate::RecordSpan& record) { return has_priority(record.type); });
}

}  // namespace naudit::output
