// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/kafka/worker.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "output/sinks/http/event_head.hpp"
#include "output/sinks/http/secret_file.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kTakeBytes = std::size_t{256} << 10;
constexpr std::uint64_t kLeastBatchBytes = std::uint64_t{16} << 10;
constexpr std::chrono::minutes kLongSleep{1};
constexpr std::chrono::seconds kLook{1};  // while something is on its way, whatever librdkafka says

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

std::string read_password(const std::string& sink, const KafkaOptions& options) {
  if (options.sasl.password_file.empty()) return {};
  return read_secret(sink, SecretKind::kPassword, options.sasl.password_file);
}

std::string phrase_of(KafkaFault fault) {
  switch (fault) {
    case KafkaFault::kTopic:
      return "no such topic";
    case KafkaFault::kRights:
      return "not authorised";
    case KafkaFault::kLogin:
      return "login refused";
    case KafkaFault::kConnection:
      return "disconnected";
    default:
      return "refused by the cluster";
  }
}

}  // namespace

KafkaWorker::KafkaWorker(const config::Sink& sink, SinkHost host, std::uint64_t seed)
    : sink_(sink.name),
      schema_("nauditd/" + sink.format),
      host_name_(host_name()),
      options_(sink.options.as<KafkaOptions>()),
      settings_(kafka_settings(options_, sink.queue.size)),
      window_most_(std::max<std::size_t>(kTakeBytes, sink.queue.size / 2)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      core_(sink, std::move(host)),
      backoff_(options_.retry.first, options_.retry.most, seed),
      password_(read_password(sink.name, options_)) {
  if (!wake_) throw base::Error("sink '" + sink_ + "': no more files can be opened");
  core_.queue().on_wake([this] { wake(); });
  try {
    make_client();
  } catch (const base::Error& error) {
    throw base::Error("sink '" + sink_ + "': " + error.what());
  }
  core_.set_state("idle");
}

void KafkaWorker::wake() const {
  const std::uint64_t one = 1;
  while (::write(wake_.get(), &one, sizeof one) < 0 && errno == EINTR) continue;  // EAGAIN: it is awake
}

void KafkaWorker::sleep_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd ready{wake_.get(), POLLIN, 0};
  if (left > 0) ::poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left, std::numeric_limits<int>::max())));
  std::uint64_t times = 0;
  static_cast<void>(::read(wake_.get(), &times, sizeof times) < 0);  // EAGAIN: the time has come
}

void KafkaWorker::stop_at(Clock::time_point deadline) {
  stop_at_ = deadline.time_since_epoch().count();
  core_.queue().end_blocking();
  wake();
}

void KafkaWorker::make_client() {
  KafkaSettings settings = settings_;
  if (single_)
    settings.emplace_back("batch.num.messages", "1");
  else if (batch_bytes_ < 1'000'000)
    settings.emplace_back("batch.size", std::to_string(batch_bytes_));
  KafkaClient::Handlers handlers;
  handlers.on_report = [this](std::uint64_t number, KafkaFault fault, const std::string& why) {
    on_report(number, fault, why);
  };
  handlers.on_error = [this](KafkaFault fault, const std::string& why) { on_error(fault, why); };
  client_ = std::make_unique<KafkaClient>(settings, options_.topic, password_, wake_.get(), std::move(handlers));
}

void KafkaWorker::run() {
  for (;;) {
    Clock::time_point now = Clock::now();
    const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
    if (now >= stop_at) break;
    if (client_) client_->poll();
    settle(now);
    if (restarting_ && window_.on_their_way() == 0) finish_restart(now);
    if (!client_ && now >= retry_at_) {
      try {
        make_client();
      } catch (const base::Error& error) {
        retry_at_ = now + backoff_.next();
        core_.set_trouble("cannot be set up", error.what(), retry_at_);
      }
    }
    fill();
    if (client_ && !restarting_) produce(now);
    if (window_.empty() && stop_at != Clock::time_point::max()) break;
    Clock::time_point wake_at = std::min({core_.tell(now), stop_at, now + kLongSleep});
    if (!client_) wake_at = std::min(wake_at, retry_at_);
    if (window_.on_their_way() > 0) wake_at = std::min(wake_at, now + kLook);
    sleep_until(restarting_ && window_.on_their_way() == 0 ? now : wake_at);
  }
  end();
}

void KafkaWorker::fill() {
  while (window_.bytes() < window_most_ && core_.queue().take(kTakeBytes, taken_)) {
    for (BatchPtr& batch : taken_) window_.add(std::move(batch));
    taken_.clear();
  }
}

bool KafkaWorker::is_single_over() {
  const auto next = window_.next();
  return !next || next->number >= single_until_;
}

