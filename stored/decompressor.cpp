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

constexpr bool kSkipsPadding = true;

class Gzip final : public Decompressor {
 public:
  Gzip() : Decompressor(kSkipsPadding) {
    constexpr int kGzipOnly = 15 + 16;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() override { inflateEnd(&stream_); }

 private:
  Advance advance(std::string_view input, std::span<char> room) override {
    const unsigned in = fitting(input.size()), out = fitting(room.size());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = in;
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    const bool is_good = result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
    return {.step = {.taken = in - stream_.avail_in,
                     .given = out - stream_.avail_out,
                     .failure = is_good ? Failure::kNone : Failure::kDamaged},
            .is_end = result == Z_STREAM_END};
  }
  void reopen() override { inflateReset(&stream_); }

  z_stream stream_{};
};

class Bzip2 final : public Decompressor {
 public:
  Bzip2() : Decompressor(kSkipsPadding) { open(); }
  ~Bzip2() override { BZ2_bzDecompressEnd(&stream_); }

 private:
  Advance advance(std::string_view input, std::span<char> room) override {
    const unsigned in = fitting(input.size()), out = fitting(room.size());
    stream_.next_in = const_cast<char*>(input.data());
    stream_.avail_in = in;
    stream_.next_out = room.data();
    stream_.avail_out = out;
    const int result = BZ2_bzDecompress(&stream_);
    const bool is_good = result == BZ_OK || result == BZ_STREAM_END;
    return {.step = {.taken = in - stream_.avail_in,
                     .given = out - stream_.avail_out,
                     .failure = is_good ? Failure::kNone : Failure::kDamaged},
            .is_end = result == BZ_STREAM_END};
  }
  void reopen() override {
    BZ2_bzDecompressEnd(&stream_);
    open();
  }
  void open() {
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }

  bz_stream stream_{};
};

class Xz final : public Decompressor {
 public:
  Xz() : Decompressor(kSkipsPadding) { Xz::reopen(); }
  ~Xz() override { lzma_end(&stream_); }

 private:
  Advance advance(std::string_view input, std::span<char> room) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
    stream_.avail_in = input.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    stream_.avail_out = room.size();
    const lzma_ret result = lzma_code(&stream_, LZMA_RUN);
    const bool is_good = result == LZMA_OK || result == LZMA_STREAM_END || result == LZMA_BUF_ERROR;
    const bool is_memory = result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR;
    return {.step = {.taken = input.size() - stream_.avail_in,
                     .given = room.size() - stream_.avail_out,
                     .failure = is_good     ? Failure::kNone
                                : is_memory ? Failure::kMemory
                                            : Failure::kDamaged},
            .is_end = result == LZMA_STREAM_END};
  }
  void reopen() override {
    if (lzma_stream_decoder(&stream_, kMostMemory, 0) != LZMA_OK) throw std::bad_alloc();
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Zstd final : public Decompressor {
 public:
  Zstd() : Decompressor(!kSkipsPadding), stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }

 private:
  Advance advance(std::string_view input, std::span<char> room) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    const std::size_t result = ZSTD_decompressStream(stream_, &out, &in);
    return {.step = {.taken = in.pos, .given = out.pos, .failure = failure_of(result)}, .is_end = result == 0};
  }
  void reopen() override {}  // the library does it by itself

  static Failure failure_of(std::size_t result) noexcept {
    if (ZSTD_isError(result) == 0) return Failure::kNone;
    const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
    const bool is_memory = code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation;
    return is_memory ? Failure::kMemory : Failure::kDamaged;
  }

  ZSTD_DStream* stream_;
};

}  // namespace

Decompressor::Step Decompressor::run(std::string_view input, std::span<char> room) {
  Step step;
  while (step.given < room.size() && (step.taken < input.size() || is_open_)) {
    const std::string_view rest = input.substr(step.taken);
    if (!is_open_) {
      if (skips_padding_ && rest.find_first_not_of('\0') == std::string_view::npos) {
        step.taken = input.size();
        break;
      }
      reopen();
      is_open_ = true;
    }
    const Advance advanced = advance(rest, room.subspan(step.given));
    step.taken += advanced.step.taken;
    step.given += advanced.step.given;
    step.failure = advanced.step.failure;
    if (step.failure != Failure::kNone) break;
    if (advanced.is_end)
      is_open_ = false;
    else if (advanced.step.taken == 0 && advanced.step.given == 0)
      break;
    else if (step.taken == input.size() && step.given < room.size())
      break;
  }
  return step;
}

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
