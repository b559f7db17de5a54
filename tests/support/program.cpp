// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace naudit::tests {
namespace {

constexpr int kPatience = 20'000;  // milliseconds

}  // namespace

Program::Program(const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  std::vector<std::string> copies = arguments;
  std::vector<char*> argv;
  for (std::string& one : copies) argv.push_back(one.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  const int failed = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe[1]);
  output_ = pipe[0];
  if (failed != 0) {
    close(output_);
    throw std::runtime_error("cannot run " + arguments[0]);
  }
}

Program::~Program() {
  if (pid_ > 0) {
    signal(SIGKILL);
    wait();
  }
  close_output();
}

std::string Program::line() {
  while (input_.find('\n') == std::string::npos) {
    pollfd waiting{.fd = output_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kPatience) == 0) throw std::runtime_error("the program says nothing");
    std::array<char, 65536> buffer{};
    const ssize_t got = read(output_, buffer.data(), buffer.size());
    if (got <= 0) return std::exchange(input_, {});
    input_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  const std::size_t end = input_.find('\n') + 1;
  std::string line = input_.substr(0, end);
  input_.erase(0, end);
  return line;
}

std::string Program::rest() {
  std::string all;
  for (std::string next = line(); !next.empty(); next = line()) all += next;
  return all;
}

void Program::close_output() {
  if (output_ >= 0) close(output_);
  output_ = -1;
}

void Program::signal(int number) const {
  kill(pid_, number);
}

int Program::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace naudit::tests
