// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/record/decoded_event.hpp"

namespace naudit::interpret {

// The arguments of an exec, from all EXECVE records of an event: "argc=3 a0=… a1=…", long ones in pieces ("a1_len=…
// a1[0]=… a1[1]=…"), many of them spread over several records (kernel/auditsc.c, audit_log_execve_info).
//
// Owner: the encode thread, which reuses one object. An argument is valid until the next read().
class Execve {
 public:
  void read(const DecodedEvent& event);

  // What argc= said; more than size() where the kernel left some out.
  [[nodiscard]] std::uint32_t argc() const noexcept { return argc_; }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }
  // One record, argc first, then each argument in order and in one piece.
  [[nodiscard]] bool is_simple() const noexcept { return simple_; }

 private:
  void add(const Field& field);

  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::string scratch_;
  std::uint32_t argc_ = 0;
  bool has_argc_ = false;
  bool simple_ = true;
};

}  // namespace naudit::interpret
