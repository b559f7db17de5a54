// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/process.hpp"

#include <netdb.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <fstream>
#include <memory>
#include <system_error>

#include <cap-ng.h>
#include <spdlog/spdlog.h>

#include "daemon/exit_code.hpp"

namespace naudit::daemon {
namespace {

std::optional<std::string> read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line, '\0') && line.empty()) return std::nullopt;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

std::uint32_t read_number(const std::string& path) {
  const auto line = read_line(path);
  std::uint32_t value = ~std::uint32_t{0};
  if (line) value = static_cast<std::uint32_t>(std::strtoul(line->c_str(), nullptr, 10));
  return value;
}

}  // namespace

void check_rights(config::KernelMode mode) {
  capng_get_caps_process();
  const bool may_control = capng_have_capability(CAPNG_EFFECTIVE, CAP_AUDIT_CONTROL) != 0;
  const bool may_read = capng_have_capability(CAPNG_EFFECTIVE, CAP_AUDIT_READ) != 0;
  if (mode == config::KernelMode::kObserve) {
    if (!may_read)
      throw StartError(ExitCode::kRights, "CAP_AUDIT_READ is missing: run as root, or give the unit that capability");
  } else if (!may_control) {
    throw StartError(ExitCode::kRights,
                     "CAP_AUDIT_CONTROL is missing: run as root, or give the unit that capability; with CAP_AUDIT_READ "
                     "alone 'kernel: {mode: observe}' works");
  }
}

void set_priority(const config::Daemon& settings) {
  if (setpriority(PRIO_PROCESS, 0, settings.nice) != 0)
    spdlog::warn("cannot set the nice value to {}: {}, ignoring", settings.nice,
                 std::generic_category().message(errno));
  if (!settings.oom_score_adjust) return;
  std::ofstream file("/proc/self/oom_score_adj");
  if (!(file << *settings.oom_score_adjust << std::flush))
    spdlog::warn("cannot set the OOM score to {}, ignoring", *settings.oom_score_adjust);
}

void drop_privileges() {
  capng_clear(CAPNG_SELECT_BOTH);
  for (const capng_type_t set : {CAPNG_EFFECTIVE, CAPNG_PERMITTED})
    capng_updatev(CAPNG_ADD, set, CAP_AUDIT_CONTROL, CAP_AUDIT_READ, -1);
  if (capng_apply(CAPNG_SELECT_BOTH) != 0)
    spdlog::warn("cannot drop capabilities: {}, ignoring", std::generic_category().message(errno));
}

Requester requester_of(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  Requester who;
  who.pid = pid;
  who.auid = read_number(folder + "/loginuid");
  who.ses = read_number(folder + "/sessionid");
  who.subject = read_line(folder + "/attr/current").value_or("");
  struct stat info{};
  if (stat(folder.c_str(), &info) == 0) who.uid = info.st_uid;
  return who;
}

Requester ourselves() {
  return requester_of(getpid());
}

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
