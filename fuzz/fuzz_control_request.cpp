// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// One line of a client of the control socket, and the answer that quotes it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "daemon/control/answer.hpp"
#include "daemon/control/request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto request = naudit::daemon::parse_control_request(line);
  if (!request) {
    const std::string answer = naudit::daemon::error_answer(request.error());
    if (request.error().empty() || answer.find('\n') != answer.size() - 1) __builtin_trap();
  }
  const std::string clean = naudit::base::valid_utf8(line);
  if (naudit::base::valid_utf8(clean) != clean) __builtin_trap();
  return 0;
}
