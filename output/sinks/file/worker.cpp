// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/worker.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace naudit::output {
namespace {

constexpr std::size_t kTakeBytes = std::size_t{1} << 20;
constexpr std::size_t kMostPieces = 64;
constexpr std::chrono::seconds kLookForMoveEvery{1};
constexpr std::chrono::seconds kRotateAgainAfter{10};
constexpr std::chrono::hours kLongSleep{1};

using Pieces = std::array<iovec, kMostPieces>;

// The next pieces of the portion, without the bytes that are written already.
std::size_t gather(const InHand::Portion& portion, std::size_t written, Pieces& out) {
  std::size_t count = 0;
  for (std::string_view piece : portion.pieces) {
    const std::size_t skip = std::min(written, piece.size());
    written -= skip;
    piece.remove_prefix(skip);
    if (piece.empty()) continue;
    // writev() takes a pointer to non-const for historical reasons; it only reads.
    out[count++] = {const_cast<char*>(piece.data()), piece.size()};
    if (count == out.size()) break;
  }
  return count;
}

}  // namespace

FileWorker::FileWorker(const config::Sink& sink, OnSinkLoss on_loss, std::uint64_t seed, FileSystem& system,
                       Retry retry)
    : core_(sink, std::move(on_loss)),
      options_(sink.options.as<FileOptions>()),
      writer_(system, options_.path, options_.mode, options_.rotate.keep, options_.sync.kind != SyncKind::kNone),
      syncer_(system, [this] { core_.queue().poke(); }),
      backoff_(retry.first, retry.most, seed),
      stop_at_(Clock::time_point::max().time_since_epoch().count()) {}

void FileWorker::stop_at(Clock::time_point deadline) {
  stop_at_ = deadline.time_since_epoch().count();
  core_.queue().end_blocking();
  core_.queue().poke();
}

void FileWorker::rotate() {
  rotate_wanted_ = true;
  core_.queue().poke();
}

bool FileWorker::ended_within(std::chrono::milliseconds time) {
  return ended_future_.wait_for(time) == std::future_status::ready;
}

void FileWorker::run() {
  for (;;) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
    if (now >= stop_at) break;
    Clock::time_point wake_at = std::min({core_.tell_losses(now), stop_at, now + kLongSleep});
    if (rotate_wanted_.exchange(false)) rotate_on_request(now);
    note_sync(now);
    wake_at = std::min(wake_at, sync_if_due(now));
    const bool work = fetch();
    if (!work && stop_at != Clock::time_point::max()) break;
    if (now < retry_at_)
      core_.queue().wait_until(std::min(wake_at, retry_at_));
    else if (!writer_.is_open())
      open(now);
    else if (work)
      deliver(now);
    else
      core_.queue().wait_until(wake_at);
  }
  end();
}

bool FileWorker::fetch() {
  if (!hand_.empty()) return true;
  if (!core_.queue().take(kTakeBytes, taken_)) return false;
  for (BatchPtr& batch : taken_) hand_.add(std::move(batch));
  taken_.clear();
  return true;
}

bool FileWorker::open(Clock::time_point now) {
  if (const FileProblem problem = writer_.open()) {
    fail(problem, now);
    return false;
  }
  if (std::string note = writer_.take_note(); !note.empty()) core_.set_error(std::move(note));
  looked_at_ = now;
  recover();
  return true;
}

void FileWorker::deliver(Clock::time_point now) {
  if (now - kLookForMoveEvery >= looked_at_) {
    looked_at_ = now;
    if (writer_.moved()) {
      leave_moved_file();
      return;
    }
  }
  if (hand_.portion().events == 0) begin_portion(now);
  if (!writer_.is_open() || !write_portion(now)) return;
  if (options_.sync.kind == SyncKind::kBatch && !sync_portion(now)) return;
  commit_portion();
  recover();
}

void FileWorker::begin_portion(Clock::time_point now) {
  const auto room = [&] {
    if (options_.rotate.size == 0 || now < no_rotation_before_) return InHand::kNoLimit;
    return static_cast<std::size_t>(options_.rotate.size - std::min(options_.rotate.size, writer_.size()));
  };
  written_ = 0;
  if (hand_.select(room(), InHand::kNoLimit, writer_.size() == 0).events > 0) return;
  turn(now);
  if (writer_.is_open()) hand_.select(room(), InHand::kNoLimit, true);
}

