// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/process_names.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "base/descriptor.hpp"

namespace naudit::interpret {

namespace {

// The beginning of /proc/PID/NAME; nothing if it cannot be read.
std::string_view read_of(std::uint32_t pid, std::string_view name, std::span<char> room) {
  std::array<char, 32> path = {"/proc/"};
  constexpr std::size_t kStart = 6;
  char* const end = std::to_chars(path.data() + kStart, path.data() + path.size(), pid).ptr;
  *end = '/';
  *std::ranges::copy(name, end + 1).out = '\0';
  const base::Descriptor file(open(path.data(), O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  std::size_t size = 0;
  while (size < room.size()) {
    const ssize_t got = read(file.get(), room.data() + size, room.size() - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  return {room.data(), size};
}

bool is_hex_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::string process_comm(std::uint32_t pid) {
  std::array<char, 64> text;
  std::string_view name = read_of(pid, "comm", text);
  if (name.ends_with('\n')) name.remove_suffix(1);
  return std::string(name);
}

std::string_view container_in(std::string_view cgroups) noexcept {
  constexpr std::size_t kDigits = 64;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= cgroups.size(); ++at) {
    if (at < cgroups.size() && is_hex_digit(cgroups[at])) continue;
    if (at - begin == kDigits) return cgroups.substr(begin, kDigits);
    begin = at + 1;
  }
  return {};
}

std::string process_container(std::uint32_t pid) {
  std::array<char, 4096> text;
  const std::string_view cgroups = read_of(pid, "cgroup", text);
  if (cgroups.empty()) return {};
  const std::string_view container = container_in(cgroups);
  return std::string(container.empty() ? kNoContainer : container);
}

ProcessNames::ProcessNames(Lookup lookup) : lookup_(std::move(lookup)), entries_(kPlaces) {}

std::string_view ProcessNames::name(std::uint32_t pid, Time now) {
  if (pid == 0) return {};
  Entry& entry = entries_[pid % kPlaces];
  if (entry.pid != pid || entry.expires <= now) {
    entry.pid = pid;
    entry.expires = now + kLifetime;
    entry.name = lookup_(pid);
  }
  return entry.name;
}

}  // namespace naudit::interpret
