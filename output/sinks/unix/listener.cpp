// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/unix/listener.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/text.hpp"
#include "base/trusted_path.hpp"

namespace naudit::output {
namespace {

std::string failed(const std::string& doing) {
  return "cannot " + doing + ": " + std::generic_category().message(errno);
}

int type_of(const UnixOptions& options) {
  return (options.socket == UnixSocket::kStream ? SOCK_STREAM : SOCK_SEQPACKET) | SOCK_CLOEXEC | SOCK_NONBLOCK;
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  return address;
}

// Takes away what an ended process has left. False: something else is there.
bool clear(const UnixOptions& options, std::string& problem) {
  struct stat found{};
  if (::lstat(options.path.c_str(), &found) != 0) return true;
  if (!S_ISSOCK(found.st_mode)) {
    problem = base::in_quotes(options.path) + " is there and is no socket; remove it, or choose another path";
    return false;
  }
  const base::Descriptor probe(::socket(AF_UNIX, type_of(options), 0));
  const sockaddr_un address = address_of(options.path);
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno != ECONNREFUSED) {
    problem = base::in_quotes(options.path) + " is another program's socket, which listens";
    return false;
  }
  ::unlink(options.path.c_str());
  return true;
}

}  // namespace

std::optional<Listener> Listener::open(const UnixOptions& options, gid_t group, std::string& problem) {
  if (const auto unsafe = base::find_untrusted(options.path, base::PathPart::kParents)) {
    problem = unsafe->text();
    return std::nullopt;
  }
  if (!clear(options, problem)) return std::nullopt;
  base::Descriptor fd(::socket(AF_UNIX, type_of(options), 0));
  const sockaddr_un address = address_of(options.path);
  // The socket's own mode is that of its name (net/unix/af_unix.c, unix_bind_bsd), less the umask.
  if (!fd || ::fchmod(fd.get(), 0600) != 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    problem = failed("make the socket " + base::in_quotes(options.path));
    return std::nullopt;
  }
  Listener listener(std::move(fd), options.path);
  struct stat made{};
  if (::lstat(options.path.c_str(), &made) != 0) {
    problem = failed("look at " + base::in_quotes(options.path));
    return std::nullopt;
  }
  listener.device_ = made.st_dev;
  listener.inode_ = made.st_ino;
  if (group != static_cast<gid_t>(-1) && ::lchown(options.path.c_str(), static_cast<uid_t>(-1), group) != 0) {
    problem = failed("give the socket to the group " + base::in_quotes(options.group)) +
              "; nauditd has to be in it: SupplementaryGroups=" + options.group + " in its unit";
    return std::nullopt;
  }
  if (::chmod(options.path.c_str(), options.mode) != 0 || ::listen(listener.fd(), SOMAXCONN) != 0) {
    problem = failed("listen at " + base::in_quotes(options.path));
    return std::nullopt;
  }
  return listener;
}

Listener::~Listener() {
  struct stat found{};
  if (!path_.empty() && ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_)
    ::unlink(path_.c_str());
}

}  // namespace naudit::output
