// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a stored log may be: every byte of it is in exactly one piece, in order, however the bytes come.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "stored/splitter.hpp"

namespace {

using naudit::stored::Piece;
using naudit::stored::Splitter;

struct Taken {
  Piece::Kind kind;
  std::size_t size;
  std::size_t text;

  friend bool operator==(const Taken&, const Taken&) = default;
};

void check(bool good) {
  if (!good) __builtin_trap();
}

bool is_within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// `step`: so many bytes more are there each time the splitter wants more.
std::vector<Taken> split(std::string_view bytes, Splitter::Form form, std::size_t step) {
  Splitter splitter(form);
  std::vector<Taken> taken;
  std::size_t at = 0;
  std::size_t there = std::min(step, bytes.size());
  Piece piece;
  while (at < bytes.size()) {
    const bool at_end = there == bytes.size();
    const std::size_t size = splitter.next(bytes.substr(at, there - at), at_end, piece);
    if (size == 0) {
      check(!at_end);
      there = std::min(there + step, bytes.size());
      continue;
    }
    check(size <= there - at && piece.whole.data() == bytes.data() + at && piece.whole.size() == size);
    check(is_within(piece.text, piece.whole));
    check(piece.kind != Piece::Kind::kLine || !piece.text.empty());
    check(piece.kind != Piece::Kind::kRecord || piece.type != 0);
    taken.push_back({piece.kind, size, piece.text.size()});
    at += size;
  }
  return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Splitter::Form form : {Splitter::Form::kAny, Splitter::Form::kLines, Splitter::Form::kFrames}) {
    const auto whole = split(bytes, form, bytes.size());
    const auto parts = split(bytes, form, 7);
    // Damage may come out in more than one piece.
    const auto good = [](std::vector<Taken> all) {
      std::erase_if(all, [](const Taken& one) { return one.kind == Piece::Kind::kGarbage; });
      return all;
    };
    check(good(whole) == good(parts));
  }
  return 0;
}
