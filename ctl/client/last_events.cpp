// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/last_events.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "correlate/header.hpp"
#include "ctl/convert/conversion.hpp"
#include "ctl/convert/local_names.hpp"
#include "output/filter.hpp"
#include "output/sinks/file/rotated_files.hpp"
#include "stored/log_tail.hpp"
#include "stored/reader.hpp"

namespace naudit::ctl {
namespace {

using base::json_member;
using base::json_text;

// How much of a file is looked at. Ten events of usual size stand in the first piece.
constexpr std::size_t kPieces[] = {std::size_t{256} << 10U, std::size_t{2} << 20U, std::size_t{16} << 20U};
// And of all rotated ones together, and how many those may be.
constexpr std::size_t kMostOlder = std::size_t{16} << 20U, kMostFiles = 64;

base::Descriptor open_log(const std::string& path) {
  return base::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

// Of a plain file; nothing for all others.
std::optional<std::size_t> size_of(const base::Descriptor& file) {
  struct stat info{};
  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return static_cast<std::size_t>(info.st_size);
}

struct Start {
  std::size_t offset = 0;
  std::optional<correlate::EventId> cut;  // the event whose first records may stand before it
};

// Where the first whole line at or behind the offset begins; the end of the file if there is none in reach.
Start start_of_line(const base::Descriptor& file, std::size_t offset, std::size_t size) {
  if (offset == 0) return {};
  constexpr std::size_t kStep = std::size_t{64} << 10U, kRecordHeader = 512;
  std::string text;
  const auto read_on = [&] {
    const std::size_t had = text.size();
    text.resize(had + kStep);
    const ssize_t got = ::pread(file.get(), text.data() + had, kStep, static_cast<off_t>(offset + had));
    text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return got > 0;
  };
  std::size_t newline = std::string::npos;
  while (newline == std::string::npos) {
    if (!read_on()) return {.offset = size, .cut = std::nullopt};
    newline = text.find('\n', text.size() < kStep ? 0 : text.size() - kStep);
  }
  read_on();
  Start start{.offset = offset + newline + 1, .cut = std::nullopt};
  const std::string_view line = std::string_view(text).substr(newline + 1, kRecordHeader);
  correlate::Header header;
  if (const std::size_t at = line.find("audit("); !line.starts_with('{') && at != std::string_view::npos)
    if (correlate::parse_header(line.substr(at), header)) start.cut = header.id;
  return start;
}

// The last events of one encoder's choice.
class Ring {
 public:
  Ring(EventEncoder& encoder, std::size_t most) : encoder_(encoder), most_(most) {}

  void add(correlate::EventBatch& events, const std::optional<correlate::EventId>& without) {
    for (correlate::EventPtr& event : events) {
      if (without && event->id == *without) continue;
      batch_.events.clear();
      batch_.events.push_back(std::move(event));
      encoder_.encode(batch_);
      if (batch_.bytes.empty()) continue;
      if (events_.size() == most_) events_.pop_front();
      events_.push_back(batch_.bytes);
    }
    events.clear();
  }

  [[nodiscard]] const std::deque<std::string>& events() const noexcept { return events_; }

 private:
  EventEncoder& encoder_;
  std::size_t most_;
  Batch batch_;
  std::deque<std::string> events_;
};

// The end of a compressed one, in memory. More than is looked at, so that what is cut off is not taken for a start.
base::Descriptor undo(const std::string& path, const base::Descriptor& file) {
  constexpr std::size_t kMore = std::size_t{1} << 20U;
  std::string text = stored::read_tail(path, file, kMostOlder + kMore).text;
  base::Descriptor memory(::memfd_create("naudit-log", MFD_CLOEXEC));
  for (std::string_view rest = text; memory && !rest.empty();) {
    const ssize_t written = ::write(memory.get(), rest.data(), rest.size());
    if (written < 0) memory.reset();
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!memory) throw base::Error(base::in_quotes(path) + ": " + std::generic_category().message(errno));
  return memory;
}

void read_end(const std::string& path, const base::Descriptor& file, std::size_t offset, std::size_t size, Ring& ring) {
  const Start start = start_of_line(file, offset, size);
  base::Descriptor own(::fcntl(file.get(), F_DUPFD_CLOEXEC, 0));
  if (!own || ::lseek(own.get(), static_cast<off_t>(start.offset), SEEK_SET) < 0)
    throw base::Error(base::in_quotes(path) + ": " + std::generic_category().message(errno));
  correlate::EventPool pool(256);
  stored::LogReader reader(stored::InputForm::kAuto, pool);
  reader.open(path, std::move(own));
  correlate::EventBatch events;
  while (reader.read(events)) ring.add(events, start.cut);
  reader.finish(correlate::Incomplete::kNo, events);
  ring.add(events, start.cut);
}

}  // namespace

std::optional<EventLog> log_of_daemon(const rapidjson::Value& status) {
  constexpr std::array<std::string_view, 3> kReadable = {"json", "raw", "enriched"};
  const rapidjson::Value& sinks = json_member(status, "sinks");
  if (!sinks.IsArray()) return std::nullopt;
  for (const rapidjson::Value& sink : sinks.GetArray()) {
    const rapidjson::Value& filtered = json_member(sink, "filtered");
    const std::string_view path = json_text(sink, "path");
    if (path.empty() || !filtered.IsFalse() || std::ranges::count(kReadable, json_text(sink, "format")) == 0) continue;
    return EventLog{.path = std::string(path), .node = std::string(json_text(status, "node"))};
  }
  return std::nullopt;
}

LastEvents::LastEvents(EventLog log) : log_(std::move(log)), file_(open_log(log_.path)) {
  if (!file_) throw base::Error(base::in_quotes(log_.path) + ": " + std::generic_category().message(errno));
  if (!size_of(file_)) throw base::Error(base::in_quotes(log_.path) + " is not a file");
  std::size_t size = 0;
  for (const output::RotatedFile& older : output::rotated_of(log_.path)) {
    if (size >= kMostOlder || older_.size() == kMostFiles) break;
    older_.push_back({older.path, open_log(older.path)});
    if (size_of(older_.back().file))
      size += older.size;
    else
      older_.pop_back();
  }
}

std::vector<std::string> LastEvents::read(std::string_view format, const config::Filter& filter,
                                          std::size_t count) const {
  const output::Filter passing(output::with_numbers(filter), "");
  LocalNames names;
  ConversionOptions options;
  options.format = format;
  options.node = log_.node;
  std::vector<std::string> found;
  const auto add = [&](const std::string& path, const base::Descriptor& file) {
    const std::size_t size = size_of(file).value_or(0), wanted = count - found.size();
    std::deque<std::string> last;
    for (const std::size_t piece : kPieces) {
      EventEncoder encoder(options, passing, names);
      Ring ring(encoder, wanted);
      read_end(path, file, size - std::min(size, piece), size, ring);
      last = ring.events();
      if (last.size() == wanted || piece >= size) break;
    }
    found.insert(found.begin(), last.begin(), last.end());
  };
  if (count == 0) return found;
  add(log_.path, file_);
  std::size_t looked_at = 0;
  for (const Older& older : older_) {
    if (found.size() >= count || looked_at >= kMostOlder) break;
    const bool is_packed = stored::is_compressed(older.file);
    const base::Descriptor undone = is_packed ? undo(older.path, older.file) : base::Descriptor();
    const base::Descriptor& file = is_packed ? undone : older.file;
    looked_at += size_of(file).value_or(0);
    add(older.path, file);
  }
  return found;
}

std::string event_mark(std::string_view format, std::string_view line) {
  const auto between = [line](std::string_view begin, char end) {
    const std::size_t at = line.find(begin);
    if (at == std::string_view::npos) return std::string();
    const std::string_view rest = line.substr(at + begin.size());
    return std::string(rest.substr(0, rest.find(end)));
  };
  if (format == "json") return line.starts_with(R"({"id":")") ? between(R"({"id":")", '"') : std::string();
  if (format == "raw") return between("msg=audit(", ')');
  // "2026-01-02 03:04:05.678Z … #90"
  const std::size_t date = line.find(' '), number = line.rfind(" #");
  if (date == std::string_view::npos || number == std::string_view::npos) return {};
  const std::size_t time = line.find(' ', date + 1);
  std::string mark(line.substr(0, time));
  mark += line.substr(number, line.find('\n', number) - number);
  return mark;
}

ShownEvents::ShownEvents(std::string format, const std::vector<std::string>& events) : format_(std::move(format)) {
  for (const std::string& event : events) marks_.insert(event_mark(format_, event));
  marks_.erase("");
}

bool ShownEvents::is_shown(std::string_view line) {
  std::string mark = event_mark(format_, line);
  if (!mark.empty() && mark == current_) return true;
  if (marks_.erase(mark) == 0) return false;
  current_ = std::move(mark);
  return true;
}

std::string_view ShownEvents::take(std::string_view bytes) {
  if (marks_.empty() && current_.empty() && rest_.empty()) return bytes;
  rest_ += bytes;
  out_.clear();
  std::size_t begin = 0;
  while (begin < rest_.size()) {
    const std::size_t end = rest_.find('\n', begin);
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(rest_).substr(begin, end + 1 - begin);
    if (!is_shown(line)) {
      marks_.clear();
      current_.clear();
      break;
    }
    begin = end + 1;
  }
  rest_.erase(0, begin);
  if (marks_.empty() && current_.empty()) out_ = std::exchange(rest_, {});
  return out_;
}

}  // namespace naudit::ctl
