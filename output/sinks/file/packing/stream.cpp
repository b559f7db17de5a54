// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/packing/stream.hpp"

#include <vector>

#include <zlib.h>
#include <zstd.h>

namespace naudit::output {
namespace {

constexpr std::size_t kRoom = std::size_t{128} << 10U;
constexpr int kWithGzipHeader = 15 + 16;
constexpr int kZstdLevel = 3;

Bytef* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib only reads
}

class GzipPacker final : public Packer {
 public:
  GzipPacker() : room_(kRoom) {
    is_ready_ =
        deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWithGzipHeader, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  GzipPacker(const GzipPacker&) = delete;
  GzipPacker& operator=(const GzipPacker&) = delete;
  ~GzipPacker() override {
    if (is_ready_) deflateEnd(&stream_);
  }
  bool pack(std::string_view bytes, bool is_end, const Out& out) override {
    if (!is_ready_) return false;
    stream_.next_in = bytes_of(bytes);
    stream_.avail_in = static_cast<uInt>(bytes.size());
    for (;;) {
      stream_.next_out = reinterpret_cast<Bytef*>(room_.data());
      stream_.avail_out = static_cast<uInt>(room_.size());
      const int result = deflate(&stream_, is_end ? Z_FINISH : Z_NO_FLUSH);
      if (result == Z_STREAM_ERROR) return false;
      const std::size_t made = room_.size() - stream_.avail_out;
      if (made > 0 && !out({room_.data(), made})) return false;
      if (is_end ? result == Z_STREAM_END : stream_.avail_in == 0 && stream_.avail_out > 0) return true;
    }
  }

 private:
  z_stream stream_{};
  bool is_ready_ = false;
  std::vector<char> room_;
};

class ZstdPacker final : public Packer {
 public:
  ZstdPacker() : stream_(ZSTD_createCCtx(), &ZSTD_freeCCtx), room_(kRoom) {
    if (!stream_) return;
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
  }
  bool pack(std::string_view bytes, bool is_end, const Out& out) override {
    if (!stream_) return false;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer made{room_.data(), room_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(stream_.get(), &made, &in, is_end ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left) != 0) return false;
      if (made.pos > 0 && !out({room_.data(), made.pos})) return false;
      if (is_end ? left == 0 : in.pos == in.size) return true;
    }
  }

 private:
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> stream_;
  std::vector<char> room_;
};

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() : room_(kRoom) { is_ready_ = inflateInit2(&stream_, kWithGzipHeader) == Z_OK; }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;
  ~GzipUnpacker() override {
    if (is_ready_) inflateEnd(&stream_);
  }
  bool unpack(std::string_view bytes, Digest& digest) override {
    if (!is_ready_) return false;
    stream_.next_in = bytes_of(bytes);
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) {
      if (is_whole_) return false;
      do {
        stream_.next_out = reinterpret_cast<Bytef*>(room_.data());
        stream_.avail_out = static_cast<uInt>(room_.size());
        const int result = inflate(&stream_, Z_NO_FLUSH);
        is_whole_ = result == Z_STREAM_END;
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
        digest.add({room_.data(), room_.size() - stream_.avail_out});
      } while (stream_.avail_out == 0 && !is_whole_);
    }
    return true;
  }
  [[nodiscard]] bool is_whole() const noexcept override { return is_whole_; }

 private:
  z_stream stream_{};
  bool is_ready_ = false;
  bool is_whole_ = false;
  std::vector<char> room_;
};

class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() : stream_(ZSTD_createDCtx(), &ZSTD_freeDCtx), room_(kRoom) {}
  bool unpack(std::string_view bytes, Digest& digest) override {
    if (!stream_) return false;
    if (bytes.empty()) return true;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer made{room_.data(), room_.size(), 0};
    do {
      made.pos = 0;
      const std::size_t left = ZSTD_decompressStream(stream_.get(), &made, &in);
      if (ZSTD_isError(left) != 0) return false;
      is_whole_ = left == 0;
      digest.add({room_.data(), made.pos});
    } while (in.pos < in.size || (made.pos == made.size && !is_whole_));
    return true;
  }
  [[nodiscard]] bool is_whole() const noexcept override { return is_whole_; }

 private:
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> stream_;
  bool is_whole_ = false;
  std::vector<char> room_;
};

}  // namespace

void Digest::add(std::string_view bytes) noexcept {
  size += bytes.size();
  crc = static_cast<std::uint32_t>(::crc32(crc, bytes_of(bytes), static_cast<uInt>(bytes.size())));
}

std::unique_ptr<Packer> Packer::make(Packing packing) {
  if (packing == Packing::kGzip) return std::make_unique<GzipPacker>();
  return std::make_unique<ZstdPacker>();
}

std::unique_ptr<Unpacker> Unpacker::make(Packing packing) {
  if (packing == Packing::kGzip) return std::make_unique<GzipUnpacker>();
  return std::make_unique<ZstdUnpacker>();
}

}  // namespace naudit::output
