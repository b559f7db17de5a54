// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/worker.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "base/units.hpp"
#include "output/sinks/file/rotated_files.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kTakeBytes = std::size_t{1} << 20;
constexpr std::size_t kMostPieces = 64;
constexpr std::chrono::seconds kLookForMoveEvery{1};
constexpr std::chrono::seconds kRotateAgainAfter{10};
constexpr std::chrono::hours kLongSleep{1};
constexpr std::chrono::seconds kLookWhileWriting{1}, kLookWhileLow{5}, kLookWhileIdle{60};
constexpr std::chrono::seconds kDropAgainAfter{1};
// For one that lends a hand: what it brought, and the look whether that was all.
constexpr int kMostStepsHere = 4;

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

FileWorker::FileWorker(const config::Sink& sink, FileOptions options, std::unique_ptr<LogFile> file, SinkHost host,
                       std::uint64_t seed, FileSystem& system, Retry retry)
    : on_change_(host.on_change),
      core_(sink, std::move(host)),
      options_(std::move(options)),
      system_(system),
      file_(std::move(file)),
      writer_(*file_),
      schedule_(options_.rotate.every),
      space_(options_.keep_free),
      syncer_(system, [this] { core_.queue().poke(); }),
      backoff_(retry.first, retry.most, seed),
      stop_at_(Clock::time_point::max().time_since_epoch().count()) {
  if (options_.rotate.compress != Packing::kNone && writer_.rotated() != nullptr)
    pack_thread_.emplace(system, *writer_.rotated(), options_.rotate.compress, [this] { core_.queue().poke(); });
}

void FileWorker::stop_at(Clock::time_point deadline) {
  stop_at_ = deadline.time_since_epoch().count();
  if (pack_thread_) pack_thread_->cancel();
  core_.queue().end_blocking();
  core_.queue().poke();
}

void FileWorker::rotate() {
  rotate_wanted_ = true;
  core_.queue().poke();
}

void FileWorker::run() {
  for (;;) {
    Next next;
    {
      const std::lock_guard lock(step_);
      next = step();
      if (next.is_end) return end();
      sleeps_until_ = next.at;
    }
    if (next.at != Clock::time_point::min()) core_.queue().wait_until(next.at);
  }
}

void FileWorker::work_here() {
  const std::unique_lock lock(step_, std::try_to_lock);
  if (!lock || !healthy_ || !writer_.is_open()) return core_.queue().poke();
  for (int steps = 0; steps < kMostStepsHere; ++steps) {
    const Next next = step();
    if (next.is_end) break;
    if (next.at == Clock::time_point::min()) continue;
    if (next.at >= sleeps_until_) return;
    sleeps_until_ = next.at;
    break;
  }
  core_.queue().poke();
}

FileWorker::Next FileWorker::step() {
  const Clock::time_point now = Clock::now();
  const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
  if (now >= stop_at) return {.is_end = true};
  Clock::time_point wake_at = std::min({core_.tell(now), stop_at, now + kLongSleep});
  if (rotate_wanted_.exchange(false) || is_over(now)) rotate_now(now);
  wake_at = std::min(wake_at, tend(now));
  note_sync(now);
  if (pack_thread_)
    if (auto news = pack_thread_->take_news()) set_flaw(pack_flaw_, *std::move(news));
  wake_at = std::min(wake_at, sync_if_due(now));
  const bool work = fetch();
  if (!work && stop_at != Clock::time_point::max()) return {.is_end = true};
  if (now < retry_at_) return {.at = std::min({wake_at, retry_at_, core_.tell(now)})};
  if (!writer_.is_open())
    open(now);
  else if (work)
    deliver(now);
  else
    return {.at = std::min(wake_at, core_.tell(now))};  // what has changed since the top
  return {};
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
  take_note();
  looked_at_ = now;
  const std::chrono::sys_seconds wall = system_.now();
  if (schedule_.is_on()) schedule_.begin(local(writer_.size() > 0 ? writer_.modified() : wall));
  prune(now);
  start_packing();
  recover();
  return true;
}

void FileWorker::deliver(Clock::time_point now) {
  // A disk that keeps the thread shows by its absence only: "stalled for 12s".
  if (healthy_) core_.set_busy(now);
  if (now - kLookForMoveEvery >= looked_at_) {
    looked_at_ = now;
    if (writer_.moved()) {
      leave_moved_file();
      return;
    }
  }
  if (space_.is_on()) {
    look_at_space_at_ = std::min(look_at_space_at_, now + kLookWhileWriting);
    if (is_paused()) return fail({ENOSPC, low_flaw_, "low on space"}, now);
  }
  if (hand_.portion().events == 0) begin_portion(now);
  if (!writer_.is_open() || !write_portion(now)) return;
  if (options_.sync.kind == SyncKind::kBatch && !sync_portion(now)) return;
  commit_portion();
  recover();
}

