// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::tables {

// The calls behind one call: socketcall(2) and ipc(2) of the older 32-bit machines and s390 take the number of what is
// meant as their first argument (linux/net.h, SYS_*; linux/ipc.h). Empty if unknown, or if `call` is not the name of
// such a call. Constant data, any thread.
std::string_view subcall_name(std::string_view call, std::uint64_t number) noexcept;

}  // namespace naudit::tables
