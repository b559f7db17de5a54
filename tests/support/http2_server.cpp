// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/http2_server.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace naudit::tests {
namespace {

namespace fs = std::filesystem;

// The port that the process listens on, out of /proc: it was given 0 and tells nobody what that became.
std::uint16_t listening_port(pid_t process) {
  std::set<std::string> sockets;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd")) {
    std::error_code gone;
    sockets.insert(fs::read_symlink(entry.path(), gone).string());
  }
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);) {
    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode (proc(5), /proc/net/tcp)
    std::istringstream words(line);
    std::vector<std::string> word(10);
    for (std::string& one : word) words >> one;
    if (word[3] == "0A" && sockets.contains("socket:[" + word[9] + "]"))
      return static_cast<std::uint16_t>(std::stoul(word[1].substr(word[1].find(':') + 1), nullptr, 16));
  }
  return 0;
}

}  // namespace

Http2Server::Http2Server(const Identity& identity)
    : program_({"/usr/sbin/nghttpd", "-v", "--address=127.0.0.1", "--echo-upload", "0", identity.key,
                identity.certificate}) {
  while (log_.find("listen") == std::string::npos) {
    const std::string line = program_.line();
    if (line.empty()) throw std::runtime_error("nghttpd does not start: " + log_);
    log_ += line;
  }
  port_ = listening_port(program_.pid());
  if (port_ == 0) throw std::runtime_error("nghttpd listens nowhere: " + log_);
  reader_ = std::thread([this] {
    try {
      log_ += program_.rest();
    } catch (const std::runtime_error&) {
      log_ += "(silent for too long)";
    }
  });
}

Http2Server::~Http2Server() {
  end();
}

const std::string& Http2Server::end() {
  if (reader_.joinable()) {
    program_.signal(SIGTERM);
    reader_.join();
  }
  return log_;
}

}  // namespace naudit::tests
