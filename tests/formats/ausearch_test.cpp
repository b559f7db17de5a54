// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What Debian's ausearch reads from our raw text, against what it reads from the records themselves. Built only where
// ausearch is installed.
#include "tests/support/ausearch.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;
using tests::ausearch;

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
}  // namespace naudit::formats
