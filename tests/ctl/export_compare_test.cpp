// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// What `rules import` and then `rules export` make of a rule file, read by Debian's auditctl: the requests to the
// kernel are those of the file itself. Built where the stand-in for the kernel's socket and auditctl are there.
#include <iostream>
#include <set>
#include <sstream>

#include "migrate/rules/export.hpp"
#include "migrate/rules/import.hpp"
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

// Every rule that auditctl adds, whatever it says to the lines that it refuses.
std::set<std::string> added(const test::TempDir& directory, const std::string& text) {
  directory.write("file.rules", "-i\n" + text);
  directory.write("requests", "");
  const std::string log = directory.file("requests");
  test::run(
      NAUDIT_AUDITCTL, {"-R", directory.file("file.rules")},
      {"LD_PRELOAD=" NAUDIT_SHIM, "NAUDIT_SHIM_LOG=" + log, "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"});
  std::set<std::string> requests;
  std::istringstream lines(test::read_all(log));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("1011 ")) requests.insert(line.substr(line.rfind(' ')));
  return requests;
}

// auditctl misreads these; ours does not.
bool is_read_as_meant(const std::string& text) {
  return text.find('\r') == std::string::npos && text.find('\t') == std::string::npos;
}

TEST_CASE("auditctl reads exported rules as it reads the file that they came from") {
  std::vector<fs::path> files = tests::corpus_rules();
  for (const auto& entry : fs::recursive_directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/rules"))
    if (entry.path().extension() == ".rules") files.push_back(entry.path());
  const test::TempDir directory;
  std::size_t rules = 0, equal = 0;
  for (const fs::path& file : files) {
    const std::string text = test::read_all(file);
    if (!is_read_as_meant(text)) continue;
    INFO(file);
    const migrate::Imported yaml = migrate::import_rules(text, file, rules::system_environment());
    const migrate::Exported back = migrate::export_yaml(yaml.yaml, "back.yaml", rules::system_environment());
    const std::set<std::string> theirs = added(directory, text);
    CHECK(added(directory, back.text) == theirs);
    rules += theirs.size();
    ++equal;
  }
  std::cout << "exported rule files: " << equal << " with " << rules << " rules that auditctl reads the same\n";
  CHECK(rules > 300);
}

}  // namespace
}  // namespace naudit::ctl