bool FileWorker::write_portion(Clock::time_point now) {
  Pieces pieces;
  while (written_ < hand_.portion().bytes) {
    const std::size_t count = gather(hand_.portion(), written_, pieces);
    std::size_t written = 0;
    const FileProblem problem = writer_.write({pieces.data(), count}, written);
    written_ += written;
    if (written > 0 && !dirty_) {
      dirty_ = true;
      dirty_since_ = now;
    }
    if (problem) {
      fail(problem, now);
      return false;
    }
  }
  return true;
}

bool FileWorker::sync_portion(Clock::time_point now) {
  const FileProblem problem = writer_.sync();
  if (!problem) {
    dirty_ = false;
    return true;
  }
  // After a failed sync the kernel may have thrown the pages away: only writing them again can save them.
  if (writer_.cut(writer_.size() - written_)) written_ = 0;
  fail(problem, now);
  return false;
}

void FileWorker::commit_portion() {
  core_.count_delivered(hand_.portion().events, hand_.portion().bytes);
  core_.queue().release(hand_.commit());
  written_ = 0;
}

// Ends a portion that will not be continued in this file: keeps its whole events, takes back a torn one.
void FileWorker::settle() {
  if (written_ == 0) return;
  const std::size_t whole = hand_.select(written_, InHand::kNoLimit, false).bytes;
  if (whole < written_) writer_.cut(writer_.size() - (written_ - whole));
  commit_portion();
}

void FileWorker::leave_moved_file() {
  if (written_ > 0) writer_.cut(writer_.size() - written_);
  written_ = 0;
  if (dirty_) sync();
  writer_.close();
}

void FileWorker::rotate_on_request(Clock::time_point now) {
  if (!writer_.is_open()) return;
  looked_at_ = now;
  if (writer_.moved()) {
    leave_moved_file();
    return;
  }
  settle();
  if (writer_.size() > 0) turn(now);
}

void FileWorker::turn(Clock::time_point now) {
  if (dirty_) start_sync();
  const FileProblem problem = writer_.rotate();
  if (problem && !writer_.is_open()) {
    fail(problem, now);
  } else if (problem) {
    core_.set_error(problem.text);
    no_rotation_before_ = now + kRotateAgainAfter;
  }
  if (std::string note = writer_.take_note(); !note.empty()) core_.set_error(std::move(note));
}

bool FileWorker::sync() {
  dirty_ = false;
  if (options_.sync.kind == SyncKind::kNone) return true;
  const FileProblem problem = writer_.sync();
  if (problem) core_.set_error(problem.text);
  return !problem;
}

FileWorker::Clock::time_point FileWorker::sync_if_due(Clock::time_point now) {
  if (!dirty_ || options_.sync.kind != SyncKind::kInterval || !writer_.is_open()) return Clock::time_point::max();
  if (now < dirty_since_ + options_.sync.interval) return dirty_since_ + options_.sync.interval;
  // The syncer's end wakes us.
  if (!syncer_.is_busy()) start_sync();
  return Clock::time_point::max();
}

// Writing goes on while the file is synced; with sync batch there is nothing left to sync.
void FileWorker::start_sync() {
  dirty_ = false;
  if (options_.sync.kind == SyncKind::kNone) return;
  const int fd = writer_.duplicate();
  if (fd >= 0)
    syncer_.sync(fd);
  else
    sync();
}

void FileWorker::note_sync(Clock::time_point now) {
  const std::optional<int> code = syncer_.take_error();
  if (!code) return;
  core_.set_error(writer_.unsynced(*code).text);
  if (dirty_) return;
  dirty_ = true;
  dirty_since_ = now;
}

void FileWorker::fail(const FileProblem& problem, Clock::time_point now) {
  healthy_ = false;
  retry_at_ = now + backoff_.next();
  core_.set_error(problem.text);
  core_.set_retry(std::string(file_state(problem.code)), retry_at_);
}

void FileWorker::recover() {
  if (healthy_) return;
  healthy_ = true;
  backoff_.reset();
  core_.set_state("ok");
}

void FileWorker::end() {
  if (writer_.is_open()) {
    settle();
    if (dirty_) sync();
    writer_.close();
  }
  if (!hand_.empty()) {
    const InHand::Portion& rest = hand_.select_all();
    core_.count_lost("stopped before delivery", rest.events, rest.first_id, rest.last_id);
    core_.queue().release(hand_.commit());
  }
  core_.finish();
  ended_.set_value();
}

}  // namespace naudit::output
