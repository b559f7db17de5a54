// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditdistd/source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace naudit::output {

TrailSource::TrailSource(FileSystem& system, const AuditdistdOptions& options, TrailLedger& ledger,
                         std::function<void()> rotate)
    : system_(system), options_(options), ledger_(ledger), rotate_(std::move(rotate)), owner_(::geteuid()) {}

TrailSource::~TrailSource() {
  close();
}

void TrailSource::close() noexcept {
  if (fd_ >= 0) system_.close(fd_);
  fd_ = -1;
}

// The trail that was being sent stays where it is: the receiver has a part of it.
void TrailSource::reset() {
  close();
  current_.reset();
  has_passed_ = false;
  asked_.clear();
}

const TrailFile* TrailSource::find(const std::string& begin) const {
  const auto found = std::ranges::find(trails_, begin, [](const TrailFile& file) { return file.name.begin; });
  return found == trails_.end() ? nullptr : &*found;
}

FileProblem TrailSource::look() {
  // Before the look: a trail that is ended meanwhile is looked for again.
  seen_ends_ = ledger_.ends();
  if (FileProblem problem = list_trails(system_, options_.path, owner_, trails_)) return problem;
  std::erase_if(trails_, [this](const TrailFile& trail) { return stuck_.contains(trail.name.begin); });
  return {};
}

FileProblem TrailSource::resume(const DistResume& receiver) {
  reset();
  done_.clear();
  if (FileProblem problem = look()) return problem;
  if (!receiver.trail) return {};
  const TrailName& there = *receiver.trail;
  ledger_.found_at_receiver(there.begin);
  done_ = there.begin;
  const TrailFile* const here = find(there.begin);
  if (here == nullptr) {
    // A part of a trail that is gone: it gets an end.
    if (there.is_open()) current_ = Current{.begin = there.begin, .receivers = there, .offset = receiver.offset};
    return {};
  }
  // The receiver may have more than a crash has left here, and then it has all there is.
  if (!there.is_open() && !here->name.is_open() && receiver.offset >= here->size) {
    ledger_.complete(there.begin);
    const TrailFile whole = *here;
    // It is told, and tried again by the next run.
    if (const FileProblem kept = take_out(whole)) stuck_.insert(there.begin);
    return look();
  }
  return begin(*here, there, receiver.offset);
}

FileProblem TrailSource::begin(const TrailFile& trail, TrailName receivers, std::uint64_t offset) {
  ledger_.sending(trail.name.begin);
  if (FileProblem problem = open(trail.name.begin)) return problem;
  current_ =
      Current{.begin = trail.name.begin, .receivers = std::move(receivers), .offset = offset, .acknowledged = offset};
  return {};
}

// It may get its last name meanwhile.
FileProblem TrailSource::open(const std::string& begin) {
  close();
  for (int attempt = 0;; ++attempt) {
    const TrailFile* const file = find(begin);
    if (file == nullptr) return file_problem("open", options_.path + '/' + begin, ENOENT);
    fd_ = system_.open(file->path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd_ >= 0) return {};
    if (errno != ENOENT || attempt > 0) return file_problem("open", file->path, errno);
    if (FileProblem problem = look()) return problem;
  }
}

FileProblem TrailSource::next(Piece& piece, bool& is_there) {
  is_there = false;
  if (current_ && current_->is_closed) return {};
  if (!current_) {
    if (FileProblem problem = find_next(is_there); problem || !is_there) return problem;
    is_there = false;
  }
  Current& current = *current_;
  if (!current.is_opened) {
    current.is_opened = true;
    piece = {.command = DistCommand::kOpen, .trail = current.receivers, .data = {}, .offset = current.offset};
    is_there = true;
    return {};
  }
  const auto written = ledger_.written();
  const bool is_written = written && written->begin == current.begin;
  struct stat status{};
  if (fd_ >= 0 && !is_written && system_.fstat(fd_, &status) != 0) return file_problem("examine", options_.path, errno);
  const std::uint64_t available = is_written ? written->size : static_cast<std::uint64_t>(status.st_size);
  if (fd_ >= 0 && current.offset < available) {
    if (FileProblem problem = read(available, piece, is_there); problem || is_there) return problem;
  }
  if (is_written) return {};
  if (FileProblem problem = look()) return problem;
  const TrailFile* const here = find(current.begin);
  piece = {.command = DistCommand::kClose, .trail = current.receivers, .data = {}, .offset = current.offset};
  // What has no end here, since somebody has removed it, was left by a kind of crash.
  if (current.receivers.is_open())
    piece.trail.end = here != nullptr && !here->name.is_open() ? here->name.end : std::string(TrailName::kCrashed);
  current.is_closed = true;
  is_there = true;
  return {};
}

