// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace naudit::output {

// A file of plugins.d, as auditd reads it (audisp/audispd-pconfig.c; auditd-plugins(5)): "key = value" a line with
// blanks around the sign, `#` before a comment, keys and values in any case, the last of two lines counts.
struct PluginFile {
  // What older auditds did themselves (`type = builtin`) a sink of ours does.
  enum class Does : std::uint8_t { kProgram, kUnixSocket, kSyslog };

  bool active = false;
  Does does = Does::kProgram;
  std::string path;               // of the program
  std::vector<std::string> args;  // separated by blanks; nothing in them is special
  bool binary = false;
};

// `name`: what the problems call it. Returns what is wrong; a file with a problem is not used. Pure; linear in the
// text.
std::vector<base::Problem> parse_plugin_file(std::string_view text, const std::string& name, PluginFile& out);

}  // namespace naudit::output
