// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/client_session.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/text.hpp"
#include "output/sinks/net/tcp_socket.hpp"

namespace naudit::daemon {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kFirstBuffer = 4096;
constexpr std::size_t kKeptBuffer = std::size_t{64} << 10;
constexpr std::size_t kMostHead = 32;                        // of a message, before its text
constexpr std::size_t kMostAnswers = std::size_t{64} << 10;  // bytes that the client has not read
constexpr int kUserTimeouts = 3;

std::string address_of(const tcp::endpoint& peer) {
  const auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

}  // namespace

ClientSession::ClientSession(tcp::socket socket, const tcp::endpoint& peer, std::shared_ptr<Source> source)
    : source_(std::move(source)),
      address_(address_of(peer)),
      port_(peer.port()),
      protocol_(make_protocol(source_->settings.type, source_->settings.max_line)),
      timer_(socket.get_executor()),
      begun_at_(Clock::now()),
      heard_at_(begun_at_),
      buffer_(kFirstBuffer) {
  output::tune_tcp(socket.native_handle(), {}, source_->settings.timeout * kUserTimeouts);
  link_ = ClientLink::make(std::move(socket), source_->tls);
}

ClientSession::~ClientSession() = default;

void ClientSession::start() {
  watch();
  link_->handshake([self = shared_from_this()](const error_code& error, std::size_t) { self->on_handshake(error); });
}

void ClientSession::on_handshake(const error_code& error) {
  if (has_ended_) return;
  if (error) return end(End::kRefused, "the TLS handshake failed: " + link_->describe(error));
  std::vector<std::string> names = link_->certificate_names();
  const config::SourceTls& tls = source_->settings.tls;
  if (tls.enabled && names.empty()) return end(End::kRefused, "its certificate names nobody");
  if (!tls.names.empty() && !is_allowed(names, tls.names))
    return end(End::kRefused, "its certificate is for " + names.front() + ", which is none of tls.names");
  feed_.emplace(Identity(address_, std::move(names), source_->settings, source_->own_names), source_->events,
                source_->settings.buffer, source_->pool);
  source_->on_open(*this);
  read();
}

bool ClientSession::may_read() const noexcept {
  return waiting_bytes_ + feed_->open_bytes() < source_->settings.buffer && output_.size() < kMostAnswers &&
         source_->has_room();
}

void ClientSession::read() {
  if (has_ended_ || is_stopping_ || is_reading_ || !feed_) return;
  if (!may_read()) return watch();
  is_reading_ = true;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t most = source_->settings.max_line + kMostHead;
  if (end_ == buffer_.size()) {
    buffer_.resize(std::min(buffer_.size() * 2, std::max(most, buffer_.size() + 1)));
  } else if (end_ == 0 && buffer_.size() > kKeptBuffer) {
    buffer_.resize(kFirstBuffer);
    buffer_.shrink_to_fit();
  }
  link_->read(boost::asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
              [self = shared_from_this()](const error_code& error, std::size_t size) { self->on_read(error, size); });
  watch();
}

void ClientSession::on_read(const error_code& error, std::size_t size) {
  is_reading_ = false;
  if (has_ended_) return;
  if (size > 0) {
    heard_at_ = Clock::now();
    if (begin_ == end_) begun_at_ = heard_at_;
    end_ += size;
    // What has come counts, whatever came behind it.
    if (!take_messages()) return;
  }
  if (error) return end(End::kClosed, link_->describe(error));
  if (is_stopping_) return end_if_done();
  read();
}

// False: the session has ended.
bool ClientSession::take_messages() {
  correlate::EventBatch events;
  ClientMessage message;
  const std::size_t first_answer = answers_.size();
  const auto hand_over = [&] {
    source_->counters.records.add(feed_->records() - std::exchange(records_, feed_->records()));
    if (!events.empty()) deliver(std::move(events));
    for (std::size_t i = first_answer; i < answers_.size(); ++i) answers_[i].delivery = delivered_;
    answer();
  };
  bool is_good = true;
  std::string problem;
  while (begin_ < end_ && is_good) {
    const Protocol::Took took = protocol_->next({buffer_.data() + begin_, end_ - begin_}, message);
    if (took == Protocol::Took::kMore) break;
    if (took == Protocol::Took::kBad) {
      problem = protocol_->problem();
      is_good = false;
      break;
    }
    begun_at_ = heard_at_;
    begin_ += message.size;
    source_->counters.messages.add(1);
    source_->counters.bytes.add(message.size);
    if (!take(message, events)) {
      problem = "it may not speak for " + base::in_quotes(feed_->foreign());
      is_good = false;
      break;
    }
    answers_.push_back({message.sequence, 0});
  }
  hand_over();
  if (!is_good) end(End::kBroken, problem);
  return !has_ended_;
}

bool ClientSession::take(const ClientMessage& message, correlate::EventBatch& events) {
  if (message.text.empty()) return true;
  switch (feed_->take(message.text, message.is_event, Clock::now(), events)) {
    case Feed::Verdict::kGood:
      return true;
    case Feed::Verdict::kNoRecord:
      // It is answered all the same: the client would send it for ever.
      source_->counters.rejected.add(1);
      source_->on_reject(*this, std::string(message.text.substr(0, 80)));
      return true;
    case Feed::Verdict::kForeign:
      source_->counters.foreign.add(1);
      return false;
  }
  return false;
}

void ClientSession::deliver(correlate::EventBatch events) {
  const std::uint64_t number = ++delivered_;
  deliveries_.push_back({events.bytes(), false});
  waiting_bytes_ += events.bytes();
  source_->counters.waiting_bytes.add(events.bytes());
  source_->counters.events.add(events.size());
  // It may outlive the session, the source and the collector's thread.
  const auto said = [loop = source_->loop, source = std::weak_ptr(source_), session = weak_from_this(), number,
                     bytes = events.bytes()](const void*) {
    boost::asio::post(*loop, [source, session, number, bytes] {
      const auto all = source.lock();
      if (!all) return;
      const bool had_room = all->has_room();
      all->counters.waiting_bytes.subtract(bytes);
      if (const auto self = session.lock()) self->on_accepted(number);
      if (!had_room && all->has_room()) all->on_room();
    });
  };
  source_->deliver(std::move(events), output::Receipt(static_cast<const void*>(&kFirstBuffer), said));
}

// They may come in another order than they were given, from different threads.
void ClientSession::on_accepted(std::uint64_t delivery) {
  if (delivery <= accepted_ || delivery - accepted_ > deliveries_.size()) return;
  deliveries_[delivery - accepted_ - 1].is_accepted = true;
  while (!deliveries_.empty() && deliveries_.front().is_accepted) {
    waiting_bytes_ -= deliveries_.front().bytes;
    deliveries_.pop_front();
    ++accepted_;
  }
  if (has_ended_) return;
  answer();
  if (is_stopping_) return end_if_done();
  read();
}

void ClientSession::answer() {
  sequences_.clear();
  for (; !answers_.empty() && answers_.front().delivery <= accepted_; answers_.pop_front())
    sequences_.push_back(answers_.front().sequence);
  if (sequences_.empty()) return;
  source_->counters.acknowledged.add(sequences_.size());
  protocol_->acknowledge(sequences_, output_);
  write();
}

void ClientSession::write() {
  if (is_writing_ || output_.empty() || has_ended_) return;
  is_writing_ = true;
  writing_.swap(output_);
  output_.clear();
  link_->write(boost::asio::buffer(writing_),
               [self = shared_from_this()](const error_code& error, std::size_t) { self->on_written(error); });
}

void ClientSession::on_written(const error_code& error) {
  is_writing_ = false;
  if (has_ended_) return;
  // The reading side tells the end, and may first bring what the client still had to say.
  if (error) {
    output_.clear();
    if (is_stopping_) end(End::kClosed, link_->describe(error));
    return;
  }
  write();
  if (is_stopping_) return end_if_done();
  read();
}

void ClientSession::begin_stop() {
  if (has_ended_ || is_stopping_) return;
  if (!feed_) return end(End::kStopped, "nauditd stops");
  is_stopping_ = true;
  correlate::EventBatch rest;
  feed_->flush(rest);
  if (!rest.empty()) deliver(std::move(rest));
  end_if_done();
}

void ClientSession::end_if_done() {
  if (has_ended_ || !deliveries_.empty() || is_writing_ || !output_.empty()) return;
  if (!std::exchange(says_end_, true)) {
    protocol_->end(output_);
    if (!output_.empty()) return write();
  }
  end(End::kStopped, "nauditd stops");
}

void ClientSession::end(End how, const std::string& why) {
  if (std::exchange(has_ended_, true)) return;
  const auto self = shared_from_this();
  timer_.cancel();
  link_->close();
  if (feed_ && !is_stopping_) {
    correlate::EventBatch rest;
    feed_->flush(rest);
    if (!rest.empty()) deliver(std::move(rest));
  }
  source_->on_end(*this, how, why);
}

ClientSession::Clock::time_point ClientSession::deadline() const {
  Clock::time_point at = Clock::time_point::max();
  const config::Source& settings = source_->settings;
  // A client that is not read from is not late.
  if (!feed_ || (is_reading_ && begin_ < end_)) at = begun_at_ + settings.timeout;
  if (feed_ && is_reading_ && settings.idle.count() > 0) at = std::min(at, heard_at_ + settings.idle);
  if (feed_)
    if (const auto due = feed_->next_due()) at = std::min(at, *due);
  return at;
}

void ClientSession::watch() {
  const Clock::time_point at = deadline();
  if (at >= wakes_at_) return;
  wakes_at_ = at;
  timer_.expires_at(at);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    if (const auto self = weak.lock(); self && !error) self->on_time();
  });
}

void ClientSession::on_time() {
  if (has_ended_) return;
  wakes_at_ = Clock::time_point::max();
  const Clock::time_point now = Clock::now();
  const config::Source& settings = source_->settings;
  if (!feed_ && now >= begun_at_ + settings.timeout) return end(End::kRefused, "the TLS handshake took too long");
  if (feed_ && is_reading_) {
    if (begin_ < end_ && now >= begun_at_ + settings.timeout)
      return end(End::kBroken, "a message has begun and does not end");
    if (settings.idle.count() > 0 && now >= heard_at_ + settings.idle)
      return end(End::kBroken, "nothing was heard of it for too long");
  }
  if (feed_) {
    correlate::EventBatch due;
    feed_->age(now, due);
    if (!due.empty()) deliver(std::move(due));
    read();  // what was open may have kept it from that
  }
  watch();
}

}  // namespace naudit::daemon
