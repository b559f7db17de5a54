// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// An HTTP proxy that knows CONNECT: it goes to 127.0.0.1 whatever the host's name, or answers with a refusal.
class ConnectProxy {
 public:
  // `refusal`: a whole reply, instead of a tunnel.
  explicit ConnectProxy(std::string refusal = "");

  LoopbackServer& server() noexcept { return server_; }
  // The heads of the requests, in order.
  [[nodiscard]] std::vector<std::string> heads() const;

 private:
  void serve(LoopbackServer::Stream& client);

  const std::string refusal_;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  LoopbackServer server_;
};

}  // namespace naudit::tests
