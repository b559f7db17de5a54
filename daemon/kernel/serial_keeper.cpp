// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/serial_keeper.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/kernel/log_end.hpp"

namespace naudit::daemon {
namespace {

constexpr std::chrono::milliseconds kInLog{900};

RunState state_of(const std::string& boot, const correlate::SerialGaps::Counters& serials, bool ended) {
  RunState state{.boot = boot, .ended = ended};
  // `settled` is read first: it is never ahead of `next`.
  const std::uint64_t settled = serials.settled.value();
  const std::uint64_t next = serials.next.value();
  state.has_come = settled != 0 && next != 0;
  if (!state.has_come) return state;
  state.settled = static_cast<std::uint32_t>(settled - 1);
  state.next = static_cast<std::uint32_t>(next - 1);
  return state;
}

}  // namespace

SerialKeeper::SerialKeeper(const std::string& state_directory, Background& background)
    : background_(background), file_(std::make_shared<SerialFile>(serial_path(state_directory))) {}

SerialKeeper::Before SerialKeeper::before(const std::vector<config::Sink>& sinks) const {
  Before before;
  std::string problem;
  const auto state = file_->read(problem);
  if (!problem.empty()) spdlog::warn("{}; how the run before this one ended is not known", problem);
  if (!state) return before;
  before.was_killed = !state->ended;
  if (state->boot != boot_) return before;
  if (state->has_come) before.next = state->next;
  before.has_own = state->unregistered;
  if (state->ended) return before;
  // It may have been killed before it could write anything.
  if (auto came = LogEnd::read(sinks, state->has_come ? std::optional(state->settled) : std::nullopt)) {
    before.next = came->from;
    before.came = std::move(came->serials);
  } else {
    before.is_bound = before.next.has_value();
  }
  return before;
}

void SerialKeeper::keep(const correlate::SerialGaps::Counters& serials) {
  RunState state = state_of(boot_, serials, false);
  if (!state.has_come) return write_if_new(state);
  // What came this moment may not be in the log yet.
  const auto now = std::chrono::steady_clock::now();
  if (!settled_) settled_ = in_log_ = state.settled;
  if (now - noted_ >= kInLog) {
    in_log_ = std::exchange(settled_, state.settled);
    noted_ = now;
  }
  state.settled = *in_log_;
  write_if_new(state);
}

void SerialKeeper::write_if_new(const RunState& state) {
  if (is_writing_ || state == written_) return;
  is_writing_ = true;
  write(state);
}

void SerialKeeper::end(const correlate::SerialGaps::Counters& serials, bool unregistered) {
  RunState state = state_of(boot_, serials, true);
  state.unregistered = unregistered;
  write(state);
}

void SerialKeeper::write(const RunState& state) {
  background_.run(
      "naudit-state", [file = file_, state, turn = ++turn_] { return file->write(state, turn); },
      [this, state](const std::string& problem) {
        is_writing_ = false;
        if (problem.empty()) written_ = state;
        if (!problem.empty() && problem != problem_)
          spdlog::warn("cannot write {}: {}; a gap behind a kill or a restart may not be noticed", file_->path(),
                       problem);
        problem_ = problem;
      });
}

}  // namespace naudit::daemon
