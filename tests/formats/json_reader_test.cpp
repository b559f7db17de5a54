// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "formats/json/reader.hpp"
#include "interpret/record/tokens.hpp"
#include "tables/record_types.hpp"
#include "tests/formats/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/json_check.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Totals {
  std::size_t records = 0;
  std::size_t events = 0;
  std::map<std::string, std::size_t> raw;  // events that needed it, by the types of their records
};

void check(const fs::path& path, tests::Encoding& json, Totals& totals) {
  INFO(path.string());
  const std::string text = read_file(path);
  std::vector<std::string> before;
  tests::StoredLog log;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty()) continue;
    log.add(line);
    for (std::string& record : tests::auditd_lines(line)) before.push_back(std::move(record));
  }
  log.finish();

  std::vector<std::string> after;
  for (const auto& event : log.events) {
    const std::string line = json(*event);
    const std::string wrong = tests::what_is_wrong(*event, line);
    if (!wrong.empty()) FAIL_CHECK(wrong);
    const std::string breach = tests::event_schema().what_is_wrong(line);
    if (!breach.empty()) FAIL_CHECK(breach + "\n" + line);
    std::string error;
    rebuild_records(line, after, error);
    ++totals.events;
    if (line.find("\"raw\":[") == std::string::npos || event->incomplete == correlate::Incomplete::kMalformed) continue;
    std::string types;
    for (const auto& record : event->records()) {
      std::vector<interpret::Field> fields;
      interpret::Tokens tokens;
      interpret::tokenise(event->body(record), event->source, fields, tokens);
      if (!tokens.regular) types += tables::record_type_text(record.type) + ' ';
    }
    ++totals.raw[types.empty() ? "(regular)" : types];
  }
  totals.records += before.size();
  std::ranges::sort(before);
  std::ranges::sort(after);
  CHECK(before.size() == after.size());
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    if (before[i] == after[i]) continue;
    FAIL_CHECK("before: " + before[i] + "\nafter:  " + after[i]);
    break;
  }
}

TEST_CASE("every record of our own logs comes back from JSON byte for byte") {
  tests::Encoding json("json");
  Totals totals;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") check(entry.path(), json, totals);
  CHECK(totals.records > 50);
}

TEST_CASE("every record of the collected logs comes back from JSON byte for byte", "[corpus]") {
  tests::Encoding json("json");
  Totals totals;
  for (const fs::path& log : tests::corpus_files("logs")) check(log, json, totals);
  CHECK(totals.records > (tests::has_larger_corpus() ? 5000 : 100));
  std::size_t raw = 0;
  for (const auto& [types, count] : totals.raw) raw += count;
  std::vector<std::pair<std::size_t, std::string>> reasons;
  for (const auto& [types, count] : totals.raw) reasons.emplace_back(count, types);
  std::ranges::sort(reasons, std::greater<>{});
  std::cout << totals.records << " records, " << totals.events << " events, " << raw << " of them with raw text\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(reasons.size(), 8); ++i)
    std::cout << "  " << reasons[i].first << "  " << reasons[i].second << '\n';
}

TEST_CASE("what is no event is refused with a reason") {
  for (const char* const line : {"", "{", "[]", "{}", R"({"id":1,"records":{}})", R"({"id":"1.000:2","records":[]})"}) {
    INFO(line);
    std::vector<std::string> records;
    std::string error;
    CHECK_FALSE(rebuild_records(line, records, error));
    CHECK_FALSE(error.empty());
    CHECK(records.empty());
  }
}

TEST_CASE("what only looks like an event does no harm") {
  for (const char* const line :
       {R"({"id":"1.000:2","records":{"path":1,"cwd":[1,"x",{"a":{},"b":[1,{}],"c":true,"d":1.5}]}})",
        R"({"id":"1.000:2","records":{"execve":{"argc":1,"argv":[1]}}})",
        R"({"id":"1.000:2","records":{"avc":[{"seresult":1,"seperms":2,"enriched":3,"claim":{"seperms":[1]}}]}})",
        R"({"id":"1.000:2","raw":[1,"x"],"records":{}})", R"({"id":"1.000:2","records":{"unknown_x":{}}})"}) {
    INFO(line);
    std::vector<std::string> records;
    std::string error;
    CHECK(rebuild_records(line, records, error));
  }
}

}  // namespace
}  // namespace naudit::formats
