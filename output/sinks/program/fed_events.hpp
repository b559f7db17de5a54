// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "output/batch.hpp"

namespace naudit::output {

// What a program is given, until it has read it. When it ends, whatever event it has not read to its last byte is given
// to the next one from that event's first byte on: it may get that one event a second time, and misses none. Pure; one
// thread.
class FedEvents {
 public:
  struct Count {
    std::uint64_t events = 0;     // without notices
    std::size_t event_bytes = 0;  // theirs
    std::size_t batch_bytes = 0;  // of batches that are finished with, notices included
    std::vector<BatchPtr> notices;
  };
  struct Rest : Count {
    std::string first_id, last_id;  // of the batches; the first may be gone in part
  };

  void add(BatchPtr batch);
  [[nodiscard]] bool empty() const noexcept { return batches_.empty(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool has_unwritten() const noexcept { return writing_ < batches_.size(); }

  // The next bytes for the program: the rest of a batch, and at most so many batches behind it.
  void unwritten(std::size_t most, std::vector<std::string_view>& pieces) const;
  // So many of them are in its pipe.
  void written(std::size_t bytes) noexcept;
  // This program has read so many bytes of all that were written to it.
  Count read(std::uint64_t bytes);
  // The next program gets what the last one has not read.
  void restart() noexcept;
  // Gives everything up.
  Rest give_up();

 private:
  [[nodiscard]] std::size_t end_of(std::size_t event) const { return batches_.front()->ends[event]; }

  std::deque<BatchPtr> batches_;
  std::size_t bytes_ = 0;    // of them
  std::size_t writing_ = 0;  // the batch that is being written
  std::size_t written_ = 0;  // of its bytes
  std::size_t next_ = 0;     // event of the first batch that is not read to its end
  std::uint64_t begin_ = 0;  // where the first batch begins in the program's bytes, modulo 2^64
};

}  // namespace naudit::output
