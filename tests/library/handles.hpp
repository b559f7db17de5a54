// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "library/naudit.h"
#include "tests/support/catch.hpp"

// The library's handles, freed at the end of a test.
namespace naudit::library {

struct Free {
  void operator()(naudit_reader* reader) const { naudit_reader_free(reader); }
  void operator()(naudit_event* event) const { naudit_event_free(event); }
};
using Reader = std::unique_ptr<naudit_reader, Free>;
using Event = std::unique_ptr<naudit_event, Free>;

inline std::string string_of(naudit_text text) {
  return text.data == nullptr ? "(none)" : std::string(text.data, text.size);
}

inline Reader make_reader(std::string_view format = "json") {
  naudit_reader* reader = nullptr;
  REQUIRE(naudit_reader_new(&reader) == NAUDIT_OK);
  REQUIRE(naudit_reader_set(reader, "format", std::string(format).c_str()) == NAUDIT_OK);
  REQUIRE(naudit_reader_set(reader, "names", "none") == NAUDIT_OK);
  return Reader(reader);
}

inline Event next(const Reader& reader) {
  naudit_event* event = nullptr;
  REQUIRE(naudit_reader_next(reader.get(), &event) == NAUDIT_OK);
  return Event(event);
}

inline std::string text_of(const Event& event) {
  naudit_text text;
  REQUIRE(naudit_event_text(event.get(), &text) == NAUDIT_OK);
  return string_of(text);
}

inline std::string rest(const Reader& reader) {
  std::string all;
  while (const Event event = next(reader)) all += text_of(event);
  return all;
}

inline naudit_result feed(const Reader& reader, std::string_view bytes) {
  return naudit_reader_feed(reader.get(), bytes.data(), bytes.size());
}

}  // namespace naudit::library
