// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/server.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

#include <boost/asio/error.hpp>

namespace naudit::daemon {
namespace {

// Behind a failed accept(), for want of descriptors as a rule: time for some to come free.
constexpr std::chrono::seconds kAfterFailure{1};

}  // namespace

using boost::system::error_code;

std::optional<std::string> why_refused(uid_t uid, uid_t own) {
  if (uid == 0 || uid == own) return std::nullopt;
  return "uid " + std::to_string(uid) + " may not use this socket, only root may; run it with sudo";
}

ControlServer::ControlServer(boost::asio::io_context& loop, std::string path, ControlActions& actions,
                             ControlLimits limits)
    : actions_(actions), limits_(limits), socket_(loop, std::move(path)), timer_(loop) {
  start_accepting();
}

void ControlServer::start_accepting() {
  socket_.acceptor().async_accept(
      [this, alive = std::weak_ptr(alive_)](const error_code& error, ControlSession::Socket socket) {
        if (!alive.expired()) on_client(error, std::move(socket));
      });
}

void ControlServer::on_client(const error_code& error, ControlSession::Socket socket) {
  if (!socket_.acceptor().is_open()) return;
  if (error) {
    timer_.expires_after(kAfterFailure);
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const error_code& cancelled) {
      if (!cancelled && !alive.expired() && socket_.acceptor().is_open()) start_accepting();
    });
    return;
  }
  Peer who = peer_of(socket.native_handle());
  const auto refusal = why_refused(who.uid, geteuid());
  const bool is_full = sessions_.size() >= limits_.clients;
  const auto session = std::make_shared<ControlSession>(
      std::move(socket), std::move(who), actions_, limits_, [this](const ControlSession* ended) {
        std::erase_if(sessions_, [ended](const auto& one) { return one.get() == ended; });
      });
  sessions_.push_back(session);
  if (refusal)
    session->refuse(*refusal);
  else if (is_full)
    session->refuse("there are " + std::to_string(limits_.clients) + " clients already; try again later");
  else
    session->start();
  start_accepting();
}

void ControlServer::close() {
  socket_.close();
  timer_.cancel();
  for (const auto& session : std::exchange(sessions_, {})) session->close();
}

}  // namespace naudit::daemon
