// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace YAML {
class Node;
}

namespace naudit::config {

// Where each value of a loaded file stands, for those who find a problem only after the file has been read:
// places.of("sinks[1].tls.key"). Immutable after the load; any thread.
class Places {
 public:
  Places() = default;
  // `text` is what `root` was read from.
  Places(const std::string& file, const YAML::Node& root, std::string text = {});

  // The place of the value, or of the nearest one around it (a value that came from a merge key or a default).
  [[nodiscard]] base::Place of(std::string path) const;
  // The place of the byte `at` of a text that is a value, however it is quoted, folded or indented; `value` is the
  // text.
  [[nodiscard]] base::Place inside(std::string path, std::string_view value, std::size_t at) const;

 private:
  void note(const YAML::Node& node, const std::string& path, std::size_t depth);

  std::string file_, text_;
  std::map<std::string, base::Place> places_;
};

}  // namespace naudit::config
