// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace naudit::daemon {

// One message of a client.
struct ClientMessage {
  std::size_t size = 0;        // of it in the input
  std::string_view text;       // records, or an event of ours; empty: a sign of life
  std::uint32_t sequence = 0;  // as the client has numbered it
  bool is_event = false;       // its records are one event and all of it
};

// What a type of source makes of the bytes of one connection, and what it answers.
//
// Owner: the connection. Pure; one thread. Adding a protocol is one class, one row in protocol.cpp and one word in
// config/vocabulary.hpp.
class Protocol {
 public:
  enum class Took : std::uint8_t {
    kMore,  // the message's end is not there yet
    kMessage,
    kBad,  // this is no message: problem() says why
  };

  Protocol() = default;
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  // The message at the front of the bytes, whose text points into them.
  virtual Took next(std::string_view bytes, ClientMessage& out) = 0;
  [[nodiscard]] virtual std::string_view problem() const noexcept = 0;
  // Appends the answer to messages that are accepted, in their order; `sequences` are theirs.
  virtual void acknowledge(std::span<const std::uint32_t> sequences, std::string& out) = 0;
  // Appends what tells the client that we end the connection by ourselves.
  virtual void end(std::string& out) = 0;
};

// `max_line`: the longest text of a message.
std::unique_ptr<Protocol> make_protocol(config::SourceType type, std::uint64_t max_line);

}  // namespace naudit::daemon
