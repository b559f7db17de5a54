// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "migrate/sources/draft.hpp"

namespace naudit::migrate {

// A program whose configuration `nauditctl migrate` reads: one row in registry.cpp, one folder here. Immutable.
struct Source {
  std::string_view name;
  std::string_view place;    // the file or folder below /, where its package puts it
  std::string_view service;  // its unit; empty: it has none, and is started by another one
  // Whether a file or folder that somebody names is its own. Looks at the disk; throws base::Error when it cannot.
  bool (*is)(const std::string& path);
  // Reads what is there into the draft. Throws base::Error: a file that cannot be read, or is not of its syntax.
  void (*read)(const std::string& path, Draft& draft);
};

// In the order in which they are read: where two say different things, the first one counts.
std::span<const Source> sources();

}  // namespace naudit::migrate
