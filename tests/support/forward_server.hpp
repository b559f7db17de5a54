// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// A server of the forward protocol that takes nothing that is not exactly that.
class ForwardServer {
 public:
  struct Options {
    std::optional<LoopbackServer::Tls> tls;
    std::string shared_key;      // empty: no handshake
    std::string user, password;  // empty: it asks for none
    std::string own_key;         // what it proves to know itself; empty: the shared one
    std::size_t no_acks = 0;     // of the first so many chunks: the connection is closed instead
    bool silent = false;         // says nothing at all
    std::string says;            // at once, in place of all else
  };
  struct Event {
    std::string tag, chunk;
    std::uint32_t seconds = 0, nanoseconds = 0;
    std::string record;  // as JSON
  };

  ForwardServer() : ForwardServer(Options{}) {}
  explicit ForwardServer(Options options);
  ForwardServer(const ForwardServer&) = delete;
  ForwardServer& operator=(const ForwardServer&) = delete;
  ~ForwardServer();

  LoopbackServer& server() noexcept { return server_; }
  [[nodiscard]] std::string address() const { return server_.address(); }
  // Of acknowledged chunks. False after half a minute.
  bool wait_for_events(std::size_t count);
  [[nodiscard]] std::vector<Event> events() const;
  // Of all chunks, acknowledged or not, in the order of their coming.
  [[nodiscard]] std::vector<std::string> chunks() const;
  // What was wrong with what came; empty: nothing.
  [[nodiscard]] std::string wrong() const;

 private:
  void serve(LoopbackServer::Stream& stream);
  bool shake_hands(LoopbackServer::Stream& stream);

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
  std::vector<std::string> chunks_;
  std::string wrong_;
  LoopbackServer server_;
};

}  // namespace naudit::tests
