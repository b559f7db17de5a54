// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditdistd/protocol.hpp"

#include <algorithm>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace naudit::output {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kGreeting = "ADIST00\0"sv;
constexpr std::size_t kNameField = 256;
constexpr std::size_t kHash = 32;
constexpr std::size_t kAck = 11;
constexpr char kLittle = 1, kBig = 2;

template <typename Number>
void append_little(Number number, std::string& out) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) out += static_cast<char>((number >> (8 * i)) & 0xFFU);
}

std::uint64_t read_number(std::string_view bytes, bool little) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    number = number << 8U | static_cast<unsigned char>(bytes[little ? bytes.size() - 1 - i : i]);
  return number;
}

std::string_view view_of(const DistChallenge& challenge) {
  return {reinterpret_cast<const char*>(challenge.data()), challenge.size()};
}

constexpr std::array<std::string_view, 9> kErrors = {
    "done",
    "wrong order",
    "invalid name",
    "a trail that is older than its newest one",
    "it cannot make the file",
    "it cannot open the file",
    "it cannot read",
    "it cannot write",
    "it cannot rename the file",
};

}  // namespace

void append_dist_packet(DistCommand command, std::uint64_t sequence, std::string_view data, std::string& out) {
  out += kLittle;
  out += static_cast<char>(command);
  append_little(sequence, out);
  append_little(static_cast<std::uint32_t>(data.size()), out);
  out += data;
}

void append_dist_packet(DistCommand command, std::uint64_t sequence, const TrailName& trail, std::string& out) {
  append_dist_packet(command, sequence, trail.text() + '\0', out);
}

std::string dist_response(std::string_view password, std::string_view challenge) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), password.data(), static_cast<int>(password.size()),
       reinterpret_cast<const unsigned char*>(challenge.data()), challenge.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string dist_error_text(std::uint16_t error) {
  if (error < kErrors.size()) return std::string(kErrors[error]);
  return "error " + std::to_string(error);
}

std::string DistSession::greeting() {
  return std::string(kGreeting);
}

void DistSession::feed(std::string_view bytes) {
  if (failure_.empty()) input_ += bytes;
}

std::optional<std::string> DistSession::take(std::size_t size) {
  if (input_.size() < size) return std::nullopt;
  std::string taken = input_.substr(0, size);
  input_.erase(0, size);
  return taken;
}

std::optional<DistStep> DistSession::fail(std::string why) {
  failure_ = std::move(why);
  input_.clear();
  return std::nullopt;
}

std::optional<DistStep> DistSession::next() {
  if (!failure_.empty()) return std::nullopt;
  switch (state_) {
    case State::kWelcome: {
      const auto bytes = take(kGreeting.size());
      return bytes ? on_welcome(*bytes) : std::nullopt;
    }
    case State::kChallenge: {
      const auto bytes = take(kHash);
      if (!bytes) return std::nullopt;
      // Who gives our own challenge back would have us answer it ourselves.
      if (*bytes == view_of(challenge_)) return fail("has sent our own challenge");
      state_ = State::kResponse;
      return DistStep{.bytes = dist_response(password_, *bytes).append(view_of(challenge_))};
    }
    case State::kResponse: {
      const auto bytes = take(kHash);
      if (!bytes) return std::nullopt;
      const std::string wanted = dist_response(password_, view_of(challenge_));
      if (CRYPTO_memcmp(bytes->data(), wanted.data(), wanted.size()) != 0) return fail("does not know the password");
      state_ = State::kResume;
      return next();
    }
    case State::kResume: {
      const auto bytes = take(sizeof(std::uint64_t) + kNameField);
      return bytes ? on_resume(*bytes) : std::nullopt;
    }
    case State::kAcks:
      break;
  }
  const auto bytes = take(kAck);
  return bytes ? on_ack(*bytes) : std::nullopt;
}

// The receiver answers with the lower of both versions, and ours is the lowest there is.
std::optional<DistStep> DistSession::on_welcome(std::string_view bytes) {
  if (bytes != kGreeting) return fail("is no auditdistd, or speaks another version of its protocol");
  state_ = State::kChallenge;
  DistStep step{.bytes = name_};
  step.bytes.resize(kNameField, '\0');
  return step;
}

std::optional<DistStep> DistSession::on_resume(std::string_view bytes) {
  DistStep step{.kind = DistStep::Kind::kReady};
  step.resume.offset = read_number(bytes.substr(0, sizeof(std::uint64_t)), true);
  const std::string_view field = bytes.substr(sizeof(std::uint64_t));
  const std::string_view name = field.substr(0, field.find('\0'));
  if (name.empty() && step.resume.offset > 0) return fail("goes on in a trail that it does not name");
  if (!name.empty()) {
    step.resume.trail = TrailName::of(name);
    if (!step.resume.trail) return fail("names a trail that is none");
  }
  state_ = State::kAcks;
  return step;
}

std::optional<DistStep> DistSession::on_ack(std::string_view bytes) {
  if (bytes[0] != kLittle && bytes[0] != kBig) return fail("has sent what is no acknowledgement");
  const bool little = bytes[0] == kLittle;
  DistStep step{.kind = DistStep::Kind::kAck};
  step.ack.sequence = read_number(bytes.substr(1, 8), little);
  step.ack.error = static_cast<std::uint16_t>(read_number(bytes.substr(9, 2), little));
  return step;
}

}  // namespace naudit::output
