// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <initializer_list>

namespace naudit::stored {
namespace {

volatile std::sig_atomic_t interrupted = 0;
std::array<int, 2> wake{-1, -1};  // a pipe, set before the handler is

extern "C" void note_interrupt(int) {
  interrupted = 1;
  const int error = errno;
  (void)!write(wake[1], "", 1);
  errno = error;
}

}  // namespace

void catch_interrupts() {
  if (wake[0] < 0 && pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) wake = {-1, -1};  // read() alone is interrupted
  struct sigaction action{};
  action.sa_handler = note_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) {
    // A job in the background of a script shall go on.
    struct sigaction before{};
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
}

int interrupt_descriptor() noexcept {
  return wake[0];
}

bool is_interrupted() noexcept {
  return interrupted != 0;
}

}  // namespace naudit::stored
