// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/trail/writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "output/sinks/file/rotated_files.hpp"

namespace naudit::output {
namespace {

constexpr std::string_view kInUse = "folder is in use";

FileOptions of_one_file(const FileOptions& options, std::string path) {
  FileOptions one = options;
  one.path = std::move(path);
  return one;
}

}  // namespace

TrailWriter::TrailWriter(FileSystem& system, const FileOptions& options, const formats::Format& format,
                         config::AnyOptions format_options, std::shared_ptr<TrailObserver> observer)
    : system_(system),
      options_(options),
      format_(format),
      format_options_(std::move(format_options)),
      observer_(std::move(observer)),
      owner_(::geteuid()) {}

TrailWriter::~TrailWriter() {
  TrailWriter::close();
}

FileProblem TrailWriter::look() {
  struct stat status{};
  // What is missing would be made.
  const std::string path = system_.lstat(options_.path.c_str(), &status) == 0 || errno != ENOENT
                               ? path_of(TrailName::open(trail_stamp(system_.now())))
                               : options_.path;
  return FileWriter(system_, of_one_file(options_, path)).look();
}

FileProblem TrailWriter::open() {
  close();
  note_ = {};
  if (FileProblem problem = make_folder()) return problem;
  // Once it has the folder it keeps it: the observer holds the lock, too, and nobody gets it twice.
  if (lock_ == nullptr)
    if (FileProblem problem = take_lock()) return problem;
  FileProblem problem = recover();
  if (!problem) problem = begin();
  return problem;
}

// Not for others than who may read the trails.
FileProblem TrailWriter::make_folder() {
  const bool is_shared = !options_.group.empty() || !options_.acl.empty();
  if (system_.make_folder(options_.path.c_str(), is_shared ? 0750 : 0700) == 0 || errno == EEXIST) return {};
  return file_problem("make the folder", options_.path, errno);
}

FileProblem TrailWriter::take_lock() {
  const int fd = system_.open(options_.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0) return file_problem("open the folder", options_.path, errno);
  auto lock = std::make_shared<const TrailLock>(system_, fd);
  if (system_.lock(fd) != 0) {
    if (errno == EWOULDBLOCK)
      return {EWOULDBLOCK,
              options_.path + " is written to by another sink, or another nauditd; name a folder of its own", kInUse};
    return file_problem("lock", options_.path, errno);
  }
  lock_ = std::move(lock);
  return {};
}

FileProblem TrailWriter::recover() {
  std::vector<TrailFile> trails;
  if (FileProblem problem = list_trails(system_, options_.path, owner_, trails)) return problem;
  for (const TrailFile& trail : trails)
    if (trail.name.is_open())
      if (FileProblem problem = recover(trail)) return problem;
  return {};
}

FileProblem TrailWriter::recover(const TrailFile& left) {
  const int fd = system_.open(left.path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  if (fd < 0) return file_problem("open", left.path, errno);
  const TrailLock closes(system_, fd);
  WholeEvents whole;
  if (FileProblem unread = count_whole_events(system_, fd, left.path, whole)) return unread;
  if (whole.events == 0) {
    if (system_.unlink(left.path.c_str()) != 0) return file_problem("remove", left.path, errno);
    return {};
  }
  const std::uint64_t torn = left.size - std::min(left.size, whole.size);
  if (torn > 0 && system_.ftruncate(fd, static_cast<off_t>(whole.size)) != 0)
    return file_problem("cut", left.path, errno);
  if (options_.sync.kind != SyncKind::kNone && system_.fdatasync(fd) != 0)
    return file_problem("sync", left.path, errno);
  const TrailName name{left.name.begin, std::string(TrailName::kCrashed)};
  if (system_.rename_new(left.path.c_str(), path_of(name).c_str()) != 0)
    return file_problem("rename", left.path, errno);
  std::string text = left.path + " was left by a crash; it is " + name.text() + " from now on";
  if (torn > 0) text += ", without the " + std::to_string(torn) + " bytes of an event that was not whole";
  note(std::move(text), false);
  return sync_folder();
}

FileProblem TrailWriter::begin() {
  std::vector<TrailFile> trails;
  if (FileProblem problem = list_trails(system_, options_.path, owner_, trails)) return problem;
  const std::chrono::sys_seconds now = system_.now();
  std::string newest = trails.empty() ? std::string() : trails.back().name.begin;
  if (observer_) newest = std::max(newest, observer_->not_before(now));
  name_ = TrailName::open(next_stamp(now, newest));
  const std::string path = path_of(name_);
  struct stat status{};
  if (system_.lstat(path.c_str(), &status) == 0) return file_problem("begin", path, EEXIST);
  auto file = std::make_unique<FileWriter>(system_, of_one_file(options_, path), !format_.binary);
  if (FileProblem problem = file->open()) return problem;
  if (LogFile::Note found = file->take_note(); !found.text.empty()) note(std::move(found.text), found.is_flaw);
  file_ = std::move(file);
  head_.clear();
  head_written_ = 0;
  if (format_.head != nullptr) format_.head(format_options_, now_in(path), head_);
  if (observer_) observer_->opened(name_, lock_);
  return {};
}

std::uint64_t TrailWriter::size() const noexcept {
  return file_ == nullptr ? 0 : file_->size() - std::min<std::uint64_t>(file_->size(), head_.size());
}

FileProblem TrailWriter::write(std::span<const iovec> pieces, std::size_t& written) {
  written = 0;
  if (FileProblem problem = write_head()) return problem;
  return file_->write(pieces, written);
}

FileProblem TrailWriter::write_head() {
  while (head_written_ < head_.size()) {
    iovec rest{head_.data() + head_written_, head_.size() - head_written_};
    std::size_t written = 0;
    if (FileProblem problem = file_->write({&rest, 1}, written)) return problem;
    head_written_ += written;
  }
  return {};
}

void TrailWriter::committed(const InHand::Portion& portion) {
  if (observer_) observer_->committed(name_, file_->size(), portion);
}

bool TrailWriter::may_rotate() {
  return trail_stamp(system_.now()) != name_.begin;
}

FileProblem TrailWriter::rotate() {
  if (FileProblem problem = end()) return problem;
  return begin();
}

FileProblem TrailWriter::finish() {
  FileProblem problem = file_ ? end() : FileProblem{};
  close();
  lock_.reset();
  return problem;
}

// All of it or nothing.
FileProblem TrailWriter::append(const std::string& bytes) {
  const std::uint64_t size = file_->size();
  std::string rest = bytes;
  while (!rest.empty()) {
    iovec piece{rest.data(), rest.size()};
    std::size_t written = 0;
    const FileProblem problem = file_->write({&piece, 1}, written);
    rest.erase(0, written);
    if (!problem) continue;
    file_->cut(size);
    return problem;
  }
  return {};
}

FileProblem TrailWriter::end() {
  const std::string path = path_of(name_);
  const bool has_events = size() > 0;
  if (!has_events) {
    if (system_.unlink(path.c_str()) != 0 && errno != ENOENT) return file_problem("remove", path, errno);
  } else {
    const std::string stamp = trail_stamp(system_.now());
    const TrailName name{name_.begin, std::max(stamp, name_.begin)};
    const std::uint64_t before = file_->size();
    std::string tail;
    if (format_.tail != nullptr) format_.tail(format_options_, now_in(path_of(name)), tail);
    FileProblem problem = append(tail);
    if (!problem && options_.sync.kind != SyncKind::kNone) problem = file_->sync();
    if (!problem && system_.rename_new(path.c_str(), path_of(name).c_str()) != 0)
      problem = file_problem("rename", path, errno);
    if (problem) {
      file_->cut(before);
      return problem;
    }
    if (const FileProblem open_to_others = file_->protect(path_of(name))) note(open_to_others.text, true);
    if (const FileProblem unsynced = sync_folder()) note(unsynced.text, true);
    name_ = name;
  }
  file_.reset();
  if (observer_) observer_->closed(name_, has_events);
  return {};
}

formats::FileOfEvents TrailWriter::now_in(const std::string& path) const {
  const auto seconds = system_.now().time_since_epoch().count();
  return {.path = path, .seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0))};
}

