// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <climits>
#include <memory>
#include <string>
#include <vector>

// What this machine is called. Any thread.
namespace naudit::base {

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
