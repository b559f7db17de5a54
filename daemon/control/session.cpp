// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/session.hpp"

#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "base/units.hpp"
#include "daemon/control/answer.hpp"

namespace naudit::daemon {

using boost::system::error_code;

ControlSession::ControlSession(Socket socket, Peer who, ControlActions& actions, const ControlLimits& limits,
                               OnEnd on_end)
    : socket_(std::move(socket)),
      who_(std::move(who)),
      timer_(socket_.get_executor()),
      actions_(actions),
      limits_(limits),
      on_end_(std::move(on_end)) {}

void ControlSession::start() {
  start_reading();
}

void ControlSession::refuse(std::string_view error) {
  is_refused_ = true;
  answer(error_answer(error), true);
}

void ControlSession::start_reading() {
  arm_timer(true);
  boost::asio::async_read_until(
      socket_, boost::asio::dynamic_buffer(input_, limits_.request_bytes + 1), '\n',
      [self = shared_from_this()](const error_code& error, std::size_t size) { self->on_request(error, size); });
}

void ControlSession::on_request(ErrorCode error, std::size_t size) {
  // A request that comes while the client is told that it took too long is too late.
  if (!socket_.is_open() || is_refused_) return;
  disarm_timer();
  if (error == boost::asio::error::not_found)
    return refuse("the request is longer than " + base::size_text(limits_.request_bytes));
  if (error == boost::asio::error::eof && !input_.empty()) return refuse("the request has to end with a newline");
  if (error) return end();
  auto request = parse_control_request(std::string_view(input_).substr(0, size - 1));
  input_.erase(0, size);
  if (!request) return answer(error_answer(request.error()), false);
  try {
    act(std::move(*request));
  } catch (const std::exception& failure) {
    answer(error_answer(failure.what()), false);
  }
}

// A client that has hung up meanwhile is answered no more.
Reply ControlSession::reply(std::string_view name) {
  return [self = shared_from_this(), name](const Outcome& outcome) {
    if (!self->socket_.is_open()) return;
    self->answer(!outcome           ? error_answer(outcome.error())
                 : outcome->empty() ? ok_answer()
                                    : ok_answer(name, *outcome),
                 false);
  };
}

void ControlSession::act(ControlRequest request) {
  const ControlCommand& command = *request.command;
  if (command.act == nullptr) return start_tail(std::move(request));
  (actions_.*command.act)(who_, reply(command.name));
}

void ControlSession::start_tail(ControlRequest request) {
  auto wake = [session = weak_from_this(), executor = socket_.get_executor()] {
    boost::asio::post(executor, [session] {
      if (const auto self = session.lock()) self->on_wake();
    });
  };
  auto tail = std::make_shared<TailSink>(
      TailSink::Options{.format = request.format, .most_bytes = limits_.tail_bytes, .count = request.count},
      std::move(wake));
  auto started = [self = shared_from_this(), tail, reply = reply("tail")](const Outcome& outcome) {
    if (!outcome) {
      tail->end();
    } else if (!self->socket_.is_open()) {
      tail->end();
      self->actions_.remove_tail(tail.get());
    } else {
      self->tail_ = tail;
    }
    reply(outcome);
  };
  actions_.add_tail(who_, std::move(tail), std::move(request.format), std::move(request.filter), std::move(started));
}

void ControlSession::answer(std::string text, bool is_last) {
  output_ = std::move(text);
  arm_timer(false);
  boost::asio::async_write(socket_, boost::asio::buffer(output_),
                           [self = shared_from_this(), is_last](const error_code& error, std::size_t /*size*/) {
                             self->on_answered(error, is_last);
                           });
}

void ControlSession::on_answered(ErrorCode error, bool is_last) {
  if (!socket_.is_open()) return;
  disarm_timer();
  if (error || is_last) return end();
  if (tail_)
    start_streaming();
  else
    start_reading();
}

void ControlSession::start_streaming() {
  is_streaming_ = true;
  // Nothing more is expected from the client: whatever comes, bytes or a hang-up, is its end.
  socket_.async_read_some(boost::asio::buffer(ignored_),
                          [self = shared_from_this()](const error_code& /*error*/, std::size_t /*size*/) {
                            if (self->socket_.is_open()) self->end();
                          });
  write_piece();
}

void ControlSession::on_wake() {
  if (is_streaming_ && !is_writing_ && socket_.is_open()) write_piece();
}

void ControlSession::write_piece() {
  if (!tail_->take(piece_)) return;
  is_writing_ = true;
  std::vector<boost::asio::const_buffer> buffers;
  buffers.reserve(piece_.bytes.size());
  for (const std::string_view part : piece_.bytes) buffers.emplace_back(part.data(), part.size());
  boost::asio::async_write(
      socket_, buffers,
      [self = shared_from_this()](const error_code& error, std::size_t /*size*/) { self->on_piece_written(error); });
}

void ControlSession::on_piece_written(ErrorCode error) {
  is_writing_ = false;
  if (!socket_.is_open()) return;
  if (!error) tail_->written(piece_);
  if (error || piece_.is_last) return end();
  write_piece();
}

void ControlSession::arm_timer(bool is_reading) {
  timer_.expires_after(limits_.idle);
  timer_.async_wait([weak = weak_from_this(), is_reading](const error_code& error) {
    const auto self = weak.lock();
    // A timer that had fired before it was disarmed or armed anew has nothing to say any more.
    if (error || !self || !self->socket_.is_open() || self->timer_.expiry() > std::chrono::steady_clock::now()) return;
    if (!is_reading) return self->end();
    self->refuse("no request came within " + base::duration_text(self->limits_.idle));
  });
}

// Unlike cancel() this also silences a wait that has fired already and only waits for its turn.
void ControlSession::disarm_timer() {
  timer_.expires_at(std::chrono::steady_clock::time_point::max());
}

void ControlSession::close() {
  if (!socket_.is_open()) return;
  on_end_ = nullptr;
  end();
}

void ControlSession::end() {
  error_code ignored;
  timer_.cancel();
  socket_.close(ignored);
  if (tail_) {
    tail_->end();
    actions_.remove_tail(tail_.get());
  }
  if (const OnEnd on_end = std::exchange(on_end_, nullptr)) on_end(this);
}

}  // namespace naudit::daemon
