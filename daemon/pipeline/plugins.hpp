// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "config/loader.hpp"
#include "output/sinks/plugin/directory.hpp"

namespace naudit::daemon {

class Confinement;

// What came of `plugins:`.
struct PluginsRead {
  std::vector<output::FoundPlugin> found;
  // Each file that is not used, with its reasons: a line each.
  [[nodiscard]] std::vector<std::string> problems() const;
  // In the log, and to whoever gets events: a DAEMON_ERR record for each file that is not used.
  void tell(const std::function<void(std::uint16_t type, const std::string& text)>& record) const;
};

// Reads the folders of `plugins:` and adds the sinks of their active files to those of the configuration. What is wrong
// with one of them keeps no other from its work: it is a problem in the result, never an error. So is a sink whose name
// another one has, and one that needs what the process has given up (`confinement`; null: nothing). Blocks on the disk.
PluginsRead add_plugins(config::Loaded& loaded, bool check_permissions, const Confinement* confinement = nullptr);

}  // namespace naudit::daemon
