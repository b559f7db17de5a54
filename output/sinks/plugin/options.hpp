// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "output/backoff.hpp"

namespace naudit::output {

// What a sink of `type: plugin` may choose.
struct PluginOptions {
  std::vector<std::string> command;  // the program's path and its arguments
  std::uint32_t max_restarts = 10;
  config::Milliseconds forgiven_after = std::chrono::hours(1);
  Retry retry{std::chrono::milliseconds(100), std::chrono::milliseconds(5'000)};
  config::Milliseconds grace{50};
  config::Milliseconds kill_after{2'000};
  bool confined = false;
  friend bool operator==(const PluginOptions&, const PluginOptions&) = default;
};

config::OptionTable plugin_options();
std::vector<std::string> plugin_warnings(const config::Sink& sink, bool look_at_disk);

// Why this program is not started, as auditd refuses it: it is no regular file, belongs to somebody else than root and
// us, others can change it or a folder on the way to it, or its mode lacks some of 0550. Empty: it may be started.
// Blocks on the disk.
std::string program_refusal(const std::string& path);

}  // namespace naudit::output
