// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "output/sinks/program/contract.hpp"

namespace naudit::output {

// A program that is fed on its standard input. We start it ourselves and are its parent: plugins that are built with
// libauplugin end by a SIGTERM of their parent's only (si_pid == getppid()). It has no shell, a process group of its
// own, no signal ignored or held, and no descriptor of ours beyond standard error. Killed with the object, its whole
// group.
//
// One thread. Nothing in it waits, except the end for a process that was killed.
class Child {
 public:
  // Nothing, and why in `problem`.
  static std::optional<Child> start(const std::vector<std::string>& command, Surroundings surroundings,
                                    std::string& problem);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  // For poll(2): its input (-1: ended), what it says (-1: no more, or it does not come to us), its end (readable).
  [[nodiscard]] int input() const noexcept { return input_.get(); }
  [[nodiscard]] int output() const noexcept { return output_.get(); }
  [[nodiscard]] int end() const noexcept { return end_.get(); }

  // How many bytes of these pieces its input has taken; 0: no room; -1: it reads no more.
  ssize_t write(std::span<const std::string_view> pieces);
  // Of all that were written, how many it has read: what is left lies in the pipe (FIONREAD, pipe(7)), or in its end of
  // the socket (unix(7)), of which we keep a copy for that. So it is known of a program that has ended, too.
  [[nodiscard]] std::uint64_t read_so_far() const noexcept;
  void end_input() noexcept;
  // Takes what it has said. True: a line is new.
  bool listen();
  // The last line of it, cut, as valid UTF-8; empty: it has said nothing.
  [[nodiscard]] const std::string& last_line() const noexcept { return last_line_; }
  void signal(int number) const noexcept;
  void signal_group(int number) const noexcept;
  // After end() was readable: takes its status, kills what is left of its group, and says how it ended: "ended with
  // status 1", "was ended by signal 9".
  std::string reap();
  // Of one that was reaped: the signal that ended it; 0: none.
  [[nodiscard]] int ended_by() const noexcept { return ended_by_; }

 private:
  Child() = default;
  bool connect(Surroundings surroundings, base::Descriptor& input, base::Descriptor& output);

  pid_t pid_ = -1;
  base::Descriptor input_, output_, end_;
  base::Descriptor other_end_;  // of the socket, for its unread bytes
  std::uint64_t written_ = 0;
  std::string said_;  // of the line that has not ended
  std::string last_line_;
  int ended_by_ = 0;
};

}  // namespace naudit::output
