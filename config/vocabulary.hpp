// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

// The words of nauditd.yaml for the enumerators of config/config.hpp, in the order of the enumerators. The loader reads
// them, print() writes them.
namespace naudit::config {

inline constexpr std::array<std::string_view, 4> kKernelModes = {"own", "observe", "auto", "none"};
inline constexpr std::array<std::string_view, 2> kOnStops = {"keep", "disable"};
inline constexpr std::array<std::string_view, 2> kFailureModes = {"silent", "printk"};
inline constexpr std::array<std::string_view, 3> kDrifts = {"heal", "report", "ignore"};
inline constexpr std::array<std::string_view, 2> kSourceTypes = {"auditd", "stream"};
inline constexpr std::array<std::string_view, 2> kOutcomes = {"success", "failure"};
inline constexpr std::array<std::string_view, 3> kWhenFulls = {"drop-oldest", "drop-newest", "block"};
inline constexpr std::array<std::string_view, 12> kTraits = {
    "key", "type", "syscall", "user", "uid", "exe", "session", "outcome", "host", "path", "address", "command"};
inline constexpr std::array<std::string_view, 5> kLogLevels = {"trace", "debug", "info", "warning", "error"};
// In place of a list of words: none of them.
inline constexpr std::string_view kNoWords = "none";
// Says "leave the kernel's value alone".
inline constexpr std::string_view kKeep = "keep";
// Nobody listens for who wants the metrics.
inline constexpr std::string_view kNoListen = "none";

template <typename Enum, std::size_t kCount>
constexpr std::string_view word_of(Enum value, const std::array<std::string_view, kCount>& words) {
  return words.at(static_cast<std::size_t>(value));
}

}  // namespace naudit::config
