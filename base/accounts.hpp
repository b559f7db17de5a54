// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace naudit::base {

// Users and groups of this machine, by name and by number (getpwnam_r, getpwuid_r, getgrnam_r, getgrgid_r). Nothing if
// there is none, or if the name service gives no answer. Any thread; may block for as long as a directory service
// likes.
std::optional<std::uint32_t> user_id(const std::string& name);
std::optional<std::uint32_t> group_id(const std::string& name);
std::optional<std::string> user_name(std::uint32_t id);
std::optional<std::string> group_name(std::uint32_t id);

inline constexpr std::size_t kFirstAccountBuffer = 4096;
// Enough for a group of some hundred thousand members.
inline constexpr std::size_t kLastAccountBuffer = std::size_t{4} << 20U;

// The one way to make such a call, whose shape is `int call(key, Entry*, char* buffer, size_t, Entry** found)`. It
// answers ERANGE as long as an entry, with all members of its group, is larger than the buffer; an entry larger than
// the last buffer is not found. `read` takes what it wants out of the entry, whose strings end with the call.
template <typename Entry, typename Call, typename Key, typename Read>
auto account(Call call, Key key, Read read) -> std::optional<decltype(read(Entry{}))> {
  std::vector<char> buffer(kFirstAccountBuffer);
  for (int interrupted = 0; interrupted < 8;) {
    Entry entry{};
    Entry* found = nullptr;
    const int error = call(key, &entry, buffer.data(), buffer.size(), &found);
    if (error == 0 && found != nullptr) return read(*found);
    if (error == ERANGE && buffer.size() < kLastAccountBuffer)
      buffer.resize(buffer.size() * 4);
    else if (error == EINTR)
      ++interrupted;
    else
      return std::nullopt;
  }
  return std::nullopt;
}

// What this machine is called, by itself and by the name service. Any thread.

// gethostname(2); "localhost" if that fails.
inline std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

// The canonical name by the resolver, or the plain host name. Waits for the name service as long as that likes.
inline std::string full_host_name() {
  std::string name = host_name();
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return name;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  return found->ai_canonname != nullptr ? found->ai_canonname : name;
}

// The same, asked for once in the life of the process.
inline const std::string& known_full_host_name() {
  static const std::string kName = full_host_name();
  return kName;
}

// The host name, and its first label where it has several: what logs call this machine without asking anybody.
inline std::vector<std::string> own_host_names() {
  std::vector<std::string> names{host_name()};
  if (const std::size_t dot = names[0].find('.'); dot != std::string::npos) names.push_back(names[0].substr(0, dot));
  return names;
}

}  // namespace naudit::base
