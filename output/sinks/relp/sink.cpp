// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/relp/sink.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "output/backoff.hpp"
#include "output/sinks/event_window.hpp"
#include "output/sinks/http/event_head.hpp"
#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/net/worker.hpp"
#include "output/sinks/relp/frames.hpp"
#include "output/sinks/relp/options.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kWindow = 128;  // librelp's
constexpr std::size_t kTakeBytes = std::size_t{256} << 10;
constexpr int kTaken = 200;
constexpr std::string_view kTooLarge = "larger than max_size";

std::string own_host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

class RelpWorker final : public NetworkWorker {
 public:
  RelpWorker(boost::asio::io_context& loop, const config::Sink& sink, Connection::Options connection, SinkHost host,
             std::uint64_t seed)
      : NetworkWorker(loop, sink, std::move(host)),
        host_name_(own_host_name()),
        options_(sink.options.as<RelpOptions>()),
        connection_options_(std::move(connection)),
        backoff_(options_.retry.first, options_.retry.most, seed) {}

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  struct Sent {
    std::uint32_t number;  // of the frame
    std::uint64_t event;   // of the window
  };

  void connect();
  void on_open();
  void on_read(std::string_view bytes);
  void on_answer(const RelpAnswer& answer);
  void fill();
  void send(Clock::time_point now);
  bool lose_if_too_large(const EventWindow::Event& event, std::size_t size);
  void settle();
  void write(std::shared_ptr<const std::string> bytes);
  void fail(std::string phrase, const std::string& why, SinkCore::ErrorIs is = SinkCore::ErrorIs::kCause);
  [[nodiscard]] std::string server() const { return endpoint_text(connection_options_.endpoint); }

  const std::string host_name_;
  const RelpOptions options_;
  const Connection::Options connection_options_;
  Backoff backoff_;
  EventWindow window_;
  std::vector<BatchPtr> taken_;
  std::deque<Sent> sent_;  // not answered, the oldest first
  std::shared_ptr<Connection> connection_;
  RelpReader reader_;
  std::uint32_t number_ = 0;                               // of the last frame of this connection
  std::string data_;                                       // of a frame; keeps its memory
  Clock::time_point deadline_ = Clock::time_point::max();  // for the next answer
  Clock::time_point retry_at_ = Clock::time_point::min();
  std::size_t attempts_ = 0;
  bool ready_ = false;  // the session
  bool writing_ = false;
};

RelpWorker::Clock::time_point RelpWorker::work(Clock::time_point now) {
  if (connection_ && now >= deadline_) {
    fail("disconnected", server() + " has not answered within " +
                             base::duration_text(ready_ ? options_.ack_timeout : options_.timeout));
  }
  if (!connection_) {
    if (now < retry_at_) return retry_at_;
    connect();
  }
  if (!ready_) return deadline_;
  fill();
  if (!writing_) send(now);
  return deadline_;
}

void RelpWorker::fill() {
  while (window_.bytes() < kTakeBytes && core().queue().take(kTakeBytes, taken_)) {
    for (BatchPtr& batch : taken_) window_.add(std::move(batch));
    taken_.clear();
  }
}

// As many as the window lets.
void RelpWorker::send(Clock::time_point now) {
  const auto frames = std::make_shared<std::string>();
  const bool was_idle = sent_.empty();
  while (sent_.size() < kWindow && frames->size() < kTakeBytes) {
    const auto event = window_.next();
    if (!event) {
      // Those that were too large have left room.
      if (window_.empty() && core().queue().take(kTakeBytes, taken_)) {
        for (BatchPtr& batch : taken_) window_.add(std::move(batch));
        taken_.clear();
        continue;
      }
      break;
    }
    data_.clear();
    append_syslog(event->text, host_name_, data_);
    if (lose_if_too_large(*event, data_.size())) continue;
    number_ = next_relp_number(number_);
    append_relp_frame(number_, "syslog", data_, *frames);
    window_.sent();
    sent_.push_back({number_, event->number});
  }
  if (frames->empty()) return;
  if (was_idle) {
    core().set_busy(now);
    deadline_ = now + options_.ack_timeout;
  }
  write(frames);
}

bool RelpWorker::lose_if_too_large(const EventWindow::Event& event, std::size_t size) {
  if (size <= options_.max_size) return false;
  const std::string_view id = read_event_head(event.text).id;
  std::vector<BatchPtr> notices;
  if (window_.lost(event.number, notices)) core().count_lost(kTooLarge, 1, id, id);
  core().untold(notices);
  settle();
  return true;
}

