// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/config.hpp"
#include "correlate/event.hpp"
#include "daemon/collector/client_link.hpp"
#include "daemon/collector/feed.hpp"
#include "daemon/collector/protocol.hpp"
#include "daemon/collector/source_status.hpp"
#include "output/receipt.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's
}

namespace naudit::daemon {

// One client of a source, from its accept() to its end.
//
// A message is answered when all events that were whole when it had been read are accepted (output::Receipt), and in
// the order of the messages. So the answer to a record in the middle of an event, which is not yet one, does not wait
// for the event: the client of auditd's protocol would not send the rest before. Nothing is read as long as `buffer`
// bytes of the client's events are under way, or `total_buffer` bytes of all, or it does not read its answers.
//
// Owner: the source, until the session says that it has ended; its handlers keep it for longer. The collector's thread.
class ClientSession : public std::enable_shared_from_this<ClientSession> {
 public:
  enum class End : std::uint8_t {
    kClosed,   // by the client, or the network
    kRefused,  // before it was let in
    kBroken,   // by us, for what it did
    kStopped,  // by us, since we stop
  };
  // What all sessions of a source share.
  struct Source {
    Source(config::Source wanted, const config::Events& when_whole, std::vector<std::string> names,
           std::shared_ptr<boost::asio::ssl::context> context, std::shared_ptr<boost::asio::io_context> own_loop)
        : settings(std::move(wanted)),
          events(when_whole),
          own_names(std::move(names)),
          tls(std::move(context)),
          loop(std::move(own_loop)) {}

    const config::Source settings;
    const config::Events events;
    const std::vector<std::string> own_names;
    const std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain
    std::function<void(correlate::EventBatch, output::Receipt)> deliver;
    std::function<void(ClientSession&)> on_open;
    std::function<void(ClientSession&, End, const std::string& why)> on_end;  // once
    std::function<void(ClientSession&, const std::string& what)> on_reject;   // a message was left out
    std::function<void()> on_room;                                            // what was not read may be
    const std::shared_ptr<boost::asio::io_context> loop;
    correlate::EventPool pool{256};
    SourceCounters counters = {};

    [[nodiscard]] bool has_room() const noexcept { return counters.waiting_bytes.value() < settings.total_buffer; }
  };

  ClientSession(boost::asio::ip::tcp::socket socket, const boost::asio::ip::tcp::endpoint& peer,
                std::shared_ptr<Source> source);
  ~ClientSession();

  void start();
  // Nothing more is read. What is open goes out as it is; once all is accepted and answered the connection ends.
  void begin_stop();
  // There is room again for what was not read.
  void resume() { read(); }
  // At once.
  void end(End how, const std::string& why);

  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  // Who it is: its address, until it was let in.
  [[nodiscard]] const std::string& who() const noexcept { return feed_ ? feed_->identity().text() : address_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Answer {
    std::uint32_t sequence = 0;
    std::uint64_t delivery = 0;  // the last that has to be accepted before
  };
  struct Delivery {
    std::uint64_t bytes = 0;
    bool is_accepted = false;
  };

  void on_handshake(const boost::system::error_code& error);
  void read();
  void on_read(const boost::system::error_code& error, std::size_t size);
  bool take_messages();
  bool take(const ClientMessage& message, correlate::EventBatch& events);
  void deliver(correlate::EventBatch events);
  void on_accepted(std::uint64_t delivery);
  void answer();
  void write();
  void on_written(const boost::system::error_code& error);
  void end_if_done();
  void watch();
  void on_time();
  [[nodiscard]] bool may_read() const noexcept;
  [[nodiscard]] Clock::time_point deadline() const;

  const std::shared_ptr<Source> source_;
  const std::string address_;
  const std::uint16_t port_;
  std::unique_ptr<ClientLink> link_;
  std::unique_ptr<Protocol> protocol_;
  std::optional<Feed> feed_;  // once it was let in
  boost::asio::steady_timer timer_;
  Clock::time_point wakes_at_ = Clock::time_point::max();
  Clock::time_point begun_at_;  // of the handshake, of the message that is not yet whole
  Clock::time_point heard_at_;

  std::vector<char> buffer_;  // what has not been taken yet is [begin_, end_)
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t records_ = 0;  // of the feed, as counted

  std::uint64_t delivered_ = 0, accepted_ = 0;
  std::deque<Delivery> deliveries_;  // those after accepted_
  std::uint64_t waiting_bytes_ = 0;
  std::deque<Answer> answers_;  // that are due
  std::vector<std::uint32_t> sequences_;
  std::string writing_, output_;
  bool is_reading_ = false;
  bool is_writing_ = false;
  bool is_stopping_ = false;
  bool says_end_ = false;
  bool has_ended_ = false;
};

}  // namespace naudit::daemon
