// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"

namespace naudit::output {

// A command that is fed on its standard input, and whose standard output and error come to us as lines. It is started
// without a shell, in a process group of its own, with PATH as its whole environment, no signal ignored or held, and
// no other descriptor. Killed with the object, its whole group.
//
// One thread. Nothing in it waits, except the end for a process that was killed.
class Child {
 public:
  // Nothing, and why in `problem`.
  static std::optional<Child> start(const std::vector<std::string>& command, std::string& problem);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  // For poll(2): its input (-1: ended), what it says (-1: no more), its end (readable).
  [[nodiscard]] int input() const noexcept { return input_.get(); }
  [[nodiscard]] int output() const noexcept { return output_.get(); }
  [[nodiscard]] int end() const noexcept { return end_.get(); }

  // How many bytes its input has taken; 0: no room; -1: it reads no more.
  ssize_t write(std::string_view bytes);
  // Of all that were written, how many it has read (FIONREAD, pipe(7)).
  [[nodiscard]] std::uint64_t read_so_far() const noexcept;
  void end_input() noexcept { input_ = base::Descriptor(); }
  // Takes what it has said. True: a line is new.
  bool listen();
  // The last line of it, cut, as valid UTF-8; empty: it has said nothing.
  [[nodiscard]] const std::string& last_line() const noexcept { return last_line_; }
  // To its whole group.
  void signal(int number) const noexcept;
  // After end() was readable: takes its status, kills what is left of its group, and says how it ended: "ended with
  // status 1", "was ended by signal 9".
  std::string reap();

 private:
  Child() = default;

  pid_t pid_ = -1;
  base::Descriptor input_, output_, end_;
  std::uint64_t written_ = 0;
  std::string said_;  // of the line that has not ended
  std::string last_line_;
};

}  // namespace naudit::output
