// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::output {

// What auditd answers (formats/auditd/remote_message.hpp).
struct AuditdAnswer {
  enum class Kind : std::uint8_t {
    kTaken,
    kWarned,   // taken, and something is amiss with the server
    kRefused,  // it could not store the record
    kEnding,   // it ends, and answers nothing more
  } kind = Kind::kTaken;
  std::uint32_t sequence = 0;  // of what it answers
  std::string state = {};      // what is amiss: "disk full"
  std::string text = {};       // of the server, for a person
};

// Takes what the server sends apart, however it is cut; any bytes will do. An answer's text is at most 8970 bytes long.
// Pure.
class AuditdAnswerReader {
 public:
  void feed(std::string_view bytes);
  // The next answer, if it is there whole.
  std::optional<AuditdAnswer> next();
  // What came is none of these answers; nothing more is read.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  std::optional<AuditdAnswer> fail();

  std::string input_;
  std::size_t read_ = 0;  // of it
  bool failed_ = false;
};

}  // namespace naudit::output
