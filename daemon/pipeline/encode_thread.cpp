// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/encode_thread.hpp"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/thread.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

// Large enough that a write is cheap, small enough that it is still in the cache when it is written.
constexpr std::size_t kWorthWriting = std::size_t{128} * 1024;

}  // namespace

EncodeThread::EncodeThread(Handoff& handoff, std::string node, output::Notices::MakeEvent make_event)
    : handoff_(handoff),
      // A record that names a machine comes from another one: its numbers are not our users.
      names_({.scope = {.whose = interpret::NamesScope::Whose::kOwn}}),
      context_{.names = names_, .node = std::move(node), .live = true, .local_time = true},
      router_(context_, std::move(make_event)),
      keys_(std::chrono::steady_clock::now()) {}

EncodeThread::~EncodeThread() {
  stop();
}

// The first question to the name service takes longest, since its modules are loaded for it: it is asked and answered
// before the first record, which is about root more often than not, would have to go on without the name.
void EncodeThread::prepare_names() {
  using std::chrono::milliseconds;
  constexpr milliseconds kLongest{1000}, kPause{5};
  const auto end = std::chrono::steady_clock::now() + kLongest;
  const auto is_known = [this](auto now) { return !names_.user(0, now).empty() && !names_.group(0, now).empty(); };
  for (auto now = end - kLongest; !is_known(now) && now < end; now = std::chrono::steady_clock::now())
    std::this_thread::sleep_for(kPause);
}

void EncodeThread::start() {
  prepare_names();
  thread_ = base::start_thread("naudit-encode", [this] {
    run();
    ended_.set_value();
  });
}

void EncodeThread::run() {
  while (true) {
    const std::uint32_t seen = handoff_.turn();
    std::unique_lock work(work_);
    // Read before looking: what was handed on before the stop is then seen below.
    const bool stopping = stopping_.load(std::memory_order_acquire);
    const bool has_orders = has_orders_.exchange(false, std::memory_order_acq_rel);
    const bool had_batches = take_batches();
    const bool had_orders = has_orders && take_orders();
    if (had_batches || had_orders) continue;
    if (stopping) return router_.finish();
    router_.flush();
    work.unlock();
    handoff_.wait(seen);
  }
}

void EncodeThread::work_here(bool is_last) {
  std::shared_ptr<output::Sink> sink;
  {
    const std::unique_lock work(work_, std::try_to_lock);
    if (!work) return handoff_.wake();
    take_batches();
    if (!is_last && router_.bytes() < kWorthWriting) return;
    sink = router_.flush_but_one();
  }
  if (sink != nullptr) sink->work_here();
}

// As many as fit into the hand-off: orders go behind what was there when they came, and do not wait for ever.
bool EncodeThread::take_batches() {
  std::size_t taken = 0;
  for (; taken < Handoff::kBatches; ++taken) {
    auto batch = handoff_.pop();
    if (!batch) break;
    keys_.advance(std::chrono::steady_clock::now());
    for (const auto& event : *batch) {
      router_.add(*event);
      keys_.add(router_.decoded());
      types_.add(*event);
      notice(*event);
    }
    events_.fetch_add(batch->size(), std::memory_order_relaxed);
    handoff_.give_back(std::move(batch));
  }
  if (taken > 0) look_what_is_owed();
  return taken > 0;
}

// Some events concern ourselves.
void EncodeThread::notice(const correlate::Event& event) {
  if (event.records().empty()) return;
  const std::uint16_t first = event.records().front().type;
  if (first == tables::type::kConfigChange)
    config_changes_.fetch_add(1, std::memory_order_relaxed);
  else if ((first >= tables::type::kAddUser && first <= tables::type::kDelGroup) || first == tables::type::kGrpMgmt)
    names_.flush();
}

bool EncodeThread::take_orders() {
  std::vector<Injected> injected;
  std::vector<Remote> remote;
  std::vector<Order> orders;
  {
    const std::lock_guard lock(mutex_);
    injected.swap(injected_);
    remote.swap(remote_);
    orders.swap(orders_);
  }
  for (const Injected& one : injected)
    if (one.not_for.empty())
      router_.add(*one.event);
    else
      router_.add_for_others(*one.event, one.not_for);
  events_.fetch_add(injected.size(), std::memory_order_relaxed);
  take_remote(remote);
  for (const Order& order : orders) order();
  return !injected.empty() || !remote.empty() || !orders.empty();
}

// What they tell of users, rules and keys is told of another machine's.
void EncodeThread::take_remote(const std::vector<Remote>& remote) {
  if (remote.empty()) return;
  std::vector<output::Receipt> receipts;
  for (const Remote& one : remote) {
    for (const correlate::EventPtr& event : one.events) {
      router_.add(*event);
      types_.add(*event);
    }
    events_.fetch_add(one.events.size(), std::memory_order_relaxed);
    receipts.push_back(one.receipt);
  }
  router_.flush(std::make_shared<const std::vector<output::Receipt>>(std::move(receipts)));
}

void EncodeThread::inject_remote(correlate::EventBatch events, output::Receipt receipt) {
  {
    const std::lock_guard lock(mutex_);
    remote_.push_back({std::move(events), std::move(receipt)});
  }
  has_orders_.store(true, std::memory_order_release);
  handoff_.wake();
}

void EncodeThread::inject_for_others(correlate::EventPtr event, std::string sink) {
  {
    const std::lock_guard lock(mutex_);
    injected_.push_back({std::move(event), std::move(sink)});
  }
  has_orders_.store(true, std::memory_order_release);
  handoff_.wake();
}

void EncodeThread::set_routes(std::vector<output::Route> routes, std::function<void(std::optional<std::string>)> then) {
  order([this, routes = std::move(routes), then = std::move(then)] {
    std::optional<std::string> problem;
    try {
      router_.set_routes(routes);
    } catch (const base::Error& error) {
      problem = error.what();
    }
    then(std::move(problem));
  });
}

void EncodeThread::set_routes(std::vector<output::Route> routes) {
  std::promise<std::optional<std::string>> done;
  set_routes(std::move(routes), [&done](std::optional<std::string> problem) { done.set_value(std::move(problem)); });
  if (const auto problem = done.get_future().get()) throw base::Error(*problem);
}

void EncodeThread::set_node(std::string node) {
  order([this, node = std::move(node)] { context_.node = node; });
}

void EncodeThread::tick() {
  if (!owes_.load(std::memory_order_relaxed)) return;
  order([this] {
    router_.tell_due(std::chrono::steady_clock::now());
    look_what_is_owed();
  });
}

void EncodeThread::key_report(std::function<void(KeyReport)> then) {
  order([this, then = std::move(then)] { then(keys_.report(std::chrono::steady_clock::now())); });
}

void EncodeThread::order(Order order) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back(std::move(order));
  }
  has_orders_.store(true, std::memory_order_release);
  handoff_.wake();
}

bool EncodeThread::answers_within(std::chrono::milliseconds time) {
  const auto answered = std::make_shared<std::promise<void>>();
  const std::future<void> answer = answered->get_future();
  order([answered] { answered->set_value(); });
  return answer.wait_for(time) == std::future_status::ready;
}

bool EncodeThread::end_within(std::chrono::milliseconds time) {
  if (!thread_.joinable()) return true;
  stopping_.store(true, std::memory_order_release);
  handoff_.wake();
  return end_.wait_for(time) == std::future_status::ready;
}

void EncodeThread::stop() {
  if (!thread_.joinable()) return;
  end_within(std::chrono::milliseconds{0});
  thread_.join();
}

}  // namespace naudit::daemon
