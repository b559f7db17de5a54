// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/wakeup.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <system_error>

namespace naudit::netlink {

Wakeup::Wakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}

Wakeup::~Wakeup() {
  ::close(fd_);
}

void Wakeup::wake() const noexcept {
  const std::uint64_t one = 1;
  // Fails only when it has been woken 2^64 times already.
  [[maybe_unused]] const ssize_t written = ::write(fd_, &one, sizeof one);
}

void Wakeup::sleep(std::chrono::nanoseconds at_most, int socket) const noexcept {
  using namespace std::chrono_literals;
  at_most = std::clamp<std::chrono::nanoseconds>(at_most, 0ns, 1000s);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at_most);
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = (at_most - seconds).count()};
  // The socket comes second, so that it can be left out.
  std::array<pollfd, 2> ready{
      {{.fd = fd_, .events = POLLIN, .revents = 0}, {.fd = socket, .events = POLLIN, .revents = 0}}};
  if (::ppoll(ready.data(), socket < 0 ? 1 : 2, &time, nullptr) <= 0 || ready[0].revents == 0) return;
  std::uint64_t woken = 0;
  [[maybe_unused]] const ssize_t taken = ::read(fd_, &woken, sizeof woken);
}

}  // namespace naudit::netlink
