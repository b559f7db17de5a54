// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

#include "config/option.hpp"

namespace naudit::formats {

enum class LeefVersion : std::uint8_t { kOne, kTwo };

// `leef:` of a sink with that format.
struct LeefOptions {
  LeefVersion version = LeefVersion::kTwo;
  std::string delimiter = "x09";  // one character, or x and its hexadecimal number; of version 1.0 always a tab
  friend bool operator==(const LeefOptions&, const LeefOptions&) = default;
};

config::OptionTable leef_options();

// The character that `delimiter` means; 0 for a text that means none. Pure.
char leef_delimiter(std::string_view text) noexcept;

}  // namespace naudit::formats
