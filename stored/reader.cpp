// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "stored/interrupt.hpp"
#include "stored/json_event.hpp"

namespace naudit::stored {
namespace {

// Large enough for few system calls, small enough to stay in the processor's cache on the way to the encoder.
constexpr std::size_t kBuffer = std::size_t{256} * 1024;
constexpr std::size_t kLeastRoom = kBuffer / 2;

Splitter::Form splitter_form(InputForm form) noexcept {
  using Form = Splitter::Form;
  switch (form) {
    case InputForm::kAuto:
      return Form::kAny;
    case InputForm::kFrames:
      return Form::kFrames;
    default:
      return Form::kLines;
  }
}

}  // namespace

std::optional<InputForm> input_form(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kInputForms); ++i)
    if (kInputForms[i] == name) return static_cast<InputForm>(i);
  return std::nullopt;
}

LogReader::LogReader(InputForm form, correlate::EventPool& pool, OnRejected on_rejected)
    : form_(form),
      pool_(pool),
      on_rejected_(std::move(on_rejected)),
      correlator_({.source = correlate::Source::kStored}, pool),
      short_(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
                 .count()),
      buffer_(kBuffer) {}

void LogReader::close() {
  taken_before_ = taken();
  file_.reset();
  begin_ = end_ = 0;
  splitter_.emplace(splitter_form(form_));
}

void LogReader::open(const std::string& path) {
  close();
  file_.emplace(path);
}

void LogReader::open(const std::string& path, base::Descriptor file) {
  close();
  file_.emplace(path, std::move(file));
}

bool LogReader::read(correlate::EventBatch& out) {
  make_room();
  const std::size_t size = file_->read(std::span(buffer_).subspan(end_));
  counts_.bytes += size;
  end_ += size;
  take_pieces(size == 0, out);
  return size > 0;
}

void LogReader::feed(std::string_view bytes, correlate::EventBatch& out) {
  if (!splitter_) close();
  while (!bytes.empty()) {
    make_room();
    const std::size_t size = std::min(bytes.size(), buffer_.size() - end_);
    std::memcpy(buffer_.data() + end_, bytes.data(), size);
    counts_.bytes += size;
    end_ += size;
    bytes.remove_prefix(size);
    take_pieces(false, out);
  }
}

void LogReader::end(correlate::EventBatch& out) {
  if (splitter_) take_pieces(true, out);
  close();
}

std::optional<correlate::TimePoint::duration> LogReader::next_due() const {
  const auto due = correlator_.next_due();
  if (!due) return std::nullopt;
  return *due - clock_.now();
}

void LogReader::abandon(correlate::EventBatch& out) {
  take_pieces(true, out);
}

void LogReader::make_room() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  // One long line; what is longer than the longest is given up by the splitter.
  if (buffer_.size() - end_ < kLeastRoom) {
    buffer_.resize(buffer_.size() * 2);
  } else if (buffer_.size() > kBuffer && end_ < kBuffer / 2) {
    buffer_.resize(kBuffer);
    buffer_.shrink_to_fit();
  }
}

void LogReader::take_pieces(bool at_end, correlate::EventBatch& out) {
  // Where we were stopped is not where the line ends.
  const bool is_last = at_end && !is_interrupted();
  Piece piece;
  while (begin_ < end_) {
    const std::size_t size = splitter_->next({buffer_.data() + begin_, end_ - begin_}, is_last, piece);
    if (size == 0) break;
    begin_ += size;
    take(piece, out);
  }
  write_rejected();
}

void LogReader::take(const Piece& piece, correlate::EventBatch& out) {
  correlate::Input input;
  correlate::Header header;
  bool good = false;
  switch (piece.kind) {
    case Piece::Kind::kNothing:
      return;
    case Piece::Kind::kGarbage:
      break;
    case Piece::Kind::kRecord:
      input.type = piece.type;
      input.text = piece.text;
      good = correlate::parse_header(input.text, header);
      break;
    case Piece::Kind::kEntry:
      if (!entry_.read_export(piece.text) || !take_entry(entry_.record(), out)) reject(piece);
      return;
    case Piece::Kind::kLine:
      if ((form_ == InputForm::kJournal || form_ == InputForm::kAuto) && is_journal_json(piece.text)) {
        if (!entry_.read_json(piece.text) || !take_entry(entry_.record(), out)) reject(piece);
        return;
      }
      if (form_ == InputForm::kJournal) {
        if (!short_.read(piece.text) || !take_entry(short_.record(), out)) reject(piece);
        return;
      }
      if (form_ == InputForm::kJson || (form_ == InputForm::kAuto && piece.text[0] == '{')) {
        if (!take_json(piece.text, out)) reject(piece);
        return;
      }
      if (!take_line(piece.text, out)) reject(piece);
      return;
  }
  if (good)
    take_record(input, header, out);
  else
    reject(piece);
}

bool LogReader::take_entry(const correlate::Input& record, correlate::EventBatch& out) {
  correlate::Header header;
  if (!correlate::parse_header(record.text, header)) return false;
  take_record(record, header, out);
  return true;
}

// False if there is no record in it.
bool LogReader::take_line(std::string_view line, correlate::EventBatch& out) {
  LogLine records(line);
  correlate::Input input;
  correlate::Header header;
  bool any = false;
  while (records.next(input)) {
    if (!headers_.read(input.text, header)) continue;
    take_record(input, header, out);
    any = true;
  }
  // What another program's line may look like is only taken for one of the journal if nothing else is asked for.
  if (!any && form_ == InputForm::kAuto && short_.read(line)) return take_entry(short_.record(), out);
  return any;
}

void LogReader::take_record(const correlate::Input& input, const correlate::Header& header,
                            correlate::EventBatch& out) {
  count(input.type);
  const correlate::TimePoint now = clock_.at(header.id);
  correlator_.add(input, header, now, out);
  if (now == aged_) return;
  aged_ = now;
  correlator_.age(now, out);
}

bool LogReader::take_json(std::string_view line, correlate::EventBatch& out) {
  correlate::EventPtr event = event_of_json(line, rebuilt_, pool_);
  if (event == nullptr) return false;
  for (const correlate::RecordSpan& record : event->records()) count(record.type);
  event->first = event->last = clock_.at(event->id);
  out.push_back(std::move(event));
  return true;
}

void LogReader::reject(const Piece& piece) {
  ++counts_.rejected;
  if (!on_rejected_) return;
  if (rejected_.size() + piece.whole.size() > kBuffer) write_rejected();
  rejected_ += piece.whole;
  if (piece.kind == Piece::Kind::kLine && !piece.whole.ends_with('\n')) rejected_ += '\n';
}

void LogReader::write_rejected() {
  if (rejected_.empty()) return;
  on_rejected_(rejected_);
  rejected_.clear();
  if (rejected_.capacity() > 2 * kBuffer) rejected_.shrink_to_fit();
}

void LogReader::count(std::uint16_t type) noexcept {
  ++counts_.records;
  ++counts_.by_type[type < counts_.by_type.size() ? type : 0];
}

}  // namespace naudit::stored
