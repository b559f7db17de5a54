// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/collector.hpp"

#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/thread.hpp"
#include "base/utf8.hpp"
#include "config/values.hpp"
#include "config/vocabulary.hpp"
#include "daemon/collector/client_session.hpp"
#include "daemon/collector/source_tls.hpp"

namespace naudit::daemon {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

// Behind a failed accept(), for want of descriptors as a rule: time for some to come free.
constexpr std::chrono::milliseconds kAfterFailure{200};
// News in a second: clients that come and go all the time do not fill the log.
constexpr int kMostNews = 20;

// As a value of a record, without blanks and quotes.
std::string as_value(std::string_view text) {
  std::string value(text.substr(0, 255));
  for (char& c : value)
    if (c <= ' ' || c >= '\x7f' || c == '"' || c == '\'') c = '_';
  return value.empty() ? "?" : value;
}

}  // namespace

std::string news_record(const SourceNews& news) {
  using Kind = SourceNews::Kind;
  const std::string_view op = news.kind == Kind::kAccepted  ? "accept"
                              : news.kind == Kind::kRefused ? "refuse"
                              : news.kind == Kind::kClosed  ? "close"
                              : news.kind == Kind::kBroken  ? "break"
                                                            : "reject";
  const bool is_well = news.kind == Kind::kAccepted || news.kind == Kind::kClosed;
  return fmt::format("op=client-{} source={} addr={} port={} client={} res={}", op, news.source, as_value(news.address),
                     news.port, as_value(news.client), is_well ? "success" : "failed");
}

struct Collector::Loop {
  std::shared_ptr<boost::asio::io_context> context = std::make_shared<boost::asio::io_context>(1);
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context->get_executor()};
  std::thread thread;
};

