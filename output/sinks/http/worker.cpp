// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/worker.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "output/sinks/http/secret_file.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kLeastSplit = std::size_t{16} << 10;  // a server that refuses this refuses everything

std::string refused_by(int status) {
  return "refused by server " + std::to_string(status);
}

std::string_view without_newline(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

HttpCredentials read_credentials(const std::string& sink, const HttpOptions& options, const std::string& token_scheme) {
  HttpCredentials result;
  result.scheme = token_scheme;
  if (!options.token_file.empty()) result.token = read_secret(sink, SecretKind::kToken, options.token_file);
  if (!options.user.empty()) {
    result.user = options.user;
    result.password = read_secret(sink, SecretKind::kPassword, options.password_file);
  }
  if (options.headers_file.empty()) return result;
  const std::string lines = read_secret(sink, SecretKind::kHeaders, options.headers_file);
  for (std::string_view rest = lines; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    result.headers.emplace_back(base::trimmed(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

HttpWorker::HttpWorker(boost::asio::io_context& loop, const config::Sink& sink, const HttpClient::Options& client,
                       std::unique_ptr<HttpProduct> product, HttpCredentials credentials,
                       std::shared_ptr<DeadLetters> dead, SinkHost host, std::uint64_t seed)
    : NetworkWorker(loop, sink, std::move(host)),
      name_(sink.name),
      options_(sink.options.as<HttpOptions>()),
      client_(client),
      product_(std::move(product)),
      dead_(std::move(dead)),
      backoff_(options_.retry.first, options_.retry.most, seed),
      batcher_(options_.batch, product_->traits().single),
      compressor_(options_.compression),
      credentials_(std::move(credentials)) {
  for (std::uint32_t i = 0; i < std::max(1U, options_.parallel); ++i)
    lanes_.push_back({std::make_unique<HttpClient>(loop, client), nullptr, {}});
}

HttpWorker::Lane* HttpWorker::idle_lane() {
  const auto found = std::ranges::find_if(lanes_, [](const Lane& lane) { return !lane.parcel; });
  return found == lanes_.end() ? nullptr : &*found;
}

HttpWorker::Clock::time_point HttpWorker::next_due(Clock::time_point now) const {
  if (!again_.empty()) return std::max(now, retry_at_);
  return std::max(stopping() && !batcher_.empty() ? now : batcher_.due(), retry_at_);
}

HttpWorker::Clock::time_point HttpWorker::work(Clock::time_point now) {
  const Clock::time_point asked = ask(now);
  return std::min(asked, send_all(now));
}

HttpWorker::Clock::time_point HttpWorker::send_all(Clock::time_point now) {
  while (Lane* const lane = idle_lane()) {
    fill();
    const Clock::time_point due = next_due(now);
    if (now < due) return due;
    send(*lane, next_parcel(), now);
  }
  return Clock::time_point::max();
}

void HttpWorker::fill() {
  while (batcher_.wants_more() && core().queue().take(1, taken_)) {
    for (BatchPtr& batch : taken_) batcher_.add(std::move(batch));
    taken_.clear();
  }
}

std::unique_ptr<HttpWorker::Parcel> HttpWorker::next_parcel() {
  if (again_.empty()) {
    auto parcel = std::make_unique<Parcel>();
    parcel->number = cut_++;
    parcel->items = batcher_.cut();
    return parcel;
  }
  std::unique_ptr<Parcel> parcel = std::move(again_.front());
  again_.pop_front();
  return parcel;
}

void HttpWorker::freeze(Parcel& parcel) {
  if (parcel.body) return;
  events_.clear();
  for (const Item item : parcel.items) {
    const std::string_view text = without_newline(item.text());
    events_.push_back({text, read_event_head(text)});
  }
  std::string body;
  product_->write(events_, body);
  parcel.target = product_->traits().target + product_->query_of(body);
  parcel.body = std::make_shared<const std::string>(compressor_.compress(std::move(body)));
}

void HttpWorker::send(Lane& lane, std::unique_ptr<Parcel> parcel, Clock::time_point now) {
  freeze(*parcel);
  HttpRequest request{{*parcel->body}, parcel->body, parcel->target, options_.headers};
  for (std::string& header : product_->headers()) request.headers.push_back(std::move(header));
  if (!compressor_.encoding().empty())
    request.headers.push_back("Content-Encoding: " + std::string(compressor_.encoding()));
  lane.parcel = std::move(parcel);
  lane.since = now;
  Clock::time_point oldest = now;
  for (const Lane& one : lanes_)
    if (one.parcel) oldest = std::min(oldest, one.since);
  if (healthy_) core().set_busy(oldest);
  const std::weak_ptr<HttpWorker> weak = std::static_pointer_cast<HttpWorker>(shared_from_this());
  lane.client->send(std::move(request), credentials_, [weak, &lane](const HttpOutcome& outcome) {
    if (const auto self = weak.lock()) self->on_done(lane, outcome);
  });
}

void HttpWorker::on_done(Lane& lane, const HttpOutcome& outcome) {
  std::unique_ptr<Parcel> parcel = std::move(lane.parcel);
  const std::size_t events = parcel->items.size();
  act(std::move(parcel), product_->judge(outcome, events, std::chrono::system_clock::now()), outcome.status);
  if (dead_) dead_->flush();
  pump();
}

void HttpWorker::act(std::unique_ptr<Parcel> parcel, HttpDecision decision, int status) {
  switch (decision.verdict) {
    case HttpVerdict::kDelivered:
      deliver(parcel->items);
      core().set_flaw({}, {});
      return works();
    case HttpVerdict::kEach:
      return settle_each(std::move(parcel), decision);
    case HttpVerdict::kSome:
      return settle_some(parcel->items, decision, status);
    case HttpVerdict::kRefused:
      refuse(parcel->items, status, decision.text);
      works();
      return core().set_flaw("server refuses events", decision.text, SinkCore::ErrorIs::kQuoted);
    case HttpVerdict::kSplit:
      return split(std::move(parcel), decision, status);
    case HttpVerdict::kConfiguration:
      again(std::move(parcel));
      return wait_for_somebody(decision, status);
    case HttpVerdict::kAwait:
      return await(std::move(parcel), std::move(decision.receipt));
    case HttpVerdict::kRetry:
      again(std::move(parcel));
      if (status == 0) return wait(decision, "disconnected", SinkCore::ErrorIs::kCause);
      return wait(decision, "server answers " + std::to_string(status), SinkCore::ErrorIs::kQuoted);
  }
}

// All of them go aside, if there is a place: those that are not there are among them. The last ones stand for them in
// the counts.
void HttpWorker::settle_some(const Items& items, const HttpDecision& decision, int status) {
  const std::span<const Item> all(items);
  for (const Item& item : all) set_aside(item, status, decision.text);
  const std::size_t taken = all.size() - std::min<std::size_t>(decision.refused, all.size());
  deliver(all.first(taken));
  lose("rejected by server, not said which", all.subspan(taken));
  core().set_error(decision.text);
  works();
  core().set_flaw("server refuses events", decision.text, SinkCore::ErrorIs::kQuoted);
}

void HttpWorker::await(std::unique_ptr<Parcel> parcel, std::string receipt) {
  const Clock::time_point now = Clock::now();
  parcel->body.reset();  // the same events make the same one
  awaited_.push_back({std::move(parcel), std::move(receipt), now});
  if (ask_at_ == Clock::time_point::max()) ask_at_ = now + product_->traits().ask_every;
  core().set_flaw({}, {});
  works();
}

HttpWorker::Clock::time_point HttpWorker::ask(Clock::time_point now) {
  if (awaited_.empty() || asking_) return Clock::time_point::max();
  if (now >= awaited_.front().since + product_->traits().confirmed_within) {
    give_up_receipts();
    return Clock::time_point::max();
  }
  if (now < ask_at_) return ask_at_;
  std::vector<std::string> receipts;
  for (const Awaited& one : awaited_) receipts.push_back(one.receipt);
  HttpQuestion question = product_->ask(receipts);
  auto body = std::make_shared<const std::string>(std::move(question.body));
  HttpRequest request{{*body}, body, std::move(question.target), options_.headers};
  for (std::string& header : product_->headers()) request.headers.push_back(std::move(header));
  if (!asker_) asker_ = std::make_unique<HttpClient>(loop(), client_);
  asking_ = true;
  const std::weak_ptr<HttpWorker> weak = std::static_pointer_cast<HttpWorker>(shared_from_this());
  asker_->send(std::move(request), credentials_, [weak](const HttpOutcome& outcome) {
    if (const auto self = weak.lock()) self->on_answer(outcome);
  });
  return Clock::time_point::max();
}

void HttpWorker::on_answer(const HttpOutcome& outcome) {
  asking_ = false;
  const auto confirmed = product_->confirmed(outcome);
  if (!confirmed) core().set_error(product_->judge(outcome, 1, std::chrono::system_clock::now()).text);
  for (const std::string& receipt : confirmed.value_or(std::vector<std::string>())) {
    const auto found = std::ranges::find(awaited_, receipt, &Awaited::receipt);
    if (found == awaited_.end()) continue;
    deliver(found->parcel->items);
    awaited_.erase(found);
  }
  ask_at_ = awaited_.empty() ? Clock::time_point::max() : Clock::now() + product_->traits().ask_every;
  pump();
}

// Some server may have them all, and never say so: what it was given goes again.
void HttpWorker::give_up_receipts() {
  HttpDecision decision;
  decision.text = "the server took events and did not confirm them within " +
                  std::to_string(product_->traits().confirmed_within.count() / 1000) + " s";
  product_->forget_receipts();
  while (!awaited_.empty()) {
    again(std::move(awaited_.back().parcel));
    awaited_.pop_back();
  }
  ask_at_ = Clock::time_point::max();
  wait(decision, "not acknowledged", SinkCore::ErrorIs::kCause);
}

void HttpWorker::settle_each(std::unique_ptr<Parcel> parcel, const HttpDecision& decision) {
  Items delivered;
  Items left;
  std::map<int, Items> refused;
  const EventFate* refusal = nullptr;
  const EventFate* delay = nullptr;
  for (std::size_t i = 0; i < parcel->items.size(); ++i) {
    const EventFate& fate = decision.fates[i];
    if (fate.is == EventFate::Is::kDelivered) {
      delivered.push_back(parcel->items[i]);
    } else if (fate.is == EventFate::Is::kAgain) {
      left.push_back(parcel->items[i]);
      delay = &fate;
    } else if (fate.is == EventFate::Is::kAtOnce) {
      left.push_back(parcel->items[i]);
    } else {
      set_aside(parcel->items[i], fate.status, fate.reason);
      refused[fate.status].push_back(parcel->items[i]);
      refusal = &fate;
    }
  }
  for (const auto& [status, items] : refused) lose(refused_by(status), items);
  deliver(delivered);
  if (left.size() < parcel->items.size()) works();
  if (refusal != nullptr) core().set_error(refusal->reason);
  if (refusal != nullptr)
    core().set_flaw("server refuses events", refusal->reason, SinkCore::ErrorIs::kQuoted);
  else if (!delivered.empty())
    core().set_flaw({}, {});
  if (left.empty()) return;
  parcel->items = std::move(left);
  parcel->body.reset();
  again(std::move(parcel));
  if (delay == nullptr) return;
  HttpDecision slow;
  slow.wait = decision.wait;
  slow.text = delay->reason;
  wait(slow, "server answers " + std::to_string(delay->status) + " to some events", SinkCore::ErrorIs::kQuoted);
}

void HttpWorker::split(std::unique_ptr<Parcel> parcel, const HttpDecision& decision, int status) {
  std::size_t bytes = 0;
  for (const Item item : parcel->items) bytes += item.text().size();
  if (parcel->items.size() == 1) {
    refuse(parcel->items, status, decision.text);
    works();
    return core().set_flaw("server refuses events", decision.text, SinkCore::ErrorIs::kQuoted);
  }
  core().set_error(decision.text);
  if (status == 413) batcher_.limit(std::max(kLeastSplit, bytes / 2));
  auto second = std::make_unique<Parcel>();
  second->number = parcel->number;
  const auto middle = parcel->items.begin() + static_cast<std::ptrdiff_t>(parcel->items.size() / 2);
  second->items.assign(middle, parcel->items.end());
  parcel->items.erase(middle, parcel->items.end());
  parcel->body.reset();
  again(std::move(second));
  again(std::move(parcel));
}

// Before those of its own number: the halves of what was split come second first.
void HttpWorker::again(std::unique_ptr<Parcel> parcel) {
  const auto place = std::ranges::lower_bound(again_, parcel->number, {}, [](const auto& one) { return one->number; });
  again_.insert(place, std::move(parcel));
}

void HttpWorker::deliver(std::span<const Item> items) {
  if (items.empty()) return;
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::vector<BatchPtr> notices;
  for (const Item item : items) {
    if (item.is_notice()) {
      notices.push_back(item.open->batch);
      continue;
    }
    ++events;
    bytes += item.text().size();
  }
  core().count_delivered(events, bytes);
  core().told(notices);
  core().queue().release(batcher_.settle(items));
}

void HttpWorker::set_aside(const Item& item, int status, const std::string& reason) {
  if (!dead_ || item.is_notice()) return;
  const std::string_view text = without_newline(item.text());
  dead_->add(read_event_head(text), text, status, reason);
}

void HttpWorker::refuse(std::span<const Item> items, int status, const std::string& reason) {
  core().set_error(reason);
  for (const Item& item : items) set_aside(item, status, reason);
  lose(refused_by(status), items);
}

void HttpWorker::lose(std::string_view cause, std::span<const Item> items) {
  if (items.empty()) return;
  std::uint64_t events = 0;
  std::string_view first_id;
  std::string_view last_id;
  std::vector<BatchPtr> notices;
  for (const Item item : items) {
    const Batch& batch = *item.open->batch;
    if (batch.tells) {
      notices.push_back(item.open->batch);
      continue;
    }
    ++events;
    const std::string_view own = read_event_head(item.text()).id;
    if (first_id.empty()) first_id = own.empty() ? std::string_view(batch.first_id) : own;
    last_id = own.empty() ? std::string_view(batch.last_id) : own;
  }
  core().count_lost(cause, events, first_id, last_id);
  core().untold(notices);
  core().queue().release(batcher_.settle(items));
}

void HttpWorker::works() {
  backoff_.reset();
  healthy_ = true;
  core().set_ok();
}

void HttpWorker::wait(const HttpDecision& decision, std::string phrase, SinkCore::ErrorIs is, bool at_once) {
  const Clock::time_point now = Clock::now();
  const std::chrono::milliseconds own = backoff_.next();
  healthy_ = false;
  retry_at_ = at_once ? now : now + std::max(own, decision.wait.value_or(own));
  core().set_trouble(std::move(phrase), decision.text, retry_at_, is);
}

// Nothing is thrown away for what somebody has to put right; and nobody is asked often.
void HttpWorker::wait_for_somebody(HttpDecision& decision, int status) {
  std::string phrase = "server answers " + std::to_string(status);
  bool renewed = false;
  if ((status == 401 || status == 403) && !credentials_.empty()) {
    renewed = renew_credentials(decision.text);
    if (!credentials_.user.empty())
      phrase = "password refused";
    else
      phrase = credentials_.token.empty() ? "headers refused" : "token refused";
  }
  if (!decision.wait) decision.wait = options_.retry.most / 2;
  wait(decision, std::move(phrase), SinkCore::ErrorIs::kQuoted, renewed);
}

// True if there are others than those that were refused; adds to the text why there cannot be.
bool HttpWorker::renew_credentials(std::string& text) {
  try {
    const HttpCredentials read = read_credentials(name_, options_, product_->traits().token_scheme);
    return std::exchange(credentials_, read) != read;
  } catch (const base::Error& error) {
    text.append("; ").append(error.what());
    return false;
  }
}

void HttpWorker::end() {
  for (Lane& lane : lanes_) lane.client->close();
  if (asker_) asker_->close();
  Items left;
  const auto add = [&left](const Parcel& parcel) { left.insert(left.end(), parcel.items.begin(), parcel.items.end()); };
  for (const auto& parcel : again_) add(*parcel);
  for (const Awaited& one : awaited_) add(*one.parcel);
  for (const Lane& lane : lanes_)
    if (lane.parcel) add(*lane.parcel);
  const Items rest = batcher_.rest();
  left.insert(left.end(), rest.begin(), rest.end());
  lose(SinkCore::kStopped, left);
}

}  // namespace naudit::output
