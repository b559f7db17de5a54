// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "output/batch.hpp"
#include "output/loss.hpp"
#include "output/spool/batch_codec.hpp"
#include "output/spool/cursor.hpp"
#include "output/spool/disk.hpp"
#include "output/spool/format.hpp"
#include "output/spool/problem.hpp"
#include "output/spool/segment_file.hpp"
#include "output/spool/segment_reader.hpp"

namespace naudit::output {

struct SpoolOptions {
  std::string folder;
  std::string sink;
  config::Spool limits;
  BootId boot_id{};
  std::uint64_t segment_bytes = 0;  // 0: a sixteenth of the size, from 1 MiB to 32 MiB
};

// What one sink has not yet delivered, in the files of one folder: events in the order in which they came, each of them
// handed out until it is confirmed, also to the next run.
//
//   append()   events are in the file, and so survive the end of this process
//   sync       and so a power cut: begin_sync(), run_sync() on whatever thread may wait for a disk, end_sync()
//   next()     hands out what was not yet handed out
//   confirm()  moves the cursor; a segment is removed when the cursor behind it is on the disk
//
// A crash costs nothing that was synced, and may hand out again what was confirmed a moment before it. A torn tail is
// cut off, a damaged segment is read as far as it can be and then set aside as NAME.bad; neither keeps it from opening.
// What is lost by damage or by its limits is counted, event by event, and told by take_losses(), in the order of the
// stream.
//
// When it is full by size, or the disk by `keep_free`, and drop-oldest is set, the oldest events that are not yet
// handed out go first, but of a segment those with priority stay (spool/priority.hpp) until nothing else is left. With
// drop-newest a sixteenth of the size is theirs alone.
//
// One thread, except run_sync(). Never throws; blocks on the disk.
class Spool {
 public:
  static constexpr std::string_view kFull = "spool full";
  static constexpr std::string_view kDiskFull = "spool: disk full";
  static constexpr std::string_view kTooOld = "spool: too old";
  static constexpr std::string_view kDamaged = "spool damaged";
  static constexpr std::string_view kTooLarge = "larger than a spool takes";
  static constexpr std::size_t kReadBytes = std::size_t{256} << 10;  // of a batch that next() makes

  Spool(Disk& disk, SpoolOptions options);
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  // Takes the folder, which is made if it is missing, and what the run before has left in it. To be tried again after a
  // problem; EWOULDBLOCK: another process, or another sink, has it. Reads headers and footers, and one segment whole.
  SpoolProblem open(SpoolTime now);
  // Writes a footer and the cursor, syncs both, and lets go of the folder.
  SpoolProblem close(SpoolTime now);

  struct Appended {
    bool is_full = false;      // with `block`: nothing was taken
    SpoolProblem problem;      // nothing was taken
    Cursor end;                // behind it, for handed_out() and confirm()
    std::uint64_t events = 0;  // that were taken; the others are among the losses
  };
  // No thread waits for a sync in it, but one that is full may have to rewrite a segment.
  Appended append(const Batch& batch, SpoolTime now);

  struct Taken {
    std::shared_ptr<Batch> batch;  // null: nothing is left; when it was made is for the caller to say
    Cursor end;
  };
  Taken next();
  // Everything was handed out.
  [[nodiscard]] bool is_read_up() const noexcept { return handed_.sequence + 1 >= next_sequence_; }
  // What append() took just now is handed out, without next(); only if everything was before.
  void handed_out(const Cursor& end);
  // Everything up to here is delivered, or lost for good and told. Writes the cursor.
  SpoolProblem confirm(const Cursor& end);

  // Drops what is older than `age`, and what is confirmed for a while. Called once a second or so.
  void expire(SpoolTime now);

  struct SyncJob {
    struct Part {
      int fd = -1;
      std::uint64_t end = 0;
    };
    std::vector<Part> data;
    int cursor = -1;
    std::uint64_t confirmed = 0;  // what the cursor says
    int folder = -1;
    [[nodiscard]] bool empty() const noexcept { return data.empty() && cursor < 0 && folder < 0; }
  };
  [[nodiscard]] bool has_unsynced() const noexcept;
  // A segment that has grown enough is sealed with it. Empty: nothing to do.
  SyncJob begin_sync(SpoolTime now);
  // 0, or the errno of a sync that failed. Any thread; end_sync() comes before any other begin_sync() and close().
  static int run_sync(Disk& disk, const SyncJob& job, std::uint64_t& calls);
  // After a failure what is not known to be on the disk is written again, for the kernel forgets that it was not
  // (fsync(2)); nothing must be accepted until a sync succeeds.
  SpoolProblem end_sync(const SyncJob& job, int code);

