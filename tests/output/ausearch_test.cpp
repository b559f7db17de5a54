// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What Debian's ausearch reads from our raw text, against what it reads from the records themselves. Built only where
// ausearch is installed.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ausearch(const fs::path& log, const std::string& options) {
  const std::string command = std::string(NAUDIT_AUSEARCH) + " -if '" + log.string() + "' " + options + " 2>/dev/null";
  std::FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  char buffer[4096];
  for (std::size_t size = 0; (size = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, size);
  pclose(pipe);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(lines);
  return lines;
}

TEST_CASE("ausearch finds the same records and events in our raw text as in the log it came from") {
  const fs::path copy = fs::temp_directory_path() / ("naudit_ausearch_" + std::to_string(getpid()));
  std::size_t records = 0;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records")) {
    if (entry.path().extension() != ".txt") continue;
    INFO(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::ofstream(copy, std::ios::binary) << tests::Encoding("raw")(text);
    const std::vector<std::string> lines = ausearch(copy, "--raw");
    // Records with the console's prefix, and what auditd would have trimmed, ausearch reads in our form only.
    const bool is_plain = text.find("kernel:") == std::string::npos && text.find(" \n") == std::string::npos;
    if (is_plain) CHECK(lines == ausearch(entry.path(), "--raw"));
    const auto separators = [](const std::vector<std::string>& all) { return std::ranges::count(all, "----"); };
    if (is_plain) CHECK(separators(ausearch(copy, "")) == separators(ausearch(entry.path(), "")));
    records += lines.size();
  }
  fs::remove(copy);
  CHECK(records > 50);
}

}  // namespace
}  // namespace naudit::output
