// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/socket_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

namespace naudit::daemon {
namespace {

constexpr std::string_view kPrefix = "audit-";

struct FreeNames {
  void operator()(char** names) const noexcept {
    if (names == nullptr) return;
    for (char** name = names; *name != nullptr; ++name) std::free(*name);
    std::free(names);
  }
};

void remove(const std::string& name) {
  static_cast<void>(sd_notify(0, fmt::format("FDSTOREREMOVE=1\nFDNAME={}", name).c_str()));
}

}  // namespace

std::string socket_name(std::uint32_t port_id) {
  return fmt::format("{}{}", kPrefix, port_id);
}

bool is_socket_name(std::string_view name) {
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<netlink::EventSocket> SocketStore::take() {
  char** list = nullptr;
  const int count = sd_listen_fds_with_names(1, &list);
  const std::unique_ptr<char*, FreeNames> names(list);
  std::vector<netlink::EventSocket> sockets;
  for (int i = 0; i < count; ++i) {
    const int fd = SD_LISTEN_FDS_START + i;
    std::string name = list[i];
    if (!is_socket_name(name)) {
      spdlog::warn("the service manager handed over a descriptor named '{}', which is none of ours: closed", name);
      ::close(fd);
      continue;
    }
    auto socket = netlink::EventSocket::adopt(fd);
    if (socket)
      sockets.push_back(std::move(*socket));
    else
      spdlog::warn("the service manager handed over '{}', which is no audit socket: {}", name,
                   socket.error().message());
    taken_.push_back(std::move(name));
  }
  return sockets;
}

bool SocketStore::keep(const netlink::EventSocket& socket) {
  const std::string name = socket_name(socket.port_id());
  if (name == given_) return true;
  // FDPOLL=0: an overrun is an error of the socket, for which systemd would throw it out (EPOLLERR).
  const int fd = socket.fd();
  if (sd_pid_notify_with_fds(0, 0, fmt::format("FDSTORE=1\nFDPOLL=0\nFDNAME={}", name).c_str(), &fd, 1) <= 0)
    return false;
  given_ = name;
  return true;
}

void SocketStore::forget_taken() {
  for (const std::string& name : std::exchange(taken_, {}))
    if (name != given_) remove(name);
}

void SocketStore::forget() {
  forget_taken();
  if (!given_.empty()) remove(std::exchange(given_, {}));
}

}  // namespace naudit::daemon