  // Since the last call.
  [[nodiscard]] Losses take_losses();
  // Sentences for the log, since the last call: damage, what was cut off, a position that was lost.
  [[nodiscard]] std::vector<std::string> take_notes();

  [[nodiscard]] std::uint64_t bytes() const noexcept;                        // of all its files
  [[nodiscard]] std::uint64_t waiting() const noexcept;                      // events, not confirmed
  [[nodiscard]] std::uint64_t damaged() const noexcept { return damaged_; }  // segments so far
  [[nodiscard]] std::int64_t age_ms(SpoolTime now) const;  // of the oldest segment that is not confirmed
  [[nodiscard]] const std::deque<Segment>& segments() const noexcept { return segments_; }
  [[nodiscard]] std::uint64_t segment_bytes() const noexcept { return segment_bytes_; }

 private:
  struct Unsynced {
    int fd = -1;
    std::uint64_t from = 0, to = 0;
    bool is_closed = false;  // for writing
  };
  struct BadFile {
    std::string name;
    std::uint64_t bytes = 0;
  };

  [[nodiscard]] std::string path(std::string_view name) const { return options_.folder + '/' + std::string(name); }
  [[nodiscard]] std::string path(const Segment& segment) const { return path(segment_name(segment.first_sequence)); }
  void note(std::string text) { notes_.push_back(std::move(text)); }
  void lose(std::string_view cause, std::uint64_t events, std::string_view first = {}, std::string_view last = {});

  SpoolProblem take_folder();
  void let_go();
  SpoolProblem load_segments(SpoolTime now);
  void load_one(std::uint64_t first_sequence, SpoolTime now);
  void drop_superseded();
  SpoolProblem load_cursor();
  void set_aside(const std::string& name, std::uint64_t bytes);

  SpoolProblem begin_segment(SpoolTime now);
  SpoolProblem write(const Batch& batch, Appended& out, SpoolTime now);
  SpoolProblem seal(SpoolTime now);
  [[nodiscard]] bool is_active(const Segment& segment) const noexcept {
    return active_fd_ >= 0 && &segment == &segments_.back();
  }
  void written(std::uint64_t from, std::uint64_t to);
  bool find_room(const Batch& batch, SpoolTime now, Appended& out, Losses& lost);

  [[nodiscard]] bool may_give_up(const Segment& segment) const noexcept;
  [[nodiscard]] bool is_confirmed(const Segment& segment) const noexcept;
  [[nodiscard]] std::int64_t room(SpoolTime now);
  bool make_room(std::int64_t bytes, SpoolTime now);
  bool give_up_one();
  void give_up(std::size_t index, std::string_view cause);
  bool thin_out(std::size_t index);
  [[nodiscard]] std::int64_t age_of(const Segment& segment, SpoolTime now) const;

  Segment* reading();
  bool open_reader(Segment& segment, bool from_its_begin);
  void close_reader();
  void finish_segment(Segment& segment);
  SpoolProblem write_cursor();
  void remove_confirmed(std::uint64_t confirmed);
  void remove(std::size_t index);

  Disk& disk_;
  const SpoolOptions options_;
  const std::uint64_t segment_bytes_;
  BatchCodec codec_;

  int folder_fd_ = -1, lock_fd_ = -1, cursor_fd_ = -1;
  std::deque<Segment> segments_;
  std::deque<BadFile> bad_;
  int active_fd_ = -1;  // of the last segment
  std::uint32_t active_crc_ = 0;
  std::uint64_t next_sequence_ = 1;
  std::string buffer_;

  CursorSlot cursor_;
  Cursor handed_;  // the last one handed out
  std::optional<SegmentReader> reader_;
  std::uint64_t reader_segment_ = 0;  // the first sequence of what it reads
  std::uint64_t reader_seen_ = 0;     // events
  bool reader_is_unproven_ = false;   // it began where the cursor said
  std::string mark_first_, mark_last_;

  std::vector<Unsynced> unsynced_;
  bool folder_dirty_ = false;
  bool wants_removal_ = false;
  std::uint64_t damaged_ = 0;
  std::int64_t looked_at_space_ = -1;  // boot_ms
  std::int64_t disk_room_ = 0;         // bytes that may still be written without coming under keep_free
  Losses losses_;
  std::vector<std::string> notes_;
};

}  // namespace naudit::output
