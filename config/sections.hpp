// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/yaml/document.hpp"

namespace naudit::config {

// What the readers of one load share. Owner: the loader, for the time of the load.
struct Reading {
  Problems& problems;
  std::string folder;  // of the file, absolute: what relative paths in it start from
};

// The keys of each section with their readers, which write into the given object; both arguments have to outlive the
// result. A value that is wrong leaves its member as it is and adds a problem.
std::vector<Key> kernel_keys(Kernel& kernel, Reading& reading);
std::vector<Key> rules_keys(Rules& rules, Reading& reading);
std::vector<Key> events_keys(Events& events, Reading& reading);
std::vector<Key> daemon_keys(Daemon& daemon, Reading& reading);

std::vector<Key> filter_keys(Filter& filter, Reading& reading);
std::vector<Key> mozdef_keys(Mozdef& mozdef, Reading& reading);
std::vector<Key> queue_keys(Queue& queue, Reading& reading);
std::vector<Key> rotate_keys(Rotate& rotate, Reading& reading);
std::vector<Key> tls_keys(Tls& tls, Reading& reading);
std::vector<Key> batch_keys(HttpBatch& batch, Reading& reading);
std::vector<Key> retry_keys(Retry& retry, Reading& reading);
// Every key of a sink; `types` says with which types it may stand.
struct SinkKey {
  Key key;
  std::vector<SinkType> types;
};
std::vector<SinkKey> sink_keys(Sink& sink, Reading& reading);

void read_node(const YAML::Node& node, Node& out, Reading& reading);
void read_sinks(const YAML::Node& node, std::vector<Sink>& out, Reading& reading);

}  // namespace naudit::config
