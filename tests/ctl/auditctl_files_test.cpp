// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Rule files: those of this page, the traps of auditctl's reader, and the collected ones where they are.
#include <cstdlib>
#include <filesystem>

#include "tests/ctl/comparison.hpp"
#include "tests/support/corpus.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;
using test::Behaviour;
using test::Words;

// What auditctl says while it still writes to syslog is not seen, and its path to the program differs: so the code,
// what is printed, and the requests.
void check_whole(const test::Comparison& compare, const std::string& path, const std::string& text) {
  Behaviour theirs = compare.theirs().behave({"-R", path});
  Behaviour ours = compare.ours().behave({"-R", path});
  INFO(text);
  CHECK(ours.code == theirs.code);
  CHECK(ours.out == theirs.out);
  CHECK(test::without_perm_masks(ours.requests) == test::without_perm_masks(theirs.requests));
}

TEST_CASE("a rule file is loaded line by line with auditctl's requests and exit code") {
  const test::Comparison compare;
  const test::TempDir directory;
  const std::vector<std::string> files{
      "# comment\n-D\n-a always,exit -S 59 -k x\n-b 100\n\n-w /nope -p wz\n-a always,exit -S 60\n",
      "-c\n-a bad\n-a always,exit -S 60\n-e 1\n-l\n-s\n-m foo\n-R x\n",
      "-i\n-a bad\n-a always,exit -S 60\n",
      "-a exit,possible\n-a always,exit -S 60\n-t\n-S\n-a always,exit -S 61\n",
      "-w /etc/a\\ b -p wa -k c\n",
      "-a bad\n-a always,exit -S 60\n",
      "-a always,exit -S 60\n-a always,exit -S 60\n-a always,exit -S 61\n",
      "-c\n-a always,exit -S 60\n-a always,exit -S 60\n-a always,exit -S 61\n",
      "-c\n-i\n-a bad\n-b 5\n",
      "-i\n-c\n-a bad\n-b 5\n",
      "-i -c\n-a bad\n",
      "",
      "#\n",
      "   -b   5   \n     # c\n   \n-r 7\n-f 0\n",
      "-x foo\n",
      "-b 5\n-x foo\n-k\n",
      "foo\n",
      "-a always,exit -S open -k \"a b\"\n",
      "-r 5\n-e 1\n--backlog_wait_time 7\n",
      "-e 2\n-b 5\n-a always,exit -S 60\n",
      "-c\n-e 2\n-b 5\n-a always,exit -S 60\n-D\n-l\n",
      "--loginuid-immutable\n--reset-lost\n-q /a,/b\n",
      "-d always,exit -S 60\n-a always,exit -S 61\n",
      "-W /etc/passwd -p wa\n",
      "-a always,exit -S 60 -k a\n-a always,exit -S 61 -k b\n-D -k a\n-l\n-l -k b\n-l -i\n",
      "-A always,exit -S 60\n-A always,exit -S 61\n-a always,exit -S 62\n-a never,task\n-a never,exclude -F "
      "msgtype=CWD\n-l\n",
  };
  for (const std::string& text : files) {
    directory.write("file.rules", text);
    check_whole(compare, directory.file("file.rules"), text);
  }
}

TEST_CASE("a file that cannot be read ends with auditctl's code") {
  const test::Comparison compare;
  const test::TempDir directory;
  directory.write("open.rules", "-b 5\n");
  fs::permissions(directory.file("open.rules"), fs::perms::all);
  for (const std::string& path : {directory.file("open.rules"), directory.file("none"), directory.path()}) {
    INFO(path);
    const Behaviour ours = compare.ours().behave({"-R", path});
    CHECK(ours.code == compare.theirs().behave({"-R", path}).code);
    CHECK(ours.requests.empty());
    CHECK_FALSE(ours.error.empty());
  }
}

