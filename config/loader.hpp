// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "config/yaml/places.hpp"

namespace naudit::config {

// A configuration, and where each of its values stands: for checks that only a later stage can make (is this a
// syscall, who is this user) and that still want to name the line.
struct Loaded {
  Config config;
  Places places;
};

// nauditd.yaml -> Config: strict, and every problem in one Error. Start-up and reload only.
// Relative paths inside the file start from the file's own folder, wherever the process stands; `path` itself is
// relative to the working directory, so a daemon that changes it has to keep the absolute path.
// `check_permissions` is off for --check by an ordinary user.
// `kinds`: what a sink may be.
Loaded load(const std::string& path, const Kinds& kinds, bool check_permissions);
// The same for text in memory; `name` is what the messages call it, and its folder is where relative paths start.
Loaded parse(const std::string& text, const std::string& name, const Kinds& kinds);

}  // namespace naudit::config
