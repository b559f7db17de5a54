// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Records as the kernel sends them, in every format: a line for each record, and no name of an id that the kernel
// vouches for but the one that the name service gave, whatever a program wrote.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <list>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "formats/registry.hpp"
#include "interpret/record/enriched_names.hpp"
#include "stored/log_line.hpp"
#include "tables/record_types.hpp"
#include "tests/support/aushape_check.hpp"
#include "tests/support/pipeline.hpp"

namespace {

using namespace naudit;

struct Fuzzed {
  explicit Fuzzed(const formats::Format& row) : format(row), encode(row.name) { encode.set_live(); }

  const formats::Format& format;
  tests::Encoding encode;
};

std::list<Fuzzed> every_format() {
  std::list<Fuzzed> all;
  for (const formats::Format& format : formats::all_formats()) all.emplace_back(format);
  return all;
}

[[noreturn]] void fail(const formats::Format& format, const char* wrong, const std::string& text) {
  std::fprintf(stderr, "%s: %s\n%s", std::string(format.name).c_str(), wrong, text.c_str());
  __builtin_trap();
}

// The names that tests::fixed_name() gives, and that of the id that is none.
bool is_given(std::string_view name) {
  return name == "root" || name == "jo" || name == "unset";
}

constexpr const char* kIds[] = {"auid", "uid", "gid", "euid", "suid", "fsuid", "egid", "sgid", "fsgid", "ouid", "ogid"};

void check_names(const formats::Format& format, const rapidjson::Value& record, const std::string& text) {
  for (const char* const id : kIds) {
    const auto name = record.FindMember((std::string(id) + "_name").c_str());
    if (name != record.MemberEnd() && name->value.IsString() && record.HasMember(id) && record[id].IsUint() &&
        !is_given({name->value.GetString(), name->value.GetStringLength()})) {
      fail(format, "a name that nobody gave", text);
    }
  }
  if (record.HasMember("enriched")) fail(format, "a live record has an enriched part", text);
}

void check_json(const formats::Format& format, const std::string& text) {
  rapidjson::Document event;
  event.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (event.HasParseError() || text.find('\n') != text.size() - 1) fail(format, "no line of JSON", text);
  if (format.name != "json") return;
  for (const auto& [type, value] : event["records"].GetObject()) {
    if (value.IsObject()) check_names(format, value, text);
    if (value.IsArray())
      for (const auto& record : value.GetArray())
        if (record.IsObject()) check_names(format, record, text);
  }
}

// What a reader of the log will see.
void check_lines(const formats::Format& format, const correlate::Event& event, const std::string& text) {
  if (std::ranges::count(text, '\n') != static_cast<std::ptrdiff_t>(event.records().size()))
    fail(format, "not a line for each record", text);
  interpret::DecodedEvent decoded;
  interpret::EnrichedNames names;
  std::string scratch;
  tests::StoredLog log;
  log.add_all(text);
  log.finish();
  for (const auto& stored : log.events) {
    decoded.decode(*stored);
    for (const interpret::DecodedRecord& record : decoded.records()) {
      if (!record.tokens.has_claim) continue;  // the kernel's own text holds no control byte
      names.read(record.tokens.enriched);
      for (const std::string_view id : {"auid", "uid"}) {
        const std::string_view name = names.find(id, false, scratch);
        if (!name.empty() && !is_given(name) && !name.starts_with("unknown(")) fail(format, "a forged name", text);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::list<Fuzzed> all = every_format();
  // Lines of two bytes of type and a body; a newline inside a body is the byte 0x01.
  correlate::Event event;
  event.id = {1700000000, 1, 2};
  for (std::string_view rest(reinterpret_cast<const char*>(data), size); rest.size() > 2;) {
    std::uint16_t type = 0;
    std::memcpy(&type, rest.data(), sizeof type);
    const std::string_view line = rest.substr(2, rest.find('\n', 2) - 2);
    rest.remove_prefix(std::min(line.size() + 3, rest.size()));
    std::string text = "audit(1700000000.001:2): " + std::string(line);
    std::ranges::replace(text, '\x01', '\n');
    std::ranges::replace(text, '\0', ' ');
    // The kernel closes what it opened.
    if (text.find("msg='") != std::string::npos) text += '\'';
    type = static_cast<std::uint16_t>(type % 3000);
    if (type != 0 && type != tables::type::kEoe) event.append(type, text, 25);
  }
  if (event.records().empty()) return 0;
  for (auto& [format, encode] : all) {
    const std::string text = encode(event);
    if (text.empty() && format.selective) continue;
    if (!format.binary && !text.ends_with('\n')) fail(format, "no newline at the end", text);
    if (format.content_type == "application/json") check_json(format, text);
    if (format.name == "enriched" || format.name == "raw") check_lines(format, event, text);
    if (format.name == "aushape-json" || format.name == "aushape-xml")
      if (const std::string wrong = tests::wrong_in_aushape(format.name, text); !wrong.empty())
        fail(format, wrong.c_str(), text);
    if (format.name == "line" && text.find('\n') != text.size() - 1) fail(format, "more than one line", text);
  }
  return 0;
}
