// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

#include "interpret/record/decoded_event.hpp"

namespace naudit::interpret {

// The record of an event's system call: SYSCALL, else URINGOP; null if there is none. Pure.
const DecodedRecord* call_record(const DecodedEvent& event) noexcept;

// The name of that call by its own arch, of what is behind socketcall and ipc, or of the operation of io_uring; empty
// where there is none, or none that is known. Constant data. Pure.
std::string_view call_name(const DecodedEvent& event) noexcept;

}  // namespace naudit::interpret