FileProblem TrailWriter::sync_folder() const {
  if (options_.sync.kind == SyncKind::kNone) return {};
  const int fd = system_.open(options_.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0) return file_problem("open the folder", options_.path, errno);
  const TrailLock closes(system_, fd);
  return system_.fsync(fd) == 0 ? FileProblem{} : file_problem("sync", options_.path, errno);
}

FileProblem TrailWriter::list_ended(std::vector<TrailFile>& found) const {
  if (FileProblem problem = list_trails(system_, options_.path, owner_, found)) return problem;
  std::erase_if(found, [this](const TrailFile& trail) {
    return trail.name.is_open() || (observer_ && !observer_->may_remove(trail.name));
  });
  return {};
}

FileProblem TrailWriter::prune(bool trust_clock) {
  std::vector<TrailFile> trails;
  if (FileProblem problem = list_ended(trails)) return problem;
  std::vector<RotatedFile> files;
  for (const TrailFile& trail : trails) files.push_back({{}, trail.path, trail.size, trail.modified});
  const std::size_t count = surplus(files, options_.rotate, system_.now(), trust_clock);
  for (std::size_t i = 0; i < count; ++i)
    if (FileProblem problem = remove(trails[i])) return problem;
  return {};
}

FileProblem TrailWriter::drop_oldest(RotatedFile& removed) {
  removed = {};
  std::vector<TrailFile> trails;
  if (FileProblem problem = list_ended(trails)) return problem;
  if (trails.empty()) return {};
  if (FileProblem problem = remove(trails.front())) return problem;
  removed.path = trails.front().path;
  removed.size = trails.front().size;
  return {};
}

// What nobody waits for is no loss: it was to be kept for so long, and no longer.
FileProblem TrailWriter::remove(const TrailFile& trail) {
  WholeEvents events;
  if (observer_) {
    const int fd = system_.open(trail.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd < 0) return file_problem("open", trail.path, errno);
    const TrailLock closes(system_, fd);
    if (FileProblem unread = count_whole_events(system_, fd, trail.path, events)) note(unread.text, false);
  }
  if (system_.unlink(trail.path.c_str()) != 0) return file_problem("remove", trail.path, errno);
  if (observer_) losses_.add(observer_->removed(trail.name, events));
  return {};
}

Losses TrailWriter::take_losses() {
  return std::exchange(losses_, {});
}

void TrailWriter::note(std::string text, bool is_flaw) {
  if (note_.is_flaw && !is_flaw) return;
  note_ = {std::move(text), is_flaw};
}

LogFile::Note TrailWriter::take_note() {
  return std::exchange(note_, {});
}

void TrailWriter::close() noexcept {
  file_.reset();
}

}  // namespace naudit::output