// One source. Its functions are for the collector's thread, except status().
class Collector::Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(const config::Source& settings, const config::Events& events, const std::vector<std::string>& own_names,
           std::shared_ptr<boost::asio::io_context> loop)
      : source_(std::make_shared<ClientSession::Source>(settings, events, own_names, tls_context_of(settings), loop)),
        acceptor_(*loop),
        timer_(*loop) {
    listen();
  }

  void start(Handlers handlers) {
    source_->deliver = std::move(handlers.deliver);
    tell_ = std::move(handlers.tell);
    const std::weak_ptr<Listener> weak = weak_from_this();
    source_->on_open = [weak](ClientSession& session) {
      if (const auto self = weak.lock()) self->on_open(session);
    };
    source_->on_end = [weak](ClientSession& session, ClientSession::End how, const std::string& why) {
      if (const auto self = weak.lock()) self->on_end(session, how, why);
    };
    source_->on_reject = [weak](ClientSession& session, const std::string& what) {
      if (const auto self = weak.lock())
        self->tell(SourceNews::Kind::kRejected, session, "no record in " + base::in_quotes(base::shown(what)));
    };
    source_->on_room = [weak] {
      if (const auto self = weak.lock()) self->resume();
    };
    accept();
  }

  // Calls back when the last client has gone.
  void begin_stop(std::function<void()> then) {
    error_code ignored;
    acceptor_.close(ignored);
    timer_.cancel();
    when_empty_ = std::move(then);
    const auto sessions = sessions_;
    for (const auto& session : sessions) session->begin_stop();
    if (sessions_.empty() && when_empty_) std::exchange(when_empty_, nullptr)();
  }
  void end() {
    error_code ignored;
    acceptor_.close(ignored);
    timer_.cancel();
    const auto sessions = sessions_;
    for (const auto& session : sessions) session->end(ClientSession::End::kStopped, "nauditd stops");
  }

  [[nodiscard]] std::uint16_t port() const { return address_.port(); }
  [[nodiscard]] SourceStatus status() const {
    SourceStatus status;
    status.name = source_->settings.name;
    status.type = config::word_of(source_->settings.type, config::kSourceTypes);
    status.listen = address_.address().is_v6() ? fmt::format("[{}]:{}", address_.address().to_string(), address_.port())
                                               : fmt::format("{}:{}", address_.address().to_string(), address_.port());
    base::read_counters(kSourceCounters, source_->counters, status.readings);
    const std::lock_guard lock(mutex_);
    status.last_error = last_error_;
    return status;
  }

 private:
  void listen() {
    const config::Source& settings = source_->settings;
    const std::size_t colon = settings.listen.rfind(':');
    std::string host = settings.listen.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    error_code error;
    const auto port = static_cast<std::uint16_t>(std::stoul(settings.listen.substr(colon + 1)));
    address_ = tcp::endpoint(boost::asio::ip::make_address(host, error), port);
    if (!error) acceptor_.open(address_.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    // "[::]" takes clients with IPv4, too.
    if (!error && address_.address().is_v6()) acceptor_.set_option(boost::asio::ip::v6_only(false), error);
    if (!error) acceptor_.bind(address_, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    if (!error) address_ = acceptor_.local_endpoint(error);
    if (error)
      throw base::Error("source '" + settings.name + "': listen: cannot listen at " + settings.listen + ": " +
                        error.message());
  }

  void accept() {
    acceptor_.async_accept(peer_, [weak = weak_from_this()](const error_code& error, tcp::socket socket) {
      const auto self = weak.lock();
      if (!self || !self->acceptor_.is_open()) return;
      if (!error) {
        self->take(std::move(socket));
        return self->accept();
      }
      self->timer_.expires_after(kAfterFailure);
      self->timer_.async_wait([weak](const error_code& cancelled) {
        if (const auto again = weak.lock(); !cancelled && again && again->acceptor_.is_open()) again->accept();
      });
    });
  }

  void take(tcp::socket socket) {
    const auto session = std::make_shared<ClientSession>(std::move(socket), peer_, source_);
    std::uint32_t& of_address = by_address_[session->address()];
    ++of_address;
    sessions_.insert(session);
    if (sessions_.size() > source_->settings.max_connections)
      return session->end(ClientSession::End::kRefused, "there are as many clients as max_connections allows");
    if (of_address > source_->settings.max_per_address)
      return session->end(ClientSession::End::kRefused, "its address has as many as max_per_address allows");
    session->start();
  }

  void on_open(ClientSession& session) {
    source_->counters.accepted.add(1);
    source_->counters.clients.add(1);
    open_.insert(&session);
    tell(SourceNews::Kind::kAccepted, session, {});
  }

  void on_end(ClientSession& session, ClientSession::End how, const std::string& why) {
    using End = ClientSession::End;
    const auto self = shared_from_this();
    const auto keep = session.shared_from_this();
    sessions_.erase(keep);
    if (const auto found = by_address_.find(session.address()); found != by_address_.end() && --found->second == 0)
      by_address_.erase(found);
    if (open_.erase(&session) > 0) source_->counters.clients.subtract(1);
    if (how == End::kRefused) source_->counters.refused.add(1);
    if (how == End::kBroken) source_->counters.broken.add(1);
    tell(how == End::kRefused  ? SourceNews::Kind::kRefused
         : how == End::kBroken ? SourceNews::Kind::kBroken
                               : SourceNews::Kind::kClosed,
         session, why);
    if (sessions_.empty() && when_empty_) std::exchange(when_empty_, nullptr)();
  }

  void resume() {
    const auto sessions = sessions_;
    for (const auto& session : sessions) session->resume();
  }

  void tell(SourceNews::Kind kind, const ClientSession& session, const std::string& why) {
    if (kind != SourceNews::Kind::kAccepted && kind != SourceNews::Kind::kClosed) {
      const std::lock_guard lock(mutex_);
      last_error_ = session.who() + ": " + base::shown(why);
    }
    const Clock::time_point now = Clock::now();
    if (now - news_since_ >= std::chrono::seconds{1}) {
      news_since_ = now;
      news_ = 0;
    }
    if (++news_ > kMostNews) {
      ++not_told_;
      return;
    }
    tell_({.kind = kind,
           .source = source_->settings.name,
           .address = session.address(),
           .port = session.port(),
           .client = session.who(),
           .why = base::shown(why),
           .not_told = std::exchange(not_told_, 0)});
  }

  std::shared_ptr<ClientSession::Source> source_;
  std::function<void(const SourceNews&)> tell_;
  tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  tcp::endpoint address_;
  tcp::endpoint peer_;  // of the one that comes next
  std::set<std::shared_ptr<ClientSession>> sessions_;
  std::set<const ClientSession*> open_;  // of these, those that were let in
  std::map<std::string, std::uint32_t> by_address_;
  std::function<void()> when_empty_;
  Clock::time_point news_since_{};
  int news_ = 0;
  std::uint64_t not_told_ = 0;
  mutable std::mutex mutex_;
  std::string last_error_;
};

Collector::Collector(const std::vector<config::Source>& sources, const config::Events& events,
                     const std::vector<std::string>& own_names)
    : loop_(std::make_shared<Loop>()) {
  for (const config::Source& source : sources)
    listeners_.push_back(std::make_shared<Listener>(source, events, own_names, loop_->context));
}

Collector::~Collector() {
  stop(std::chrono::milliseconds{0});
}

void Collector::start(Handlers handlers) {
  for (const auto& listener : listeners_)
    boost::asio::post(*loop_->context, [listener, handlers] { listener->start(handlers); });
  loop_->thread = base::start_thread("naudit-collect", [context = loop_->context] { context->run(); });
}

void Collector::stop(std::chrono::milliseconds at_most) {
  if (!loop_->thread.joinable()) return;
  const auto deadline = Clock::now() + at_most;
  std::vector<std::future<void>> empty;
  for (const auto& listener : listeners_) {
    const auto done = std::make_shared<std::promise<void>>();
    empty.push_back(done->get_future());
    boost::asio::post(*loop_->context, [listener, done] { listener->begin_stop([done] { done->set_value(); }); });
  }
  for (const std::future<void>& one : empty) static_cast<void>(one.wait_until(deadline));
  // Every socket and timer is closed then, and the loop ends by itself: what its handlers hold goes with them.
  boost::asio::post(*loop_->context, [listeners = listeners_] {
    for (const auto& listener : listeners) listener->end();
  });
  loop_->work.reset();
  loop_->thread.join();
}

std::vector<SourceStatus> Collector::status() const {
  std::vector<SourceStatus> all;
  for (const auto& listener : listeners_) all.push_back(listener->status());
  return all;
}

std::uint16_t Collector::port(std::size_t source) const {
  return listeners_.at(source)->port();
}

}  // namespace naudit::daemon
