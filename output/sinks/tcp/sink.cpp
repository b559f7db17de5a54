// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/tcp/sink.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "output/backoff.hpp"
#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/net/worker.hpp"
#include "output/sinks/tcp/options.hpp"
#include "output/sinks/tcp/window.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{256} << 10;
constexpr std::chrono::seconds kProbation{1};
// How often to look for acknowledgements while nothing else happens: soon, then less and less.
constexpr std::chrono::milliseconds kFirstLook{5};
constexpr std::chrono::milliseconds kLastLook{500};

class TcpWorker final : public NetworkWorker {
 public:
  TcpWorker(boost::asio::io_context& loop, const config::Sink& sink, Retry retry, Connection::Options options,
            SinkHost host, std::uint64_t seed)
      : NetworkWorker(loop, sink, std::move(host)),
        options_(std::move(options)),
        backoff_(retry.first, retry.most, seed),
        window_most_(std::max<std::size_t>(kWriteBytes, sink.queue.size / 2)) {}

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  void connect();
  void on_open();
  void on_written();
  void on_broken(const std::string& why);
  void acknowledge(Clock::time_point now);
  void fill();
  void write(Clock::time_point now);

  const Connection::Options options_;
  Backoff backoff_;
  const std::size_t window_most_;
  TcpWindow window_;
  std::vector<BatchPtr> taken_;
  std::shared_ptr<Connection> connection_;
  Clock::time_point opened_at_{};
  Clock::time_point retry_at_{};
  std::chrono::milliseconds look_after_ = kFirstLook;
  std::size_t attempts_ = 0;
  bool open_ = false;
  bool writing_ = false;
  bool busy_ = false;
};

TcpWorker::Clock::time_point TcpWorker::work(Clock::time_point now) {
  if (!connection_) {
    if (now < retry_at_) return retry_at_;
    connect();
  }
  if (!open_) return Clock::time_point::max();
  acknowledge(now);
  if (!writing_) {
    fill();
    if (window_.has_unwritten()) write(now);
  }
  if (window_.empty()) return Clock::time_point::max();
  look_after_ = std::min(look_after_ * 2, kLastLook);
  return std::max(now + look_after_, opened_at_ + kProbation);
}

void TcpWorker::connect() {
  core().set_state("connecting");
  Connection::Handlers handlers;
  const std::weak_ptr<TcpWorker> weak = std::static_pointer_cast<TcpWorker>(shared_from_this());
  handlers.on_open = [weak] {
    if (const auto self = weak.lock()) self->on_open();
  };
  handlers.on_written = [weak] {
    if (const auto self = weak.lock()) self->on_written();
  };
  handlers.on_broken = [weak](const std::string& why) {
    if (const auto self = weak.lock()) self->on_broken(why);
  };
  connection_ = Connection::open(loop(), options_, attempts_++, std::move(handlers));
}

void TcpWorker::on_open() {
  open_ = true;
  opened_at_ = Clock::now();
  core().set_ok();
  pump();
}

void TcpWorker::on_written() {
  writing_ = false;
  window_.written(connection_->progress());
  look_after_ = kFirstLook;
  pump();
}

void TcpWorker::on_broken(const std::string& why) {
  const Clock::time_point now = Clock::now();
  acknowledge(now);
  if (open_ && now - opened_at_ >= kProbation) backoff_.reset();
  window_.restart();
  connection_.reset();
  open_ = writing_ = busy_ = false;
  retry_at_ = now + backoff_.next();
  core().set_trouble("disconnected", why, retry_at_);
  pump();
}

void TcpWorker::acknowledge(Clock::time_point now) {
  if (!open_ || now - opened_at_ < kProbation || window_.empty()) return;
  const TcpWindow::Count count = window_.acknowledge(connection_->progress());
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

void TcpWorker::fill() {
  if (window_.has_unwritten() || window_.bytes() >= window_most_) return;
  core().queue().take(kWriteBytes, taken_);
  for (BatchPtr& batch : taken_) window_.add(std::move(batch));
  taken_.clear();
}

void TcpWorker::write(Clock::time_point now) {
  const TcpWindow::Unwritten unwritten = window_.unwritten();
  writing_ = true;
  if (!std::exchange(busy_, true)) core().set_busy(now);
  connection_->write(unwritten.pieces, unwritten.owner);
}

void TcpWorker::end() {
  if (connection_) connection_->close();
  connection_.reset();
  const TcpWindow::Rest rest = window_.give_up();
  core().count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core().untold(rest.notices);
  core().queue().release(rest.bytes);
}

}  // namespace

std::unique_ptr<Sink> make_tcp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& wanted = sink.options.as<TcpOptions>();
  Connection::Options options;
  options.endpoint = parse_endpoint(wanted.address).value();
  if (wanted.tls.enabled) options.tls = make_tls_context(sink.name, wanted.tls);
  options.verify_name = wanted.tls.verify;
  options.server_name = wanted.tls.server_name;
  options.timeout = wanted.timeout;
  return std::make_unique<NetworkSink>(
      std::make_shared<TcpWorker>(network.loop(), sink, wanted.retry, std::move(options), std::move(host), seed));
}

}  // namespace naudit::output
