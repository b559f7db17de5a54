// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/relp/sink.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "output/sinks/http/event_head.hpp"
#include "output/sinks/message_worker.hpp"
#include "output/sinks/relp/frames.hpp"
#include "output/sinks/relp/options.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kWindow = 128;  // librelp's
constexpr int kTaken = 200;
constexpr std::string_view kTooLarge = "larger than max_size";

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  for (; !text.empty(); text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1))
    longest = std::max(longest, text.substr(0, text.find('\n')).size());
  return longest;
}

// Of an event in its message: the structured data has it, else the event's text.
std::string_view id_in(std::string_view message) {
  constexpr std::string_view kBefore = "id=\"";
  const std::size_t at = message.find(kBefore);
  if (at == std::string_view::npos)
    return read_event_head(message.substr(std::min(message.find('{'), message.size()))).id;
  const std::string_view rest = message.substr(at + kBefore.size());
  return rest.substr(0, rest.find('"'));
}

class RelpWorker final : public MessageWorker {
 public:
  RelpWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings hosts, SinkHost host,
             std::uint64_t seed)
      : MessageWorker(loop, sink, std::move(hosts), std::move(host), seed,
                      {.window = kWindow,
                       .answer = sink.options.as<RelpOptions>().ack_timeout,
                       .open = sink.options.as<RelpOptions>().timeout}),
        max_size_(sink.options.as<RelpOptions>().max_size) {}

 protected:
  void greet() override;
  void read(std::string_view bytes) override;
  std::uint32_t append_message(std::string_view line, std::string& out) override;
  void forget() override;
  void say_goodbye() override { write_frame("close", ""); }
  [[nodiscard]] std::string_view objection(std::string_view event) const override {
    return longest_line(event) > max_size_ ? kTooLarge : std::string_view();
  }
  [[nodiscard]] std::string_view id_of(std::string_view event) const override { return id_in(event); }

 private:
  void on_answer(const RelpAnswer& answer);
  void write_frame(std::string_view command, std::string_view data);

  const std::uint64_t max_size_;
  RelpReader reader_;
  std::uint32_t number_ = 0;  // of the last frame of this connection
};

std::uint32_t RelpWorker::append_message(std::string_view line, std::string& out) {
  number_ = next_relp_number(number_);
  append_relp_frame(number_, "syslog", line, out);
  return number_;
}

void RelpWorker::greet() {
  write_frame("open", relp_offer(NAUDIT_VERSION));
  sent(number_);
}

void RelpWorker::write_frame(std::string_view command, std::string_view data) {
  const auto frame = std::make_shared<std::string>();
  number_ = next_relp_number(number_);
  append_relp_frame(number_, command, data, *frame);
  write(frame);
}

void RelpWorker::read(std::string_view bytes) {
  reader_.feed(bytes);
  while (is_connected()) {
    const auto answer = reader_.next();
    if (!answer) break;
    on_answer(*answer);
  }
  if (is_connected() && reader_.failed()) fail("disconnected", server() + " has sent what is no answer of RELP");
}

void RelpWorker::on_answer(const RelpAnswer& answer) {
  if (answer.kind == RelpAnswer::Kind::kServerClose) return fail("disconnected", server() + " has ended the session");
  const std::string quoted = std::to_string(answer.code) + ' ' + answer.text;
  if (!is_next(answer.number)) return fail("disconnected", server() + " has answered what it was not sent");
  if (answer.code != kTaken) {
    return fail(is_ready() ? "server refuses events" : "session refused", server() + " answers " + quoted,
                SinkCore::ErrorIs::kQuoted);
  }
  answered();
  if (!is_ready()) become_ready();
}

void RelpWorker::forget() {
  reader_ = {};
  number_ = 0;
}

}  // namespace

std::unique_ptr<Sink> make_relp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& wanted = sink.options.as<RelpOptions>();
  return std::make_unique<NetworkSink>(std::make_shared<RelpWorker>(
      network.loop(), sink, Dialer::settings(sink.name, wanted, endpoints_of(wanted)), std::move(host), seed));
}

}  // namespace naudit::output
