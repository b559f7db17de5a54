// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>

#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

// A directory with rules.d and what `nauditctl rules generate` makes of it.
struct Audit {
  Audit() { std::filesystem::create_directory(directory.file("rules.d")); }
  [[nodiscard]] test::Outcome generate(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{
        "rules", "generate", "--source", directory.file("rules.d"), "--target", directory.file("audit.rules")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run(NAUDIT_NAUDITCTL, arguments);
  }
  [[nodiscard]] std::string target() const { return test::read_all(directory.file("audit.rules")); }
  test::TempDir directory;
};

TEST_CASE("the generated file is written once, for root and its group only, and the old one is kept") {
  const Audit audit;
  audit.directory.write("rules.d/1.rules", "-w /a -k a\n");
  audit.directory.write("audit.rules", "-w /old -k old\n");
  const test::Outcome first = audit.generate();
  CHECK(first.code == 0);
  CHECK(first.out.empty());
  CHECK_THAT(audit.target(), Catch::Contains("\n-w /a -k a\n"));
  CHECK(test::read_all(audit.directory.file("audit.rules.prev")) == "-w /old -k old\n");
  struct stat file{};
  REQUIRE(stat(audit.directory.file("audit.rules").c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0640);

  const test::Outcome second = audit.generate();
  CHECK(second.code == 0);
  CHECK(second.out == "nauditctl rules generate: No change\n");
  CHECK(test::read_all(audit.directory.file("audit.rules.prev")) == "-w /old -k old\n");
}

TEST_CASE("a check of the generated file changes nothing") {
  const Audit audit;
  audit.directory.write("rules.d/1.rules", "-w /a -k a\n");
  const test::Outcome outcome = audit.generate({"--check"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "nauditctl rules generate: Rules have changed and should be updated\n");
  CHECK_FALSE(std::filesystem::exists(audit.directory.file("audit.rules")));
}

TEST_CASE("a link to the generated file stays a link") {
  const Audit audit;
  audit.directory.write("real", "");
  std::filesystem::create_symlink("real", audit.directory.file("audit.rules"));
  CHECK(audit.generate().code == 0);
  CHECK(std::filesystem::is_symlink(audit.directory.file("audit.rules")));
  CHECK_THAT(test::read_all(audit.directory.file("real")), Catch::StartsWith("## "));
}

TEST_CASE("a rule file that cannot be read is an error, not half a set") {
  const Audit audit;
  audit.directory.write("rules.d/1.rules", "-w /a -k a\n");
  std::filesystem::create_directory(audit.directory.file("rules.d/2.rules"));
  const test::Outcome outcome = audit.generate();
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.error, Catch::Contains("2.rules: is a directory"));
  CHECK_FALSE(std::filesystem::exists(audit.directory.file("audit.rules")));
}

TEST_CASE("by the name augenrules it takes augenrules' options only") {
  const test::TempDir directory;
  const std::string name = directory.file("augenrules");
  std::filesystem::create_symlink(NAUDIT_NAUDITCTL, name);
  for (const std::string option : {"--help", "--source=/x", "x"}) {
    const test::Outcome outcome = test::run(name, {"--check", option});
    CHECK(outcome.code == 1);
    CHECK(outcome.out == "Usage: " + name + " [--check|--load]\n");
  }
}

}  // namespace
}  // namespace naudit::ctl
