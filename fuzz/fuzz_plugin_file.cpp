// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A file of plugins.d: whatever is in it, what comes of it is used or told, and blanks and comments change nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "output/sinks/plugin/file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  const std::string text(reinterpret_cast<const char*>(data), size);
  PluginFile file, again;
  const auto problems = parse_plugin_file(text, "f.conf", file);
  if (problems.empty() && file.active && file.path.empty()) std::abort();
  const auto same = parse_plugin_file("# comment\n\n" + text + "\n", "f.conf", again);
  if (same.size() != problems.size() || again.active != file.active || again.path != file.path ||
      again.args != file.args)
    std::abort();
  return 0;
}
