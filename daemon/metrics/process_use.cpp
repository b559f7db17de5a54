// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/metrics/process_use.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "base/descriptor.hpp"

namespace naudit::daemon {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

MemoryPages memory() {
  const base::Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 256> text{};
  const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : -1;
  return got <= 0 ? MemoryPages{} : parse_statm({text.data(), static_cast<std::size_t>(got)});
}

std::optional<std::uint64_t> count_descriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  std::uint64_t count = 0;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  if (error || count == 0) return std::nullopt;
  return count - 1;  // the one that reads the folder
}

}  // namespace

MemoryPages parse_statm(std::string_view text) {
  const auto next = [&text]() -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(' ')) return std::nullopt;
    text.remove_prefix(1);
    return value;
  };
  MemoryPages pages;
  pages.size = next();
  if (pages.size) pages.resident = next();
  return pages;
}

ProcessUse process_use() {
  ProcessUse use;
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) use.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  const auto page = static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 0L));
  const MemoryPages pages = memory();
  if (pages.size) use.virtual_bytes = *pages.size * page;
  if (pages.resident) use.resident_bytes = *pages.resident * page;
  use.open_descriptors = count_descriptors();
  return use;
}

}  // namespace naudit::daemon
