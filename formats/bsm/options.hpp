// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>

#include "config/option.hpp"

namespace naudit::formats {

enum class BsmEventNumbers : std::uint8_t { kMapped, kNull };
enum class BsmDirectory : std::uint8_t { kPath, kText };

// `bsm:` of a sink with that format.
struct BsmOptions {
  BsmEventNumbers event_numbers = BsmEventNumbers::kMapped;
  BsmDirectory cwd = BsmDirectory::kPath;  // the token of the working directory
  friend bool operator==(const BsmOptions&, const BsmOptions&) = default;
};

config::OptionTable bsm_options();

}  // namespace naudit::formats
