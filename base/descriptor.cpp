// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/descriptor.hpp"

#include <unistd.h>

#include <cerrno>

namespace naudit::base {

void Descriptor::reset(int number) noexcept {
  const int old = std::exchange(number_, number);
  if (old < 0) return;
  const int error = errno;
  ::close(old);
  errno = error;
}

}  // namespace naudit::base
