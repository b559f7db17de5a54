// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/redactor.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "tables/record_types.hpp"

namespace naudit::output::shape {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using interpret::Spelling;

// The kernel's: MAX_PROCTITLE_AUDIT_LEN (kernel/audit.h), and MAX_EXECVE_AUDIT_LEN (kernel/auditsc.c), from which on it
// writes an argument in pieces, each in a record of its own.
constexpr std::size_t kLongestProctitle = 128;
constexpr std::size_t kLongestArguments = 7500;
constexpr std::size_t kMostMarks = 1000;

// As the kernel writes a string (kernel/audit.c, audit_log_n_untrustedstring).
void append_string(std::string_view bytes, std::string& out) {
  const bool is_plain = std::ranges::all_of(bytes, [](char c) { return c != '"' && c >= '!' && c <= '~'; });
  if (is_plain)
    ((out += '"') += bytes) += '"';
  else
    base::append_hex(out, bytes);
}

bool is_none(const Field& one) {
  return one.spelling == Spelling::kBare && (one.value == "(null)" || one.value.empty());
}

// A string that is neither in quotes nor whole hexadecimal digits: cut, or from somebody who writes as he likes.
bool is_damaged(const Field& one) {
  return one.spelling == Spelling::kBare && !is_none(one) && !base::is_hex(one.value);
}

bool is_command_line(const DecodedRecord& record, const Field& one) {
  switch (one.id) {
    case field::kProctitle:
    case field::kCmd:
    case field::kCmdline:
      return true;
    case field::kData:
      return record.type == type::kTty || record.type == type::kUserTty;
    default:
      return false;
  }
}

void add_name(std::string& list, std::string_view name) {
  if (list.size() >= kMostMarks) {
    if (!list.ends_with("..")) list += "..";
    return;
  }
  if (!list.empty()) list += ',';
  list += name;
}

void append_marks(std::string_view redacted, std::string_view withheld, std::string& text) {
  const auto add = [&](std::string_view name, std::string_view list) {
    if (list.empty()) return;
    if (!text.empty() && !text.ends_with(' ')) text += ' ';
    (text += name) += list;
  };
  add("redacted=", redacted);
  add("withheld=", withheld);
}

}  // namespace

const DecodedEvent* Redactor::redact(const DecodedEvent& event) {
  const correlate::Event& source = event.source();
  look_at_arguments(event);
  bool is_changed = has_arguments_;
  bool has_written_arguments = false;
  event_.clear();
  // Records are copied from the first one on that changes; until then there may be nothing to do.
  std::size_t copied = 0;
  const auto copy_up_to = [&](std::size_t end) {
    for (; copied < end; ++copied) {
      const DecodedRecord& one = event.records()[copied];
      if (one.type == type::kExecve && has_arguments_) {
        if (!has_written_arguments) write_arguments(event, one, source.records()[copied].body);
        has_written_arguments = true;
      } else {
        event_.append(one.type, one.text, source.records()[copied].body, one.type_name, one.told);
      }
    }
  };
  const auto records = event.records();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const DecodedRecord& record = records[i];
    if (record.type == type::kExecve) continue;
    changes_.clear();
    marks_.redacted.clear();
    marks_.withheld.clear();
    look_at_fields(event, record, source.records()[i].body);
    if (marks_.empty()) continue;
    is_changed = true;
    copy_up_to(i);
    write_record(record, source.records()[i].body);
    copied = i + 1;
  }
  if (!is_changed) return nullptr;
  copy_up_to(records.size());
  event_.id = source.id;
  event_.node = source.node;
  event_.names = source.names;
  event_.source = source.source;
  event_.incomplete = event.incomplete();
  event_.late = source.late;
  event_.has_syscall = source.has_syscall;
  event_.ended = source.ended;
  event_.first = source.first;
  event_.last = source.last;
  decoded_.decode(event_);
  return &decoded_;
}

