// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include <zlib.h>
#include <zstd.h>

namespace naudit::tests {

// What was compressed as one member or frame; nothing if it cannot be undone.
inline std::string gunzip(std::string_view body) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  std::string text;
  std::string piece(65536, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  int code = Z_OK;
  while (code == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    code = inflate(&stream, Z_NO_FLUSH);
    text.append(piece, 0, piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return code == Z_STREAM_END && stream.avail_in == 0 ? text : std::string();
}

// A frame that does not say what it holds: up to 8 MiB.
inline std::string unzstd(std::string_view body) {
  constexpr unsigned long long kUnknown = 8ULL << 20U;
  const auto size = ZSTD_getFrameContentSize(body.data(), body.size());
  if (size == ZSTD_CONTENTSIZE_ERROR) return {};
  std::string text(size == ZSTD_CONTENTSIZE_UNKNOWN ? kUnknown : size, '\0');
  const std::size_t done = ZSTD_decompress(text.data(), text.size(), body.data(), body.size());
  if (ZSTD_isError(done) != 0) return {};
  text.resize(done);
  return text;
}

}  // namespace naudit::tests