void FileWorker::begin_portion(Clock::time_point now) {
  const auto room = [&] {
    if (options_.rotate.size == 0 || now < no_rotation_before_ || !writer_.may_rotate()) return InHand::kNoLimit;
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
    set_flaw(sync_flaw_, {});
    return true;
  }
  // After a failed sync the kernel may have thrown the pages away: only writing them again can save them.
  if (writer_.cut(writer_.size() - written_)) written_ = 0;
  fail(problem, now);
  return false;
}

void FileWorker::commit_portion() {
  writer_.committed(hand_.portion());
  core_.delivered(hand_.portion());
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

LocalTime FileWorker::local(std::chrono::sys_seconds at) {
  return {at, system_.utc_offset(at)};
}

// Whether the file's time is over; an empty one begins anew instead.
bool FileWorker::is_over(Clock::time_point now) {
  if (!schedule_.is_on() || !writer_.is_open() || now < no_rotation_before_) return false;
  const std::chrono::sys_seconds wall = system_.now();
  if (!schedule_.may_be_due(wall) || !schedule_.is_due(local(wall), now)) return false;
  if (writer_.size() > 0) return true;
  schedule_.begin(local(wall));
  return false;
}

// What there is to be done when nothing comes; returns when to look again.
FileWorker::Clock::time_point FileWorker::tend(Clock::time_point now) {
  if (!writer_.is_open()) return Clock::time_point::max();
  if (options_.rotate.age.count() > 0 && now >= pruned_at_ + kLongSleep) prune(now);
  Clock::time_point at = Clock::time_point::max();
  if (schedule_.is_on() && writer_.size() > 0) at = now + schedule_.rest(system_.now());
  if (!space_.is_on()) return at;
  if (now >= look_at_space_at_) look_at_space(now);
  return std::min(at, look_at_space_at_);
}

void FileWorker::prune(Clock::time_point now) {
  pruned_at_ = now;
  const FileProblem problem = writer_.prune(clock_.is_steady(system_.now(), now));
  set_flaw(prune_flaw_, problem.text);
  count_removed();
}

void FileWorker::count_removed() {
  const Losses losses = writer_.take_losses();
  for (const Loss& loss : losses.list()) core_.count_lost(loss.cause, loss.events, loss.first_id, loss.last_id);
}

void FileWorker::look_at_space(Clock::time_point now) {
  const bool was_paused = is_paused();
  const bool was_low = space_.is_low();
  Space space;
  if (const FileProblem unknown = writer_.look_at_space(space)) {
    look_at_space_at_ = now + kLookWhileIdle;
    return set_flaw(low_flaw_, unknown.text);
  }
  std::uint64_t missing = space_.look(space);
  std::string text = missing > 0 ? low_text(options_.keep_free, space) : std::string();
  if (missing > 0 && options_.when_low == WhenLow::kDropOldestFiles && now >= drop_again_at_) {
    drop_again_at_ = now + kDropAgainAfter;
    // What was removed comes free later where somebody has it open: it counts now, or all would go.
    space.free += drop_oldest(missing, text);
    missing = space_.look(space);
  }
  look_at_space_at_ = now + (space_.is_low() ? kLookWhileLow : kLookWhileIdle);
  if (!space_.is_low()) {
    set_flaw(low_flaw_, {});
    if (was_paused) recover();
    return;
  }
  if (was_low) return;
  set_flaw(low_flaw_, std::move(text));
  if (is_paused()) fail({ENOSPC, low_flaw_, "low on space"}, now);
}

// Returns how many bytes that were.
std::uint64_t FileWorker::drop_oldest(std::uint64_t bytes, const std::string& why) {
  std::uint64_t dropped = 0;
  std::uint32_t count = 0;
  std::string last;
  while (dropped < bytes) {
    RotatedFile removed;
    const FileProblem problem = writer_.drop_oldest(removed);
    set_flaw(prune_flaw_, problem.text);
    if (problem || removed.path.empty()) break;
    dropped += removed.size;
    last = removed.path;
    ++count;
  }
  count_removed();
  if (count > 0 && on_change_) {
    SinkChange change;
    change.sink = core_.status().name;
    change.state = "removed old files";
    change.cause =
        why + ": removed " + std::to_string(count) + " (" + base::size_text(dropped) + "), the last one " + last;
    on_change_(change);
  }
  return dropped;
}

void FileWorker::rotate_now(Clock::time_point now) {
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
  if (problem && !writer_.is_open())
    fail(problem, now);
  else if (problem)
    no_rotation_before_ = now + kRotateAgainAfter;
  set_flaw(rotate_flaw_, writer_.is_open() ? problem.text : std::string());
  if (!writer_.is_open()) return;
  take_note();
  if (problem) return;
  if (schedule_.is_on()) schedule_.turned(local(system_.now()), now);
  prune(now);
  start_packing();
}

// Of a compression that a crash has ended nothing stays, whether the next life compresses or not.
void FileWorker::start_packing() {
  if (pack_thread_) return pack_thread_->wake(writer_.owner());
  RotatedFiles* const rotated = writer_.rotated();
  if (rotated == nullptr) return;
  if (const FileProblem left = rotated->remove_draft()) core_.set_error(left.text);
}

// What has gone wrong with the file although it takes events.
void FileWorker::take_note() {
  LogFile::Note note = writer_.take_note();
  if (!note.text.empty() && !note.is_flaw) core_.set_error(note.text);
  set_flaw(mode_flaw_, note.is_flaw ? std::move(note.text) : std::string());
}

void FileWorker::set_flaw(std::string& which, std::string text) {
  which = std::move(text);
  if (!rotate_flaw_.empty())
    core_.set_flaw("cannot rotate", rotate_flaw_);
  else if (!low_flaw_.empty())
    core_.set_flaw("low on space", low_flaw_);
  else if (!prune_flaw_.empty())
    core_.set_flaw("cannot remove old files", prune_flaw_);
  else if (!sync_flaw_.empty())
    core_.set_flaw("cannot sync", sync_flaw_);
  else if (!pack_flaw_.empty())
    core_.set_flaw("cannot compress old files", pack_flaw_);
  else if (!mode_flaw_.empty())
    core_.set_flaw("cannot protect the file", mode_flaw_);
  else
    core_.set_flaw({}, {});
}

bool FileWorker::sync() {
  dirty_ = false;
  if (options_.sync.kind == SyncKind::kNone) return true;
  const FileProblem problem = writer_.sync();
  set_flaw(sync_flaw_, problem.text);
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
  const std::optional<int> code = syncer_.take_result();
  if (!code) return;
  set_flaw(sync_flaw_, *code == 0 ? std::string() : writer_.unsynced(*code).text);
  if (*code == 0 || dirty_) return;
  dirty_ = true;
  dirty_since_ = now;
}

void FileWorker::fail(const FileProblem& problem, Clock::time_point now) {
  healthy_ = false;
  retry_at_ = now + backoff_.next();
  const bool is_full = problem.state.empty() && (problem.code == ENOSPC || problem.code == EDQUOT);
  if (is_full && options_.when_full == WhenDiskFull::kDropOldestFiles && now >= drop_again_at_) {
    drop_again_at_ = now + kDropAgainAfter;
    if (drop_oldest(1, problem.text) > 0) retry_at_ = now;
  }
  core_.set_trouble(std::string(problem.state.empty() ? file_state(problem.code) : problem.state), problem.text,
                    retry_at_);
}

void FileWorker::recover() {
  core_.set_ok();
  if (std::exchange(healthy_, true)) return;
  backoff_.reset();
}

void FileWorker::end() {
  if (writer_.is_open()) {
    settle();
    if (dirty_) sync();
  }
  if (!hand_.empty()) {
    core_.lost(SinkCore::kStopped, hand_.select_all());
    core_.queue().release(hand_.commit());
  }
  core_.finish();
  if (writer_.is_open()) write_last_words();
  if (const FileProblem problem = writer_.finish()) core_.set_error(problem.text);
  writer_.close();
  // Files that were rotated away are synced before the sink has ended; a disk that hangs then holds this thread only.
  syncer_.end();
  if (pack_thread_) pack_thread_->end();
}

// Of what it had to leave out. Once: where there is no room, the next start tells it.
void FileWorker::write_last_words() {
  if (!healthy_ || !core_.queue().take(kTakeBytes, taken_)) return;
  for (BatchPtr& notice : taken_) hand_.add(std::move(notice));
  const InHand::Portion& portion = hand_.select_all();
  Pieces pieces;
  std::size_t written = 0;
  const FileProblem problem = writer_.write({pieces.data(), gather(portion, 0, pieces)}, written);
  if (written == portion.bytes) {
    writer_.committed(portion);
    core_.delivered(portion);
    if (options_.sync.kind != SyncKind::kNone) writer_.sync();
    return;
  }
  if (written > 0) writer_.cut(writer_.size() - written);
  core_.untold(portion.notices);
}

}  // namespace naudit::output
