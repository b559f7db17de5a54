// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "correlate/event.hpp"
#include "daemon/collector/source_status.hpp"
#include "output/receipt.hpp"

namespace naudit::daemon {

// What a source has to tell.
struct SourceNews {
  enum class Kind : std::uint8_t {
    kAccepted,  // a client was let in
    kRefused,   // one was not
    kClosed,    // a client has gone
    kBroken,    // we have ended its connection
    kRejected,  // something of it was left out
  };
  Kind kind = Kind::kAccepted;
  std::string source;
  std::string address;
  std::uint16_t port = 0;
  std::string client;          // who it is
  std::string why;             // one sentence, which may quote the client
  std::uint64_t not_told = 0;  // news before this one, that were too many
};
// "op=accept addr=… port=… source=… client=… res=success", the record of kAccepted (DAEMON_ACCEPT), of kRefused (the
// same), and of all others (DAEMON_CLOSE). Pure.
std::string news_record(const SourceNews& news);

// The sources of the configuration: their listeners and clients, on one thread with one loop. Nothing on it waits.
//
// A client that is slow, lies or breaks the protocol costs its own connection and nothing else: what it may use of
// memory is bounded by `buffer` and `max_line`, all of them together by `total_buffer` and `max_connections`.
//
// Owner: the daemon. Main thread, except status().
class Collector {
 public:
  struct Handlers {
    // Collector's thread. Must not wait.
    std::function<void(correlate::EventBatch, output::Receipt)> deliver;
    std::function<void(const SourceNews&)> tell;  // must only post
  };

  // Listens, with the rights for that, and reads the TLS files; lets nobody in yet. Throws base::Error. Port 0: a free
  // one. `own_names`: what this machine is called.
  Collector(const std::vector<config::Source>& sources, const config::Events& events,
            const std::vector<std::string>& own_names);
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector();

  void start(Handlers handlers);
  // Lets nobody in any more and reads nothing more. What has come is delivered, accepted and answered, for at most this
  // long, and the clients are told that we end. Waits.
  void stop(std::chrono::milliseconds at_most);

  // Any thread.
  [[nodiscard]] std::vector<SourceStatus> status() const;
  // Of the source with this index.
  [[nodiscard]] std::uint16_t port(std::size_t source) const;

 private:
  class Listener;

  struct Loop;
  std::shared_ptr<Loop> loop_;
  std::vector<std::shared_ptr<Listener>> listeners_;
};

}  // namespace naudit::daemon
