// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

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

}  // namespace naudit::tests
