// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "output/router.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::daemon {

// The sinks of the configuration, and how they change when it does: a sink whose settings stay the same goes on
// untouched, with its queue and its connection.
//
// Main thread, except the Maker. A change is made in two steps, so that an error leaves everything as it was:
// prepare() makes what is new (and may throw base::Error); commit() takes it, and gives back what is gone, to be
// stopped once nobody routes to it any more. To stop a sink takes as long as it is given: a stuck one is not for the
// main thread.
class SinkSet {
 public:
  struct Entry {
    config::Sink settings;
    config::Filter filter;  // of the settings, with its users as numbers
    std::shared_ptr<output::Sink> sink;
    std::string problem = {};  // why it is a BrokenSink; empty if it is none
    std::shared_ptr<output::shape::Counts> counts = {};
  };
  using Entries = std::vector<Entry>;

  explicit SinkSet(output::SinkHost host) : host_(std::move(host)) {}

  // Every sink that was made and may be there still. Any thread.
  class Made {
   public:
    void add(const std::shared_ptr<output::Sink>& sink);
    void each(const std::function<void(output::Sink&)>& what);
    void end_blocking();

   private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<output::Sink>> sinks_;
    bool blocking_ended_ = false;
  };

  // Makes sinks on another thread, since that asks disks and the name service; it may outlive the set.
  class Maker {
   public:
    // Throws base::Error. A sink that was broken is made anew.
    [[nodiscard]] Entries make(const std::vector<config::Sink>& wanted) const;
    // The same at start, when there is nothing to go on with: a sink that cannot be made is a BrokenSink.
    [[nodiscard]] Entries make_as_far_as_possible(const std::vector<config::Sink>& wanted) const;

   private:
    friend class SinkSet;
    Maker(const SinkSet& set) : host_(set.host_), network_(set.network_), made_(set.made_), entries_(set.entries_) {}

    output::SinkHost host_;
    std::shared_ptr<output::Network> network_;
    std::shared_ptr<Made> made_;
    Entries entries_;

    [[nodiscard]] Entries make(const std::vector<config::Sink>& wanted, bool may_break) const;
  };
  [[nodiscard]] Maker maker() const { return Maker(*this); }

  [[nodiscard]] Entries prepare(const std::vector<config::Sink>& wanted) { return maker().make(wanted); }
  [[nodiscard]] Entries prepare_at_start(const std::vector<config::Sink>& wanted) {
    return maker().make_as_far_as_possible(wanted);
  }
  static std::vector<output::Route> routes(const Entries& entries);
  [[nodiscard]] Entries commit(Entries entries);
  // Of ours, those that `entries` does not have.
  [[nodiscard]] Entries without(const Entries& entries) const;

  [[nodiscard]] const Entries& entries() const noexcept { return entries_; }
  [[nodiscard]] std::vector<output::SinkStatus> status() const;
  // After stop(): says in the log which sinks had to be left behind, since their own threads cannot. True if one was.
  bool tell_left_behind() const;
  void rotate();
  // See output::Sink. Of all that were ever made and are still there, and of those that come: one that is not yet ours,
  // or no more, may hold the encode thread up, too.
  void end_blocking();
  void let_pass(bool pass);
  // Losses that a sink's own stream has not been told.
  struct Untold {
    std::string sink;
    output::Losses losses;
    friend bool operator==(const Untold&, const Untold&) = default;
  };
  [[nodiscard]] static std::vector<Untold> untold(const Entries& entries);
  [[nodiscard]] std::vector<Untold> untold() const { return untold(entries_); }
  // Gives them to the sink of that name; those for which there is none are returned.
  std::vector<Untold> carry(std::vector<Untold> untold);
  // Main thread, at the end. All of them share this time.
  void stop(std::chrono::milliseconds at_most) { stop(entries_, at_most); }
  // Any thread.
  static void stop(const Entries& entries, std::chrono::milliseconds at_most);

 private:
  output::SinkHost host_;
  std::shared_ptr<output::Network> network_ = std::make_shared<output::Network>();
  std::shared_ptr<Made> made_ = std::make_shared<Made>();
  Entries entries_;
};

// What a sink may still take to deliver what it has when it is stopped.
inline constexpr std::chrono::milliseconds kStopSinks{5000};

}  // namespace naudit::daemon
