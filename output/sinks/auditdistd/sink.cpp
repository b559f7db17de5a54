// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditdistd/sink.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/accounts.hpp"
#include "base/error.hpp"
#include "output/sinks/auditdistd/ledger.hpp"
#include "output/sinks/auditdistd/options.hpp"
#include "output/sinks/auditdistd/worker.hpp"
#include "output/sinks/file/sink.hpp"
#include "output/sinks/http/secret_file.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/trail/sink.hpp"

namespace naudit::output {
namespace {

Tls tls_of(const AuditdistdOptions& options) {
  Tls tls;
  tls.enabled = true;
  tls.verify = false;  // the certificate itself is known
  if (auto pin = dist_fingerprint(options.fingerprint)) tls.fingerprints = {*std::move(pin)};
  return tls;
}

Dialer::Settings hosts_of(const std::string& sink, const AuditdistdOptions& options) {
  const auto remote = parse_dist_remote(options.remote);
  if (!remote) throw base::Error("sink '" + sink + "': remote: expected tls://host:port or tcp://host:port");
  Connection::Options one{
      .endpoint = remote->endpoint, .tls = {}, .verify_name = false, .server_name = {}, .timeout = options.timeout};
  if (remote->tls) one.tls = make_tls_context(sink, tls_of(options));
  return {.hosts = {std::move(one)}, .retry = {options.reconnect, options.reconnect}};
}

std::string sender_of(const AuditdistdOptions& options) {
  const std::string name = options.sender.empty() ? base::host_name() : options.sender;
  return options.sender.empty() ? name.substr(0, name.find('.')) : name;
}

std::string password_of(const config::Sink& sink) {
  return read_secret(sink.name, SecretKind::kPassword, sink.options.as<AuditdistdOptions>().password_file);
}

// The sender tells of its troubles; events and their loss are the writer's.
SinkHost host_of_sender(const SinkHost& host) {
  SinkHost sender;
  sender.on_change = host.on_change;
  return sender;
}

class DistSink final : public Sink {
 public:
  DistSink(const config::Sink& sink, SinkHost host, std::uint64_t seed, FileSystem& system)
      : options_(sink.options.as<AuditdistdOptions>()), ledger_(std::make_shared<TrailLedger>()) {
    Dialer::Settings hosts = hosts_of(sink.name, options_);
    std::string password = password_of(sink);
    const SinkHost sender_host = host_of_sender(host);
    writer_ = make_trail_worker(sink, options_, std::move(host), seed, system, FileSink::kRetry, ledger_);
    const std::weak_ptr<FileWorker> writer = writer_;
    const auto rotate = [writer] {
      if (const auto there = writer.lock()) there->rotate();
    };
    sender_ = std::make_shared<DistWorker>(network_.loop(), sink, std::move(hosts), sender_of(options_),
                                           std::move(password), ledger_, rotate, sender_host, seed, system);
    session_ = std::make_unique<NetworkSink>(sender_);
    const std::weak_ptr<DistWorker> sender = sender_;
    ledger_->on_change([sender] {
      if (const auto there = sender.lock()) there->wake();
    });
    trails_ = std::make_unique<FileSink>(writer_);
  }
  DistSink(const DistSink&) = delete;
  DistSink& operator=(const DistSink&) = delete;
  ~DistSink() override { DistSink::stop(std::chrono::milliseconds{0}); }

  void push(BatchPtr batch) override { trails_->push(std::move(batch)); }
  void end_blocking() override { trails_->end_blocking(); }
  void let_pass(bool pass) override { trails_->let_pass(pass); }
  void end_by(std::chrono::steady_clock::time_point deadline) override {
    end_by_ = std::min(end_by_, deadline);
    trails_->end_by(end_by_);
  }
  void stop(std::chrono::milliseconds at_most) override;
  void rotate() override { trails_->rotate(); }
  [[nodiscard]] SinkStatus status() const override;
  [[nodiscard]] Losses untold() const override { return trails_->untold(); }
  void carry(const Losses& losses) override { trails_->carry(losses); }

 private:
  using Clock = std::chrono::steady_clock;

  const AuditdistdOptions options_;
  std::shared_ptr<TrailLedger> ledger_;
  Network network_;  // outlives the session
  std::shared_ptr<FileWorker> writer_;
  std::shared_ptr<DistWorker> sender_;
  std::unique_ptr<NetworkSink> session_;
  std::unique_ptr<FileSink> trails_;
  Clock::time_point end_by_ = Clock::time_point::max();
};

// First the writer, whose last trail the sender may still deliver.
void DistSink::stop(std::chrono::milliseconds at_most) {
  end_by(Clock::now() + at_most);
  const auto rest = [this] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::max(end_by_ - Clock::now(), Clock::duration{0}));
  };
  trails_->stop(rest());
  ledger_->end();
  session_->stop(rest());
}

SinkStatus DistSink::status() const {
  SinkStatus status = trails_->status();
  const SinkStatus sent = session_->status();
  const TrailLedger::Figures figures = ledger_->figures();
  status.events_in += figures.found_events;
  status.events_out = figures.events;
  status.bytes_out = figures.event_bytes;
  status.retries += sent.retries;
  status.queue_events += figures.waiting_events;
  status.trail_bytes = sender_->waiting();
  status.trail_bytes_acknowledged = sender_->acknowledged();
  if (status.state != "ok") return status;
  status.state = sent.state;
  if (!sent.last_error.empty()) status.last_error = sent.last_error;
  return status;
}

}  // namespace

void check_auditdistd(const config::Sink& sink) {
  static_cast<void>(hosts_of(sink.name, sink.options.as<AuditdistdOptions>()));
  if (!is_out_of_reach(sink.options.as<AuditdistdOptions>().password_file)) static_cast<void>(password_of(sink));
}

std::unique_ptr<Sink> make_auditdistd_sink(const config::Sink& sink, SinkHost host, std::uint64_t seed,
                                           FileSystem& system) {
  return std::make_unique<DistSink>(sink, std::move(host), seed, system);
}

std::unique_ptr<Sink> make_auditdistd_sink(const config::Sink& sink, Network&, SinkHost host, std::uint64_t seed) {
  return make_auditdistd_sink(sink, std::move(host), seed, real_file_system());
}

}  // namespace naudit::output