FileProblem TrailSource::read(std::uint64_t available, Piece& piece, bool& is_there) {
  Current& current = *current_;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kMostDistData, available - current.offset));
  piece = {.command = DistCommand::kAppend, .trail = current.receivers, .data = std::string(wanted, '\0'), .offset = 0};
  ssize_t size = -1;
  do size = system_.pread(fd_, piece.data.data(), wanted, static_cast<off_t>(current.offset));
  while (size < 0 && errno == EINTR);
  if (size < 0) return file_problem("read", options_.path + '/' + current.receivers.text(), errno);
  piece.data.resize(static_cast<std::size_t>(size));
  current.offset += static_cast<std::uint64_t>(size);
  piece.offset = current.offset;
  is_there = size > 0;
  return {};
}

FileProblem TrailSource::find_next(bool& is_there) {
  const auto written = ledger_.written();
  const auto oldest = [this] {
    return std::ranges::find_if(trails_, [this](const TrailFile& file) { return file.name.begin > done_; });
  };
  const bool is_changed = !has_passed_ || seen_ends_ != ledger_.ends();
  if (is_changed || oldest() == trails_.end() || oldest()->name.is_open()) {
    if (!is_changed && (!written || written->size == 0)) return {};
    has_passed_ = true;
    if (FileProblem problem = look()) return problem;
    if (FileProblem problem = pass_by()) return problem;
  }
  const auto found = oldest();
  if (found == trails_.end()) return {};
  if (found->name.is_open() && (!written || written->begin != found->name.begin || written->size == 0)) return {};
  const TrailFile trail = *found;
  const FileProblem problem = begin(trail, TrailName::open(trail.name.begin), 0);
  // Whoever has removed it meanwhile has told so.
  if (problem.code == ENOENT) return look();
  is_there = !problem;
  return problem;
}

// Trails that seem to be older than the receiver's newest, and that it has not got: the clock was set back. It would
// refuse them for ever, so they get later names, in their order, and so does what is written now.
FileProblem TrailSource::pass_by() {
  if (done_.empty()) return {};
  std::vector<TrailFile> behind;
  for (const TrailFile& trail : trails_)
    if (trail.name.begin < done_) behind.push_back(trail);
  if (behind.empty()) return {};
  const auto written = ledger_.written();
  std::string last = done_;
  for (const TrailFile& trail : behind) {
    if (!trail.name.is_open()) {
      if (FileProblem problem = put_behind(trail, last)) return problem;
    } else if (written && written->begin == trail.name.begin && written->size > 0 && asked_ != trail.name.begin) {
      // An empty one would not be ended.
      asked_ = trail.name.begin;
      rotate_();
    }
  }
  return look();
}

FileProblem TrailSource::put_behind(const TrailFile& trail, std::string& last) {
  do last = next_stamp({}, last);
  while (find(last) != nullptr);
  const TrailName name{last, trail.name.end == TrailName::kCrashed ? trail.name.end : std::max(trail.name.end, last)};
  if (system_.rename_new(trail.path.c_str(), (options_.path + '/' + name.text()).c_str()) != 0)
    return file_problem("rename", trail.path, errno);
  ledger_.renamed(trail.name.begin, last);
  return {};
}

FileProblem TrailSource::closed() {
  const std::string begin = current_ ? current_->begin : std::string();
  reset();
  done_ = std::max(done_, begin);
  ledger_.complete(begin);
  const TrailFile* const here = find(begin);
  if (here == nullptr) return {};
  const FileProblem problem = take_out(*here);
  if (problem) stuck_.insert(begin);
  std::erase_if(trails_, [&](const TrailFile& trail) { return trail.name.begin == begin; });
  return problem;
}

FileProblem TrailSource::take_out(const TrailFile& trail) {
  if (options_.when_sent == WhenSent::kRemove)
    return system_.unlink(trail.path.c_str()) == 0 ? FileProblem{} : file_problem("remove", trail.path, errno);
  const std::string folder = options_.path + "/sent";
  if (system_.make_folder(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return file_problem("make the folder", folder, errno);
  const std::string kept = folder + '/' + trail.name.text();
  return system_.rename_new(trail.path.c_str(), kept.c_str()) == 0 ? FileProblem{}
                                                                   : file_problem("keep", trail.path, errno);
}

bool TrailSource::is_done() const {
  return !current_ && seen_ends_ == ledger_.ends() && !ledger_.written() &&
         std::ranges::none_of(trails_, [this](const TrailFile& trail) { return trail.name.begin > done_; });
}

void TrailSource::acknowledged(std::uint64_t offset) {
  if (current_) current_->acknowledged = offset;
}

std::uint64_t TrailSource::waiting() const {
  const auto written = ledger_.written();
  std::uint64_t bytes = written && find(written->begin) == nullptr ? written->size : 0;
  for (const TrailFile& trail : trails_) {
    const std::uint64_t size = written && written->begin == trail.name.begin ? written->size : trail.size;
    const bool is_sent = current_ && current_->begin == trail.name.begin;
    bytes += size - (is_sent ? std::min(size, current_->acknowledged) : 0);
  }
  return bytes;
}

}  // namespace naudit::output
