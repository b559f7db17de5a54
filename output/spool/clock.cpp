// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/clock.hpp"

#include <ctime>
#include <fstream>
#include <string>

#include "base/hex.hpp"

namespace naudit::output {
namespace {

std::int64_t milliseconds(clockid_t clock) noexcept {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace

SpoolTime spool_time() noexcept {
  return {milliseconds(CLOCK_REALTIME), milliseconds(CLOCK_BOOTTIME)};
}

BootId this_boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  std::getline(file, text);
  std::erase(text, '-');
  BootId id{};
  std::string bytes;
  if (base::append_decoded_hex(bytes, text) && bytes.size() == id.size()) bytes.copy(id.data(), id.size());
  return id;
}

}  // namespace naudit::output
