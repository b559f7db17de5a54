// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/values.hpp"
#include "config/yaml/document.hpp"

namespace naudit::config {

// The keys of each section with their readers, which write into the given object; both arguments have to outlive the
// result. A value that is wrong leaves its member as it is and adds a problem.
std::vector<Key> kernel_keys(Kernel& kernel, Reading& reading);
std::vector<Key> rules_keys(Rules& rules, Reading& reading);
std::vector<Key> events_keys(Events& events, Reading& reading);
std::vector<Key> plugins_keys(Plugins& plugins, Reading& reading);
std::vector<Key> metrics_keys(Metrics& metrics, Reading& reading);
std::vector<Key> daemon_keys(Daemon& daemon, Reading& reading);

void read_node(const YAML::Node& node, Node& out, Reading& reading);

}  // namespace naudit::config
