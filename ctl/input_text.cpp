// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/input_text.hpp"

#include <array>
#include <cstdio>

#include "base/error.hpp"
#include "base/file.hpp"

namespace naudit::ctl {

std::string read_input(const std::string& path) {
  if (path != "-") return base::read_file(path, false);
  std::string text;
  std::array<char, 65536> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), stdin)) {
    text.append(piece.data(), count);
    if (text.size() > base::kMostFileBytes) throw base::Error({"stdin", 0, 0}, "has more than 4 MiB");
  }
  if (std::ferror(stdin) != 0) throw base::Error({"stdin", 0, 0}, "cannot be read");
  return text;
}

std::string input_name(const std::string& path) {
  return path == "-" ? "stdin" : path;
}

}  // namespace naudit::ctl
