// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/auditd_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "tables/record_types.hpp"

namespace naudit::tests {

namespace fs = std::filesystem;

AuditdListener::AuditdListener(std::string auditd, std::string shim, std::string folder)
    : auditd_(std::move(auditd)), shim_(std::move(shim)), folder_(std::move(folder)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int one = 1;
  reserved_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  // Two sockets share a port as long as only one of them listens: socket(7), SO_REUSEADDR.
  if (::setsockopt(reserved_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
      ::bind(reserved_, generic, size) != 0 || ::getsockname(reserved_, generic, &size) != 0)
    throw std::runtime_error("cannot reserve a port");
  port_ = ntohs(address.sin_port);
  fs::create_directories(folder_ + "/plugins");
  std::ofstream(folder_ + "/auditd.conf") << fmt::format(
      "log_file = {0}/audit.log\nlog_format = RAW\nflush = NONE\nname_format = NONE\npriority_boost = 0\n"
      "max_log_file = 4000\nnum_logs = 0\nmax_log_file_action = IGNORE\nspace_left = 2\nspace_left_action = IGNORE\n"
      "admin_space_left = 1\nadmin_space_left_action = IGNORE\ndisk_full_action = IGNORE\n"
      "disk_error_action = IGNORE\nuse_libwrap = no\nplugin_dir = {0}/plugins\noverflow_action = IGNORE\n"
      "tcp_listen_port = {1}\n",
      folder_, port_);
  fs::permissions(folder_ + "/auditd.conf", fs::perms::owner_read | fs::perms::owner_write);
  // libaudit takes one message for granted when it registers, whatever it is. An EOE leaves no line.
  constexpr std::string_view kText = "audit(1.000:1): ";
  const std::uint32_t head[] = {tables::type::kEoe, static_cast<std::uint32_t>(kText.size())};
  std::ofstream records(folder_ + "/records", std::ios::binary);
  records.write(reinterpret_cast<const char*>(head), sizeof head);
  records << kText;
}

AuditdListener::~AuditdListener() {
  program_.reset();
  ::close(reserved_);
}

void AuditdListener::start() {
  program_ = std::make_unique<Program>(
      std::vector<std::string>{"/usr/bin/env", "LD_PRELOAD=" + shim_, "NAUDIT_SHIM_RECORDS=" + folder_ + "/records",
                               "NAUDIT_SHIM_PID=" + folder_ + "/pid", auditd_, "-n", "-c", folder_ + "/"});
}

void AuditdListener::stop(int signal) {
  program_->signal(signal);
  static_cast<void>(program_->wait());
  program_.reset();
}

std::vector<std::string> AuditdListener::lines() const {
  std::ifstream log(folder_ + "/audit.log", std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(log, line);)
    if (!line.starts_with("type=DAEMON_")) lines.push_back(line);
  return lines;
}

bool AuditdListener::wait_for_lines(std::size_t count) const {
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
       std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(std::chrono::milliseconds{10}))
    if (lines().size() >= count) return true;
  return false;
}

}  // namespace naudit::tests
