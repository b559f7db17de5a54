// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "output/sinks/forward/options.hpp"

namespace naudit::output {

// The messages of Fluentd's forward protocol, version 1
// (github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1), in MessagePack. Pure; any bytes will do for what
// is read.

// One message with these events: [tag, [[time, record], …], {"chunk": …, "size": N}], or with gzip [tag, bin of the
// entries, {"compressed": "gzip", …}]. A JSON object is the record; any other text is its "message", beside the "id"
// and "node" that it tells. The time is the event's, else `now_millis`, both since the epoch.
std::string forward_message(std::string_view tag, std::span<const std::string_view> events, std::string_view chunk,
                            ForwardCompression compression, std::int64_t now_millis);

// What the server begins the handshake with.
struct ForwardHelo {
  std::string nonce;
  std::string auth;  // its salt for a user's password; empty: it asks for none
};
// How it ends it.
struct ForwardPong {
  bool accepted = false;
  std::string reason, host_name, digest;
};
struct ForwardLogin {
  std::string host_name;  // ours
  std::string key, user, password;
  std::string salt;  // another one for each handshake
};
// Our answer, ["PING", host, salt, digest of the key, user, digest of the password].
std::string forward_ping(const ForwardLogin& login, const ForwardHelo& helo);
// That the server knows the key too.
bool proves_key(const ForwardPong& pong, const ForwardLogin& login, const ForwardHelo& helo);

struct ForwardReply {
  enum class Kind : std::uint8_t { kHelo, kPong, kAck } kind = Kind::kAck;
  ForwardHelo helo = {};
  ForwardPong pong = {};
  std::string ack = {};
};

// Takes what the server sends apart, however it is cut. A reply is at most 64 KiB.
class ForwardReader {
 public:
  ForwardReader();
  ForwardReader(const ForwardReader&) = delete;
  ForwardReader& operator=(const ForwardReader&) = delete;
  ~ForwardReader();

  void feed(std::string_view bytes);
  // The next reply, if it is there whole.
  std::optional<ForwardReply> next();
  // What came is none of these replies; nothing more is read.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  bool failed_ = false;
};

}  // namespace naudit::output
