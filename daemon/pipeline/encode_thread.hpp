// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "correlate/event.hpp"
#include "daemon/pipeline/handoff.hpp"
#include "daemon/pipeline/key_counts.hpp"
#include "daemon/pipeline/type_counts.hpp"
#include "interpret/names/names.hpp"
#include "output/router.hpp"

namespace naudit::daemon {

// The encode thread: takes events from the hand-off, and from the daemon itself, and routes them to the sinks. While
// little comes, the drain thread does so in its place, which spares a wake-up for a handful of events.
//
// Owner: the daemon. The public functions are for the main thread, except work_here() and
// inject_remote().
class EncodeThread {
 public:
  // `make_event`: see output::Router.
  EncodeThread(Handoff& handoff, std::string node, output::Notices::MakeEvent make_event = {});
  EncodeThread(const EncodeThread&) = delete;
  EncodeThread& operator=(const EncodeThread&) = delete;
  ~EncodeThread();

  void start();
  // Drain thread. Encodes what was handed off, and writes it where a sink has that done, if `is_last` or when it has
  // become much; or wakes the encode thread, when that is at work already. What was not written, another call with
  // `is_last` or Handoff::wake() must follow. May be held by a name service for a moment, by a sink with the policy
  // `block` and by a disk, and in these last touches nothing of ours any more.
  void work_here(bool is_last);
  // Puts an event of the daemon's own into the stream, behind what has been handed off so far.
  void inject(correlate::EventPtr event) { inject_for_others(std::move(event), {}); }
  // The same, but not into the stream of the sink of this name, which has told it itself.
  void inject_for_others(correlate::EventPtr event, std::string sink);
  // Any thread. Events that came from other machines, which each of them names; accepted with all that was handed off
  // before when the receipt goes. They are not bounded here.
  void inject_remote(correlate::EventBatch events, output::Receipt receipt);
  // Routes to be used from now on; what was encoded before goes to the sinks it was for. `then` is called on the encode
  // thread once it is so, with nothing, or with what is wrong with a format or filter, and then the old routes stay; it
  // must only post. That may take as long as a sink with the policy `block` holds the encode thread up.
  void set_routes(std::vector<output::Route> routes, std::function<void(std::optional<std::string>)> then);
  // The same, for the start: waits for it, and throws base::Error.
  void set_routes(std::vector<output::Route> routes);
  void set_node(std::string node);
  // Once a second or so: what is withheld is told when its time is over, whether other events come or not.
  void tick();
  // Events by rule key, as the encode thread counts them. `then` is called there, and must only post.
  void key_report(std::function<void(KeyReport)> then);
  // False if it does not look at its orders within this time, which is so when a sink with `block` holds it up. Waits:
  // only for the stop.
  bool answers_within(std::chrono::milliseconds time);
  // The thread is to end when everything that was handed off and injected is with the sinks. False if it has not within
  // this time.
  bool end_within(std::chrono::milliseconds time);
  // Waits for that end, however long it takes: call it once end_within() has said that it has come.
  void stop();

  // Records by type, of the events that were handed off. Any thread.
  [[nodiscard]] std::vector<TypeCount> types() const { return types_.list(); }
  // CONFIG_CHANGE records that passed: somebody changed rules or settings.
  [[nodiscard]] std::uint64_t config_changes() const noexcept {
    return config_changes_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_.load(std::memory_order_relaxed); }

 private:
  using Order = std::function<void()>;  // what is to be done on the encode thread
  struct Injected {
    correlate::EventPtr event;
    std::string not_for;  // a sink; empty: it is for all
  };

  struct Remote {
    correlate::EventBatch events;
    output::Receipt receipt;
  };

  void prepare_names();
  void run();
  bool take_batches();
  bool take_orders();
  void take_remote(const std::vector<Remote>& remote);
  void notice(const correlate::Event& event);
  void look_what_is_owed() noexcept { owes_.store(router_.owes(), std::memory_order_relaxed); }
  void order(Order order);

  Handoff& handoff_;
  interpret::Names names_;
  formats::EncoderContext context_;
  output::Router router_;
  KeyCounts keys_;
  TypeCounts types_;

  std::mutex work_;  // whoever encodes holds it; the members above are its

  std::mutex mutex_;  // the lists below; held for the time of a swap
  std::vector<Injected> injected_;
  std::vector<Remote> remote_;
  std::vector<Order> orders_;
  std::atomic<bool> has_orders_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> owes_{false};  // what router_ says
  std::atomic<std::uint64_t> events_{0};
  std::atomic<std::uint64_t> config_changes_{0};
  std::promise<void> ended_;
  std::future<void> end_ = ended_.get_future();
  std::thread thread_;
};

}  // namespace naudit::daemon
