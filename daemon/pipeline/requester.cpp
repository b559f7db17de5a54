// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/requester.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

namespace naudit::daemon {
namespace {

std::optional<std::string> read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line, '\0') && line.empty()) return std::nullopt;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

std::uint32_t read_number(const std::string& path) {
  const auto line = read_line(path);
  std::uint32_t value = ~std::uint32_t{0};
  if (line) value = static_cast<std::uint32_t>(std::strtoul(line->c_str(), nullptr, 10));
  return value;
}

}  // namespace

Requester requester_of(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  Requester who;
  who.pid = pid;
  who.auid = read_number(folder + "/loginuid");
  who.ses = read_number(folder + "/sessionid");
  who.subject = read_line(folder + "/attr/current").value_or("");
  struct stat info{};
  if (stat(folder.c_str(), &info) == 0) who.uid = info.st_uid;
  return who;
}

Requester requester_of(pid_t pid, uid_t uid, int process) {
  Requester who = requester_of(pid);
  // A pidfd can be read from once its process has ended (pidfd_open(2)).
  pollfd ended{.fd = process, .events = POLLIN, .revents = 0};
  if (process >= 0 && poll(&ended, 1, 0) != 0) who = {};
  who.pid = pid;
  who.uid = uid;
  return who;
}

Requester ourselves() {
  return requester_of(getpid());
}

}  // namespace naudit::daemon
