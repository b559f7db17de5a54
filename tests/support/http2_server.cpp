// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/http2_server.hpp"

#include <csignal>
#include <stdexcept>
#include <vector>

#include "tests/support/listening_port.hpp"

namespace naudit::tests {

Http2Server::Http2Server(const Identity& identity)
    : program_({"/usr/sbin/nghttpd", "-v", "--address=127.0.0.1", "--echo-upload", "0", identity.key,
                identity.certificate}) {
  while (log_.find("listen") == std::string::npos) {
    const std::string line = program_.line();
    if (line.empty()) throw std::runtime_error("nghttpd does not start: " + log_);
    log_ += line;
  }
  port_ = listening_port(program_.pid(), Listening::kTcp);
  if (port_ == 0) throw std::runtime_error("nghttpd listens nowhere: " + log_);
  reader_ = std::thread([this] {
    try {
      log_ += program_.rest();
    } catch (const std::runtime_error&) {
      log_ += "(silent for too long)";
    }
  });
}

Http2Server::~Http2Server() {
  end();
}

const std::string& Http2Server::end() {
  if (reader_.joinable()) {
    program_.signal(SIGTERM);
    reader_.join();
  }
  return log_;
}

}  // namespace naudit::tests
