// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/cef/audisp_options.hpp"

#include <array>

namespace naudit::formats {
namespace {

constexpr std::array<std::string_view, 2> kTimes = {"milliseconds", "seconds"};
constexpr std::uint32_t kMostCommand = 4000;  // of a cs1, by CEF's dictionary

}  // namespace

config::OptionTable cef_audisp_options() {
  return config::OptionSpec<CefAudispOptions>{
      .rows =
          {
              {"time", config::choice(&CefAudispOptions::time, kTimes),
               "The unit of `end`: CEF's, or `seconds` as audisp-cef wrote them."},
              {"severity", config::number(&CefAudispOptions::severity, 0, 10), "CEF's severity of all events."},
              {"version", config::text(&CefAudispOptions::version), "The device version in the header."},
              {"command_bytes", config::number(&CefAudispOptions::command_bytes, 1, kMostCommand),
               "A longer command line is cut to this, and `cs2` says so."},
          },
  };
}

}  // namespace naudit::formats
