// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/compressor.hpp"

#include <new>
#include <utility>

#include <zlib.h>
#include <zstd.h>

namespace naudit::output {
namespace {

constexpr int kGzip = 15 + 16;  // the largest window, with gzip's frame (zlib.h, deflateInit2)
constexpr int kMemory = 8;      // zlib's default

struct EndZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

struct Compressor::State {
  explicit State(HttpCompression wanted) : kind(wanted) {
    if (kind == HttpCompression::kGzip &&
        deflateInit2(&deflate, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
    if (kind != HttpCompression::kZstd) return;
    zstd.reset(ZSTD_createCCtx());
    if (!zstd) throw std::bad_alloc();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (kind == HttpCompression::kGzip) deflateEnd(&deflate);
  }

  const HttpCompression kind;
  z_stream deflate{};
  std::unique_ptr<ZSTD_CCtx, EndZstd> zstd;
};

Compressor::Compressor(HttpCompression kind) : state_(std::make_unique<State>(kind)) {}
Compressor::~Compressor() = default;

std::string_view Compressor::encoding() const noexcept {
  if (state_->kind == HttpCompression::kGzip) return "gzip";
  return state_->kind == HttpCompression::kZstd ? "zstd" : "";
}

std::string Compressor::compress(std::string text) {
  if (state_->kind == HttpCompression::kNone) return text;
  std::string result;
  if (state_->kind == HttpCompression::kGzip) {
    z_stream& stream = state_->deflate;
    deflateReset(&stream);
    result.resize(deflateBound(&stream, text.size()));
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    // With room for the bound it ends at once.
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::bad_alloc();
    result.resize(stream.total_out);
    return result;
  }
  result.resize(ZSTD_compressBound(text.size()));
  const std::size_t size =
      ZSTD_compressCCtx(state_->zstd.get(), result.data(), result.size(), text.data(), text.size(), 1);
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();
  result.resize(size);
  return result;
}

}  // namespace naudit::output
