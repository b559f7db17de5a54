// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "bench/writers.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "formats/json/text.hpp"

namespace naudit::bench {
namespace {

using Clock = std::chrono::steady_clock;

// What writes one event, so that two writers can be given the same work as the encoder has it: keys known beforehand,
// numbers as the record spells them, no look-ups.
struct Step {
  enum class Kind : std::uint8_t { kStartObject, kEndObject, kStartArray, kEndArray, kKey, kString, kBare };
  Kind kind;
  std::string text;
  std::string ready_key;  // with quotes and colon: the encoder keeps its keys so
};

class Recorder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Recorder> {
 public:
  using Kind = Step::Kind;
  bool Null() { return put(Kind::kBare, "null"); }
  bool Bool(bool value) { return put(Kind::kBare, value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return put(Kind::kBare, {text, size}); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return put(Kind::kString, {text, size}); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    return put(Kind::kKey, {text, size}, fmt::format("\"{}\":", std::string_view(text, size)));
  }
  bool StartObject() { return put(Kind::kStartObject); }
  bool EndObject(rapidjson::SizeType) { return put(Kind::kEndObject); }
  bool StartArray() { return put(Kind::kStartArray); }
  bool EndArray(rapidjson::SizeType) { return put(Kind::kEndArray); }

  std::vector<Step> steps;

 private:
  bool put(Kind kind, std::string_view text = {}, std::string ready_key = {}) {
    steps.push_back({.kind = kind, .text = std::string(text), .ready_key = std::move(ready_key)});
    return true;
  }
};

std::vector<Step> steps_of(const std::string& line) {
  Recorder recorder;
  rapidjson::StringStream stream(line.c_str());
  rapidjson::Reader reader;
  if (reader.Parse < rapidjson::kParseNumbersAsStringsFlag |
      rapidjson::kParseStopWhenDoneFlag > (stream, recorder).IsError())
    std::abort();
  return std::move(recorder.steps);
}

template <typename Writer>
void write_rapidjson(const std::vector<Step>& steps, Writer& writer) {
  using Kind = Step::Kind;
  for (const Step& step : steps) {
    const auto size = static_cast<rapidjson::SizeType>(step.text.size());
    switch (step.kind) {
      case Kind::kStartObject:
        writer.StartObject();
        break;
      case Kind::kEndObject:
        writer.EndObject();
        break;
      case Kind::kStartArray:
        writer.StartArray();
        break;
      case Kind::kEndArray:
        writer.EndArray();
        break;
      case Kind::kKey:
        writer.Key(step.text.data(), size);
        break;
      case Kind::kString:
        writer.String(step.text.data(), size);
        break;
      case Kind::kBare:
        writer.RawValue(step.text.data(), size, rapidjson::kNumberType);
        break;
    }
  }
}

void write_ours(const std::vector<Step>& steps, formats::JsonText& json) {
  using Kind = Step::Kind;
  json.reserve(4096);
  for (const Step& step : steps) {
    switch (step.kind) {
      case Kind::kStartObject:
        json.put('{');
        break;
      case Kind::kEndObject:
        json.close('}');
        break;
      case Kind::kStartArray:
        json.put('[');
        break;
      case Kind::kEndArray:
        json.close(']');
        break;
      case Kind::kKey:
        json.put(std::string_view(step.ready_key));
        break;
      case Kind::kString:
        json.string(step.text);
        json.put(',');
        break;
      case Kind::kBare:
        json.put(std::string_view(step.text));
        json.put(',');
        break;
    }
  }
}

double nanoseconds(Clock::time_point since, std::uint32_t events) {
  return std::chrono::duration<double, std::nano>(Clock::now() - since).count() / events;
}

}  // namespace

Writers compare_writers(const std::string& line, std::uint32_t events) {
  const std::vector<Step> steps = steps_of(line);
  Writers cost;
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  auto start = Clock::now();
  for (std::uint32_t i = 0; i < events; ++i) {
    buffer.Clear();
    writer.Reset(buffer);
    write_rapidjson(steps, writer);
  }
  cost.rapidjson = nanoseconds(start, events);

  formats::JsonText json;
  start = Clock::now();
  for (std::uint32_t i = 0; i < events; ++i) {
    json.clear();
    write_ours(steps, json);
  }
  cost.ours = nanoseconds(start, events);
  // The last byte of ours is the comma that close() leaves for a next member.
  if (json.view().substr(0, json.size() - 1) != std::string_view(buffer.GetString(), buffer.GetSize())) {
    std::fprintf(stderr, "bench-encode: the two writers do not agree\n");
    std::exit(1);
  }
  return cost;
}

}  // namespace naudit::bench
