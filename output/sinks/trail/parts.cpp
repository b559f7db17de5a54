// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/trail/parts.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "formats/registry.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;
// Where the id of a line stands, if it has one: behind "node=… type=…", or at the beginning of an object.
constexpr std::size_t kHeadBytes = 512;

// "sec.ms:serial" of "…audit(sec.ms:serial): …" or of {"id":"sec.ms:serial",…}; empty: there is none.
std::string_view id_of(std::string_view line) {
  const std::string_view head = line.substr(0, kHeadBytes);
  for (const auto& [before, after] : {std::pair<std::string_view, char>("audit(", ')'), {"\"id\":\"", '"'}}) {
    const std::size_t at = head.find(before);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = head.substr(at + before.size());
    return rest.substr(0, std::min(rest.find(after), rest.size()));
  }
  return {};
}

}  // namespace

void WholeEventCounter::take_line(std::string_view line) {
  const std::string_view id = id_of(line);
  if (!id.empty() && id == found_.last_id) return;
  ++found_.events;
  if (id.empty()) return;
  if (found_.first_id.empty()) found_.first_id = id;
  found_.last_id = id;
}

// Returns how much of it are whole parts.
std::size_t WholeEventCounter::take_parts(std::string_view rest) {
  std::size_t taken = 0;
  for (;;) {
    const formats::FilePart part = binary_->first_part(rest.substr(taken));
    if (part.size == 0) return taken;
    if (part.is_event) ++found_.events;
    taken += part.size;
  }
}

std::size_t WholeEventCounter::take_lines(std::string_view rest, std::size_t looked_at) {
  std::size_t taken = 0;
  for (;;) {
    const std::size_t newline = rest.find('\n', looked_at);
    if (newline == std::string_view::npos) return taken;
    take_line(rest.substr(taken, newline - taken));
    looked_at = taken = newline + 1;
  }
}

void WholeEventCounter::feed(std::string_view bytes) {
  // What was here before has no newline.
  const std::size_t looked_at = rest_.size();
  rest_ += bytes;
  if (!std::exchange(is_known_, true)) {
    const auto is_its = [this](const formats::Format& one) { return one.first_part && one.first_part(rest_).size > 0; };
    const auto found = std::ranges::find_if(formats::all_formats(), is_its);
    binary_ = found == formats::all_formats().end() ? nullptr : &*found;
  }
  const std::size_t taken = binary_ ? take_parts(rest_) : take_lines(rest_, looked_at);
  found_.size += taken;
  rest_.erase(0, taken);
}

FileProblem count_whole_events(FileSystem& system, int fd, const std::string& path, WholeEvents& found) {
  WholeEventCounter counter;
  std::string buffer(kReadBytes, '\0');
  FileProblem problem;
  for (std::uint64_t offset = 0;;) {
    const ssize_t size = system.pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) problem = file_problem("read", path, errno);
    if (size <= 0) break;
    counter.feed(std::string_view(buffer).substr(0, static_cast<std::size_t>(size)));
    offset += static_cast<std::uint64_t>(size);
  }
  found = counter.found();
  return problem;
}

}  // namespace naudit::output
