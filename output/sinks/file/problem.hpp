// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::output {

// What went wrong with a file, or nothing (`code` 0): the errno, and a sentence that names the path.
struct FileProblem {
  int code = 0;
  std::string text;
  std::string_view state = {};  // what it is called in one phrase, where the errno does not say it; a literal

  [[nodiscard]] explicit operator bool() const noexcept { return code != 0; }
};

// "cannot open /var/log/x: Permission denied"
FileProblem file_problem(std::string_view doing, std::string_view path, int code);
// "disk full", "directory is missing", …: the state that an errno puts a file sink into.
std::string_view file_state(int code) noexcept;
// "." of a name without a folder.
std::string folder_of(const std::string& path);

}  // namespace naudit::output
