// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/input_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "stored/interrupt.hpp"

namespace naudit::stored {
namespace {

constexpr std::size_t kPacked = std::size_t{128} * 1024;

// A file of a disk is readable at once.
void wait_for_input(int file) {
  std::array<pollfd, 2> both{{{file, POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}}};
  poll(both.data(), both.size(), -1);
}

}  // namespace

InputFile::InputFile(std::string path) : path_(std::move(path)), file_(STDIN_FILENO) {
  if (path_ == "-") return;
  const auto open_as = [this](std::string_view ending) {
    own_ = base::Descriptor(open((path_ + std::string(ending)).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    return static_cast<bool>(own_);
  };
  if (!open_as("")) {
    const int code = errno;
    if (code != ENOENT || (!open_as(".zst") && !open_as(".gz"))) fail(std::generic_category().message(code));
  }
  file_ = own_.get();
  struct stat status{};
  if (fstat(file_, &status) == 0 && S_ISREG(status.st_mode)) posix_fadvise(file_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

InputFile::InputFile(std::string path, base::Descriptor file, Form form)
    : path_(std::move(path)), own_(std::move(file)), file_(own_.get()), is_started_(form == Form::kPlain) {}

std::size_t InputFile::read(std::span<char> room) {
  switch (failure_) {
    case Decompressor::Failure::kNone:
      break;
    case Decompressor::Failure::kDamaged:
      fail("the compressed data is damaged or cut short; what stands before that place was read");
    case Decompressor::Failure::kMemory:
      fail(
          "it needs more memory to decompress than the 128 MiB that are allowed here, or than there is; decompress it "
          "with its own program (xz -dc, zstd -dc --long=31) and pipe it in");
  }
  if (!is_started_) return read_start(room);
  return decompressor_ == nullptr ? read_file(room) : decompress(room);
}

std::size_t InputFile::read_file(std::span<char> room) {
  while (true) {
    wait_for_input(file_);
    if (is_interrupted()) return 0;
    const ssize_t size = ::read(file_, room.data(), room.size());
    if (size >= 0) {
      taken_ += static_cast<std::uint64_t>(size);
      return static_cast<std::size_t>(size);
    }
    if (errno != EINTR) fail(std::generic_category().message(errno));
  }
}

std::size_t InputFile::read_start(std::span<char> room) {
  is_started_ = true;
  std::size_t size = 0;
  while (size < kMagicSize) {
    const std::size_t more = read_file(room.subspan(size));
    if (more == 0) break;
    size += more;
  }
  decompressor_ = make_decompressor({room.data(), size});
  if (decompressor_ == nullptr) return size;
  packed_.resize(std::max(kPacked, size));
  std::memcpy(packed_.data(), room.data(), size);
  packed_end_ = size;
  return decompress(room);
}

std::size_t InputFile::decompress(std::span<char> room) {
  while (true) {
    const Decompressor::Step step = decompressor_->run({packed_.data() + packed_at_, packed_end_ - packed_at_}, room);
    packed_at_ += step.taken;
    failure_ = step.failure;
    if (step.given > 0) return step.given;
    if (failure_ != Decompressor::Failure::kNone) return read(room);
    if (packed_at_ < packed_end_) continue;
    packed_at_ = 0;
    packed_end_ = read_file(packed_);
    if (packed_end_ > 0) continue;
    if (!decompressor_->may_end()) {
      failure_ = Decompressor::Failure::kDamaged;
      return read(room);
    }
    return 0;
  }
}

void InputFile::fail(const std::string& why) const {
  throw base::Error("cannot read " + (path_ == "-" ? "standard input" : "'" + base::shown(path_) + "'") + ": " + why);
}

}  // namespace naudit::stored
