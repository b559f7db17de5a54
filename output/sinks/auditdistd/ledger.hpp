// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "output/sinks/trail/writer.hpp"

namespace naudit::output {

// What the writer of the trails and their sender know of one another. What is on the disk is not repeated here: only
// how far the trail is that is being written, which one is being sent, and which events of this life are acknowledged.
//
// Owner: shared by both. Thread-safe; `wake` is called without a lock, by the writer's thread.
class TrailLedger final : public TrailObserver {
 public:
  static constexpr std::string_view kForcedOut = "removed before it was delivered, for want of room";

  void on_change(std::function<void()> wake);

  // The writer's.
  void opened(const TrailName& trail, const std::shared_ptr<const TrailLock>& lock) override;
  void committed(const TrailName& trail, std::uint64_t size, const InHand::Portion& portion) override;
  void closed(const TrailName& trail, bool has_events) override;
  std::string not_before(std::chrono::sys_seconds now) override;
  bool may_remove(const TrailName& trail) override;
  Losses removed(const TrailName& trail, const WholeEvents& events) override;
  // No trail comes any more.
  void end();

  // The sender's. There is a folder to send from, and nobody else does.
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool has_writer_ended() const;
  // The trail that is being written, and how much of it are whole events.
  struct Written {
    std::string begin;
    std::uint64_t size = 0;
  };
  [[nodiscard]] std::optional<Written> written() const;
  // Counts the trails that were ended.
  [[nodiscard]] std::uint64_t ends() const;
  // The receiver's newest trail: ours have to be younger.
  void found_at_receiver(const std::string& begin);
  // It is being sent, and is not to be removed; empty: none is.
  void sending(const std::string& begin);
  // The receiver has so much of it.
  void acknowledged(const std::string& begin, std::uint64_t offset);
  // The receiver has all of it.
  void complete(const std::string& begin);
  void renamed(const std::string& from, const std::string& to);
  void let_go();

  struct Figures {
    std::uint64_t events = 0, event_bytes = 0;  // acknowledged, of this life
    std::uint64_t waiting_events = 0;           // of this life
    std::uint64_t found_events = 0;             // of earlier lives, that were lost in this one
  };
  [[nodiscard]] Figures figures() const;

 private:
  // What was written at one time, or shortly after one another: so many events end there.
  struct Mark {
    std::uint64_t offset = 0;
    std::uint64_t events = 0, bytes = 0;
    std::string first_id, last_id;
  };
  struct Trail {
    std::string begin;
    std::deque<Mark> marks;  // not acknowledged
  };
  static constexpr std::uint64_t kMarkBytes = std::uint64_t{64} << 10;

  Trail* find(const std::string& begin);
  void wake();

  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::shared_ptr<const TrailLock> lock_;
  std::optional<Written> written_;
  std::deque<Trail> trails_;  // of this life, that are not complete
  std::string sending_, at_receiver_;
  std::uint64_t ends_ = 0;
  bool has_ended_ = false;
  Figures figures_;
};

}  // namespace naudit::output
