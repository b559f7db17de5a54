// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "config/option.hpp"

namespace naudit::formats {

enum class LaurelArguments : std::uint8_t { kArray, kString };
inline constexpr std::array<std::string_view, 2> kLaurelArgumentsWords = {"array", "string"};

// `laurel:` of a sink with that format, under the words of laurel's own configuration file.
struct LaurelOptions {
  std::vector<LaurelArguments> execve_argv = {LaurelArguments::kArray};  // ARGV, ARGV_STR
  std::uint64_t execve_argv_limit = 0;                                   // bytes of both; 0: none
  bool universal = false;                                                // ARCH, SYSCALL, SADDR
  bool user_db = false;                                                  // AUID, UID …
  bool drop_raw = false;                                                 // the numbers of what has such a name
  bool pid = true;                                                       // PID, PPID, OPID
  bool container = true;                                                 // CONTAINER_INFO
  bool script = true;                                                    // SCRIPT
  friend bool operator==(const LaurelOptions&, const LaurelOptions&) = default;
};

config::OptionTable laurel_options();

}  // namespace naudit::formats
