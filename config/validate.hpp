// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "config/config.hpp"
#include "config/yaml/document.hpp"
#include "config/yaml/places.hpp"

namespace naudit::config {

// What no single value shows: values that contradict each other or that are missing beside another one. Adds a problem
// for each, at its place. Pure.
void validate(const Config& config, const Places& places, Problems& problems);

}  // namespace naudit::config
