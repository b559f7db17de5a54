// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/decompressor.hpp"

#include <zstd_errors.h>

#include <algorithm>
#include <limits>
#include <new>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace naudit::stored {
namespace {

// xz -9 takes 65 MiB to undo. zstd has the same limit of its own: windows up to 128 MiB.
constexpr std::uint64_t kMostMemory = std::uint64_t{128} * 1024 * 1024;

unsigned fitting(std::size_t size) noexcept {
  return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}

// Some tools fill a file up with NULs.
bool is_padding(std::string_view input) noexcept {
  return input.find_first_not_of('\0') == std::string_view::npos;
}

class Gzip final : public Decompressor {
 public:
  Gzip() {
    constexpr int kGzipOnly = 15 + 16;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() override { inflateEnd(&stream_); }

  Step run(std::string_view input, std::span<char> room) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = fitting(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = fitting(room.size());
    Step step;
    while (stream_.avail_out > 0 && (stream_.avail_in > 0 || is_open_)) {
      if (!is_open_) {
        const std::string_view rest(reinterpret_cast<const char*>(stream_.next_in), stream_.avail_in);
        if (is_padding(rest)) {
          stream_.avail_in = 0;
          break;
        }
        inflateReset(&stream_);
        is_open_ = true;
      }
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        is_open_ = false;
      } else if (result != Z_OK) {
        if (result != Z_BUF_ERROR) step.failure = Failure::kDamaged;
        break;
      }
    }
    step.taken = input.size() - stream_.avail_in;
    step.given = room.size() - stream_.avail_out;
    return step;
  }
  [[nodiscard]] bool may_end() const noexcept override { return !is_open_; }

 private:
  z_stream stream_{};
  bool is_open_ = true;
};

class Bzip2 final : public Decompressor {
 public:
  Bzip2() { open(); }
  ~Bzip2() override { BZ2_bzDecompressEnd(&stream_); }

  Step run(std::string_view input, std::span<char> room) override {
    stream_.next_in = const_cast<char*>(input.data());
    stream_.avail_in = fitting(input.size());
    stream_.next_out = room.data();
    stream_.avail_out = fitting(room.size());
    Step step;
    while (stream_.avail_out > 0 && (stream_.avail_in > 0 || is_open_)) {
      if (!is_open_) {
        if (is_padding({stream_.next_in, stream_.avail_in})) {
          stream_.avail_in = 0;
          break;
        }
        const bz_stream at = stream_;
        BZ2_bzDecompressEnd(&stream_);
        open();
        stream_.next_in = at.next_in;
        stream_.avail_in = at.avail_in;
        stream_.next_out = at.next_out;
        stream_.avail_out = at.avail_out;
        is_open_ = true;
      }
      const unsigned in_before = stream_.avail_in;
      const unsigned out_before = stream_.avail_out;
      const int result = BZ2_bzDecompress(&stream_);
      if (result == BZ_STREAM_END) {
        is_open_ = false;
      } else if (result != BZ_OK) {
        step.failure = Failure::kDamaged;
        break;
      } else if (in_before == stream_.avail_in && out_before == stream_.avail_out) {
        break;
      }
    }
    step.taken = input.size() - stream_.avail_in;
    step.given = room.size() - stream_.avail_out;
    return step;
  }
  [[nodiscard]] bool may_end() const noexcept override { return !is_open_; }

 private:
  void open() {
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }

  bz_stream stream_{};
  bool is_open_ = true;
};

class Xz final : public Decompressor {
 public:
  Xz() { open(); }
  ~Xz() override { lzma_end(&stream_); }

  Step run(std::string_view input, std::span<char> room) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
    stream_.avail_in = input.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    stream_.avail_out = room.size();
    Step step;
    while (stream_.avail_out > 0 && (stream_.avail_in > 0 || is_open_)) {
      if (!is_open_) {
        if (is_padding({reinterpret_cast<const char*>(stream_.next_in), stream_.avail_in})) {
          stream_.avail_in = 0;
          break;
        }
        open();
        is_open_ = true;
      }
      const lzma_ret result = lzma_code(&stream_, LZMA_RUN);
      if (result == LZMA_STREAM_END) {
        is_open_ = false;
      } else if (result != LZMA_OK) {
        if (result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR)
          step.failure = Failure::kMemory;
        else if (result != LZMA_BUF_ERROR)
          step.failure = Failure::kDamaged;
        break;
      }
      if (stream_.avail_in == 0 && stream_.avail_out > 0) break;
    }
    step.taken = input.size() - stream_.avail_in;
    step.given = room.size() - stream_.avail_out;
    return step;
  }
  [[nodiscard]] bool may_end() const noexcept override { return !is_open_; }

 private:
  void open() {
    if (lzma_stream_decoder(&stream_, kMostMemory, 0) != LZMA_OK) throw std::bad_alloc();
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool is_open_ = true;
};

class Zstd final : public Decompressor {
 public:
  Zstd() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }

  Step run(std::string_view input, std::span<char> room) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    Step step;
    while (out.pos < out.size && (in.pos < in.size || is_open_)) {
      const std::size_t before = in.pos + out.pos;
      const std::size_t result = ZSTD_decompressStream(stream_, &out, &in);
      if (ZSTD_isError(result) != 0) {
        const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
        const bool is_memory = code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation;
        step.failure = is_memory ? Failure::kMemory : Failure::kDamaged;
        break;
      }
      is_open_ = result != 0;
      if (in.pos == in.size && (!is_open_ || out.pos < out.size || in.pos + out.pos == before)) break;
    }
    step.taken = in.pos;
    step.given = out.pos;
    return step;
  }
  [[nodiscard]] bool may_end() const noexcept override { return !is_open_; }

 private:
  ZSTD_DStream* stream_;
  bool is_open_ = true;
};

}  // namespace

std::unique_ptr<Decompressor> make_decompressor(std::string_view first_bytes) {
  if (first_bytes.starts_with("\x1F\x8B")) return std::make_unique<Gzip>();
  if (first_bytes.starts_with("\x28\xB5\x2F\xFD")) return std::make_unique<Zstd>();
  if (first_bytes.starts_with(std::string_view("\xFD"
                                               "7zXZ\0",
                                               6)))
    return std::make_unique<Xz>();
  if (first_bytes.starts_with("BZh")) return std::make_unique<Bzip2>();
  return nullptr;
}

}  // namespace naudit::stored
