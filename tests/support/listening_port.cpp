// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/listening_port.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace naudit::tests {

namespace fs = std::filesystem;

std::uint16_t listening_port(pid_t process, Listening on, std::uint16_t other) {
  std::set<std::string> sockets;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd", gone))
    sockets.insert(fs::read_symlink(entry.path(), gone).string());
  std::ifstream table(on == Listening::kTcp ? "/proc/net/tcp" : "/proc/net/udp");
  const std::string state = on == Listening::kTcp ? "0A" : "07";  // TCP_LISTEN, TCP_CLOSE
  for (std::string line; std::getline(table, line);) {
    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode (proc(5), /proc/net/tcp)
    std::istringstream words(line);
    std::vector<std::string> word(10);
    for (std::string& one : word) words >> one;
    if (word[3] != state || !sockets.contains("socket:[" + word[9] + "]")) continue;
    const auto port = static_cast<std::uint16_t>(std::stoul(word[1].substr(word[1].find(':') + 1), nullptr, 16));
    if (port != other) return port;
  }
  return 0;
}

}  // namespace naudit::tests
