// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <vector>

namespace naudit::netlink {

using Bytes = std::vector<std::byte>;

}  // namespace naudit::netlink
