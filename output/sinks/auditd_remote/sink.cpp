// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditd_remote/sink.hpp"

#include <string>
#include <utility>

#include "formats/auditd/remote_message.hpp"
#include "output/sinks/auditd_remote/answers.hpp"
#include "output/sinks/auditd_remote/options.hpp"
#include "output/sinks/message_worker.hpp"
#include "output/sinks/net/framing.hpp"
#include "output/sinks/net/stream_worker.hpp"

namespace naudit::output {
namespace {

using formats::RemoteType;

class AuditdRemoteWorker final : public MessageWorker {
 public:
  AuditdRemoteWorker(boost::asio::io_context& loop, const config::Sink& sink, const AuditdRemoteOptions& options,
                     SinkHost host, std::uint64_t seed)
      : MessageWorker(loop, sink, Dialer::settings(sink.name, options, endpoints_of(options)), std::move(host), seed,
                      {.window = options.window, .answer = options.ack_timeout, .open = options.timeout}),
        max_size_(options.max_size),
        heartbeat_(options.heartbeat_timeout) {}

 protected:
  // Whoever answers a heartbeat is an auditd, and lets us in: it hangs up only behind the handshake of TCP.
  void greet() override { write_heartbeat(); }
  void read(std::string_view bytes) override;
  std::uint32_t append_message(std::string_view line, std::string& out) override;
  void forget() override;
  [[nodiscard]] Clock::time_point send_at() const override;
  void idle(Clock::time_point now) override;

 private:
  void on_answer(const AuditdAnswer& answer);
  void write_heartbeat();
  void tell_amiss();

  const std::uint64_t max_size_;
  const std::chrono::milliseconds heartbeat_;
  AuditdAnswerReader reader_;
  std::uint32_t number_ = 0;  // of the last message
  Clock::time_point heard_at_{};
  std::string warning_, warning_text_;  // of the server
  std::uint64_t cut_ = 0;               // messages
};

std::uint32_t AuditdRemoteWorker::append_message(std::string_view line, std::string& out) {
  const std::string_view text = cut_to(line, max_size_);
  if (text.size() < line.size()) {
    ++cut_;
    tell_amiss();
  }
  formats::append_remote_message(RemoteType::kRecord, ++number_, text, out);
  return number_;
}

void AuditdRemoteWorker::write_heartbeat() {
  const auto message = std::make_shared<std::string>();
  formats::append_remote_message(RemoteType::kHeartbeat, ++number_, {}, *message);
  write(message);
  sent(number_);
}

AuditdRemoteWorker::Clock::time_point AuditdRemoteWorker::send_at() const {
  if (is_waiting() || heartbeat_ == heartbeat_.zero()) return Clock::time_point::max();
  return heard_at_ + heartbeat_;
}

void AuditdRemoteWorker::idle(Clock::time_point now) {
  if (now >= send_at()) write_heartbeat();
}

void AuditdRemoteWorker::read(std::string_view bytes) {
  heard_at_ = Clock::now();
  reader_.feed(bytes);
  while (is_connected()) {
    const auto answer = reader_.next();
    if (!answer) break;
    on_answer(*answer);
  }
  if (is_connected() && reader_.failed())
    fail("disconnected", server() + " has sent what is no answer of auditd's remote protocol");
}

void AuditdRemoteWorker::on_answer(const AuditdAnswer& answer) {
  using Kind = AuditdAnswer::Kind;
  const std::string quoted = answer.state + (answer.text.empty() ? "" : ": ") + answer.text;
  if (answer.kind == Kind::kEnding) return fail("disconnected", server() + " has ended the session");
  if (!is_next(answer.sequence)) return fail("disconnected", server() + " has answered what it was not sent");
  if (answer.kind == Kind::kRefused)
    return fail("server: " + answer.state, server() + " has not stored a record: " + quoted,
                SinkCore::ErrorIs::kQuoted);
  answered();
  const bool is_first = !is_ready();
  if (is_first) become_ready();
  // Of a heartbeat auditd says nothing but that it lives, so a warning stands until a record is taken without one.
  const bool is_news = answer.state != warning_ && (!is_first || answer.kind == Kind::kWarned);
  if (is_news) {
    warning_ = answer.state;
    warning_text_ = quoted;
  }
  if (is_first || is_news) tell_amiss();
}

void AuditdRemoteWorker::tell_amiss() {
  if (!warning_.empty()) return tell_flaw("server: " + warning_, server() + " warns: " + warning_text_);
  if (cut_ > 0) return tell_flaw("messages cut", std::to_string(cut_) + " were longer than max_size");
  tell_flaw("", "");
}

void AuditdRemoteWorker::forget() {
  reader_ = {};
}

}  // namespace

std::unique_ptr<Sink> make_auditd_remote_sink(const config::Sink& sink, Network& network, SinkHost host,
                                              std::uint64_t seed) {
  const auto& options = sink.options.as<AuditdRemoteOptions>();
  if (options.protocol == AuditdFraming::kManaged)
    return std::make_unique<NetworkSink>(
        std::make_shared<AuditdRemoteWorker>(network.loop(), sink, options, std::move(host), seed));
  Frame frame = [most = options.max_size](const Batch& batch, std::string& out) {
    return append_lines(batch, most, out);
  };
  return make_stream_sink(sink, options, endpoints_of(options), std::move(frame), network, std::move(host), seed);
}

}  // namespace naudit::output
