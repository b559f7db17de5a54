// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <fmt/format.h>

#include "formats/registry.hpp"
#include "tests/formats/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/json_check.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;

// <case>.txt holds records as a log has them, <case>.<format> what that format makes of them.
const fs::path kCases = NAUDIT_SOURCE_DIR "/tests/data/records";

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<fs::path> cases() {
  std::set<fs::path> found;
  for (const auto& entry : fs::directory_iterator(kCases))
    if (entry.path().extension() == ".txt") found.insert(entry.path());
  return found;
}

// MozDef's events, CEF and LEEF name the release, and MozDef's the process that wrote them; golden files outlive both.
std::string without_writer(std::string line) {
  const std::string process = R"("processid":")" + std::to_string(getpid()) + '"';
  if (const auto at = line.find(process); at != std::string::npos)
    line.replace(at, process.size(), R"("processid":"PID")");
  const std::string version = "\"" NAUDIT_VERSION "\",\"audit\"]";
  if (const auto at = line.find(version); at != std::string::npos)
    line.replace(at, version.size(), R"("VERSION","audit"])");
  const std::string product = "|nauditd|nauditd|" NAUDIT_VERSION "|";
  if (const auto at = line.find(product); at != std::string::npos)
    line.replace(at, product.size(), "|nauditd|nauditd|VERSION|");
  return line;
}

// One line an event, its bytes to be read and compared: \xNN for what is no printable character of ASCII.
std::string in_one_line(std::string_view bytes) {
  std::string line;
  for (const char c : bytes)
    if (c >= ' ' && c <= '~' && c != '\\')
      line += c;
    else
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return line + '\n';
}

std::string encode(const Format& format, const fs::path& records) {
  tests::Encoding encoding(format.name);
  tests::StoredLog log;
  log.add_all(read_file(records));
  log.finish();
  std::string out;
  for (const auto& event : log.events) {
    const std::string line = format.binary ? in_one_line(encoding(*event)) : encoding(*event);
    if (line.empty() && format.selective) continue;
    CHECK(line.ends_with('\n'));
    if (format.name == "json") {
      CHECK(tests::what_is_wrong(*event, line) == "");
      CHECK(tests::event_schema().what_is_wrong(line) == "");
    }
    out += without_writer(line);
  }
  return out;
}

TEST_CASE("records become the events that stand beside them, in every format") {
  // UPDATE_GOLDEN=1 writes them anew, to be read before they are checked in.
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  const std::set<fs::path> all = cases();
  CHECK(all.size() >= 15);
  for (const Format& format : all_formats()) {
    // Its frames have the number of our process in them, and lengths that go by it: heka_test.cpp.
    if (format.name == "heka") continue;
    for (const fs::path& records : all) {
      const fs::path golden = fs::path(records).replace_extension(format.name);
      INFO(
          golden.filename().string() << ": UPDATE_GOLDEN=1 build/dev/tests/formats_test \"records become*\" writes it");
      const std::string made = encode(format, records);
      // What is the records themselves (raw, nearly always), or nothing at all, has no file of its own.
      const bool is_same = made.empty() || made == read_file(records);
      if (update && is_same) fs::remove(golden);
      if (update && !is_same) std::ofstream(golden, std::ios::binary) << made;
      if (is_same) {
        CHECK_FALSE(fs::exists(golden));
        continue;
      }
      CHECK(fs::exists(golden));
      CHECK(tests::difference(made, read_file(golden)) == "");
    }
  }
}

TEST_CASE("every golden file belongs to records and to a format") {
  for (const auto& entry : fs::directory_iterator(kCases)) {
    const fs::path& path = entry.path();
    INFO(path.filename().string());
    CHECK(fs::exists(fs::path(path).replace_extension(".txt")));
    if (path.extension() != ".txt") CHECK(find_format(path.extension().string().substr(1)) != nullptr);
  }
}

}  // namespace
}  // namespace naudit::formats
