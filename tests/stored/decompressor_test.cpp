// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/decompressor.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/support/catch.hpp"
#include "tests/support/compressed.hpp"

namespace naudit::stored {
namespace {

using tests::compressed;
using tests::kCompressions;

struct Undone {
  std::string text;
  Decompressor::Failure failure = Decompressor::Failure::kNone;
  bool may_end = false;
};

// In pieces of these sizes.
Undone undo(std::string_view bytes, std::size_t piece, std::size_t room_size) {
  const auto decompressor = make_decompressor(bytes.substr(0, kMagicSize));
  REQUIRE(decompressor != nullptr);
  Undone undone;
  std::vector<char> room(room_size);
  while (true) {
    const std::string_view input = bytes.substr(0, piece);
    const auto step = decompressor->run(input, room);
    undone.text.append(room.data(), step.given);
    undone.failure = step.failure;
    bytes.remove_prefix(step.taken);
    if (step.failure != Decompressor::Failure::kNone || (step.given == 0 && step.taken == 0)) break;
  }
  undone.may_end = decompressor->may_end() && bytes.empty();
  return undone;
}

std::string some_text() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "type=CWD msg=audit(1.000:" + std::to_string(i) + "): cwd=\"/\"\n";
  return text;
}

TEST_CASE("what was compressed comes back, in pieces of any size") {
  const std::string text = some_text();
  for (const auto kind : kCompressions) {
    const std::string bytes = compressed(kind, text);
    for (const auto& [piece, room] : {std::pair{bytes.size(), text.size()}, {1UL, 4096UL}, {777UL, 100UL}}) {
      const Undone undone = undo(bytes, piece, room);
      CHECK(undone.text == text);
      CHECK(undone.may_end);
    }
  }
}

TEST_CASE("members behind each other are one text, and NULs behind them are nothing") {
  const std::string text = some_text();
  for (const auto kind : kCompressions) {
    const std::string bytes = compressed(kind, text);
    const Undone undone = undo(bytes + bytes, 1000, 5000);
    CHECK(undone.text == text + text);
    CHECK(undone.may_end);
    if (kind == tests::Compression::kZstd) continue;
    const Undone padded = undo(bytes + std::string(512, '\0'), 4096, 5000);
    CHECK(padded.text == text);
    CHECK(padded.may_end);
  }
}

TEST_CASE("a cut stream gives what stands before the cut, and may not end there") {
  const std::string text = some_text();
  for (const auto kind : kCompressions) {
    const std::string bytes = compressed(kind, text);
    for (const std::size_t size : {bytes.size() / 2, bytes.size() - 1, std::size_t{8}}) {
      const Undone undone = undo(std::string_view(bytes).substr(0, size), 100, 5000);
      CHECK(text.starts_with(undone.text));
      CHECK_FALSE(undone.may_end);
    }
  }
}

TEST_CASE("damage is noticed") {
  const std::string text = some_text();
  for (const auto kind : kCompressions) {
    std::string bytes = compressed(kind, text);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
    CHECK(undo(bytes, 1000, 5000).failure == Decompressor::Failure::kDamaged);
    CHECK(undo(compressed(kind, text) + "this is no further member", 1000, 5000).failure ==
          Decompressor::Failure::kDamaged);
  }
}

// What libarchive takes for whole (docs/decisions/0015-decompression.md).
TEST_CASE("a trailer that does not fit its text is damage, and so is a member that is cut in its first bytes") {
  const std::string text = some_text();
  for (const auto kind : kCompressions) {
    const std::string bytes = compressed(kind, text);
    std::string damaged = bytes;
    constexpr std::size_t kBehindSum = 5;  // gzip's stands before the size, zstd's is the last
    char& inside = damaged[damaged.size() - (kind == tests::Compression::kGzip ? kBehindSum : 1)];
    inside = static_cast<char>(inside ^ 0x55);
    CHECK(undo(damaged, 1000, 5000).failure == Decompressor::Failure::kDamaged);
    const Undone cut = undo(bytes + bytes.substr(0, 2), 1000, 5000);
    CHECK(cut.text == text);
    CHECK((cut.failure == Decompressor::Failure::kDamaged || !cut.may_end));
    const Undone empty = undo(compressed(kind, "") + bytes + compressed(kind, ""), 1000, 5000);
    CHECK(empty.text == text);
    CHECK(empty.may_end);
    CHECK(undo(compressed(kind, ""), 1000, 5000).may_end);
  }
}

TEST_CASE("what needs much memory is not called damaged") {
  for (const std::string& bytes : {tests::large_xz(some_text()), tests::large_zstd("x")}) {
    const Undone undone = undo(bytes, 1000, 5000);
    CHECK(undone.failure == Decompressor::Failure::kMemory);
    CHECK(undone.text.empty());
  }
}

TEST_CASE("plain text is not compressed") {
  CHECK(make_decompressor("type=S") == nullptr);
  CHECK(make_decompressor("") == nullptr);
  CHECK(make_decompressor("\x1F") == nullptr);
}

}  // namespace
}  // namespace naudit::stored
