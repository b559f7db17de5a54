// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace naudit::tests {

// A program that runs beside the test; its standard output and error come to us. Killed with the object if it has not
// ended by then.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // The next line with its newline; what is left, or nothing, at the end.
  std::string line();
  // Everything up to its end.
  std::string rest();
  void close_output();
  void signal(int number) const;
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  // Its exit code; 128 + the number of the signal that ended it.
  int wait();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string input_;
};

}  // namespace naudit::tests
