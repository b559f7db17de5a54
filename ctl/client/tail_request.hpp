// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace naudit::ctl {

// What `nauditctl tail` was asked for.
struct TailOptions {
  bool json = false;
  bool raw = false;
  config::Filter filter;  // without its outcome
  std::string outcome;    // "success", "failure", or empty
  std::uint64_t count = 0;
};

// "line", "json" or "raw".
std::string_view format_of(const TailOptions& options) noexcept;

// The request to the daemon (docs/control-socket.md), without a newline. Pure. Throws base::Error for what is
// not UTF-8.
std::string tail_request(const TailOptions& options);

}  // namespace naudit::ctl
