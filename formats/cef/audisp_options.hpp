// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

#include "config/option.hpp"

namespace naudit::formats {

enum class CefTime : std::uint8_t { kMilliseconds, kSeconds };

// `cef-audisp:` of a sink with that format.
struct CefAudispOptions {
  CefTime time = CefTime::kMilliseconds;  // of `end`; audisp-cef wrote seconds
  std::uint32_t severity = 3;             // of all events
  std::string version = "2";              // the device version of the header
  std::uint32_t command_bytes = 512;      // of cs1, the most
  friend bool operator==(const CefAudispOptions&, const CefAudispOptions&) = default;
};

config::OptionTable cef_audisp_options();

}  // namespace naudit::formats
