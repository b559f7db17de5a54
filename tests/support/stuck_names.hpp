// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>

namespace naudit::tests {

// A name service that does not answer: while one of these lives, getaddrinfo() for kHost waits. The program's own
// getaddrinfo() stands in front of libc's, for libraries too; every other name goes through to that. One at a time.
class StuckNames {
 public:
  static constexpr const char* kHost = "stuck.test";

  StuckNames();
  StuckNames(const StuckNames&) = delete;
  StuckNames& operator=(const StuckNames&) = delete;
  // Lets all who wait go, with EAI_AGAIN, and waits until they have gone.
  ~StuckNames();

  // Somebody waits in getaddrinfo(). False after half a minute.
  [[nodiscard]] static bool wait_for_calls(std::size_t count);
};

}  // namespace naudit::tests
