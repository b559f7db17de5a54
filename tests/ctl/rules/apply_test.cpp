// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// nauditctl as a loader of rules, in front of a kernel that can be locked, refuse, and kill it at any point.
#include <algorithm>

#include "tests/ctl/peer.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using test::Behaviour;
using test::Words;

std::string rule(const std::string& syscall, const std::string& rest = "") {
  return "-a always,exit -F arch=b64 -S " + syscall + " -F uid=54321" + rest + " -F key=test\n";
}

// A kernel of its own, and the loader's memory of which rules are its own.
class Host {
 public:
  void write_rules(const std::string& text) const { directory_.write("r.rules", text); }

  [[nodiscard]] Behaviour nauditctl(const Words& words, const Words& shim = {}) const {
    Words environment{"NAUDIT_SHIM_STATE=" + directory_.file("kernel")};
    environment.insert(environment.end(), shim.begin(), shim.end());
    return program_.behave(words, environment);
  }
  [[nodiscard]] Behaviour rules(const std::string& command, const Words& shim = {}) const {
    return nauditctl({"rules", command, directory_.file("r.rules"), "--state", directory_.file("state")}, shim);
  }
  [[nodiscard]] Behaviour load_file(const Words& shim = {}) const {
    return nauditctl({"-R", directory_.file("r.rules")}, shim);
  }
  [[nodiscard]] std::string listing() const { return nauditctl({"-l"}).out; }

