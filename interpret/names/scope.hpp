// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::interpret {

// For which records the user database of this machine may speak, where the input tells no name: a number is somebody
// else on another machine.
struct NamesScope {
  enum class Whose : std::uint8_t {
    kAll,   // whatever machine a record is of
    kOwn,   // those of this machine
    kNone,  // none
  };

  Whose whose = Whose::kAll;
  std::vector<std::string> own = {};  // what this machine is called
  // Gives its name with the domain; null: `own` is all. It may have to ask, and so is called only for a node of which
  // one of `own` is the first part.
  const std::string& (*full_name)() = nullptr;
  bool unnamed_is_own = true;  // a record that names no machine is of this one

  // `node` as the record says it; empty if it does not. Pure, except for full_name().
  [[nodiscard]] bool covers(std::string_view node) const {
    if (whose != Whose::kOwn) return whose == Whose::kAll;
    if (node.empty()) return unnamed_is_own;
    if (std::ranges::find(own, node) != own.end()) return true;
    const auto is_first_part = [node](const std::string& name) {
      return node.size() > name.size() && node.starts_with(name) && node[name.size()] == '.';
    };
    return full_name != nullptr && std::ranges::any_of(own, is_first_part) && node == full_name();
  }
};

}  // namespace naudit::interpret
