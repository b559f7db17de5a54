// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "base/counter.hpp"
#include "config/config.hpp"
#include "correlate/correlator.hpp"
#include "correlate/serial_gaps.hpp"
#include "daemon/pipeline/handoff.hpp"
#include "daemon/pipeline/shift.hpp"
#include "netlink/event_socket.hpp"
#include "netlink/receiver.hpp"
#include "netlink/wakeup.hpp"
#include "output/sinks/own_thread.hpp"

namespace naudit::daemon {

// What the drain thread itself counts, besides the receiver and the correlator. Any thread may read it.
struct DrainCounters {
  base::Counter handoff_full;
  std::atomic<int> receive_error{0};  // errno of the last of netlink::Counters::errors
};

inline constexpr auto kDrainCounters = std::to_array<base::CounterRow<DrainCounters>>({
    {{"handoff_full", "times", base::CounterKind::kCounter,
      "that the encoding was so far behind that records had to wait in the socket"},
     &DrainCounters::handoff_full},
});

// The drain thread: receives records, groups them, hands whole events on. As long as it keeps up with the kernel, it
// works these off by itself instead of waking the encode thread: that spares the wake-ups, and what it has just
// received is still in the processor's caches. This may take it to a disk, so there are two threads that take turns
// (Shift): a hundred milliseconds after the one has got stuck, the other one receives. It logs nothing: what fails is
// counted, and the main thread tells it.
//
// Owner: the daemon. start(), stop() and set_options() are for the main thread. The handlers run on the drain thread
// and must only post, except work_here.
class DrainThread {
 public:
  using WorkHere = std::function<void(bool is_last)>;

  struct Handlers {
    std::function<void(std::error_code)> on_registration;
    std::function<void(pid_t)> on_replace;
    // Works off what was handed off, or wakes the encode thread for it; `is_last`: nothing more is at hand, so that
    // what is encoded is to be written. May hang, and outlive the drain thread then.
    WorkHere work_here;
  };

  DrainThread(const netlink::EventSocket& socket, const config::Events& events, Handoff& handoff, Handlers handlers);
  DrainThread(const DrainThread&) = delete;
  DrainThread& operator=(const DrainThread&) = delete;
  ~DrainThread();

  void start();
  void set_options(const config::Events& events);
  // Before start(): what a run before this one has not settled (SerialGaps::begin_at), and the serials behind that
  // which came all the same.
  void begin_at(std::uint32_t next, bool has_own, const std::vector<std::uint32_t>& came);
  // The gaps that were found since the last call; `then` is called on the drain thread, and must only post.
  void take_gaps(std::function<void(const correlate::SerialGaps::Found&)> then);
  // After the kernel has unregistered us: takes what is left in the socket (for at most this long), emits what is open,
  // hands all of it on, and ends the threads. Gaps that are open then are returned with those that nobody has taken.
  std::optional<correlate::SerialGaps::Found> stop(std::chrono::milliseconds at_most);
  // After stop(): a thread still hangs in Handlers::work_here.
  [[nodiscard]] bool left_behind() const noexcept { return left_behind_; }

  [[nodiscard]] const netlink::Counters& received() const noexcept { return receiver_.counters(); }
  [[nodiscard]] const correlate::Correlator::Counters& correlated() const noexcept { return correlator_.counters(); }
  [[nodiscard]] const correlate::SerialGaps::Counters& gaps() const noexcept { return gaps_.counters(); }
  [[nodiscard]] const DrainCounters& counters() const noexcept { return counters_; }

 private:
  // What both threads do. Of `this`, only the one on duty uses anything.
  static void take_turns(DrainThread& self, Shift& shift, const WorkHere& work_here, bool on_duty);
  bool serve(Shift& shift, const WorkHere& work_here);
  bool work_off(bool is_last, Shift& shift, const WorkHere& work_here);
  void end_threads();
  void order(std::function<void()> order);
  void take_orders();
  void on_records(std::span<const netlink::Record> records, correlate::TimePoint now);
  void age();
  void hand_on();
  [[nodiscard]] std::optional<correlate::TimePoint> next_due() const;
  void sleep();
  void finish(std::chrono::steady_clock::time_point deadline);

  Handoff& handoff_;
  const int socket_;
  netlink::Receiver receiver_;
  correlate::HeaderReader headers_;
  correlate::EventPool pool_;
  correlate::Correlator correlator_;
  correlate::SerialGaps gaps_;
  std::unique_ptr<correlate::EventBatch> batch_;
  std::size_t gathered_ = 0;    // records since the last hand-over
  bool waiting_ = false;        // for room in the hand-off
  bool handed_on_ = false;      // a batch that nobody has been woken for
  bool has_unwritten_ = false;  // what was encoded here has not been given to the sinks
  int in_a_row_ = 0;            // batches since the socket was last found empty
  bool ended_ = false;
  DrainCounters counters_;

  netlink::Wakeup wakeup_;
  std::mutex mutex_;  // of the orders; held for the time of a swap
  std::vector<std::function<void()>> orders_;
  std::atomic<bool> has_orders_{false};

  WorkHere work_here_;
  std::shared_ptr<Shift> shift_ = std::make_shared<Shift>();
  std::vector<output::OwnThread> threads_;
  bool left_behind_ = false;
};

}  // namespace naudit::daemon
