// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::interpret {

// /proc/PID/comm: at most 15 bytes, without the newline. Empty if there is no such process (any more).
std::string process_comm(std::uint32_t pid);

// What process_container() says of a process that runs in none.
inline constexpr std::string_view kNoContainer = "-";
// The container that a process runs in, by the paths of its control groups (/proc/PID/cgroup): the 64 hexadecimal
// digits that Docker, containerd, CRI-O and Podman put there. kNoContainer if there are none; empty if there is no such
// process (any more).
std::string process_container(std::uint32_t pid);
// The same in the text of that file; empty if there is none. Pure.
std::string_view container_in(std::string_view cgroups) noexcept;

// What processes are called now, for records that name one by its number only. The answer is that of the moment of the
// question: the process may have ended since the record, or its number may be another one's. So this is for the records
// of the running kernel, and never for a stored log.
//
// A name is asked for with one read of a small file, at most once in kLifetime for each of the kPlaces processes that
// were asked for last; that there is none is remembered as well. One thread, not the drain thread. Time comes from the
// caller.
class ProcessNames {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Lookup = std::function<std::string(std::uint32_t pid)>;

  static constexpr std::size_t kPlaces = 1024;
  static constexpr std::chrono::seconds kLifetime{1};

  explicit ProcessNames(Lookup lookup = process_comm);

  // What the lookup says. Valid until the next call; empty if there is no such process.
  std::string_view name(std::uint32_t pid, Time now);

 private:
  struct Entry {
    std::uint32_t pid = 0;  // 0: free
    Time expires;
    std::string name;
  };

  Lookup lookup_;
  std::vector<Entry> entries_;
};

}  // namespace naudit::interpret
