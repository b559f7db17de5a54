// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/config.hpp"

namespace naudit::output {

// A file of plugins.d.
struct FoundPlugin {
  std::string file;
  bool is_active = false;
  std::optional<config::Sink> sink = {};     // of one that is active and in order
  std::vector<base::Problem> problems = {};  // of one that is not used because of them
};

// The files of these folders, by their names, as auditd takes them: those that end in ".conf", do not begin with a dot
// and have no second one. One that somebody else than root and us owns, or can write, or that has a mistake, is not
// used, and no other is held up by that; the same for one whose program would not be started. A folder that is not
// there has no files.
//
// Each file that is active is a sink: of type plugin, or for what older auditds did themselves of type unix or syslog.
// Its name is "plugin-" and the file's own without ".conf", what no sink's name may have replaced by "-".
//
// Without `check_permissions` an ordinary user looks at files of his own. Blocks on the disk. Any thread.
std::vector<FoundPlugin> find_plugins(const config::Plugins& plugins, bool check_permissions);

}  // namespace naudit::output