void RelpWorker::connect() {
  core().set_state("connecting");
  Connection::Handlers handlers;
  const std::weak_ptr<RelpWorker> weak = std::static_pointer_cast<RelpWorker>(shared_from_this());
  handlers.on_open = [weak] {
    if (const auto self = weak.lock()) self->on_open();
  };
  handlers.on_written = [weak] {
    if (const auto self = weak.lock()) {
      self->writing_ = false;
      self->pump();
    }
  };
  handlers.on_read = [weak](std::string_view bytes) {
    if (const auto self = weak.lock()) self->on_read(bytes);
  };
  handlers.on_broken = [weak](const std::string& why) {
    if (const auto self = weak.lock()) {
      self->fail("disconnected", why);
      self->pump();
    }
  };
  reader_ = {};
  number_ = 0;
  deadline_ = Clock::time_point::max();
  connection_ = Connection::open(loop(), connection_options_, attempts_++, std::move(handlers));
}

void RelpWorker::on_open() {
  deadline_ = Clock::now() + options_.timeout;
  const auto frame = std::make_shared<std::string>();
  number_ = next_relp_number(number_);
  append_relp_frame(number_, "open", relp_offer(NAUDIT_VERSION), *frame);
  write(frame);
  pump();
}

void RelpWorker::on_read(std::string_view bytes) {
  const std::shared_ptr<Connection> connection = connection_;
  reader_.feed(bytes);
  while (connection_ == connection) {
    const auto answer = reader_.next();
    if (!answer) break;
    on_answer(*answer);
  }
  if (connection_ == connection && reader_.failed())
    fail("disconnected", server() + " has sent what is no answer of RELP");
  settle();
  pump();
}

void RelpWorker::on_answer(const RelpAnswer& answer) {
  if (answer.kind == RelpAnswer::Kind::kServerClose) return fail("disconnected", server() + " has ended the session");
  const std::string quoted = std::to_string(answer.code) + ' ' + answer.text;
  if (!ready_) {
    if (answer.number != number_) return fail("disconnected", server() + " has answered what it was not asked");
    if (answer.code != kTaken)
      return fail("session refused", server() + " answers " + quoted, SinkCore::ErrorIs::kQuoted);
    ready_ = true;
    deadline_ = Clock::time_point::max();
    return core().set_ok();
  }
  if (sent_.empty() || answer.number != sent_.front().number)
    return fail("disconnected", server() + " has answered what it was not sent");
  if (answer.code != kTaken)
    return fail("server refuses events", server() + " answers " + quoted, SinkCore::ErrorIs::kQuoted);
  window_.delivered(sent_.front().event);
  sent_.pop_front();
  backoff_.reset();
  deadline_ = sent_.empty() ? Clock::time_point::max() : Clock::now() + options_.ack_timeout;
}

// What is finished is counted, and its room in the queue is free again.
void RelpWorker::settle() {
  const EventWindow::Count count = window_.take_finished();
  if (count.bytes > 0) core().queue().release(count.bytes);
  core().told(count.notices);
  if (count.events == 0 && count.notices.empty()) return;
  core().count_delivered(count.events, count.event_bytes);
  if (!connection_) return;
  if (sent_.empty())
    core().set_ok();
  else
    core().set_busy(Clock::now());
}

void RelpWorker::write(std::shared_ptr<const std::string> bytes) {
  writing_ = true;
  const std::string_view piece = *bytes;
  connection_->write({&piece, 1}, std::move(bytes));
}

void RelpWorker::fail(std::string phrase, const std::string& why, SinkCore::ErrorIs is) {
  if (connection_) connection_->close();
  connection_.reset();
  deadline_ = Clock::time_point::max();
  ready_ = writing_ = false;
  sent_.clear();
  window_.restart();
  retry_at_ = Clock::now() + backoff_.next();
  core().set_trouble(std::move(phrase), why, retry_at_, is);
}

void RelpWorker::end() {
  if (connection_) {
    if (ready_ && !writing_) {
      const auto frame = std::make_shared<std::string>();
      append_relp_frame(next_relp_number(number_), "close", "", *frame);
      write(frame);
    }
    connection_->close();
  }
  connection_.reset();
  settle();
  const EventWindow::Rest rest = window_.give_up();
  core().count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core().untold(rest.notices);
  core().queue().release(rest.bytes);
}

}  // namespace

std::unique_ptr<Sink> make_relp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& wanted = sink.options.as<RelpOptions>();
  Connection::Options options;
  options.endpoint = parse_endpoint(wanted.address).value();
  if (wanted.tls.enabled) options.tls = make_tls_context(sink.name, wanted.tls);
  options.verify_name = wanted.tls.verify;
  options.server_name = wanted.tls.server_name;
  options.timeout = wanted.timeout;
  return std::make_unique<NetworkSink>(
      std::make_shared<RelpWorker>(network.loop(), sink, std::move(options), std::move(host), seed));
}

}  // namespace naudit::output
