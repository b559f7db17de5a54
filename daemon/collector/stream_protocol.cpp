// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/stream_protocol.hpp"

#include <charconv>

namespace naudit::daemon {
namespace {

constexpr std::string_view kTooLong = "a message that is longer than max_line";
constexpr std::size_t kMostDigits = 10;

}  // namespace

Protocol::Took StreamProtocol::next(std::string_view bytes, ClientMessage& out) {
  if (bytes.empty()) return Took::kMore;
  out.sequence = 0;
  if (bytes.front() >= '1' && bytes.front() <= '9') return next_counted(bytes, out);
  const std::size_t end = bytes.find('\n', looked_at_);
  if (end == std::string_view::npos ? bytes.size() > max_line_ : end > max_line_) return refuse(kTooLong);
  if (end == std::string_view::npos) {
    looked_at_ = bytes.size();
    return Took::kMore;
  }
  looked_at_ = 0;
  out.size = end + 1;
  out.text = bytes.substr(0, end);
  out.is_event = false;
  return Took::kMessage;
}

Protocol::Took StreamProtocol::next_counted(std::string_view bytes, ClientMessage& out) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), length);
  const auto digits = static_cast<std::size_t>(end - bytes.data());
  if (error != std::errc{} || digits > kMostDigits) return refuse("a length that is none");
  if (length > max_line_) return refuse(kTooLong);
  if (digits == bytes.size()) return Took::kMore;
  if (*end != ' ') return refuse("a length without a space behind it");
  if (bytes.size() - digits - 1 < length) return Took::kMore;
  out.size = digits + 1 + length;
  out.text = bytes.substr(digits + 1, length);
  out.is_event = true;
  return Took::kMessage;
}

void StreamProtocol::acknowledge(std::span<const std::uint32_t> sequences, std::string& out) {
  accepted_ += sequences.size();
  out.append(std::to_string(accepted_)).push_back('\n');
}

}  // namespace naudit::daemon
