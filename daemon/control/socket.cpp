// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"
#include "daemon/control/peer.hpp"

namespace naudit::daemon {
namespace {

constexpr mode_t kDirectoryMode = 0750;
constexpr mode_t kSocketMode = 0600;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw base::Error("the control socket " + base::in_quotes(path) + ": " + why);
}

[[noreturn]] void refuse(const std::string& path, const std::string& what, const std::error_code& error) {
  refuse(path, what + ": " + error.message() + "; make room for it or set another daemon.control_socket");
}

std::error_code last_error() {
  return {errno, std::system_category()};
}

}  // namespace

void ControlSocket::check(const std::string& path) {
  if (path.empty() || path.front() != '/') refuse(path, "the path has to be absolute");
  // sun_path of unix(7), with its end.
  constexpr std::size_t kMost = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > kMost)
    refuse(path, "the path has " + std::to_string(path.size()) + " bytes, the kernel takes " + std::to_string(kMost));
  struct stat found{};
  if (lstat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) refuse(path, "cannot look at it", last_error());
  } else if (!S_ISSOCK(found.st_mode)) {
    refuse(path, "there is a file of this name that is no socket; move it away or set another daemon.control_socket");
  }
}

ControlSocket::ControlSocket(boost::asio::io_context& loop, std::string path)
    : path_(std::move(path)), acceptor_(loop) {
  check(path_);
  make_directory();
  replace_dead(loop);
  bind();
}

void ControlSocket::make_directory() const {
  const std::filesystem::path directory = std::filesystem::path(path_).parent_path();
  std::error_code error;
  if (std::filesystem::exists(directory, error)) return;
  std::filesystem::create_directories(directory.parent_path(), error);
  if (error) refuse(path_, "cannot make the directories above it", error);
  if (mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST)
    refuse(path_, "cannot make its directory", last_error());
}

void ControlSocket::replace_dead(boost::asio::io_context& loop) const {
  struct stat found{};
  if (lstat(path_.c_str(), &found) != 0) return;
  boost::system::error_code error;
  Protocol::socket probe(loop);
  probe.open(Protocol(), error);
  if (!error) probe.non_blocking(true, error);
  if (!error) probe.connect(Protocol::endpoint(path_), error);
  if (error == boost::asio::error::connection_refused) {
    if (unlink(path_.c_str()) != 0 && errno != ENOENT)
      refuse(path_, "cannot remove what a dead daemon left", last_error());
    return;
  }
  const pid_t pid = error ? 0 : peer_of(probe.native_handle()).pid;
  refuse(path_, "another nauditd" + (pid > 0 ? " (pid " + std::to_string(pid) + ")" : std::string()) +
                    " listens there; stop that one or set another daemon.control_socket");
}

void ControlSocket::bind() {
  boost::system::error_code error;
  acceptor_.open(Protocol(), error);
  if (error) refuse(path_, "cannot make a socket", error);
  // On Linux bind() gives the file the mode that the socket has (unix_bind in net/unix/af_unix.c), less the umask. So
  // nobody can connect between bind() and a chmod(), and the umask of the process stays as it is.
  if (fchmod(acceptor_.native_handle(), kSocketMode) != 0) refuse(path_, "cannot set its mode", last_error());
  acceptor_.bind(Protocol::endpoint(path_), error);
  if (error) refuse(path_, "cannot make it", error);
  struct stat made{};
  if (lstat(path_.c_str(), &made) == 0) {
    device_ = made.st_dev;
    inode_ = made.st_ino;
  }
  acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) refuse(path_, "cannot listen", error);
}

void ControlSocket::close() {
  if (!acceptor_.is_open()) return;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  struct stat found{};
  if (inode_ != 0 && lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_)
    static_cast<void>(unlink(path_.c_str()));
}

}  // namespace naudit::daemon