  void copy_from(const Host& other) const {
    std::filesystem::copy(other.directory_.path(), directory_.path(),
                          std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  }

 private:
  test::TempDir directory_;
  test::Peer program_{NAUDIT_NAUDITCTL};
};

// The rule that is there while this one changes its place (rules::bridge), as it is listed.
std::string bridge(const std::string& line) {
  return line + " -F pid>=0";
}

bool changes_rules(const Behaviour& one) {
  return std::any_of(one.requests.begin(), one.requests.end(), [](const std::string& request) {
    return !request.starts_with("1013 ") && !request.starts_with("1000 ");
  });
}

TEST_CASE("a load that is killed at any point is completed by the next one") {
  const std::string kept = rule("mkdir") + rule("chmod") + rule("chown");
  const std::string before = rule("rmdir") + kept + rule("link") + "-a never,exclude -F msgtype=CWD\n";
  // Others in front, in between and behind, a change of order, another list, and settings.
  const std::string after =
      rule("unlink") + rule("chown") + rule("mkdir") + rule("chmod") + rule("mknod", " -F pid=7") +
      "-a never,user -F uid=54321\n-a always,exit -F arch=b32 -F path=/nowhere -F perm=wa\n" + "-b 1234\n-r 7\n";
  Host start;
  REQUIRE(start.nauditctl({"-a", "always,exit", "-S", "sync", "-F", "key=foreign"}).code == 0);
  start.write_rules(before);
  const std::string foreign = test::lines_of(start.listing()).at(0);
  CHECK_THAT(foreign, Catch::Contains("key=foreign"));
  REQUIRE(start.rules("apply").code == 0);
  start.write_rules(after);

  Host undisturbed;
  undisturbed.copy_from(start);
  REQUIRE(undisturbed.rules("apply").code == 0);
  const std::string wanted = undisturbed.listing();
  for (const std::string& line : test::lines_of(kept))
    REQUIRE_THAT(test::lines_of(wanted), Catch::VectorContains(line));
  CHECK_THAT(test::lines_of(wanted), Catch::VectorContains(foreign));

  int point = 0;
  for (;; ++point) {
    REQUIRE(point < 100);
    Host host;
    host.copy_from(start);
    const Behaviour killed = host.rules("apply", {"NAUDIT_SHIM_KILL=" + std::to_string(point + 1)});
    if (killed.code == 0) break;
    INFO("killed before change " << point + 1);
    CHECK(killed.code == 128 + SIGKILL);
    // What was and stays wanted is watched all the time, by its bridge while it changes its place.
    const Words loaded = test::lines_of(host.listing());
    CHECK_THAT(loaded, Catch::VectorContains(foreign));
    for (const std::string& line : test::lines_of(kept)) {
      INFO(line);
      CHECK(std::count(loaded.begin(), loaded.end(), line) + std::count(loaded.begin(), loaded.end(), bridge(line)) >=
            1);
    }
    const Behaviour completed = host.rules("apply");
    CHECK(completed.code == 0);
    CHECK(completed.error.empty());
    CHECK(host.listing() == wanted);
    CHECK(host.nauditctl({"-s"}).out == undisturbed.nauditctl({"-s"}).out);
    CHECK_THAT(host.rules("apply").out, Catch::StartsWith("0 rules added, 0 removed"));
  }
  CHECK(point > 10);
}

TEST_CASE("an unchanged reload of ten thousand rules sends no rule") {
  Host host;
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += "-a always,exit -F arch=b64 -F path=/nowhere/" + std::to_string(i) + " -F perm=wa -F key=many\n";
  host.write_rules(text);
  const Behaviour first = host.rules("apply");
  CHECK(first.out == "10000 rules added, 0 removed, 0 unchanged, 0 of others\n");
  const Behaviour second = host.rules("apply");
  CHECK(second.out == "0 rules added, 0 removed, 10000 unchanged, 0 of others\n");
  CHECK_FALSE(changes_rules(second));
  CHECK(test::lines_of(host.listing()).size() == 10'000);
}

TEST_CASE("a difference is told in the order of the rules, what goes away last") {
  Host host;
  host.write_rules(rule("mkdir") + rule("chmod") + rule("rmdir") + rule("unlink"));
  REQUIRE(host.rules("apply").code == 0);
  host.write_rules(rule("link") + rule("rmdir") + rule("mkdir") + rule("rename") + rule("symlink"));
  const Behaviour diff = host.rules("diff");
  CHECK(diff.code == 1);
  std::vector<int> lines;
  std::string marks;
  for (const std::string& line : test::lines_of(diff.out)) {
    if (line.find(" wanted, ") != std::string::npos) continue;
    marks += line[0];
    const std::size_t at = line.rfind("r.rules:");
    if (at != std::string::npos) lines.push_back(std::stoi(line.substr(at + 8)));
  }
  CHECK(std::is_sorted(lines.begin(), lines.end()));
  CHECK(lines.size() == marks.find('-'));
  CHECK(marks.substr(lines.size()) == "--");
}

TEST_CASE("in front of a locked kernel the difference is reported and nothing is changed") {
  const Words locked{"NAUDIT_SHIM_ENABLED=2"};
  Host host;
  host.write_rules(rule("mkdir"));
  REQUIRE(host.rules("apply").code == 0);

  const Behaviour same = host.rules("apply", locked);
  CHECK(same.code == 0);
  CHECK_FALSE(changes_rules(same));

  host.write_rules(rule("mkdir") + rule("chmod"));
  const Behaviour apply = host.rules("apply", locked);
  CHECK(apply.code == 1);
  CHECK_THAT(apply.out, Catch::StartsWith("+ -a always,exit -F arch=b64 -S chmod"));
  CHECK(apply.error.at(0) ==
        "The audit system is in immutable mode, no rule changes allowed; locked: 1 rule waits for a reboot");
  CHECK_FALSE(changes_rules(apply));
  const Behaviour diff = host.rules("diff", locked);
  CHECK(diff.code == 1);
  CHECK_THAT(diff.out, Catch::EndsWith("\nlocked: 1 rule waits for a reboot\n"));
  CHECK_THAT(host.rules("diff").out, !Catch::Contains("locked"));

  const Behaviour file = host.load_file(locked);
  CHECK(file.code == 1);
  CHECK(file.error == std::vector<std::string>{"The audit system is in immutable mode, no rule changes allowed"});
  CHECK_FALSE(changes_rules(file));
  CHECK(host.nauditctl({"-l"}, locked).code == 0);
  CHECK(host.nauditctl({"-s"}, locked).code == 0);
}

TEST_CASE("the limits of a rule are told, and what is within them is loaded") {
  Host host;
  const auto load = [&](const std::string& text) {
    host.write_rules(text);
    return host.load_file();
  };
  const auto fields = [](int count) {
    std::string text = "-a always,exit -S 1";
    for (int i = 0; i < count; ++i) text += " -F pid!=" + std::to_string(i);
    return text + '\n';
  };
  CHECK(load(fields(63)).code == 0);
  CHECK_THAT(load(fields(64)).error.at(0), Catch::StartsWith("Too many fields in rule: pid"));

  CHECK(load("-a always,exit -S 1 -k " + std::string(256, 'k') + '\n').code == 0);
  CHECK(load("-a always,exit -S 1 -k " + std::string(257, 'k') + '\n').code == 1);
  CHECK(load("-a always,exit -S 1 -k " + std::string(128, 'k') + " -k " + std::string(127, 'l') + '\n').code == 0);
  CHECK(load("-a always,exit -S 1 -k " + std::string(128, 'k') + " -k " + std::string(128, 'l') + '\n').code == 1);

  std::string path;
  while (path.size() < PATH_MAX) path += "/" + std::string(200, 'p');
  path.resize(PATH_MAX);
  CHECK(load("-a always,exit -F path=" + path + '\n').code == 0);
  CHECK(load("-a always,exit -F path=" + path + "p\n").code == 1);

  CHECK(load("-a always,exit -S 2047\n").code == 0);
  CHECK(load("-a always,exit -S 2048\n").code == 1);

  std::string line = "-a always,exit -S 0";
  for (int i = 0; i < 50'000; ++i) line += ',' + std::to_string(i % 2048);
  CHECK(load(line + '\n').code == 0);
}

}  // namespace
}  // namespace naudit::ctl
