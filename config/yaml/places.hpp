// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <map>
#include <string>

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
  Places(const std::string& file, const YAML::Node& root);

  // The place of the value, or of the nearest one around it (a value that came from a merge key or a default).
  [[nodiscard]] base::Place of(std::string path) const;

 private:
  void note(const YAML::Node& node, const std::string& path, std::size_t depth);

  std::string file_;
  std::map<std::string, base::Place> places_;
};

}  // namespace naudit::config
