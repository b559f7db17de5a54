// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace naudit::daemon {

// The unix socket in the file system that clients connect to: mode 0600, in a directory that is made with 0750 if it is
// missing. What a dead daemon left is replaced; a socket that somebody listens at is an error that names him, and so is
// anything that is no socket.
//
// Owner: the control server. Main thread. Goes from the file system with the object, unless another has taken its
// place.
class ControlSocket {
 public:
  using Protocol = boost::asio::local::stream_protocol;

  // Throws base::Error where a socket cannot be at this path. Makes nothing.
  static void check(const std::string& path);

  // Throws base::Error.
  ControlSocket(boost::asio::io_context& loop, std::string path);
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;
  ~ControlSocket() { close(); }

  [[nodiscard]] Protocol::acceptor& acceptor() noexcept { return acceptor_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  void close();

 private:
  void make_directory() const;
  void replace_dead(boost::asio::io_context& loop) const;
  void bind();

  std::string path_;
  Protocol::acceptor acceptor_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace naudit::daemon
