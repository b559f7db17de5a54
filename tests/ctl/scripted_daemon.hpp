// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/temp_dir.hpp"

namespace naudit::tests {

// Takes one client for each answer, reads one line, writes the answer, and hangs up; or writes nothing, and waits for
// the client to hang up. A client of several requests gets an answer of several parts, with kNextRequest between them.
class ScriptedDaemon {
 public:
  static constexpr char kNextRequest = '\0';

  explicit ScriptedDaemon(std::string answer) : ScriptedDaemon(std::vector<std::string>{std::move(answer)}) {}
  explicit ScriptedDaemon(std::vector<std::string> answers)
      : path_(directory_.file("control.sock")),
        acceptor_(loop_, boost::asio::local::stream_protocol::endpoint(path_)),
        thread_([this, answers = std::move(answers)] {
          for (const std::string& answer : answers) serve(answer);
        }) {}
  ScriptedDaemon(const ScriptedDaemon&) = delete;
  ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;
  ~ScriptedDaemon() {
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // What the clients have asked, once the last one has gone.
  const std::string& request() {
    thread_.join();
    return request_;
  }

 private:
  void serve(const std::string& answer) {
    boost::system::error_code error;
    boost::asio::local::stream_protocol::socket client(loop_);
    acceptor_.accept(client, error);
    for (std::string_view rest = answer;;) {
      std::string line;
      boost::asio::read_until(client, boost::asio::dynamic_buffer(line), '\n', error);
      request_ += line;
      const std::string_view part = rest.substr(0, rest.find(kNextRequest));
      boost::asio::write(client, boost::asio::buffer(part.data(), part.size()), error);
      if (part.size() == rest.size()) break;
      rest.remove_prefix(part.size() + 1);
    }
    std::string unused;
    if (answer.empty()) boost::asio::read(client, boost::asio::dynamic_buffer(unused), error);
  }

  TempDir directory_;
  std::string path_;
  boost::asio::io_context loop_{1};
  boost::asio::local::stream_protocol::acceptor acceptor_;
  std::string request_;
  std::thread thread_;
};

}  // namespace naudit::tests
