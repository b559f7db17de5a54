// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "config/option.hpp"

namespace naudit::formats {

// `go-audit:` of a sink with that format.
struct GoauditOptions {
  bool containers = false;  // of SYSCALL and SECCOMP records
  friend bool operator==(const GoauditOptions&, const GoauditOptions&) = default;
};

config::OptionTable goaudit_options();

}  // namespace naudit::formats
