// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace naudit::tests {

enum class Compression : std::uint8_t { kGzip, kZstd, kXz, kBzip2 };
inline constexpr std::array kCompressions = {Compression::kGzip, Compression::kZstd, Compression::kXz,
                                             Compression::kBzip2};

inline std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// A whole compressed file. zstd with its checksum, as the program zstd writes it.
inline std::string compressed(Compression kind, std::string_view text) {
  std::string out(text.size() * 2 + 4096, '\0');
  std::size_t size = 0;
  switch (kind) {
    case Compression::kGzip:
      return gzip(text);
    case Compression::kZstd: {
      ZSTD_CCtx* const context = ZSTD_createCCtx();
      ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
      size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
      ZSTD_freeCCtx(context);
      if (ZSTD_isError(size) != 0) throw std::runtime_error("zstd");
      break;
    }
    case Compression::kXz:
      if (lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()),
                                  text.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size,
                                  out.size()) != LZMA_OK)
        throw std::runtime_error("xz");
      break;
    case Compression::kBzip2: {
      auto length = static_cast<unsigned>(out.size());
      if (BZ2_bzBuffToBuffCompress(out.data(), &length, const_cast<char*>(text.data()),
                                   static_cast<unsigned>(text.size()), 1, 0, 0) != BZ_OK)
        throw std::runtime_error("bzip2");
      size = length;
      break;
    }
  }
  out.resize(size);
  return out;
}

// An xz file that says that its dictionary has 256 MiB. The block's header stands behind the 12 bytes of the stream's:
// (size / 4 - 1), ..., the filter LZMA2 (0x21) with 1 byte of properties, ..., CRC32 (The .xz File Format, 3.1).
inline std::string large_xz(std::string_view text) {
  std::string bytes = compressed(Compression::kXz, text);
  constexpr std::size_t kStart = 12;
  constexpr char k256MiB = 32;
  const std::size_t size = (static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(kStart))) + 1) * 4;
  const std::size_t filter = bytes.find("\x21\x01", kStart);
  if (filter > kStart + size) throw std::runtime_error("xz header");
  bytes.at(filter + 2) = k256MiB;
  const std::uint32_t sum = lzma_crc32(reinterpret_cast<const std::uint8_t*>(bytes.data()) + kStart, size - 4, 0);
  for (std::size_t i = 0; i < 4; ++i) bytes.at(kStart + size - 4 + i) = static_cast<char>(sum >> (8 * i));
  return bytes;
}

// A zstd frame with a window of 256 MiB: its magic number, no options, the window's exponent (18 + 10), and a last
// block of these bytes as they are (RFC 8878, 3.1.1).
inline std::string large_zstd(std::string_view text) {
  std::string bytes("\x28\xB5\x2F\xFD\x00\x90", 6);
  const std::size_t header = text.size() << 3 | 1;
  for (std::size_t i = 0; i < 3; ++i) bytes += static_cast<char>(header >> (8 * i));
  return bytes.append(text);
}

}  // namespace naudit::tests
