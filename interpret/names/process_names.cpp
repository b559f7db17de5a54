// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/process_names.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

#include "base/descriptor.hpp"

namespace naudit::interpret {

std::string process_comm(std::uint32_t pid) {
  std::array<char, 32> path = {"/proc/"};
  constexpr std::size_t kStart = 6;
  char* const end = std::to_chars(path.data() + kStart, path.data() + path.size(), pid).ptr;
  std::string_view("/comm\0", 6).copy(end, 6);
  const base::Descriptor file(open(path.data(), O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  std::array<char, 64> text;
  const ssize_t got = read(file.get(), text.data(), text.size());
  std::string_view name(text.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
  if (name.ends_with('\n')) name.remove_suffix(1);
  return std::string(name);
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