void Redactor::look_at_arguments(const DecodedEvent& event) {
  has_arguments_ = false;
  ranges_.clear();
  const interpret::Execve& execve = event.execve();
  // Damage that leaves no order to go by; text that belongs to no argument.
  is_readable_ = execve.unexpected().empty();
  bool is_damaged_somewhere = false;
  for (const DecodedRecord& record : event.records()) {
    if (record.type != type::kExecve) continue;
    if (!record.tokens.words.empty() || record.tokens.has_claim) is_readable_ = false;
    for (const Field& one : event.fields(record))
      if (one.id != field::kArgc && one.name.starts_with('a') && one.name.find('_') == std::string_view::npos)
        is_damaged_somewhere = is_damaged_somewhere || is_damaged(one);
  }
  line_.clear();
  begins_.clear();
  whole_.assign(execve.size(), 0);
  for (std::size_t i = 0; i < execve.size(); ++i) {
    if (i > 0) line_ += '\0';
    begins_.push_back(line_.size());
    line_ += execve[i];
    const bool follows_gap = i > 0 && (execve.is_missing(i - 1) || execve.is_cut(i - 1));
    const bool is_out = !execve.is_missing(i) && (!is_readable_ || execve.is_cut(i) || follows_gap);
    if (is_out) whole_[i] = 1;
    has_arguments_ = has_arguments_ || is_out;
  }
  if (!is_readable_) has_arguments_ = true;
  if (is_damaged_somewhere) {
    // Which of them it is: the ones with digits only where bytes should be.
    for (const DecodedRecord& record : event.records()) {
      if (record.type != type::kExecve) continue;
      for (const Field& one : event.fields(record)) {
        if (!is_damaged(one) || !one.name.starts_with('a') || one.id == field::kArgc) continue;
        std::uint32_t number = 0;
        if (!interpret::parse_decimal(one.name.substr(1, std::min(one.name.find('['), one.name.size()) - 1), number))
          continue;
        for (std::size_t i = 0; i < execve.size(); ++i)
          if (execve.number(i) == number && !execve.is_missing(i)) whole_[i] = 1;
        has_arguments_ = true;
      }
    }
  }
  secrets_.find(line_, ranges_);
  has_arguments_ = has_arguments_ || !ranges_.empty();
}

void Redactor::look_at_fields(const DecodedEvent& event, const DecodedRecord& record, std::uint16_t body) {
  const bool is_malformed = event.source().incomplete == correlate::Incomplete::kMalformed;
  if (record.type == 0 || is_malformed) {
    changes_.push_back({is_malformed ? 0U : body, record.text.size(), {}});
    marks_.withheld = "text";
    ++redacted_;
    return;
  }
  for (const Field& one : event.fields(record))
    if (is_command_line(record, one)) look_at(record, one);
  for (const Field& one : event.claim(record))
    if (is_command_line(record, one)) look_at(record, one);
}

void Redactor::look_at(const DecodedRecord& record, const Field& one) {
  if (is_none(one) || !record.holds(one.value)) return;
  const bool is_proctitle = one.id == field::kProctitle;
  if (is_proctitle && one.value == clean_ && one.spelling == clean_spelling_) return;
  const auto begin = static_cast<std::size_t>(one.value.data() - record.text.data());
  const bool is_quoted = one.spelling == Spelling::kQuoted;
  Change change{begin - (is_quoted ? 1 : 0), begin + one.value.size() + (is_quoted ? 1 : 0), {}};
  // `cmdline` is a plain word to the kernel's tables: what object managers write of it has no quotes.
  const bool is_plain = one.id == field::kCmdline && one.spelling == Spelling::kBare && !base::is_hex(one.value);
  if (is_damaged(one) && !is_plain) {
    append_string(kMark, change.text);
    mark(marks_, one.name, true);
    changes_.push_back(std::move(change));
    return;
  }
  const std::string_view text = is_plain ? one.value : interpret::decoded(one, scratch_);
  // Where the kernel cuts there may be half a secret that no pattern knows.
  const bool is_cut = is_proctitle && text.size() >= kLongestProctitle;
  std::string_view whole = text;
  if (is_cut) whole = text.substr(0, text.rfind('\0') + 1);
  std::string hidden;
  const bool is_hidden = hide(whole, hidden);
  if (!is_hidden && !is_cut) {
    if (is_proctitle) {
      clean_ = one.value;
      clean_spelling_ = one.spelling;
    }
    return;
  }
  if (is_cut) hidden += kMark;
  if (is_quoted)  // nothing in it is a quote, and what else is in it stood in quotes before
    (((change.text += '"') += hidden) += '"');
  else if (is_plain)
    change.text = hidden;
  else
    append_string(hidden, change.text);
  mark(marks_, one.name, is_cut);
  changes_.push_back(std::move(change));
}

// The text with marks in place of its secrets; false if it has none.
bool Redactor::hide(std::string_view text, std::string& out) {
  std::vector<Range> ranges;
  secrets_.find(text, ranges);
  std::size_t at = 0;
  for (const Range& range : ranges) {
    (out += text.substr(at, range.begin - at)) += kMark;
    at = range.end;
  }
  out += text.substr(at);
  return !ranges.empty();
}

