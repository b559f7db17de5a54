// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include "daemon/control/actions.hpp"
#include "daemon/control/request.hpp"
#include "daemon/control/tail_sink.hpp"

namespace naudit::daemon {

// What the clients of the control socket can take of the daemon.
struct ControlLimits {
  std::size_t clients = 16;
  std::size_t request_bytes = std::size_t{64} * 1024;
  std::uint64_t tail_bytes = std::uint64_t{1024} * 1024;  // queued for one slow reader
  std::chrono::milliseconds idle{30'000};                 // for a whole request to come, and for an answer to be taken
};

// One client of the control socket: reads a request, answers it, reads the next; after `tail` writes events until the
// client hangs up.
//
// Owner: the control server, and the handlers and answers under way. Main thread only. A client can end its own
// session, nothing else: whatever an action throws is its answer.
class ControlSession : public std::enable_shared_from_this<ControlSession> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;
  using OnEnd = std::function<void(const ControlSession*)>;

  // `on_end` is called once, when the session is over, but not from within close() of the owner.
  ControlSession(Socket socket, Peer who, ControlActions& actions, const ControlLimits& limits, OnEnd on_end);

  void start();
  // Answers with this error, whatever is asked, and ends.
  void refuse(std::string_view error);
  // Ends at once.
  void close();

 private:
  using ErrorCode = const boost::system::error_code&;

  void start_reading();
  void on_request(ErrorCode error, std::size_t size);
  void act(ControlRequest request);
  void start_tail(ControlRequest request);
  Reply reply(std::string_view name);

  void answer(std::string text, bool is_last);
  void on_answered(ErrorCode error, bool is_last);
  void start_streaming();
  void on_wake();
  void write_piece();
  void on_piece_written(ErrorCode error);

  void arm_timer(bool is_reading);
  void disarm_timer();
  void end();

  Socket socket_;
  const Peer who_;
  boost::asio::steady_timer timer_;
  ControlActions& actions_;
  const ControlLimits limits_;
  OnEnd on_end_;
  std::string input_;
  std::string output_;
  std::array<char, 64> ignored_{};
  std::shared_ptr<TailSink> tail_;
  TailPiece piece_;
  bool is_refused_ = false;
  bool is_streaming_ = false;
  bool is_writing_ = false;
};

}  // namespace naudit::daemon
