// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::netlink {

// One audit record as the kernel sent it: its type and its text, "audit(1700000000.123:45): …", without a
// terminating NUL. A view into a slab of the receiver: valid until the handler that got it returns.
struct Record {
  std::uint16_t type = 0;
  std::string_view text;
};

}  // namespace naudit::netlink
