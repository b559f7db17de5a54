// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// nauditctl under the name auditctl beside Debian's auditctl 3.0.9, both without a kernel: same arguments, then same
// exit code, same texts, same requests. Built where the stand-in for the kernel's socket and auditctl are there.
#include <unistd.h>

#include <cstring>
#include <iostream>
#include <sstream>

#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using Words = std::vector<std::string>;

// Words as a shell cuts them, as far as the data files need it.
Words shell_words(const std::string& line) {
  Words words;
  bool open = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        words.back() += c;
      }
    } else if (c == ' ') {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      if (c == '\'' || c == '"') {
        quote = c;
      } else {
        words.back() += c;
      }
    }
  }
  return words;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

std::uint32_t word_at(const std::string& hex, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t byte = 0; byte < 4; ++byte) {
    word |= static_cast<std::uint32_t>(std::stoul(hex.substr((index * 4 + byte) * 2, 2), nullptr, 16)) << (8 * byte);
  }
  return word;
}

// auditctl 4 names the system calls of `perm`; that part of a rule is left out of the comparison.
std::string without_perm_mask(std::string hex) {
  bool perm = false, arch = false;
  for (std::size_t i = 0; i < word_at(hex, 2); ++i) {
    perm = perm || word_at(hex, 67 + i) == 106;
    arch = arch || word_at(hex, 67 + i) == 11;
  }
  if (perm && arch) hex.replace(24, std::size_t{64} * 8, "-");
  return hex;
}

struct Behaviour {
  int code = 0;
  std::string out, requests;
  std::vector<std::string> error;
};

// What changes something: requests other than for the status and the features. Of a user message only that it is sent.
std::string changes(const std::string& log) {
  std::string kept;
  for (const std::string& line : lines(log)) {
    std::istringstream in(line);
    std::string type, flags, size, hex;
    in >> type >> flags >> size >> hex;
    if (type == "1000" || type == "1019") continue;
    if (type == "1011" || type == "1012") hex = without_perm_mask(hex);
    if (type == "1005") size = hex = "";
    kept += type + ' ' + size + ' ' + hex + '\n';
  }
  return kept;
}

Behaviour behave(const std::string& program, const Words& arguments, const std::string& rules = {}) {
  const test::Directory directory;
  const std::string log = directory.path("requests");
  const test::Outcome outcome =
      test::run(program, arguments,
                {"LD_PRELOAD=" NAUDIT_SHIM, "AUDIT_SHIM_LOG=" + log, "AUDIT_SHIM_RULES=" + rules,
                 "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"});
  Behaviour behaviour{outcome.code, outcome.out, changes(test::read_all(log)), lines(outcome.error)};
  // Lines that auditctl 4 has and 3.0.9 has not.
  std::erase(behaviour.error, "There was an error while processing parameters");
  std::erase(behaviour.error, "perm used without an arch is slower");
  return behaviour;
}

struct Programs {
  Programs() { std::filesystem::create_symlink(NAUDIT_NAUDITCTL, directory.path("auditctl")); }
  test::Directory directory;
  std::string ours = directory.path("auditctl");
  std::string theirs = NAUDIT_AUDITCTL;
};

TEST_CASE("nauditctl does what auditctl does") {
  const Programs programs;
  int count = 0;
  for (const std::string& line : lines(test::read_all(NAUDIT_SOURCE_DIR "/tests/ctl/data/same_as_auditctl.txt"))) {
    if (line.empty() || line[0] == '#') continue;
    INFO(line);
    const Behaviour theirs = behave(programs.theirs, shell_words(line));
    const Behaviour ours = behave(programs.ours, shell_words(line));
    CHECK(ours.code == theirs.code);
    CHECK(ours.out == theirs.out);
    CHECK(ours.error == theirs.error);
    CHECK(ours.requests == theirs.requests);
    ++count;
  }
  std::cout << "auditctl command lines: " << count << " tried, all must be equal\n";
  CHECK(count > 400);
}

TEST_CASE("nauditctl lists what auditctl lists") {
  const Programs programs;
  const test::Directory directory;
  int count = 0;
  for (const std::string& line : lines(test::read_all(NAUDIT_SOURCE_DIR "/tests/ctl/data/same_as_auditctl.txt"))) {
    const Words words = shell_words(line);
    if (words.empty() || (words[0] != "-a" && words[0] != "-w")) continue;
    for (const std::string& request : lines(behave(programs.ours, words).requests)) {
      if (!request.starts_with("1011 ") || request.find('-') != std::string::npos) continue;
      directory.write("rules", request.substr(request.rfind(' ') + 1) + '\n');
      INFO(line);
      const Behaviour theirs = behave(programs.theirs, {"-l"}, directory.path("rules"));
      CHECK(behave(programs.ours, {"-l"}, directory.path("rules")).out == theirs.out);
      ++count;
    }
  }
  CHECK(count > 200);
}

TEST_CASE("a rule file is loaded line by line with auditctl's requests and exit code") {
  const Programs programs;
  const test::Directory directory;
  const std::vector<std::string> files{
      "# comment\n-D\n-a always,exit -S 59 -k x\n-b 100\n\n-w /nope -p wz\n-a always,exit -S 60\n",
      "-c\n-a bad\n-a always,exit -S 60\n-e 1\n-l\n-s\n-m foo\n-R x\n", "-i\n-a bad\n-a always,exit -S 60\n",
      "-a exit,possible\n-a always,exit -S 60\n-t\n-S\n-a always,exit -S 61\n", "-w /etc/a\\ b -p wa -k c\n"};
  for (const std::string& text : files) {
    directory.write("file.rules", text);
    INFO(text);
    const Behaviour theirs = behave(programs.theirs, {"-R", directory.path("file.rules")});
    const Behaviour ours = behave(programs.ours, {"-R", directory.path("file.rules")});
    CHECK(ours.code == theirs.code);
    CHECK(ours.out == theirs.out);
    CHECK(ours.requests == theirs.requests);
  }
}

}  // namespace
}  // namespace naudit::ctl
