// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/daemon/running_server.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace naudit::tests {

void FakeDaemon::reload(const daemon::Peer& who, daemon::Reply reply) {
  std::unique_lock lock(mutex_);
  who_ = who;
  if (is_reload_held_) {
    held_reload_ = std::move(reply);
    lock.unlock();
    changed_.notify_all();
    return;
  }
  reply(reload_problems_ ? daemon::Outcome(tl::unexpect, *reload_problems_) : daemon::Outcome());
}

void FakeDaemon::add_tail(const daemon::Peer& who, std::shared_ptr<output::Sink> sink, std::string format,
                          config::Filter filter, daemon::Reply reply) {
  if (format == "raw") return reply(tl::unexpected<std::string>("this daemon has no raw"));
  {
    const std::lock_guard lock(mutex_);
    who_ = who;
    tail_ = std::move(sink);
    filter_ = std::move(filter);
  }
  reply({});
  changed_.notify_all();
}

void FakeDaemon::remove_tail(const output::Sink* sink) {
  {
    const std::lock_guard lock(mutex_);
    if (tail_.get() == sink) tail_ = nullptr;
  }
  changed_.notify_all();
}

Client::Client(const std::string& path) : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    close(fd_);
    throw std::runtime_error(std::string("connect: ") + std::strerror(error));  // NOLINT(concurrency-mt-unsafe)
  }
}

// The server may have hung up already; what it said is still to be read.
void Client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string Client::line() {
  while (input_.find('\n') == std::string::npos) {
    std::array<char, 65536> buffer{};
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server says nothing");
    if (got <= 0) return std::exchange(input_, {});
    input_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  const std::size_t end = input_.find('\n') + 1;
  std::string line = input_.substr(0, end);
  input_.erase(0, end);
  return line;
}

void Client::end_sending() const {
  shutdown(fd_, SHUT_WR);
}

void Client::hang_up() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

}  // namespace naudit::tests
