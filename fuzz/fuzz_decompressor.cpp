// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Compressed bytes, whole and in small pieces: the same comes out, nothing more than there is room for, and it ends.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "stored/decompressor.hpp"

namespace {

using naudit::stored::Decompressor;

constexpr std::size_t kMost = std::size_t{1} << 20U;

struct Result {
  std::string bytes;
  Decompressor::Failure failure = Decompressor::Failure::kNone;
};

Result undo(std::string_view input, std::size_t step) {
  Result result;
  const auto decompressor = naudit::stored::make_decompressor(input);
  if (decompressor == nullptr) return result;
  std::array<char, 4096> room;
  std::size_t at = 0;
  std::size_t there = std::min(step, input.size());
  while (result.bytes.size() < kMost && result.failure == Decompressor::Failure::kNone) {
    const auto [taken, given, failure] = decompressor->run(input.substr(at, there - at), room);
    if (taken > there - at || given > room.size()) __builtin_trap();
    at += taken;
    result.bytes.append(room.data(), given);
    result.failure = failure;
    if (given > 0 || taken > 0) continue;
    if (there == input.size()) break;
    there = std::min(there + step, input.size());
  }
  result.bytes.resize(std::min(result.bytes.size(), kMost));
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Result whole = undo(input, std::max<std::size_t>(size, 1));
  const Result parts = undo(input, 3);
  // What stands before a damaged place is given, more or less of it as the library has it ready.
  if (whole.failure == Decompressor::Failure::kNone && parts.failure == Decompressor::Failure::kNone &&
      whole.bytes != parts.bytes)
    __builtin_trap();
  return 0;
}