TEST_CASE("where auditctl misreads a file, the file is read as it was meant") {
  const test::Comparison compare;
  const test::TempDir directory;
  const std::string rule = "-a always,exit -F arch=b64 -S 60 -F key=k";
  const std::string wanted = rule + '\n';
  const std::string list_of_many = [] {
    std::string list = "-a always,exit -F arch=b64 -S ";
    for (int i = 0; i < 1200; ++i) list += (i == 0 ? "execveat" : ",execveat");
    return list + " -F key=k\n";
  }();
  REQUIRE(list_of_many.size() > 6144);
  struct Trap {
    const char* name;
    std::string text;
    std::string listed;
  };
  const std::vector<Trap> traps{
      {"a tab between words", "-a\talways,exit\t-F arch=b64 \t -S 60 -F key=k\n", wanted},
      {"a tab on an empty line", "\t\n" + wanted, wanted},
      {"a tab at the end of a line", rule + "\t\n", wanted},
      {"lines that end with CR LF", "# c\r\n\r\n" + rule + "\r\n", wanted},
      {"a CR and no newline at the end", rule + "\r", wanted},
      {"no newline at the end", "# c\n" + rule, wanted},
      {"a byte-order mark", "\xEF\xBB\xBF" + wanted, wanted},
      {"a line of more than 6144 bytes", list_of_many, "-a always,exit -F arch=b64 -S execveat -F key=k\n"},
      {"an operator in a value", "-a always,exit -F arch=b64 -S 60 -F path=/a>=b\n",
       "-a always,exit -F arch=b64 -S exit -F path=/a>=b\n"},
  };
  for (const Trap& trap : traps) {
    INFO(trap.name);
    directory.write("trap.rules", trap.text);
    const std::string state = directory.file(trap.name);
    const Behaviour loaded =
        compare.ours().behave({"-R", directory.file("trap.rules")}, {"NAUDIT_SHIM_STATE=" + state});
    CHECK(loaded.code == 0);
    CHECK(loaded.error.empty());
    const std::string listed = trap.listed == wanted ? "-a always,exit -F arch=b64 -S exit -F key=k\n" : trap.listed;
    CHECK(compare.ours().behave({"-l"}, {"NAUDIT_SHIM_STATE=" + state}).out == listed);
  }
}

// A tab separates words, and a CR at the end of a line is no part of its last word: to ours only.
void without_traps(std::string& text) {
  std::erase(text, '\r');
  std::ranges::replace(text, '\t', ' ');
}

// Those of the corpus, and of any folder that the environment names.
std::vector<fs::path> collected() {
  std::vector<fs::path> files = tests::corpus_rules();
  if (const char* folder = std::getenv("NAUDIT_RULE_CORPUS"))
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) files.push_back(entry.path());
  return files;
}

TEST_CASE("each line of the collected rule files does what it does with auditctl") {
  test::Comparison compare;
  const std::vector<fs::path> files = collected();
  std::vector<std::string> lines;
  for (const fs::path& file : files) {
    for (std::string& line : test::lines_of(test::read_all(file.string()))) {
      // One that ends the program, or locks this kernel for all that follow, is for the whole files below.
      if (!line.starts_with("-e 2") && line.size() < 6000) lines.push_back(std::move(line));
    }
  }
  // Theirs reads them without the traps of its reader, ours as they are.
  std::vector<std::string> meant = lines;
  std::ranges::for_each(meant, without_traps);
  const std::vector<Behaviour> theirs = compare.theirs().behave_in_file(meant);
  const std::vector<Behaviour> ours = compare.ours().behave_in_file(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Behaviour expected = theirs[i], found = ours[i];
    expected.out.clear();
    found.out.clear();
    compare.check(lines[i], std::move(expected), std::move(found));
  }
  compare.report("lines of " + std::to_string(files.size()) + " collected files");
  CHECK(lines.size() > (tests::has_larger_corpus() ? 4000 : 1400));
}

TEST_CASE("each collected rule file leaves the rules, the listing and the code that auditctl leaves") {
  test::Comparison compare;
  for (const fs::path& file : collected()) {
    INFO(file.string());
    const test::TempDir directory;
    // All that can be loaded, with auditctl's own reading of the file; so a file without its traps.
    std::string text = "-i\n" + test::read_all(file.string());
    without_traps(text);
    directory.write("all.rules", text);
    const std::string of_theirs = "NAUDIT_SHIM_STATE=" + directory.file("theirs");
    const std::string of_ours = "NAUDIT_SHIM_STATE=" + directory.file("ours");
    const Behaviour theirs = compare.theirs().behave({"-R", directory.file("all.rules")}, {of_theirs});
    const Behaviour ours = compare.ours().behave({"-R", directory.file("all.rules")}, {of_ours});
    CHECK(ours.code == theirs.code);
    CHECK(test::without_perm_masks(ours.requests) == test::without_perm_masks(theirs.requests));
    // From one kernel, since auditctl 3 leaves other system calls in rules with perm.
    for (const Words& words : {Words{"-l"}, Words{"-l", "-k", "a"}, Words{"-l", "-i"}, Words{"-s"}, Words{"-s", "-i"}})
      compare.check_listing(words, directory.file("theirs"));
  }
  compare.report("lines that whole files leave listed");
}

}  // namespace
}  // namespace naudit::ctl
