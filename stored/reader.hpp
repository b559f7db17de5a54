// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "correlate/correlator.hpp"
#include "correlate/header.hpp"
#include "formats/json/reader.hpp"
#include "stored/input_file.hpp"
#include "stored/journal.hpp"
#include "stored/log_clock.hpp"
#include "stored/log_line.hpp"
#include "stored/splitter.hpp"

namespace naudit::stored {

// What the inputs are: found out piece by piece, or as the user says.
enum class InputForm : std::uint8_t { kAuto, kLog, kJson, kFrames, kJournal };
// Null if there is no such form.
std::optional<InputForm> input_form(std::string_view name);
inline constexpr std::string_view kInputForms[] = {"auto", "log", "json", "frames", "journal"};

// What a reader of stored logs has read so far.
struct ReadCounts {
  std::uint64_t records = 0;
  std::uint64_t rejected = 0;  // lines and damaged places without a readable record
  std::uint64_t bytes = 0;     // after decompression
  std::vector<std::uint64_t> by_type = std::vector<std::uint64_t>(4096);  // 0: a type that has no number we know
};

// Stored logs in any of the forms of docs/convert.md, file after file, to whole events. An event may go on in the next
// file. A piece in which there is no record is counted and handed to `on_rejected`, unchanged and together with its
// neighbours.
//
// Owner: Conversion, or a reader of the library; one thread. Failures of files are base::Error.
class LogReader {
 public:
  // Takes pieces without a record, on the reader's thread; what it throws ends the read() that called it.
  using OnRejected = std::function<void(std::string_view pieces)>;

  // Without `on_rejected` they are only counted. `pool` outlives the reader and its events.
  LogReader(InputForm form, correlate::EventPool& pool, OnRejected on_rejected = nullptr);

  void open(const std::string& path);
  // A plain file, from where it stands on.
  void open(const std::string& path, base::Descriptor file);
  // Reads on for one buffer's worth, and appends the events that became whole. False at the end of the file.
  bool read(correlate::EventBatch& out);
  // Takes what the last read() left, for a file that cannot be read to its end; not the start of a line that an
  // interruption cut.
  void abandon(correlate::EventBatch& out);
  // The other way in, instead of open() and read(): bytes that somebody else has read, cut anywhere; and their end.
  // What is fed behind the end is another input.
  void feed(std::string_view bytes, correlate::EventBatch& out);
  void end(correlate::EventBatch& out);
  // Emits what is due when this time has gone by since the last record; the records' own clock does not move.
  void age(std::chrono::milliseconds since, correlate::EventBatch& out) { correlator_.age(clock_.now() + since, out); }
  // When there will be something due, counted from the last record.
  [[nodiscard]] std::optional<correlate::TimePoint::duration> next_due() const;
  // After the last file: the events that are still open.
  void finish(correlate::Incomplete reason, correlate::EventBatch& out) { correlator_.flush(reason, out); }

  [[nodiscard]] const ReadCounts& counts() const noexcept { return counts_; }
  // Bytes of the files so far, as they lie on the disk.
  [[nodiscard]] std::uint64_t taken() const noexcept { return taken_before_ + (file_ ? file_->taken() : 0); }

 private:
  void close();
  void make_room();
  void take_pieces(bool at_end, correlate::EventBatch& out);
  void take(const Piece& piece, correlate::EventBatch& out);
  void take_record(const correlate::Input& input, const correlate::Header& header, correlate::EventBatch& out);
  bool take_line(std::string_view line, correlate::EventBatch& out);
  bool take_entry(const correlate::Input& record, correlate::EventBatch& out);
  bool take_json(std::string_view line, correlate::EventBatch& out);
  void reject(const Piece& piece);
  void write_rejected();
  void count(std::uint16_t type) noexcept;

  InputForm form_;
  correlate::EventPool& pool_;
  OnRejected on_rejected_;
  correlate::Correlator correlator_;
  LogClock clock_;
  JournalEntry entry_;
  JournalShort short_;
  correlate::TimePoint aged_{};
  correlate::HeaderReader headers_;
  ReadCounts counts_;
  std::optional<InputFile> file_;
  std::optional<Splitter> splitter_;
  std::uint64_t taken_before_ = 0;
  std::vector<char> buffer_;  // what has not been taken yet is [begin_, end_)
  std::size_t begin_ = 0, end_ = 0;
  std::string rejected_;  // of one take_pieces(), not written yet
  formats::RebuiltEvent rebuilt_;
};

}  // namespace naudit::stored
