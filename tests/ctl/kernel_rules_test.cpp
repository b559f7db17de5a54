// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Through the real kernel: needs root, and leaves the rules as it found them. Every rule is one that never fires.
#include <sstream>

#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

test::Outcome nauditctl(const std::vector<std::string>& arguments) {
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

std::vector<std::string> words(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream in(line);
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

// Deletes what a test has left, by its key.
struct Cleaner {
  Cleaner() = default;
  ~Cleaner() { nauditctl({"-D", "-k", "naudit-test"}); }
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;
};

TEST_CASE("rules are added, listed and deleted") {
  const Cleaner cleaner;
  const test::TempDir directory;
  const std::string path = directory.path();
  const std::vector<std::string> rules{
      "-w " + path + " -p wa -k naudit-test",
      "-w " + path + "/file -p r -k naudit-test",
      "-a always,exit -F arch=b64 -S mkdir -F uid=54321 -F auid!=-1 -F exe=/nonexistent -F key=naudit-test",
      "-a never,exit -F arch=b32 -S mkdir -F uid=54321 -F exit=-EACCES -C auid!=obj_uid -F key=naudit-test",
  };
  for (const std::string& rule : rules) {
    INFO(rule);
    const test::Outcome added = nauditctl(words(rule));
    const std::string advice = rule.starts_with("-w") ? "Old style watch rules are slower\n" : "";
    CHECK(added.error == advice);
    REQUIRE(added.code == 0);
    CHECK(nauditctl({"-l", "-k", "naudit-test"}).out == rule + '\n');
    CHECK_THAT(nauditctl(words(rule)).error,
               Catch::StartsWith(advice + "Error sending add rule data request (Rule exists)"));
    std::vector<std::string> deletion = words(rule);
    deletion[0] = deletion[0] == "-w" ? "-W" : "-d";
    CHECK(nauditctl(deletion).code == 0);
    CHECK(nauditctl(deletion).code == 255);
  }
}

TEST_CASE("a set of rules is applied as a difference, and a path that the kernel refuses leaves out its rule only") {
  const Cleaner cleaner;
  const test::TempDir directory;
  const std::string state = directory.file("state");
  const auto apply = [&] { return nauditctl({"rules", "apply", directory.file("r.rules"), "--state", state}); };
  const std::string one = "-a always,exit -F arch=b64 -S mkdir -F uid=54321 -F key=naudit-test\n";
  const std::string two = "-a always,exit -F arch=b64 -S rmdir -F uid=54321 -F key=naudit-test\n";
  directory.write("r.rules", one);
  CHECK_THAT(apply().out, Catch::StartsWith("1 rule added, 0 removed, 0 unchanged"));
  CHECK_THAT(apply().out, Catch::StartsWith("0 rules added, 0 removed, 1 unchanged"));

  directory.write("r.rules", two + "-w /nonexistent/directory/file -p wa -k naudit-test\n");
  const test::Outcome refused = apply();
  CHECK(refused.code == 1);
  CHECK_THAT(refused.error, Catch::StartsWith(directory.file("r.rules") + ":2:1: the kernel refuses to add"));
  CHECK(nauditctl({"-l", "-k", "naudit-test"}).out == two);
  // It is tried again with each load, and what is loaded stays as it is.
  CHECK(apply().code == 1);
  CHECK(nauditctl({"-l", "-k", "naudit-test"}).out == two);

  directory.write("r.rules", two);
  const test::Outcome whole = apply();
  CHECK(whole.code == 0);
  CHECK_THAT(whole.out, Catch::StartsWith("0 rules added, 0 removed, 1 unchanged"));
  directory.write("r.rules", "");
  CHECK_THAT(apply().out, Catch::StartsWith("0 rules added, 1 removed, 0 unchanged"));
  CHECK(nauditctl({"-l", "-k", "naudit-test"}).out.find("naudit-test") == std::string::npos);
}

TEST_CASE("imported rules are the rules that are loaded already, and so are those that are exported again") {
  const Cleaner cleaner;
  const test::TempDir directory;
  const std::string state = directory.file("state");
  const auto apply = [&](const std::string& name) {
    return nauditctl({"rules", "apply", directory.file(name), "--state", state}).out;
  };
  std::filesystem::create_directory(directory.file("d"));
  const std::string narrow = " -F uid=54321 -F exit!=EINTR -k naudit-test\n";
  directory.write("r.rules", "-w " + directory.file("d") + " -p wa -k naudit-test\n" +            //
                                 "-w " + directory.file("r.rules") + " -p wa -k naudit-test\n" +  //
                                 "-a always,exit -F arch=b64 -S open,openat" + narrow +           //
                                 "-a always,exit -F arch=b32 -S open -S openat" + narrow +        //
                                 "-a exit,never -S kill" + narrow +                               //
                                 "-a always,exit -F dir=" + directory.file("d/") + " -F perm=x -k naudit-test\n" +
                                 "-a never,exit -F auid=54321 -F arch!=b64 -S all -k naudit-test\n");
  CHECK_THAT(apply("r.rules"), Catch::StartsWith("7 rules added, 0 removed, 0 unchanged"));
  CHECK(nauditctl({"rules", "import", directory.file("r.rules"), "-o", directory.file("yaml")}).code == 0);
  CHECK_THAT(apply("yaml/r.yaml"), Catch::StartsWith("0 rules added, 0 removed, 7 unchanged"));
  CHECK(nauditctl({"rules", "export", directory.file("yaml"), "-o", directory.file("back")}).code == 0);
  CHECK_THAT(apply("back/r.rules"), Catch::StartsWith("0 rules added, 0 removed, 7 unchanged"));
  directory.write("none.rules", "");
  CHECK_THAT(apply("none.rules"), Catch::StartsWith("0 rules added, 7 removed, 0 unchanged"));
}

TEST_CASE("rules at the wrong place move, in the kernel too, and no bridge stays") {
  const Cleaner cleaner;
  const test::TempDir directory;
  const std::string state = directory.file("state");
  const auto run = [&](const char* what) {
    return nauditctl({"rules", what, directory.file("r.rules"), "--state", state});
  };
  const std::string one = "-a always,exit -F arch=b64 -S mkdir -F uid=54321 -F key=naudit-test\n";
  const std::string two = "-a always,exit -F arch=b64 -S rmdir -F uid=54321 -F key=naudit-test\n";
  const std::string watch = "-w " + directory.path() + " -p wa -k naudit-test\n";
  const std::string task = "-a always,task -F uid=54321\n";
  directory.write("r.rules", one + two + watch + task);
  CHECK_THAT(run("apply").out, Catch::StartsWith("4 rules added, 0 removed, 0 unchanged"));
  directory.write("r.rules", watch + one + two + task);
  const test::Outcome difference = run("diff");
  CHECK(difference.code == 1);
  CHECK_THAT(difference.out, Catch::Contains("> " + watch.substr(0, watch.size() - 1) + "    # ") &&
                                 Catch::Contains("0 to load, 1 to move, 0 to remove"));
  CHECK_THAT(run("apply").out, Catch::StartsWith("0 rules added, 0 removed, 1 moved, 3 unchanged"));
  CHECK(nauditctl({"-l", "-k", "naudit-test"}).out == watch + one + two);
  CHECK(run("diff").code == 0);
  directory.write("r.rules", "");
  CHECK_THAT(run("apply").out, Catch::StartsWith("0 rules added, 4 removed"));
}

}  // namespace
}  // namespace naudit::ctl
