// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/host.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <climits>
#include <memory>

namespace naudit::daemon {

std::string kernel_release() {
  utsname name{};
  return uname(&name) == 0 ? name.release : "unknown";
}

std::string hostname() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

std::string fully_qualified_hostname() {
  std::string name = hostname();
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return name;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  return found->ai_canonname != nullptr ? found->ai_canonname : name;
}

std::string node_name(const config::Node& node) {
  switch (node.kind) {
    case config::NodeKind::kNone:
      return {};
    case config::NodeKind::kHostname:
      return hostname();
    case config::NodeKind::kFqdn:
      return fully_qualified_hostname();
    case config::NodeKind::kText:
      return node.text;
  }
  return {};
}

}  // namespace naudit::daemon
