// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/output_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace naudit::ctl {
namespace {

bool is_same_file(const struct stat& a, const struct stat& b) noexcept {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

OutputFile::OutputFile(std::string path, const std::vector<std::string>& inputs, const OutputFile* other)
    : path_(std::move(path)) {
  if (path_ == "-") {
    file_ = STDOUT_FILENO;
  } else {
    own_ = base::Descriptor(open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
    if (!own_) fail(errno);
    file_ = own_.get();
  }
  const std::string reason = refuse(inputs, other);
  if (reason.empty()) return;
  throw OutputError((path_ == "-" ? "standard output" : "'" + path_ + "'") + reason);
}

// Empty: nothing speaks against it.
std::string OutputFile::refuse(const std::vector<std::string>& inputs, const OutputFile* other) {
  const std::string is_output = " is the output already; choose another file for the rejected lines";
  if (other != nullptr && path_ == "-" && other->path_ == "-") return is_output;
  struct stat own{};
  if (fstat(file_, &own) != 0) fail(errno);
  if (!S_ISREG(own.st_mode)) return {};
  struct stat its{};
  if (other != nullptr && fstat(other->file_, &its) == 0 && is_same_file(own, its)) return is_output;
  for (const std::string& input : inputs) {
    const bool is_there = input == "-" ? fstat(STDIN_FILENO, &its) == 0 : stat(input.c_str(), &its) == 0;
    if (is_there && is_same_file(own, its)) return " is one of the inputs; choose another file for the output";
  }
  return {};
}

void OutputFile::start() {
  if (path_ == "-") return;
  struct stat own{};
  if (fstat(file_, &own) != 0) fail(errno);
  if (!S_ISREG(own.st_mode)) return;
  if (ftruncate(file_, 0) != 0) fail(errno);
  is_cut_ = true;
}

void OutputFile::write(std::string_view bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t size = ::write(file_, rest.data(), rest.size());
    if (size < 0 && errno == EAGAIN) {  // somebody made the pipe non-blocking
      pollfd ready{.fd = file_, .events = POLLOUT, .revents = 0};
      poll(&ready, 1, -1);
      continue;
    }
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail(errno);
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  written_ += bytes.size();
}

void OutputFile::finish() {
  if (path_ == "-") return;
  if (close(own_.release()) != 0 && errno != EINTR) fail(errno);
}

void OutputFile::fail(int error) {
  if (is_cut_ && own_) {
    // Half an event would make the file's last line unreadable.
    [[maybe_unused]] const int cut = ftruncate(own_.get(), static_cast<off_t>(written_));
  }
  own_.reset();
  throw OutputError("cannot write " + (path_ == "-" ? "to standard output" : "'" + path_ + "'") + ": " +
                    std::generic_category().message(error));
}

}  // namespace naudit::ctl
