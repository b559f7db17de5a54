// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Any bytes as lines of a stored log: events, every format, and from the native one back to the records.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "formats/encoder.hpp"
#include "tests/support/json_check.hpp"
#include "tests/support/pipeline.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  static tests::Encoding json("json");
  static tests::Encoding raw("raw");
  static tests::Encoding enriched("enriched");
  static tests::Encoding mozdef("mozdef");
  static tests::Encoding line("line");

  tests::StoredLog log;
  log.add_all({reinterpret_cast<const char*>(data), size});
  log.finish();
  for (const auto& event : log.events) {
    const std::string text = json(*event);
    if (const std::string wrong = tests::what_is_wrong(*event, text); !wrong.empty()) {
      std::fprintf(stderr, "%s\n%s", wrong.c_str(), text.c_str());
      __builtin_trap();
    }
    const std::string lines = enriched(*event);
    if (std::ranges::count(lines, '\n') != static_cast<std::ptrdiff_t>(event->records().size())) __builtin_trap();
    const std::string object = mozdef(*event);
    rapidjson::Document parsed;
    parsed.Parse<rapidjson::kParseValidateEncodingFlag>(object.data(), object.size());
    if (parsed.HasParseError() || object.find('\n') != object.size() - 1) {
      std::fprintf(stderr, "%s", object.c_str());
      __builtin_trap();
    }
    if (raw(*event).empty() || line(*event).back() != '\n') __builtin_trap();
  }
  return 0;
}
