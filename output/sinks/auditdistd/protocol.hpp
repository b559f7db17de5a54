// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "output/sinks/trail/name.hpp"

namespace naudit::output {

// The protocol of FreeBSD's auditdistd(8), version 0, as its sender speaks it. Pure: bytes, the password and the random
// challenge are arguments.
//
//   sender                                receiver
//   "ADIST00" NUL                     ->
//                                     <-  "ADIST00" NUL
//   its name, 256 bytes with NULs     ->
//                                     <-  32 bytes, a challenge
//   HMAC-SHA256 of it, a challenge    ->
//                                     <-  HMAC-SHA256 of that, 8 bytes of offset (little endian), 256 bytes of the name
//                                         of the newest trail that it has
//   packets                           ->
//                                     <-  acknowledgements, one for each, in their order

enum class DistCommand : std::uint8_t { kOpen = 1, kAppend = 2, kClose = 3, kKeepalive = 4 };

inline constexpr std::size_t kMostDistData = 65'536;    // of a packet
inline constexpr std::size_t kMostDistUnanswered = 16;  // packets
inline constexpr std::size_t kMostDistName = 255;       // of the sender
inline constexpr std::size_t kDistPacketHead = 14;

// Appends one packet: byte order (1: little endian), command, sequence number, size of the data; the data.
void append_dist_packet(DistCommand command, std::uint64_t sequence, std::string_view data, std::string& out);
// Of a trail that is opened or closed, with the NUL that ends it.
void append_dist_packet(DistCommand command, std::uint64_t sequence, const TrailName& trail, std::string& out);

using DistChallenge = std::array<unsigned char, 32>;
// HMAC-SHA256 of a challenge, keyed with the password: 32 bytes.
std::string dist_response(std::string_view password, std::string_view challenge);

// What a receiver has already: the newest trail, and how many bytes of it. No name: nothing.
struct DistResume {
  std::optional<TrailName> trail;
  std::uint64_t offset = 0;
};

struct DistAck {
  std::uint64_t sequence = 0;
  std::uint16_t error = 0;  // 0: done
};
// What an error means, in words for a person: "it cannot write".
std::string dist_error_text(std::uint16_t error);

// What the sender does next.
struct DistStep {
  enum class Kind : std::uint8_t { kSend, kReady, kAck } kind = Kind::kSend;
  std::string bytes = {};  // to be sent
  DistResume resume = {};  // both have shown that they know the password; from here on
  DistAck ack = {};
};

// The sender's side of one connection: takes what the receiver sends apart, however it is cut, and says what to do.
class DistSession {
 public:
  // A name of at most kMostDistName bytes without a NUL.
  DistSession(std::string name, std::string password, const DistChallenge& challenge)
      : name_(std::move(name)), password_(std::move(password)), challenge_(challenge) {}

  // What a connection begins with.
  [[nodiscard]] static std::string greeting();
  void feed(std::string_view bytes);
  // Nothing: more has to come first, or it has failed.
  std::optional<DistStep> next();
  // What came is not of this protocol, or not from one who knows the password: why, behind the receiver's name ("does
  // not know the password"). Nothing more is read. Empty: all is well.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  // It has our answer to its challenge, and has not said anything since: who does not like it hangs up.
  [[nodiscard]] bool is_judged() const noexcept { return state_ == State::kResponse && input_.empty(); }

 private:
  enum class State : std::uint8_t { kWelcome, kChallenge, kResponse, kResume, kAcks };

  std::optional<std::string> take(std::size_t size);
  std::optional<DistStep> fail(std::string why);
  std::optional<DistStep> on_welcome(std::string_view bytes);
  std::optional<DistStep> on_resume(std::string_view bytes);
  std::optional<DistStep> on_ack(std::string_view bytes);

  const std::string name_, password_;
  const DistChallenge challenge_;
  State state_ = State::kWelcome;
  std::string input_;
  std::string failure_;
};

}  // namespace naudit::output
