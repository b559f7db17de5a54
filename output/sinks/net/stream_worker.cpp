// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/stream_worker.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "output/sinks/accepted_count.hpp"
#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/dialer.hpp"
#include "output/sinks/net/worker.hpp"
#include "output/sinks/window.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{256} << 10;
constexpr std::chrono::seconds kProbation{1};
// How often to look for acknowledgements while nothing else happens: soon, then less and less.
constexpr std::chrono::milliseconds kFirstLook{5};
constexpr std::chrono::milliseconds kLastLook{500};

class StreamWorker final : public NetworkWorker {
 public:
  StreamWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings settings, Frame frame,
               bool is_answered, SinkHost host, std::uint64_t seed)
      : NetworkWorker(loop, sink, std::move(host)),
        dialer_(std::move(settings), seed),
        frame_(std::move(frame)),
        is_answered_(is_answered),
        window_most_(std::max<std::size_t>(kWriteBytes, sink.queue.size / 2)) {}

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  void connect();
  void disconnect();
  void tell_flaw();
  [[nodiscard]] Clock::time_point renew_at() const;
  void on_open();
  void on_written();
  void on_read(std::string_view bytes);
  void on_broken(const std::string& why);
  void acknowledge(Clock::time_point now);
  void fill();
  void write(Clock::time_point now);

  Dialer dialer_;
  const Frame frame_;
  const bool is_answered_;
  const std::size_t window_most_;
  TcpWindow window_;
  AcceptedCount accepted_;  // of this connection
  std::vector<BatchPtr> taken_;
  std::shared_ptr<Connection> connection_;
  Clock::time_point opened_at_{};
  Clock::time_point retry_at_{};
  std::chrono::milliseconds look_after_ = kFirstLook;
  std::uint64_t cut_ = 0;  // messages
  bool open_ = false;
  bool writing_ = false;
  bool busy_ = false;
};

StreamWorker::Clock::time_point StreamWorker::work(Clock::time_point now) {
  if (open_ && now >= renew_at() && window_.empty() && !writing_) disconnect();
  if (!connection_) {
    if (now < retry_at_) return retry_at_;
    connect();
  }
  if (!open_) return Clock::time_point::max();
  acknowledge(now);
  const bool is_ending = now >= renew_at();
  if (is_ending && window_.empty()) return now;
  if (!writing_) {
    if (!is_ending) fill();
    if (window_.has_unwritten()) write(now);
  }
  if (window_.empty()) return renew_at();
  if (is_answered_) return renew_at();
  look_after_ = std::min(look_after_ * 2, kLastLook);
  return std::max(now + look_after_, opened_at_ + kProbation);
}

// Not before it counts as one that worked.
StreamWorker::Clock::time_point StreamWorker::renew_at() const {
  return dialer_.renew_at(opened_at_, kProbation);
}

void StreamWorker::disconnect() {
  connection_->close();
  connection_.reset();
  open_ = busy_ = false;
  dialer_.worked();
}

void StreamWorker::connect() {
  core().set_state("connecting");
  Connection::Handlers handlers;
  const std::weak_ptr<StreamWorker> weak = std::static_pointer_cast<StreamWorker>(shared_from_this());
  handlers.on_open = [weak] {
    if (const auto self = weak.lock()) self->on_open();
  };
  handlers.on_written = [weak] {
    if (const auto self = weak.lock()) self->on_written();
  };
  if (is_answered_)
    handlers.on_read = [weak](std::string_view bytes) {
      if (const auto self = weak.lock()) self->on_read(bytes);
    };
  handlers.on_broken = [weak](const std::string& why) {
    if (const auto self = weak.lock()) self->on_broken(why);
  };
  accepted_ = {};
  connection_ = dialer_.dial(loop(), std::move(handlers));
}

void StreamWorker::on_open() {
  open_ = true;
  opened_at_ = Clock::now();
  tell_flaw();
  core().set_ok();
  pump();
}

void StreamWorker::tell_flaw() {
  if (const std::string flaw = dialer_.failover(); !flaw.empty()) return core().set_flaw("failed over", flaw);
  if (cut_ > 0) return core().set_flaw("messages cut", std::to_string(cut_) + " were longer than max_size");
  core().set_flaw("", "");
}

void StreamWorker::on_written() {
  writing_ = false;
  window_.written(connection_->progress());
  look_after_ = kFirstLook;
  pump();
}

void StreamWorker::on_read(std::string_view bytes) {
  if (accepted_.take(bytes)) return pump();
  const std::shared_ptr<Connection> connection = connection_;
  connection->close();
  on_broken("what " + dialer_.host() +
            " answers is not how many events it has accepted; is it a source of type stream?");
}

void StreamWorker::on_broken(const std::string& why) {
  const Clock::time_point now = Clock::now();
  acknowledge(now);
  if (open_ && now - opened_at_ >= kProbation) dialer_.worked();
  window_.restart();
  connection_.reset();
  open_ = writing_ = busy_ = false;
  retry_at_ = dialer_.next_at(now);
  core().set_trouble("disconnected", why, retry_at_);
  pump();
}

void StreamWorker::acknowledge(Clock::time_point now) {
  if (!open_ || window_.empty()) return;
  if (!is_answered_ && now - opened_at_ < kProbation) return;
  const TcpWindow::Count count =
      is_answered_ ? window_.accept(accepted_.value()) : window_.acknowledge(connection_->progress());
  if (count.bytes == 0) return;
  core().count_delivered(count.events, count.event_bytes);
  core().told(count.notices);
  core().queue().release(count.bytes);
  look_after_ = kFirstLook;
  busy_ = !window_.empty();
  if (busy_)
    core().set_busy(now);
  else
    core().set_ok();
}

void StreamWorker::fill() {
  if (window_.has_unwritten() || window_.bytes() >= window_most_) return;
  core().queue().take(kWriteBytes, taken_);
  for (BatchPtr& batch : taken_) window_.add(std::move(batch));
  taken_.clear();
}

void StreamWorker::write(Clock::time_point now) {
  const TcpWindow::Unwritten unwritten = window_.unwritten();
  writing_ = true;
  if (!std::exchange(busy_, true)) core().set_busy(now);
  if (!frame_) return connection_->write(unwritten.pieces, unwritten.owner);
  const auto framed = std::make_shared<std::string>();
  std::size_t cut = 0;
  for (const BatchPtr& batch : *unwritten.owner) cut += frame_(*batch, *framed);
  if (cut > 0) {
    cut_ += cut;
    tell_flaw();
  }
  const std::string_view whole = *framed;
  connection_->write({&whole, 1}, framed);
}

void StreamWorker::end() {
  if (connection_) connection_->close();
  connection_.reset();
  const TcpWindow::Rest rest = window_.give_up();
  core().count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core().untold(rest.notices);
  core().queue().release(rest.bytes);
}

}  // namespace

std::unique_ptr<Sink> make_stream_sink(const config::Sink& sink, const HostOptions& options,
                                       const std::vector<Endpoint>& endpoints, Frame frame, Network& network,
                                       SinkHost host, std::uint64_t seed, bool is_answered) {
  return std::make_unique<NetworkSink>(
      std::make_shared<StreamWorker>(network.loop(), sink, Dialer::settings(sink.name, options, endpoints),
                                     std::move(frame), is_answered, std::move(host), seed));
}

}  // namespace naudit::output
