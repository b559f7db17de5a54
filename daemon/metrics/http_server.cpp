// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/metrics/http_server.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"
#include "daemon/metrics/scrape_request.hpp"

namespace naudit::daemon {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

// Behind a failed accept(), for want of descriptors as a rule: time for some to come free.
constexpr std::chrono::seconds kAfterFailure{1};

}  // namespace

// All that handlers need. Of the sessions it holds those that are open.
struct MetricsServer::State {
  State(boost::asio::io_context& loop, Gather how, MetricsLimits what)
      : gather(std::move(how)), limits(what), acceptor(loop), timer(loop) {}

  Gather gather;
  MetricsLimits limits;
  tcp::acceptor acceptor;
  boost::asio::steady_timer timer;
  std::deque<std::shared_ptr<Session>> sessions;  // the oldest first
  std::vector<std::weak_ptr<Session>> waiting;    // for the text
  bool is_gathering = false;
  std::string text;
  Clock::time_point gathered{};

  void give_text(const std::shared_ptr<State>& self, const std::shared_ptr<Session>& session);
  void on_text(std::string gathered_text);
  void remove(const Session* session);
  void close();
};

class MetricsServer::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const std::shared_ptr<State>& state)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), state_(state) {}

  void start(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([weak = weak_from_this()](const error_code& error) {
      if (const auto self = weak.lock(); self && !error) self->end();
    });
    read();
  }

  void answer(std::string_view text) {
    if (!socket_.is_open()) return;
    output_ = scrape_answer(wants_, request_.is_head(), text);
    boost::asio::async_write(socket_, boost::asio::buffer(output_),
                             [self = shared_from_this()](const error_code& error, std::size_t /*size*/) {
                               if (!error) self->hang_up();
                               if (error) self->end();
                             });
  }

  void close() {
    error_code ignored;
    timer_.cancel();
    socket_.close(ignored);
  }

 private:
  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_),
                            [self = shared_from_this()](const error_code& error, std::size_t size) {
                              if (self->socket_.is_open()) self->on_bytes(error, {self->buffer_.data(), size});
                            });
  }

  void on_bytes(const error_code& error, std::string_view bytes) {
    if (error) return end();
    wants_ = request_.take(bytes);
    if (wants_ == ScrapeRequest::Wants::kMore) return read();
    const auto state = state_.lock();
    if (!state) return end();
    if (wants_ == ScrapeRequest::Wants::kMetrics)
      state->give_text(state, shared_from_this());
    else
      answer({});
  }

  // A socket that is closed with bytes unread is reset, and the client may lose the answer: what it still sends is
  // taken until it has read and hung up, within the same time.
  void hang_up() {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    drain();
  }
  void drain() {
    if (!socket_.is_open()) return;
    socket_.async_read_some(boost::asio::buffer(buffer_),
                            [self = shared_from_this()](const error_code& error, std::size_t /*size*/) {
                              if (error)
                                self->end();
                              else
                                self->drain();
                            });
  }

  void end() {
    close();
    if (const auto state = state_.lock()) state->remove(this);
  }

  tcp::socket socket_;
  boost::asio::steady_timer timer_;
  std::weak_ptr<State> state_;
  ScrapeRequest request_;
  ScrapeRequest::Wants wants_ = ScrapeRequest::Wants::kMore;
  std::array<char, 4096> buffer_{};
  std::string output_;
};

void MetricsServer::State::give_text(const std::shared_ptr<State>& self, const std::shared_ptr<Session>& session) {
  if (!text.empty() && Clock::now() - gathered < limits.fresh) return session->answer(text);
  waiting.push_back(session);
  if (std::exchange(is_gathering, true)) return;
  gather([weak = std::weak_ptr(self)](std::string gathered_text) {
    if (const auto state = weak.lock()) state->on_text(std::move(gathered_text));
  });
}

void MetricsServer::State::on_text(std::string gathered_text) {
  is_gathering = false;
  text = std::move(gathered_text);
  gathered = Clock::now();
  for (const auto& one : std::exchange(waiting, {}))
    if (const auto session = one.lock()) session->answer(text);
}

void MetricsServer::State::remove(const Session* session) {
  std::erase_if(sessions, [session](const auto& one) { return one.get() == session; });
  std::erase_if(waiting, [](const auto& one) { return one.expired(); });
}

void MetricsServer::State::close() {
  error_code ignored;
  acceptor.close(ignored);
  timer.cancel();
  for (const auto& session : std::exchange(sessions, {})) session->close();
}

MetricsServer::MetricsServer(boost::asio::io_context& loop, const std::string& address, std::uint16_t port,
                             Gather gather, MetricsLimits limits)
    : state_(std::make_shared<State>(loop, std::move(gather), limits)) {
  error_code error;
  const tcp::endpoint endpoint(boost::asio::ip::make_address(address, error), port);
  tcp::acceptor& acceptor = state_->acceptor;
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error)
    throw base::Error("metrics.listen: cannot listen at " + address + " port " + std::to_string(port) + ": " +
                      error.message());
  start_accepting(state_);
}

MetricsServer::~MetricsServer() {
  state_->close();
}

std::uint16_t MetricsServer::port() const {
  return state_->acceptor.local_endpoint().port();
}

void MetricsServer::start_accepting(const std::shared_ptr<State>& state) {
  state->acceptor.async_accept([weak = std::weak_ptr(state)](const error_code& error, tcp::socket socket) {
    const auto self = weak.lock();
    if (!self || !self->acceptor.is_open()) return;
    if (error) {
      self->timer.expires_after(kAfterFailure);
      self->timer.async_wait([weak](const error_code& cancelled) {
        const auto again = weak.lock();
        if (!cancelled && again && again->acceptor.is_open()) start_accepting(again);
      });
      return;
    }
    while (self->sessions.size() >= self->limits.clients) {
      self->sessions.front()->close();
      self->sessions.pop_front();
    }
    self->sessions.push_back(std::make_shared<Session>(std::move(socket), self));
    self->sessions.back()->start(self->limits.time);
    start_accepting(self);
  });
}

}  // namespace naudit::daemon
