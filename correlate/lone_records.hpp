// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::correlate {

// Whether a record of the kernel's is a whole event, though its type is not one that always is
// (tables::RecordTraits::single).
enum class Lone : std::uint8_t {
  kNo,       // others of its event are to be expected
  kUsually,  // made where there is no system call as a rule; where there is one, its records follow within that call
  kAlways,   // made where there never is one
};

// By the type and what stands in the text behind "audit(…): ". One row of a table each; pure, allocates nothing, any
// thread.
Lone lone_record(std::uint16_t type, std::string_view body) noexcept;

}  // namespace naudit::correlate