void KafkaWorker::produce(Clock::time_point now) {
  const bool was_idle = window_.on_their_way() == 0;
  for (;;) {
    const auto event = window_.next();
    if (!event) break;
    if (single_ && event->number >= single_until_) {
      if (window_.on_their_way() == 0) restart(KafkaFault::kNone, {});
      break;
    }
    KafkaClient::Message message;
    message.number = event->number;
    message.text = event->text;
    if (message.text.ends_with('\n')) message.text.remove_suffix(1);
    const EventHead head = read_event_head(event->text);
    message.key = head.node.empty() ? std::string_view(host_name_) : head.node;
    message.id = head.id;
    message.millis = head.millis;
    message.schema = schema_;
    const KafkaClient::Taken taken = client_->produce(message);
    if (taken.how == KafkaClient::Taken::How::kFull) break;
    if (taken.how == KafkaClient::Taken::How::kTaken) {
      window_.sent();
    } else if (taken.fault == KafkaFault::kMessage) {
      lose(event->number, taken.why);
    } else {
      restart(taken.fault, taken.why);
      break;
    }
  }
  settle(now);
  if (was_idle && healthy_ && window_.on_their_way() > 0) core_.set_busy(now);
}

void KafkaWorker::on_report(std::uint64_t number, KafkaFault fault, const std::string& why) {
  if (fault == KafkaFault::kNone) return window_.delivered(number);
  if (fault == KafkaFault::kMessage && single_) {
    lose(number, why);
    return restart(KafkaFault::kMessage, why);
  }
  window_.failed(number);
  if (fault == KafkaFault::kPurged) return;
  if (fault == KafkaFault::kMessage) single_until_ = std::max(single_until_, number + 1);
  restart(fault, why);
}

void KafkaWorker::on_error(KafkaFault fault, const std::string& why) {
  if (fault == KafkaFault::kFatal || fault == KafkaFault::kRights) return restart(fault, why);
  if (restarting_) return;
  if (fault != KafkaFault::kConnection && fault != KafkaFault::kLogin) return core_.set_error(why);
  healthy_ = false;
  core_.set_trouble(phrase_of(fault), why, {});
  if (fault != KafkaFault::kLogin) return;
  try {
    if (read_password(sink_, options_) != password_) restart(fault, why);
  } catch (const base::Error& error) {
    core_.set_error(error.what());
  }
}

void KafkaWorker::lose(std::uint64_t number, const std::string& why) {
  const auto event = window_.find(number);
  if (!event) return;
  const std::string_view id = read_event_head(event->text).id;
  std::vector<BatchPtr> notices;
  if (window_.lost(number, notices)) core_.count_lost("refused by the cluster: " + why, 1, id, id);
  core_.untold(notices);
  core_.set_flaw("cluster refuses events", why);
}

// What is finished is counted, and its room in the queue is free again.
void KafkaWorker::settle(Clock::time_point now) {
  const EventWindow::Count count = window_.take_finished();
  if (count.bytes > 0) core_.queue().release(count.bytes);
  core_.told(count.notices);
  if (count.events == 0 && count.notices.empty()) return;
  core_.count_delivered(count.events, count.event_bytes);
  if (restarting_) return;
  healthy_ = true;
  backoff_.reset();
  if (!single_) core_.set_flaw({}, {});
  if (window_.on_their_way() > 0)
    core_.set_busy(now);
  else
    core_.set_ok();
}

// Of several reasons a message's goes before what follows from it.
void KafkaWorker::restart(KafkaFault fault, const std::string& why) {
  const bool first = !std::exchange(restarting_, true);
  if (first || fault_ == KafkaFault::kFatal || fault == KafkaFault::kMessage) {
    fault_ = fault;
    fault_text_ = why;
  }
  if (first) client_->purge();
}

void KafkaWorker::finish_restart(Clock::time_point now) {
  client_.reset();
  window_.restart();
  restarting_ = false;
  const KafkaFault fault = std::exchange(fault_, KafkaFault::kNone);
  const bool was_single = std::exchange(single_, !is_single_over());
  retry_at_ = now;
  if (fault == KafkaFault::kNone) return;
  if (fault == KafkaFault::kMessage) {
    if (!was_single) batch_bytes_ = std::max(kLeastBatchBytes, batch_bytes_ / 2);
    return;
  }
  healthy_ = false;
  retry_at_ = now + backoff_.next();
  core_.set_trouble(phrase_of(fault), fault_text_, retry_at_);
  if (fault != KafkaFault::kLogin) return;
  try {
    password_ = read_password(sink_, options_);
  } catch (const base::Error& error) {
    core_.set_error(error.what());
  }
}

void KafkaWorker::end() {
  if (client_) {
    client_->purge();
    client_->poll();
  }
  settle(Clock::now());
  const EventWindow::Rest rest = window_.give_up();
  core_.count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core_.untold(rest.notices);
  core_.queue().release(rest.bytes);
  core_.finish();
  client_.reset();
}

}  // namespace naudit::output