void Redactor::mark(Marks& marks, std::string_view name, bool is_withheld) {
  ++redacted_;
  add_name(marks.redacted, name);
  if (is_withheld) add_name(marks.withheld, name);
}

// All of them anew, from the first EXECVE record on. Where arguments are missing another record begins, since a number
// that is left out inside of one is an empty argument.
void Redactor::write_arguments(const DecodedEvent& event, const DecodedRecord& record, std::uint16_t body) {
  const interpret::Execve& execve = event.execve();
  const std::string_view header = record.text.substr(0, body);
  const auto begin_record = [&] { text_.assign(header); };
  const auto end_record = [&] { event_.append(record.type, text_, body, record.type_name, {}); };
  Marks marks;
  begin_record();
  if (execve.argc() > 0) text_ += "argc=" + std::to_string(execve.argc());
  auto range = ranges_.begin();
  std::string value, spelled;
  for (std::size_t i = 0; i < execve.size(); ++i) {
    const std::size_t begin = begins_[i], end = begin + execve[i].size();
    const std::string name = 'a' + std::to_string(execve.number(i));
    value.clear();
    bool is_hidden = false;
    std::size_t at = begin;
    // A pattern that is the user's own may go over the end of an argument.
    for (; range != ranges_.end() && range->begin <= end; ++range) {
      const std::size_t from = std::clamp(range->begin, at, end), to = std::clamp(range->end, at, end);
      if (to > from) {
        ((value += std::string_view(line_).substr(at, from - at))) += kMark;
        is_hidden = true;
        at = to;
      }
      if (range->end > end) break;
    }
    value += std::string_view(line_).substr(at, end - at);
    if (execve.is_missing(i)) {
      end_record();
      begin_record();
      continue;
    }
    if (whole_[i] != 0) value = kMark;
    if (is_hidden || whole_[i] != 0) mark(marks, name, whole_[i] != 0);
    spelled.clear();
    append_string(value, spelled);
    if (spelled.size() <= kLongestArguments) {
      if (text_.size() + spelled.size() > kLongestArguments) {
        end_record();
        begin_record();
      }
      ((((text_ += text_.size() == body ? "" : " ") += name) += '=') += spelled);
      continue;
    }
    // In pieces, each in quotes or hexadecimal as the whole is.
    const bool is_hex = spelled.front() != '"';
    const std::size_t size = is_hex ? kLongestArguments / 2 : kLongestArguments;
    for (std::size_t piece = 0; piece * size < value.size(); ++piece) {
      end_record();
      begin_record();
      if (piece == 0) text_ += name + "_len=" + std::to_string(is_hex ? value.size() * 2 : value.size()) + ' ';
      text_ += name + '[' + std::to_string(piece) + "]=";
      const std::string_view part = std::string_view(value).substr(piece * size, size);
      if (is_hex)
        base::append_hex(text_, part);
      else
        ((text_ += '"') += part) += '"';
    }
  }
  if (!is_readable_) add_name(marks.withheld, "text");
  append_marks(marks.redacted, marks.withheld, text_);
  end_record();
}

void Redactor::write_record(const DecodedRecord& record, std::uint16_t body) {
  std::ranges::sort(changes_, {}, &Change::begin);
  text_.clear();
  const std::string_view enriched = record.tokens.enriched;
  // What an auditd appended stands behind a byte of its own.
  const std::size_t end =
      enriched.empty() ? record.text.size() : static_cast<std::size_t>(enriched.data() - record.text.data());
  std::size_t at = 0;
  for (const Change& change : changes_) {
    (text_ += record.text.substr(at, change.begin - at)) += change.text;
    at = change.end;
  }
  std::string_view rest = record.text.substr(std::min(at, end), end - std::min(at, end));
  std::string tail(record.text.substr(end));
  if (!enriched.empty() && rest.ends_with('\x1D')) {
    rest.remove_suffix(1);
    tail.insert(0, 1, '\x1D');
  }
  while (rest.ends_with(' ') || rest.ends_with('\n')) rest.remove_suffix(1);
  text_ += rest;
  append_marks(marks_.redacted, marks_.withheld, text_);
  text_ += tail;
  event_.append(record.type, text_, std::min<std::uint32_t>(body, static_cast<std::uint32_t>(text_.size())),
                record.type_name, record.told);
}

}  // namespace naudit::output::shape
