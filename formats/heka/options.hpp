// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

#include "config/option.hpp"

namespace naudit::formats {

enum class HekaHash : std::uint8_t { kMd5, kSha1 };  // by their numbers in Heka's header

// A key is read with the configuration; it stands in no message and is not printed.
struct HekaKey {
  std::string path, bytes;
  friend bool operator==(const HekaKey&, const HekaKey&) = default;
};

// `heka:` of a sink with that format.
struct HekaOptions {
  std::string type = "audit_log";
  std::string logger = "auditd";
  std::uint32_t severity = 6;
  std::uint64_t max_message = 64 * config::kKiB;  // Heka's own default
  std::string signer;                             // empty: frames are not signed
  std::uint32_t key_version = 1;
  HekaHash hash = HekaHash::kSha1;
  HekaKey key;
  friend bool operator==(const HekaOptions&, const HekaOptions&) = default;
};

config::OptionTable heka_options();

}  // namespace naudit::formats
