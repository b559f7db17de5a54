// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

namespace naudit::formats {

// What the section 2 manual pages call argument `index` (0 to 3) of a system call: "dirfd", "flags"; "a0" to "a3" where
// that is not known. Pure, any thread.
std::string_view bsm_argument_name(std::string_view call, unsigned index) noexcept;

}  // namespace naudit::formats
