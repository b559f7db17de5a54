// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Any bytes as lines of a stored log: events, every format, and from the native one back to the records.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <list>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "base/utf8.hpp"
#include "formats/registry.hpp"
#include "tests/support/aushape_check.hpp"
#include "tests/support/json_check.hpp"
#include "tests/support/pipeline.hpp"

namespace {

using namespace naudit;

struct Fuzzed {
  explicit Fuzzed(const formats::Format& row) : format(row), encode(row.name) {}

  const formats::Format& format;
  tests::Encoding encode;
};

// One line of one object, whatever the records hold.
bool is_json_line(const std::string& text) {
  rapidjson::Document parsed;
  parsed.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  return !parsed.HasParseError() && text.find('\n') == text.size() - 1;
}

bool is_utf8_line(std::string_view text) {
  if (text.find('\n') != text.size() - 1) return false;
  for (std::size_t size = 0; !text.empty(); text.remove_prefix(size))
    if ((size = base::first_character(text).size) == 0) return false;
  return true;
}

[[noreturn]] void fail(const formats::Format& format, const std::string& wrong, const std::string& text) {
  std::fprintf(stderr, "%s: %s\n%s", std::string(format.name).c_str(), wrong.c_str(), text.c_str());
  __builtin_trap();
}

std::list<Fuzzed> every_format() {
  std::list<Fuzzed> all;
  for (const formats::Format& format : formats::all_formats()) all.emplace_back(format);
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::list<Fuzzed> all = every_format();

  tests::StoredLog log;
  log.add_all({reinterpret_cast<const char*>(data), size});
  log.finish();
  for (const auto& event : log.events) {
    for (auto& [format, encode] : all) {
      const std::string text = encode(*event);
      if (text.empty() && format.selective) continue;
      if (!format.binary && !text.ends_with('\n')) fail(format, "no newline at the end", text);
      const bool is_text_line = format.content_type.ends_with("charset=utf-8");
      if (is_text_line && !is_utf8_line(text)) fail(format, "no line of UTF-8", text);
      if (format.content_type == "application/json" && !is_json_line(text)) fail(format, "no line of JSON", text);
      if (format.name == "json")
        if (const std::string wrong = tests::what_is_wrong(*event, text); !wrong.empty()) fail(format, wrong, text);
      if (format.name == "aushape-json" || format.name == "aushape-xml")
        if (const std::string wrong = tests::wrong_in_aushape(format.name, text); !wrong.empty())
          fail(format, wrong, text);
      const bool is_line_a_record = format.name == "enriched" || format.name == "raw";
      if (is_line_a_record && std::ranges::count(text, '\n') != static_cast<std::ptrdiff_t>(event->records().size()))
        fail(format, "not a line for each record", text);
    }
  }
  return 0;
}
