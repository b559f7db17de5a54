// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>

#include "correlate/event.hpp"

namespace naudit::output {

// Who logged in, what became of accounts, what was changed at the audit system, and what was lost: a spool that is full
// gives these events up last, so that a flood of others does not hide them. Pure; encode thread, each event.
bool has_priority(std::uint16_t record_type) noexcept;
bool has_priority(const correlate::Event& event) noexcept;

}  // namespace naudit::output
