// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "rules/yaml/entry.hpp"

namespace naudit::migrate {

// As a person would write it. An entry of `rules:`, from "  - " to its last newline. Pure.
std::string yaml_text(const rules::YamlRule& rule);

}  // namespace naudit::migrate
