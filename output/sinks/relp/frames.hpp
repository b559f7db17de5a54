// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::output {

// The frames of RELP, the Reliable Event Logging Protocol (rsyslog.com/doc/relp.html; as librelp 1.11 speaks it):
// "TXNR COMMAND DATALEN[ DATA]\n". Pure; any bytes will do for what is read.

// The number behind this one: 1 … 999,999,999, then 1 again.
std::uint32_t next_relp_number(std::uint32_t number) noexcept;

// Appends a frame.
void append_relp_frame(std::uint32_t number, std::string_view command, std::string_view data, std::string& out);
// The data of the frame `open`: what we are and want.
std::string relp_offer(std::string_view version);

// What a server sends.
struct RelpAnswer {
  enum class Kind : std::uint8_t { kResponse, kServerClose } kind = Kind::kResponse;
  std::uint32_t number = 0;  // of the frame that it answers
  int code = 0;              // 200: taken
  std::string text = {};     // behind the code, for a person
};

// Takes what the server sends apart, however it is cut. A frame is at most 64 KiB.
class RelpReader {
 public:
  void feed(std::string_view bytes);
  // The next answer, if it is there whole.
  std::optional<RelpAnswer> next();
  // What came is none of these answers; nothing more is read.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  std::optional<RelpAnswer> fail();

  std::string input_;
  bool failed_ = false;
};

}  // namespace naudit::output
