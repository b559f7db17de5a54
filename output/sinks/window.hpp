// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "output/batch.hpp"
#include "output/sinks/net/tcp_socket.hpp"

namespace naudit::output {

// What a sink over TCP, or one that feeds a pipe, keeps until its peer has it: batches not yet written, and batches
// written but still on their way. When a connection breaks all of it is written again to the next one, as whole
// batches: the peer may see an event twice, and misses none that its kernel has not acknowledged. Pure; one thread.
class TcpWindow {
 public:
  struct Count {
    std::uint64_t events = 0;  // without notices
    std::size_t event_bytes = 0;
    std::size_t bytes = 0;  // of all
    std::vector<BatchPtr> notices;
  };
  struct Rest : Count {
    std::string first_id, last_id;
  };

  void add(BatchPtr batch);
  [[nodiscard]] bool empty() const noexcept { return sent_.empty(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool has_unwritten() const noexcept { return written_ < sent_.size(); }

  // Everything that is not yet written, and what keeps it alive.
  struct Unwritten {
    std::vector<std::string_view> pieces;
    std::shared_ptr<const std::vector<BatchPtr>> owner;
  };
  [[nodiscard]] Unwritten unwritten();
  // What the last unwritten() gave is with our kernel, which counts so far.
  void written(const TcpProgress& progress);
  // Lets go of what the peer's kernel has.
  Count acknowledge(const TcpProgress& progress);
  // The same by the peer's own word: of what this connection brought it has accepted so many events, notices included.
  // Whole batches go.
  Count accept(std::uint64_t events);
  // The connection broke.
  void restart() noexcept {
    written_ = 0;
    given_ = 0;
    accepted_ = 0;
  }
  // Gives everything up.
  Rest give_up();

 private:
  static void add(const BatchPtr& batch, Count& count);
  void let_go(Count& count);

  struct Sent {
    BatchPtr batch;
    std::uint64_t end = 0;  // position in the connection's bytes where it ends, once written
  };
  std::deque<Sent> sent_;
  std::size_t written_ = 0;  // of sent_
  std::size_t given_ = 0;    // of sent_, by the last unwritten()
  std::size_t bytes_ = 0;
  std::uint64_t accepted_ = 0;  // events of this connection that were let go of
};

}  // namespace naudit::output
