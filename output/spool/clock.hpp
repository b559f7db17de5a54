// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "output/spool/format.hpp"

namespace naudit::output {

// Both clocks now, and which boot it is; zeros where the kernel does not say. Any thread.
SpoolTime spool_time() noexcept;
BootId this_boot();

}  // namespace naudit::output
