// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/sink.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "formats/registry.hpp"
#include "output/backoff.hpp"
#include "output/sinks/http/batcher.hpp"
#include "output/sinks/http/client.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/http/secret_file.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/net/worker.hpp"

namespace naudit::output {
namespace {

HttpCredentials read_credentials(const std::string& sink, const HttpOptions& options) {
  HttpCredentials result;
  if (!options.token_file.empty()) result.token = read_secret(sink, SecretKind::kToken, options.token_file);
  if (options.user.empty()) return result;
  result.user = options.user;
  result.password = read_secret(sink, SecretKind::kPassword, options.password_file);
  return result;
}

class HttpsWorker final : public NetworkWorker {
 public:
  HttpsWorker(boost::asio::io_context& loop, const config::Sink& sink, const HttpClient::Options& options,
              HttpCredentials credentials, SinkHost host, std::uint64_t seed)
      : NetworkWorker(loop, sink, std::move(host)),
        name_(sink.name),
        options_(sink.options.as<HttpOptions>()),
        backoff_(options_.retry.first, options_.retry.most, seed),
        batcher_(options_.batch, options_.body),
        client_(loop, options),
        credentials_(std::move(credentials)) {}

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  [[nodiscard]] bool single() const noexcept { return options_.body == HttpBody::kEvent; }
  void fill();
  void send(Clock::time_point now);
  void on_done(const HttpOutcome& outcome);
  bool renew_credentials(std::string& text);
  void retry(const HttpDecision& decision, std::string phrase, bool at_once, SinkCore::ErrorIs is);
  void commit();

  const std::string name_;
  const HttpOptions options_;
  Backoff backoff_;
  HttpBatcher batcher_;
  HttpClient client_;
  HttpCredentials credentials_;
  std::vector<BatchPtr> taken_;
  Clock::time_point retry_at_ = Clock::time_point::min();
  bool sending_ = false;
  bool healthy_ = false;  // the last request was answered for good
};

HttpsWorker::Clock::time_point HttpsWorker::work(Clock::time_point now) {
  if (sending_) return Clock::time_point::max();
  fill();
  const Clock::time_point due = std::max(stopping() && !batcher_.empty() ? now : batcher_.due(), retry_at_);
  if (now < due) return due;
  send(now);
  return Clock::time_point::max();
}

void HttpsWorker::fill() {
  while (batcher_.wants_more() && core().queue().take(1, taken_)) {
    for (BatchPtr& batch : taken_) batcher_.add(std::move(batch));
    taken_.clear();
  }
}

void HttpsWorker::send(Clock::time_point now) {
  const InHand::Portion& request = batcher_.request();
  std::vector<std::string_view> pieces = request.pieces;
  // The newline ends a line of a log; a JSON text that is a whole body has none.
  if (single() && pieces.back().ends_with('\n')) pieces.back().remove_suffix(1);
  sending_ = true;
  if (healthy_) core().set_busy(now);
  const std::weak_ptr<HttpsWorker> weak = std::static_pointer_cast<HttpsWorker>(shared_from_this());
  // What the pieces point into.
  auto owner = std::make_shared<std::vector<BatchPtr>>(batcher_.batches());
  client_.send(std::move(pieces), std::move(owner), credentials_, [weak](const HttpOutcome& outcome) {
    if (const auto self = weak.lock()) self->on_done(outcome);
  });
}

void HttpsWorker::on_done(const HttpOutcome& outcome) {
  sending_ = false;
  HttpDecision decision = judge(outcome, !credentials_.empty(), std::chrono::system_clock::now());
  const InHand::Portion& request = batcher_.request();
  switch (decision.verdict) {
    case HttpVerdict::kDelivered:
      core().delivered(request);
      core().set_flaw({}, {});
      commit();
      break;
    case HttpVerdict::kRefused:
      core().set_error(decision.text);
      core().lost("refused by server " + std::to_string(outcome.status), request);
      commit();
      core().set_flaw("server refuses events", decision.text, SinkCore::ErrorIs::kQuoted);
      break;
    case HttpVerdict::kRenewToken: {
      const bool renewed = renew_credentials(decision.text);
      retry(decision, credentials_.user.empty() ? "token refused" : "password refused", renewed,
            SinkCore::ErrorIs::kQuoted);
      break;
    }
    case HttpVerdict::kRetry:
      if (outcome.status == 0)
        retry(decision, "disconnected", false, SinkCore::ErrorIs::kCause);
      else
        retry(decision, "server answers " + std::to_string(outcome.status), false, SinkCore::ErrorIs::kQuoted);
      break;
  }
  pump();
}

void HttpsWorker::commit() {
  core().queue().release(batcher_.commit());
  backoff_.reset();
  healthy_ = true;
  core().set_ok();
}

// True if there is another token or password than the one that was refused; adds to the text why there cannot be.
bool HttpsWorker::renew_credentials(std::string& text) {
  try {
    const HttpCredentials read = read_credentials(name_, options_);
    return std::exchange(credentials_, read) != read;
  } catch (const base::Error& error) {
    text.append("; ").append(error.what());
    return false;
  }
}

void HttpsWorker::retry(const HttpDecision& decision, std::string phrase, bool at_once, SinkCore::ErrorIs is) {
  const Clock::time_point now = Clock::now();
  const std::chrono::milliseconds own = backoff_.next();
  healthy_ = false;
  retry_at_ = at_once ? now : now + std::max(own, decision.wait.value_or(own));
  core().set_trouble(std::move(phrase), decision.text, retry_at_, is);
}

void HttpsWorker::end() {
  client_.close();
  if (batcher_.empty()) return;
  core().lost(SinkCore::kStopped, batcher_.rest());
  core().queue().release(batcher_.commit());
}

}  // namespace

std::unique_ptr<Sink> make_https_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& wanted = sink.options.as<HttpOptions>();
  HttpClient::Options options;
  options.url = parse_url(wanted.url).value();
  if (options.url.tls) options.tls = make_tls_context(sink.name, wanted.tls);
  options.verify = wanted.tls.verify;
  options.server_name = wanted.tls.server_name;
  const formats::Format& format = *formats::find_format(sink.format);
  options.content_type = wanted.body == HttpBody::kEvent ? format.content_type : format.content_type_many;
  options.timeout = wanted.timeout;
  options.proxy = parse_proxy(wanted.proxy);
  options.version = wanted.http_version;
  HttpCredentials credentials = read_credentials(sink.name, wanted);
  auto worker =
      std::make_shared<HttpsWorker>(network.loop(), sink, options, std::move(credentials), std::move(host), seed);
  worker->core().set_state("idle");  // nothing is known of the server before the first request
  return std::make_unique<NetworkSink>(std::move(worker));
}

}  // namespace naudit::output
