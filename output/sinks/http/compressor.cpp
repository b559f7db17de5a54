// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/compressor.hpp"

#include <libdeflate.h>

#include <new>
#include <utility>

#include <zstd.h>

namespace naudit::output {
namespace {

constexpr int kFastest = 1;

struct EndGzip {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};
struct EndZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

struct Compressor::State {
  explicit State(HttpCompression wanted) : kind(wanted) {
    if (kind == HttpCompression::kGzip) gzip.reset(libdeflate_alloc_compressor(kFastest));
    if (kind == HttpCompression::kZstd) zstd.reset(ZSTD_createCCtx());
    if (kind != HttpCompression::kNone && !gzip && !zstd) throw std::bad_alloc();
  }

  const HttpCompression kind;
  std::unique_ptr<libdeflate_compressor, EndGzip> gzip;
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
    result.resize(libdeflate_gzip_compress_bound(state_->gzip.get(), text.size()));
    const std::size_t size =
        libdeflate_gzip_compress(state_->gzip.get(), text.data(), text.size(), result.data(), result.size());
    if (size == 0) throw std::bad_alloc();  // it had room for the bound
    result.resize(size);
    return result;
  }
  result.resize(ZSTD_compressBound(text.size()));
  const std::size_t size =
      ZSTD_compressCCtx(state_->zstd.get(), result.data(), result.size(), text.data(), text.size(), kFastest);
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();
  result.resize(size);
  return result;
}

}  // namespace naudit::output
