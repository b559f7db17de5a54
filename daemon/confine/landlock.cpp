// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/descriptor.hpp"

namespace naudit::daemon {
namespace {

// include/uapi/linux/landlock.h; Debian 12's headers end with the second version of it.
constexpr std::uint64_t kTruncate = 1U << 14U;  // version 3, Linux 6.2
constexpr std::uint64_t kBindTcp = 1U << 0U;    // version 4, Linux 6.7
constexpr int kRuleOfPort = 2;
struct PortRule {
  std::uint64_t allowed_access = kBindTcp;
  std::uint64_t port = 0;
};
struct Ruleset {
  std::uint64_t fs = 0;
  std::uint64_t net = 0;
};
constexpr int kFirstWithRefer = 2, kFirstWithTruncate = 3, kFirstWithNet = 4;

constexpr std::uint64_t kOfFiles = LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t kOfFolders = LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
// What nobody is allowed anywhere.
constexpr std::uint64_t kNowhere =
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO;

long landlock_version() noexcept {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

std::string failed(const std::string& what) {
  return what + ": " + std::generic_category().message(errno);
}

std::optional<std::string> allow(int ruleset, const std::string& path, std::uint64_t files, std::uint64_t folders) {
  const base::Descriptor target(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat found{};
  if (!target || ::fstat(target.get(), &found) != 0) return failed(path);
  landlock_path_beneath_attr rule{};
  rule.allowed_access = S_ISDIR(found.st_mode) ? files | folders : files;
  rule.parent_fd = target.get();
  if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) return failed(path);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> confine(const std::vector<std::string>& paths, Programs programs,
                                   const std::vector<std::uint16_t>& ports) {
  const long version = landlock_version();
  if (version < 1) return failed("this kernel has no Landlock");
  const std::uint64_t files = kOfFiles | (version >= kFirstWithTruncate ? kTruncate : 0);
  const std::uint64_t folders = kOfFolders | (version >= kFirstWithRefer ? LANDLOCK_ACCESS_FS_REFER : 0);
  const std::uint64_t nowhere =
      kNowhere | (programs == Programs::kNone ? std::uint64_t{LANDLOCK_ACCESS_FS_EXECUTE} : 0);
  const bool knows_ports = version >= kFirstWithNet;
  const Ruleset handled{.fs = files | folders | nowhere, .net = knows_ports ? kBindTcp : 0};
  const std::size_t size = knows_ports ? sizeof handled : sizeof handled.fs;
  const base::Descriptor ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, size, 0)));
  if (!ruleset) return failed("Landlock takes no rules");
  for (const std::string& path : paths)
    if (auto problem = allow(ruleset.get(), path, files, folders)) return problem;
  for (const std::uint16_t port : ports) {
    const PortRule rule{.port = port};
    if (knows_ports && ::syscall(SYS_landlock_add_rule, ruleset.get(), kRuleOfPort, &rule, 0) != 0)
      return failed("port " + std::to_string(port));
  }
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) return failed("Landlock does not take hold");
  return std::nullopt;
}

}  // namespace naudit::daemon
