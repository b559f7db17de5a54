// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/connect_proxy.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <thread>
#include <utility>

#include "base/descriptor.hpp"

namespace naudit::tests {
namespace {

base::Descriptor connect_to(std::uint16_t port) {
  base::Descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&where), sizeof(where)) != 0) made.reset();
  return made;
}

// "CONNECT host:port HTTP/1.1"
std::uint16_t port_of(const std::string& head) {
  const std::size_t end = head.find(" HTTP/");
  return static_cast<std::uint16_t>(std::stoul(head.substr(head.rfind(':', end) + 1)));
}

}  // namespace

ConnectProxy::ConnectProxy(std::string refusal)
    : refusal_(std::move(refusal)),
      server_(std::nullopt, 0, [this](LoopbackServer::Stream& client) { serve(client); }) {}

std::vector<std::string> ConnectProxy::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

void ConnectProxy::serve(LoopbackServer::Stream& client) {
  std::string head;
  std::array<char, 16384> some{};
  while (head.find("\r\n\r\n") == std::string::npos) {
    const std::size_t size = client.read(some.data(), some.size());
    if (size == 0) return;
    head.append(some.data(), size);
  }
  {
    const std::lock_guard lock(mutex_);
    heads_.push_back(head);
  }
  if (!refusal_.empty() || !head.starts_with("CONNECT ")) {
    client.write(refusal_);
    return;
  }
  const base::Descriptor target = connect_to(port_of(head));
  if (!target || !client.write("HTTP/1.1 200 Connection established\r\n\r\n")) return;
  std::thread back([&] {
    std::array<char, 16384> reply{};
    for (ssize_t size = 0; (size = ::recv(target.get(), reply.data(), reply.size(), 0)) > 0;)
      if (!client.write({reply.data(), static_cast<std::size_t>(size)})) break;
  });
  for (std::size_t size = 0; (size = client.read(some.data(), some.size())) > 0;)
    if (::send(target.get(), some.data(), size, MSG_NOSIGNAL) < 0) break;
  ::shutdown(target.get(), SHUT_RDWR);
  back.join();
}

}  // namespace naudit::tests
