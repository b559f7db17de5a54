// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/relp/sink.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "output/sinks/event_window.hpp"
#include "output/sinks/http/event_head.hpp"
#include "output/sinks/relp/frames.hpp"
#include "output/sinks/relp/options.hpp"
#include "output/sinks/session_worker.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kWindow = 128;  // librelp's
constexpr std::size_t kTakeBytes = std::size_t{256} << 10;
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

class RelpWorker final : public SessionWorker {
 public:
  RelpWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings hosts, SinkHost host,
             std::uint64_t seed)
      : SessionWorker(loop, sink, std::move(hosts), std::move(host), seed), options_(sink.options.as<RelpOptions>()) {}

 protected:
  void greet() override;
  void take(std::string_view bytes) override;
  void send(Clock::time_point now) override;
  void restart() override;
  void say_goodbye() override { write_frame("close", ""); }
  [[nodiscard]] std::string overdue() const override {
    return "has not answered within " + base::duration_text(is_ready() ? options_.ack_timeout : options_.timeout);
  }
  [[nodiscard]] bool is_waiting() const override { return !sent_.empty(); }
  void give_up() override;

 private:
  struct Sent {
    std::uint32_t number;  // of the frame
    std::uint64_t event;   // of the window
    bool is_last;          // line of the event
  };

  void on_answer(const RelpAnswer& answer);
  void fill();
  void write_frame(std::string_view command, std::string_view data);
  bool lose_if_too_large(const EventWindow::Event& event);
  void settle();

  const RelpOptions options_;
  EventWindow window_;
  std::vector<BatchPtr> taken_;
  std::deque<Sent> sent_;  // not answered, the oldest first
  RelpReader reader_;
  std::uint32_t number_ = 0;  // of the last frame of this connection
  std::size_t offset_ = 0;    // of the next line in the event that is sent next
};

void RelpWorker::fill() {
  while (window_.bytes() < kTakeBytes && core().queue().take(kTakeBytes, taken_)) {
    for (BatchPtr& batch : taken_) window_.add(std::move(batch));
    taken_.clear();
  }
}

// As many as the window lets.
void RelpWorker::send(Clock::time_point now) {
  fill();
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
    if (offset_ == 0 && lose_if_too_large(*event)) continue;
    const std::string_view rest = event->text.substr(offset_);
    const std::string_view line = rest.substr(0, rest.find('\n'));
    offset_ += std::min(line.size() + 1, rest.size());
    const bool is_last = offset_ == event->text.size();
    number_ = next_relp_number(number_);
    append_relp_frame(number_, "syslog", line, *frames);
    sent_.push_back({number_, event->number, is_last});
    if (!is_last) continue;
    window_.sent();
    offset_ = 0;
  }
  if (frames->empty()) return;
  if (was_idle) {
    core().set_busy(now);
    expect_by(now + options_.ack_timeout);
  }
  write(frames);
}

bool RelpWorker::lose_if_too_large(const EventWindow::Event& event) {
  if (longest_line(event.text) <= options_.max_size) return false;
  const std::string_view id = id_in(event.text);
  std::vector<BatchPtr> notices;
  if (window_.lost(event.number, notices)) core().count_lost(kTooLarge, 1, id, id);
  core().untold(notices);
  settle();
  return true;
}

void RelpWorker::greet() {
  expect_by(Clock::now() + options_.timeout);
  write_frame("open", relp_offer(NAUDIT_VERSION));
}

void RelpWorker::write_frame(std::string_view command, std::string_view data) {
  const auto frame = std::make_shared<std::string>();
  number_ = next_relp_number(number_);
  append_relp_frame(number_, command, data, *frame);
  write(frame);
}

void RelpWorker::take(std::string_view bytes) {
  reader_.feed(bytes);
  while (is_connected()) {
    const auto answer = reader_.next();
    if (!answer) break;
    on_answer(*answer);
  }
  if (is_connected() && reader_.failed()) fail("disconnected", server() + " has sent what is no answer of RELP");
  settle();
}

void RelpWorker::on_answer(const RelpAnswer& answer) {
  if (answer.kind == RelpAnswer::Kind::kServerClose) return fail("disconnected", server() + " has ended the session");
  const std::string quoted = std::to_string(answer.code) + ' ' + answer.text;
  if (!is_ready()) {
    if (answer.number != number_) return fail("disconnected", server() + " has answered what it was not asked");
    if (answer.code != kTaken)
      return fail("session refused", server() + " answers " + quoted, SinkCore::ErrorIs::kQuoted);
    return become_ready();
  }
  if (sent_.empty() || answer.number != sent_.front().number)
    return fail("disconnected", server() + " has answered what it was not sent");
  if (answer.code != kTaken)
    return fail("server refuses events", server() + " answers " + quoted, SinkCore::ErrorIs::kQuoted);
  if (sent_.front().is_last) window_.delivered(sent_.front().event);
  sent_.pop_front();
  confirmed();
  expect_by(sent_.empty() ? Clock::time_point::max() : Clock::now() + options_.ack_timeout);
}

// What is finished is counted, and its room in the queue is free again.
void RelpWorker::settle() {
  const EventWindow::Count count = window_.take_finished();
  if (count.bytes > 0) core().queue().release(count.bytes);
  core().told(count.notices);
  if (count.events == 0 && count.notices.empty()) return;
  core().count_delivered(count.events, count.event_bytes);
  if (!is_connected()) return;
  if (sent_.empty())
    core().set_ok();
  else
    core().set_busy(Clock::now());
}

void RelpWorker::restart() {
  reader_ = {};
  number_ = 0;
  offset_ = 0;
  sent_.clear();
  window_.restart();
}

void RelpWorker::give_up() {
  settle();
  const EventWindow::Rest rest = window_.give_up();
  core().count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core().untold(rest.notices);
  core().queue().release(rest.bytes);
}

}  // namespace

std::unique_ptr<Sink> make_relp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& wanted = sink.options.as<RelpOptions>();
  return std::make_unique<NetworkSink>(std::make_shared<RelpWorker>(
      network.loop(), sink, Dialer::settings(sink.name, wanted, endpoints_of(wanted)), std::move(host), seed));
}

}  // namespace naudit::output
