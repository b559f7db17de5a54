// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What others feed to the library: whatever the bytes are and however they are cut, the events are the same, and each
// has a text. The first byte says how they are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "library/naudit.h"

namespace {

void check(bool good) {
  if (!good) __builtin_trap();
}

void take(naudit_reader* reader, std::string& out) {
  naudit_event* event = nullptr;
  while (naudit_reader_next(reader, &event) == NAUDIT_OK && event != nullptr) {
    naudit_text text;
    check(naudit_event_text(event, &text) == NAUDIT_OK);
    out.append(text.data, text.size);
    naudit_event_free(event);
  }
}

// Nothing if they are refused.
std::optional<std::string> converted(std::string_view bytes, std::size_t step) {
  naudit_reader* reader = nullptr;
  check(naudit_reader_new(&reader) == NAUDIT_OK);
  check(naudit_reader_set(reader, "names", "none") == NAUDIT_OK);
  std::string out;
  bool is_refused = false;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const std::string_view piece = bytes.substr(at, step);
    const naudit_result result = naudit_reader_feed(reader, piece.data(), piece.size());
    check(result == NAUDIT_OK || result == NAUDIT_ERROR_ARGUMENT);
    if (result != NAUDIT_OK) is_refused = true;
    take(reader, out);
  }
  const naudit_result result = naudit_reader_flush(reader);
  check(result == NAUDIT_OK || result == NAUDIT_ERROR_ARGUMENT);
  if (result != NAUDIT_OK) is_refused = true;
  take(reader, out);
  naudit_reader_free(reader);
  return is_refused ? std::nullopt : std::optional(out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  check(converted(bytes, std::size_t{data[0]} + 1) == converted(bytes, std::max<std::size_t>(bytes.size(), 1)));
  return 0;
}
