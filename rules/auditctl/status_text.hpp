// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "netlink/status.hpp"

namespace naudit::rules {

// What `auditctl -s` prints, line for line: compliance scripts read exactly these. `interpret` is -s -i. Pure.
std::string status_text(const netlink::KernelStatus& status, bool interpret);
std::string features_text(const netlink::KernelFeatures& features);

}  // namespace naudit::rules
