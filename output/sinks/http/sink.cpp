// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/sink.hpp"

#include <utility>

#include "formats/registry.hpp"
#include "output/sinks/http/files/dead_letters.hpp"
#include "output/sinks/http/files/transfer_log.hpp"
#include "output/sinks/http/plain.hpp"
#include "output/sinks/http/worker.hpp"
#include "output/sinks/net/tls_context.hpp"

namespace naudit::output {
namespace {

// A network sink with files beside it, which are ended after it.
class HttpSink final : public Sink {
 public:
  HttpSink(std::shared_ptr<HttpWorker> worker, std::shared_ptr<DeadLetters> dead, std::shared_ptr<TransferLog> log)
      : dead_(std::move(dead)), log_(std::move(log)), sink_(std::move(worker)) {}
  ~HttpSink() override { HttpSink::stop(std::chrono::milliseconds{0}); }

  void push(BatchPtr batch) override { sink_.push(std::move(batch)); }
  void end_blocking() override { sink_.end_blocking(); }
  void let_pass(bool pass) override { sink_.let_pass(pass); }
  void end_by(std::chrono::steady_clock::time_point deadline) override { sink_.end_by(deadline); }
  void stop(std::chrono::milliseconds at_most) override {
    if (std::exchange(stopped_, true)) return;
    sink_.stop(at_most);
    // What was refused last has not been given the file's thread yet.
    if (dead_) dead_->stop(std::max(at_most, kForTheFile));
    if (log_) log_->stop(std::max(at_most, kForTheFile));
  }
  void rotate() override {
    if (dead_) dead_->rotate();
    if (log_) log_->rotate();
  }
  [[nodiscard]] SinkStatus status() const override { return sink_.status(); }
  [[nodiscard]] Losses untold() const override { return sink_.untold(); }
  void carry(const Losses& losses) override { sink_.carry(losses); }

 private:
  static constexpr std::chrono::milliseconds kForTheFile{1000};

  std::shared_ptr<DeadLetters> dead_;
  std::shared_ptr<TransferLog> log_;
  NetworkSink sink_;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_http_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed,
                                     std::unique_ptr<HttpProduct> product) {
  const auto& wanted = sink.options.as<HttpOptions>();
  const HttpProduct::Traits& traits = product->traits();
  HttpClient::Options options;
  options.url = parse_url(wanted.url).value();
  if (options.url.tls) options.tls = make_tls_context(sink.name, wanted.tls);
  options.verify = wanted.tls.verify;
  options.server_name = wanted.tls.server_name;
  options.content_type = traits.content_type;
  options.body_kept = traits.reply_kept;
  options.header_kept = traits.header_kept;
  options.timeout = wanted.timeout;
  options.proxy = parse_proxy(wanted.proxy);
  options.version = wanted.http_version;
  HttpCredentials credentials = read_credentials(sink.name, wanted, traits.token_scheme);
  std::shared_ptr<DeadLetters> dead;
  if (!wanted.dead_letter.empty()) dead = std::make_shared<DeadLetters>(sink, wanted.dead_letter, host, seed);
  std::shared_ptr<TransferLog> log;
  if (!wanted.debug_log.empty()) {
    log = std::make_shared<TransferLog>(sink, wanted.debug_log, host, seed);
    options.on_head = [log](char direction, std::string_view head) {
      const auto now = std::chrono::system_clock::now().time_since_epoch();
      log->add(direction, head, std::chrono::duration_cast<std::chrono::milliseconds>(now));
    };
  }
  auto worker = std::make_shared<HttpWorker>(network.loop(), sink, options, std::move(product), std::move(credentials),
                                             dead, std::move(host), seed);
  worker->core().set_state("idle");  // nothing is known of the server before the first request
  if (dead || log) return std::make_unique<HttpSink>(std::move(worker), std::move(dead), std::move(log));
  return std::make_unique<NetworkSink>(std::move(worker));
}

std::unique_ptr<Sink> make_https_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& wanted = sink.options.as<HttpOptions>();
  const HttpBody body = wanted.own.as<PlainOptions>().body;
  const formats::Format& format = *formats::find_format(sink.format);
  const bool whole_json = body != HttpBody::kNdjson;
  return make_http_sink(
      sink, network, std::move(host), seed,
      std::make_unique<PlainProduct>(body, std::string(whole_json ? format.content_type : format.content_type_many),
                                     parse_url(wanted.url).value().target));
}

}  // namespace naudit::output
