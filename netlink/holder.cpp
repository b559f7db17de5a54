// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/holder.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>

namespace naudit::netlink {
namespace {

// The state follows the name, which is in parentheses and may itself contain any of " ()" (proc(5)).
bool is_zombie(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t end = line.rfind(") ");
  return end != std::string::npos && end + 2 < line.size() && (line[end + 2] == 'Z' || line[end + 2] == 'X');
}

}  // namespace

bool is_alive(pid_t pid) {
  return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM) && !is_zombie(pid);
}

std::string describe_process(pid_t pid) {
  std::string text = "pid " + std::to_string(pid);
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  if (std::getline(file, name) && !name.empty()) {
    std::replace_if(name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    text += " (" + name + ")";
  }
  return text;
}

}  // namespace naudit::netlink
