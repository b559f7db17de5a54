// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/stuck_names.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>

namespace naudit::tests {
namespace {

struct State {
  std::mutex mutex;
  std::condition_variable changed;
  bool stuck = false;
  std::size_t calls = 0;  // since it got stuck
  std::size_t waiting = 0;
};

// Never destroyed: a thread of a library may still be in it at the end of the program.
State& state() {
  static auto* const only = new State;
  return *only;
}

}  // namespace

StuckNames::StuckNames() {
  const std::lock_guard lock(state().mutex);
  state().stuck = true;
  state().calls = 0;
}

StuckNames::~StuckNames() {
  std::unique_lock lock(state().mutex);
  state().stuck = false;
  state().changed.notify_all();
  state().changed.wait(lock, [] { return state().waiting == 0; });
}

bool StuckNames::wait_for_calls(std::size_t count) {
  std::unique_lock lock(state().mutex);
  return state().changed.wait_for(lock, std::chrono::seconds{30}, [count] { return state().calls >= count; });
}

}  // namespace naudit::tests

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  using naudit::tests::state;
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto next = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  if (node == nullptr || std::string_view(node) != naudit::tests::StuckNames::kHost)
    return next(node, service, hints, result);
  std::unique_lock lock(state().mutex);
  ++state().calls;
  ++state().waiting;
  state().changed.notify_all();
  state().changed.wait(lock, [] { return !state().stuck; });
  --state().waiting;
  state().changed.notify_all();
  return EAI_AGAIN;
}
