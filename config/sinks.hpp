// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "config/values.hpp"
#include "config/yaml/places.hpp"

namespace naudit::config {

// The keys that every sink has, except `type`: name, format, filter, queue. A table over Sink itself.
const OptionTable& common_options();

// `sinks:`: each entry's keys are those of every sink, of its type, and the map of its format.
void read_sinks(const YAML::Node& node, const Kinds& kinds, std::vector<Sink>& out, Reading& reading);

// What no single value shows: names and destinations that are there twice, and whatever the tables refuse. Adds a
// problem for each, at its place. Pure.
void check_sinks(const std::vector<Sink>& sinks, const Kinds& kinds, const Places& places, Problems& problems);

}  // namespace naudit::config
