// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <rapidjson/document.h>

namespace CLI {
class App;
}

namespace naudit::ctl {

// What a stream does from time to time, until it returns false, which ends the stream. every = 0: nothing.
struct StreamTick {
  std::chrono::milliseconds every{0};
  std::function<bool()> call;
  bool at_once = false;  // for the first time when the stream begins, and signals are taken care of
  // The terminal on standard input has something typed, or has another size (SIGWINCH). If set, SIGHUP and SIGQUIT end
  // the stream in order, too.
  std::function<bool()> on_terminal = nullptr;
};

// An answer, which is an object: false for what is none, or is nested as no answer is. Linear, and as deep as that
// only.
bool parse_answer(std::string_view text, rapidjson::Document& answer);

// The daemon, over its control socket (docs/control-socket.md). Owner: one subcommand. One thread.
//
// Everything that goes wrong is a base::Error whose text a person can act on: no daemon, no permission, no answer,
// and what the daemon answers with "ok":false.
class ControlClient {
 public:
  // How long an answer may take; a reload with many rules is the slowest.
  static constexpr std::chrono::seconds kPatience{60};

  explicit ControlClient(std::string path, std::chrono::milliseconds patience = kPatience);

  // Sends one JSON object and waits for the answer.
  rapidjson::Document ask(std::string_view request);

  // After `tail`: hands on what comes, until the daemon hangs up, `take` returns false, or SIGINT or SIGTERM comes.
  // True if the stream ended by the daemon.
  bool stream(const std::function<bool(std::string_view)>& take, const StreamTick& tick = {});

 private:
  using Protocol = boost::asio::local::stream_protocol;

  std::string read_line();
  [[noreturn]] void fail_to_connect(const boost::system::error_code& error) const;

  std::string path_;
  std::chrono::milliseconds patience_;
  boost::asio::io_context loop_{1};
  Protocol::socket socket_{loop_};
  std::string input_;
};

// --socket, or NAUDIT_SOCKET, or /run/naudit/control.sock.
void add_socket_option(CLI::App& command, std::string& path);

}  // namespace naudit::ctl
