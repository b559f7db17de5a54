// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/kafka/sink.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "output/sinks/http/secret_file.hpp"
#include "output/sinks/kafka/worker.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/own_thread.hpp"

namespace naudit::output {
namespace {

// Beyond the time that a stop was given: for librdkafka's threads to end.
constexpr std::chrono::seconds kGrace{2};

class KafkaSink final : public Sink {
 public:
  explicit KafkaSink(std::shared_ptr<KafkaWorker> worker)
      : worker_(std::move(worker)), thread_("naudit-kafka", [worker = worker_] { worker->run(); }) {}
  ~KafkaSink() override { KafkaSink::stop(std::chrono::milliseconds{0}); }

  void push(BatchPtr batch) override { worker_->core().queue().push(std::move(batch)); }
  void end_blocking() override { worker_->core().queue().end_blocking(); }
  void let_pass(bool pass) override { worker_->core().queue().let_pass(pass); }
  void end_by(std::chrono::steady_clock::time_point deadline) override {
    end_by_ = std::min(end_by_, deadline);
    worker_->stop_at(end_by_);
  }
  void stop(std::chrono::milliseconds at_most) override {
    if (!thread_.is_running()) return;
    end_by(KafkaWorker::Clock::now() + at_most);
    if (!thread_.end_by(end_by_ + kGrace)) worker_->core().abandon("left behind: librdkafka does not end");
  }
  [[nodiscard]] SinkStatus status() const override { return worker_->core().status(); }
  [[nodiscard]] Losses untold() const override { return worker_->core().untold(); }
  void carry(const Losses& losses) override { worker_->core().queue().carry(losses); }

 private:
  std::shared_ptr<KafkaWorker> worker_;
  OwnThread thread_;
  std::chrono::steady_clock::time_point end_by_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace

void check_kafka(const config::Sink& sink) {
  const auto& options = sink.options.as<KafkaOptions>();
  const std::string whose = "sink '" + sink.name + "': ";
  if (const auto wrong = KafkaClient::check(kafka_settings(options, sink.queue.size))) {
    const bool is_own = options.properties.contains(wrong->name);
    throw base::Error(whose + (is_own ? "properties: " : "") + wrong->why);
  }
  // librdkafka reads them by itself; this tells what is wrong with them as for every other sink.
  if (options.tls.enabled) static_cast<void>(make_tls_context(sink.name, options.tls));
  if (!options.sasl.password_file.empty())
    static_cast<void>(read_secret(sink.name, SecretKind::kPassword, options.sasl.password_file));
}

std::unique_ptr<Sink> make_kafka_sink(const config::Sink& sink, Network&, SinkHost host, std::uint64_t seed) {
  check_kafka(sink);
  return std::make_unique<KafkaSink>(std::make_shared<KafkaWorker>(sink, std::move(host), seed));
}

}  // namespace naudit::output
