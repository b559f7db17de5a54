// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "config/config.hpp"
#include "config/kinds.hpp"

namespace naudit::config {

// The effective configuration as YAML, every key with its value, defaults included: what `nauditd --check` prints.
// parse() reads it back to an equal Config. Pure.
std::string print(const Config& config, const Kinds& kinds);

}  // namespace naudit::config
