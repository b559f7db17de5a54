// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <vector>

#include "config/config.hpp"
#include "config/option.hpp"
#include "config/yaml/places.hpp"

namespace naudit::config {

// What a source may have; its options are a Source.
const OptionTable& source_options();
// `sources:`.
void read_sources(const YAML::Node& node, std::vector<Source>& out, Reading& reading);
// What no single value shows.
void check_sources(const Config& config, const Places& places, Problems& problems);

}  // namespace naudit::config
