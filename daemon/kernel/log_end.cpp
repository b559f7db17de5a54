// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/log_end.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "correlate/header.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/rotated_files.hpp"
#include "stored/log_tail.hpp"

namespace naudit::daemon {
namespace {

// How much of the log is looked at: a second of the fastest host fits in.
constexpr std::size_t kPieces[] = {std::size_t{1} << 20U, std::size_t{16} << 20U, std::size_t{128} << 20U};

struct Line {
  std::uint32_t serial = 0;
  bool is_daemons = false;
  bool is_start = false;
};

std::optional<Line> json_line(std::string_view text) {
  constexpr std::string_view kStart = R"({"id":")";
  constexpr std::string_view kRecords = R"("records":{"daemon_)";
  if (!text.starts_with(kStart) || !text.ends_with('}')) return std::nullopt;
  const std::string_view id = text.substr(kStart.size(), text.find('"', kStart.size()) - kStart.size());
  const std::size_t colon = id.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Line line;
  const auto [end, error] = std::from_chars(id.data() + colon + 1, id.data() + id.size(), line.serial);
  if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  const std::size_t records = text.find(kRecords);
  line.is_daemons = records != std::string_view::npos;
  line.is_start = line.is_daemons && text.substr(records + kRecords.size()).starts_with(R"(start")");
  return line;
}

std::optional<Line> record_line(std::string_view text) {
  constexpr std::string_view kNode = "node=", kType = "type=", kMessage = " msg=";
  if (text.starts_with(kNode)) text.remove_prefix(std::min(text.find(' '), text.size() - 1) + 1);
  if (!text.starts_with(kType)) return std::nullopt;
  text.remove_prefix(kType.size());
  const std::size_t message = text.find(kMessage);
  if (message == std::string_view::npos) return std::nullopt;
  correlate::Header header;
  if (!correlate::parse_header(text.substr(message + kMessage.size()), header)) return std::nullopt;
  const std::string_view type = text.substr(0, message);
  return Line{
      .serial = header.id.serial, .is_daemons = type.starts_with("DAEMON_"), .is_start = type == "DAEMON_START"};
}

bool is_before(std::uint32_t serial, std::uint32_t other) {
  return static_cast<std::int32_t>(serial - other) < 0;
}

std::string read_from(const base::Descriptor& file, std::size_t offset, std::size_t size) {
  std::string text(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::pread(file.get(), text.data() + got, size - got, static_cast<off_t>(offset + got));
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  text.resize(got);
  return text;
}

// One that is damaged says nothing, as if it were not there.
void add_youngest(const std::string& log, std::size_t most, LogEnd& end) {
  const std::vector<output::RotatedFile> rotated = output::rotated_of(log);
  if (rotated.empty()) return;
  const std::string& path = rotated.front().path;
  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return;
  try {
    const stored::LogTail tail = stored::read_tail(path, file, most);
    end.add(tail.text, tail.is_cut);
  } catch (const base::Error&) {
    return;
  }
}

bool is_readable(const config::Sink& sink) {
  constexpr std::string_view kFormats[] = {"json", "raw", "enriched"};
  return sink.type == "file" && !sink.leaves_out() && std::ranges::count(kFormats, sink.format) > 0;
}

}  // namespace

void LogEnd::add(std::string_view text, bool is_cut) {
  while (true) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return;
    if (!is_cut) add_line(text.substr(0, end));
    is_cut = false;
    text.remove_prefix(end + 1);
  }
}

void LogEnd::add_line(std::string_view text) {
  const auto line = text.starts_with('{') ? json_line(text) : record_line(text);
  if (!line) return;
  if (line->is_daemons) {
    add_gap(text);
    if (line->is_start) {
      has_started_ = true;
      start_ = serials_.size();
    }
    return;
  }
  if (has_started_ && !serials_.empty() && is_before(line->serial, serials_.back())) {
    serials_.clear();
    has_other_boot_ = true;
    start_ = 0;
  }
  has_started_ = false;
  if (serials_.empty() || serials_.back() != line->serial) serials_.push_back(line->serial);
}

void LogEnd::add_gap(std::string_view text) {
  const auto number_behind = [&text](std::string_view json, std::string_view raw, std::uint32_t& out) {
    const std::string_view name = text.starts_with('{') ? json : raw;
    const std::size_t at = text.find(name);
    if (at == std::string_view::npos) return false;
    return std::from_chars(text.data() + at + name.size(), text.data() + text.size(), out).ec == std::errc{};
  };
  std::uint32_t first = 0, last = 0;
  if (text.find(R"("cause":"gap")") == std::string_view::npos && text.find(" cause=gap ") == std::string_view::npos)
    return;
  // Strings: in other losses the same members hold the ids of events.
  if (!number_behind(R"("first":")", " first=", first) || !number_behind(R"("last":")", " last=", last)) return;
  if (last - first >= kMostTold - told_) return;
  told_ += last - first + 1;
  for (std::uint32_t serial = first;; ++serial) {
    serials_.push_back(serial);
    if (serial == last) return;
  }
}

std::vector<std::uint32_t> LogEnd::since_start() const {
  if (!start_) return {};
  return {serials_.begin() + static_cast<std::ptrdiff_t>(*start_), serials_.end()};
}

bool LogEnd::reaches(std::uint32_t from) const {
  return has_other_boot_ ||
         std::ranges::any_of(serials_, [from](std::uint32_t serial) { return is_before(serial, from); });
}

std::optional<LogEnd::Came> LogEnd::read(const std::vector<config::Sink>& sinks, std::optional<std::uint32_t> from) {
  const auto sink = std::ranges::find_if(sinks, is_readable);
  if (sink == sinks.end()) return std::nullopt;
  const std::string& path = sink->options.as<output::FileOptions>().path;
  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info{};
  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  const auto size = static_cast<std::size_t>(info.st_size);

  Came came{.from = from.value_or(0), .serials = {}};
  bool reaches = false;
  for (const std::size_t piece : kPieces) {
    LogEnd end;
    const std::size_t used = std::min(piece, size);
    if (used == size) add_youngest(path, piece - used, end);  // rotated a moment ago
    end.add(read_from(file, size - used, used), used < size);
    came.serials = from ? end.serials() : end.since_start();
    reaches = from ? end.reaches(*from) : end.start_.has_value();
    if (reaches) break;
  }
  if (came.serials.empty()) return reaches && from ? std::optional(came) : std::nullopt;
  if (!reaches || !from) came.from = *std::ranges::min_element(came.serials, is_before);
  std::erase_if(came.serials, [&came](std::uint32_t serial) { return is_before(serial, came.from); });
  return came;
}

}  // namespace naudit::daemon
