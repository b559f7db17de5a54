// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/control/actions.hpp"
#include "daemon/control/session.hpp"
#include "daemon/control/socket.hpp"

namespace naudit::daemon {

// The control socket of the daemon: takes clients, asks the kernel who they are, and runs a session for each
// (docs/control-socket.md).
//
// Owner: the daemon; the loop and the actions outlive it. Main thread only.
class ControlServer {
 public:
  // Listens. Throws base::Error.
  ControlServer(boost::asio::io_context& loop, std::string path, ControlActions& actions, ControlLimits limits = {});
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ~ControlServer() { close(); }

  // Ends all sessions and takes the socket away.
  void close();
  [[nodiscard]] std::size_t clients() const noexcept { return sessions_.size(); }

 private:
  void start_accepting();
  void on_client(const boost::system::error_code& error, ControlSession::Socket socket);

  ControlActions& actions_;
  const ControlLimits limits_;
  ControlSocket socket_;
  boost::asio::steady_timer timer_;
  std::vector<std::shared_ptr<ControlSession>> sessions_;
  std::shared_ptr<const bool> alive_ = std::make_shared<bool>(true);  // for handlers that the loop runs after our end
};

// Why this uid may not use the control socket of a daemon with the effective uid `own`; empty if it may. Pure.
std::optional<std::string> why_refused(uid_t uid, uid_t own);

}  // namespace naudit::daemon
