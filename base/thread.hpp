// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <pthread.h>

#include <csignal>
#include <thread>
#include <utility>

namespace naudit::base {

// Starts a thread that takes no signals (they belong to the main thread) and that ps and gdb show under this name
// (at most 15 characters). The mask is set before the start, so that no signal slips into the new thread.
template <typename Function>
std::thread start_thread(const char* name, Function&& function) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::forward<Function>(function));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(thread.native_handle(), name);
  return thread;
}

}  // namespace naudit::base
