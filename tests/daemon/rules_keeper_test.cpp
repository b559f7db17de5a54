// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/rules_keeper.hpp"

#include <deque>
#include <fstream>
#include <memory>
#include <optional>

#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using daemon::RulesKeeper;
using std::chrono::seconds;

namespace {

const std::string kOne = "-a always,exit -F arch=b64 -S mkdir -F key=one";
const std::string kTwo = "-a always,exit -F arch=b64 -S rmdir -F key=two";

// A keeper beside a kernel in memory, and a clock that a test sets.
class Kept {
 public:
  explicit Kept(config::Drift drift = config::Drift::kHeal, const std::string& rules = kOne + '\n' + kTwo + '\n') {
    write(rules);
    loaded_.config.rules.files = {directory_.file("r.rules")};
    loaded_.config.rules.drift = drift;
    loaded_.config.daemon.state_directory = directory_.file("state");
  }
  void write(const std::string& rules) const {
    std::ofstream(directory_.file("r.rules")) << rules;
    std::filesystem::permissions(directory_.file("r.rules"), std::filesystem::perms::owner_read);
  }
  void load() {
    keeper.start(daemon::read_rules_at_start(loaded_), now, [](const RulesKeeper::Loaded& /*loaded*/) {});
  }
  // With this file, or none.
  void restart(const std::string& rules) {
    std::filesystem::remove(directory_.file("r.rules"));
    if (!rules.empty()) write(rules);
    load();
  }
  [[nodiscard]] std::string state_directory() const { return directory_.file("state"); }
  // What came of it; nothing if the kernel has not answered yet.
  std::shared_ptr<std::optional<RulesKeeper::Loaded>> reload(const std::string& rules) {
    std::filesystem::remove(directory_.file("r.rules"));
    write(rules);
    auto told = std::make_shared<std::optional<RulesKeeper::Loaded>>();
    keeper.replace(daemon::read_rules(loaded_), now, [told](const RulesKeeper::Loaded& loaded) { *told = loaded; });
    return told;
  }
  // Lets the kernel do the first thing that it was asked while it was slow.
  void answer() {
    const auto [work, then] = std::move(waiting.front());
    waiting.pop_front();
    run(work, then);
  }
  // Second by second; the kernel tells of changes since the last one.
  void wait(seconds time) {
    for (seconds i{0}; i < time; ++i) {
      now += seconds{1};
      keeper.tick(now, std::exchange(changed, false));
    }
  }
  void remove_one() {
    kernel.rules.erase(kernel.rules.begin());
    changed = true;
  }
  [[nodiscard]] std::size_t told(const std::string& part) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        events, [&part](const std::string& event) { return event.find(part) != std::string::npos; }));
  }

  rules::test::FakeKernel kernel;
  rules::test::FakeSettings settings;
  std::vector<std::string> events;
  bool is_dead = false;
  int asked = 0;
  bool changed = false;
  RulesKeeper::TimePoint now{seconds{100'000}};
  bool is_slow = false;
  std::deque<std::pair<RulesKeeper::Work, RulesKeeper::Then>> waiting;
  RulesKeeper keeper{
      [this](RulesKeeper::Work work, RulesKeeper::Then then) {
        ++asked;
        if (is_slow) return waiting.emplace_back(std::move(work), std::move(then)), void();
        run(work, then);
      },
      [this](std::uint16_t type, const std::string& text) { events.push_back(std::to_string(type) + ' ' + text); }};

 private:
  void run(const RulesKeeper::Work& work, const RulesKeeper::Then& then) {
    std::string error;
    try {
      if (is_dead) throw base::Error("the kernel does not answer");
      work(kernel, settings);
    } catch (const base::Error& thrown) {
      error = thrown.what();
    }
    then(error);
  }

  tests::TempDir directory_;
  config::Loaded loaded_;
};

}  // namespace

TEST_CASE("a removed rule is told and healed within a second") {
  Kept kept;
  kept.load();
  CHECK(kept.events == std::vector<std::string>{"1203 op=load-rules added=2 removed=0 moved=0 kept=0 res=success"});
  kept.remove_one();
  kept.wait(seconds{1});
  CHECK(kept.kernel.rules.size() == 2);
  CHECK(kept.told("1209 op=rules-drift missing=1 unwanted=0 moved=0 res=failed") == 1);
  CHECK(kept.keeper.status().missing == 0);
  CHECK(kept.keeper.status().drifts == 1);
}

TEST_CASE("without a record of the change it is noticed within a minute") {
  Kept kept;
  kept.load();
  kept.remove_one();
  kept.changed = false;
  kept.wait(seconds{59});
  CHECK(kept.kernel.rules.size() == 1);
  kept.wait(seconds{1});
  CHECK(kept.kernel.rules.size() == 2);
}

TEST_CASE("against one who keeps deleting, the delays double, and every drift is still told") {
  Kept kept;
  kept.load();
  std::vector<seconds> healed;
  const auto start = kept.now;
  while (kept.now - start < seconds{7200}) {
    if (kept.kernel.rules.size() == 2) {
      healed.push_back(std::chrono::duration_cast<seconds>(kept.now - start));
      kept.remove_one();
    }
    kept.wait(seconds{1});
  }
  // At once, and then after 1, 2, 4 … 512, 600, 600 s.
  REQUIRE(healed.size() > 12);
  CHECK(healed[1] - healed[0] == seconds{1});
  CHECK(healed[5] - healed[4] == seconds{8});
  CHECK(healed[11] - healed[10] == seconds{512});
  CHECK(healed.back() - healed[healed.size() - 2] == seconds{600});
  CHECK(healed.size() < 25);
  CHECK(kept.told("op=rules-drift") >= healed.size() - 1);

  // The fight is over: an hour of peace later the next one is healed at once again.
  while (kept.kernel.rules.size() < 2) kept.wait(seconds{1});
  kept.wait(RulesKeeper::kForget + RulesKeeper::kLongestDelay + RulesKeeper::kLookAnyway);
  for (int i = 0; i < 2; ++i) {
    kept.remove_one();
    kept.wait(seconds{2});
    CHECK(kept.kernel.rules.size() == 2);
  }
}

TEST_CASE("report tells and changes nothing; ignore does neither") {
  Kept report(config::Drift::kReport);
  report.load();
  report.remove_one();
  report.wait(seconds{300});
  CHECK(report.kernel.rules.size() == 1);
  CHECK(report.told("op=rules-drift") == 1);
  CHECK(report.keeper.status().missing == 1);
  report.remove_one();
  report.wait(seconds{1});
  CHECK(report.told("op=rules-drift missing=2") == 1);

  Kept ignore(config::Drift::kIgnore);
  ignore.load();
  ignore.remove_one();
  ignore.wait(seconds{300});
  CHECK(ignore.kernel.rules.size() == 1);
  CHECK(ignore.told("op=rules-drift") == 0);
}

TEST_CASE("a rule that somebody else adds or removes is told, and left alone") {
  Kept kept;
  const rules::Rule theirs = rules::test::rule("-a always,exit -S 5 -F key=theirs").rule;
  kept.kernel.rules = {theirs};
  kept.load();
  CHECK(kept.told("op=rules-of-others") == 0);
  kept.kernel.rules.push_back(rules::test::rule("-a always,exit -S 6 -F key=theirs").rule);
  kept.changed = true;
  kept.wait(seconds{120});
  CHECK(kept.told("1203 op=rules-of-others added=1 removed=0 rules=2 res=success") == 1);
  kept.kernel.rules.erase(kept.kernel.rules.begin());
  kept.changed = true;
  kept.wait(seconds{120});
  CHECK(kept.told("op=rules-of-others added=0 removed=1 rules=1") == 1);
  CHECK(kept.told("op=rules-drift") == 0);
  CHECK(kept.keeper.status().foreign == 1);
}

TEST_CASE("a reload that makes a rule of others ours, or takes none of theirs, tells nothing of others") {
  Kept kept(config::Drift::kHeal, kOne + '\n');
  kept.kernel.rules = {rules::test::rule(kTwo).rule};
  kept.load();
  REQUIRE(kept.keeper.status().foreign == 1);
  kept.reload(kOne + '\n' + kTwo + '\n');
  kept.wait(seconds{120});
  CHECK(kept.keeper.status().foreign == 0);
  CHECK(kept.told("op=rules-of-others") == 0);
  kept.kernel.rules.push_back(rules::test::rule("-a always,exit -S 5 -F key=theirs").rule);
  kept.changed = true;
  kept.wait(seconds{1});
  CHECK(kept.told("op=rules-of-others added=1 removed=0 rules=1") == 1);
}

TEST_CASE("our rules in another order are put right") {
  Kept kept;
  kept.load();
  std::swap(kept.kernel.rules[0], kept.kernel.rules[1]);
  kept.changed = true;
  kept.wait(seconds{1});
  CHECK(kept.told("op=rules-drift missing=0 unwanted=0 moved=1") == 1);
  CHECK(kept.kernel.rules[0].keys() == std::vector<std::string>{"one"});
  CHECK(kept.kernel.rules.size() == 2);
}

TEST_CASE("at start a refused rule is left out, told once, tried again ever more rarely, and told when it works") {
  Kept kept;
  kept.kernel.refuse = rules::test::rule(kTwo).rule;
  kept.load();
  CHECK(kept.kernel.rules.size() == 1);
  CHECK_THAT(kept.keeper.status().error, Catch::Contains("r.rules:2:1: the kernel refuses to add " + kTwo));
  CHECK(kept.told("1209 op=load-rules added=1 removed=0 moved=0 kept=0 left_out=1 res=failed") == 1);
  kept.wait(seconds{3000});
  CHECK(kept.told("res=failed") == 1);
  CHECK(kept.kernel.rules.size() == 1);
  CHECK(kept.keeper.status().missing == 1);
  kept.kernel.refuse.reset();
  kept.wait(RulesKeeper::kLongestDelay);
  CHECK(kept.kernel.rules.size() == 2);
  CHECK(kept.keeper.status().error.empty());
  CHECK(kept.keeper.status().missing == 0);
  CHECK(kept.told("op=load-rules added=1 removed=0 moved=0 kept=1 res=success") == 1);
}

TEST_CASE("somebody's folder that is closed or moved keeps its own rule out, at start and at a reload") {
  const std::string home = "-a always,exit -F arch=b64 -F path=/home/alice/.ssh/authorized_keys -F perm=wa -F key=home";
  for (const auto why : {std::errc::permission_denied, std::errc::no_such_file_or_directory}) {
    Kept kept(config::Drift::kHeal, kOne + '\n' + home + '\n' + kTwo + '\n');
    kept.kernel.refuse = rules::test::rule(home).rule;
    kept.kernel.refusal = why;
    kept.load();
    CHECK(kept.kernel.rules.size() == 2);
    CHECK_THAT(kept.keeper.status().error, Catch::Contains("r.rules:2:1: "));

    const auto told = kept.reload(kOne + '\n' + home + '\n');
    REQUIRE(*told);
    CHECK((*told)->result == RulesKeeper::Loaded::Result::kLoaded);
    CHECK_THAT((*told)->problems,
               Catch::Contains("r.rules:2:1: the kernel refuses to add ") && Catch::Contains("key=home ("));
    CHECK(kept.kernel.rules.size() == 1);
    kept.wait(seconds{100});
    CHECK(kept.kernel.rules.size() == 1);
    kept.kernel.refuse.reset();
    kept.wait(RulesKeeper::kLongestDelay);
    CHECK(kept.kernel.rules.size() == 2);
    CHECK(kept.keeper.status().error.empty());
  }
}

TEST_CASE("a rule that is left out between others moves none of them, is no drift, and takes its place once it can") {
  const std::string home = "-a always,exit -F arch=b64 -F path=/home/alice/x -F perm=wa -F key=home";
  Kept kept(config::Drift::kHeal, kOne + '\n' + home + '\n' + kTwo + '\n');
  kept.kernel.refuse = rules::test::rule(home).rule;
  kept.kernel.refusal = std::errc::permission_denied;
  kept.load();
  const std::size_t changes = kept.kernel.log.size();
  kept.wait(seconds{3000});
  CHECK(kept.kernel.log.size() == changes);
  CHECK(kept.told("op=rules-drift") == 0);
  CHECK(kept.told("op=load-rules") == 1);
  CHECK(kept.keeper.status().missing == 1);
  // The others are healed all the same, their order too.
  std::swap(kept.kernel.rules[0], kept.kernel.rules[1]);
  kept.changed = true;
  kept.wait(RulesKeeper::kLongestDelay);
  CHECK(kept.told("op=rules-drift missing=0 unwanted=0 moved=1") == 1);
  CHECK(kept.kernel.rules[0].keys() == std::vector<std::string>{"one"});
  kept.kernel.refuse.reset();
  kept.wait(RulesKeeper::kLongestDelay);
  REQUIRE(kept.kernel.rules.size() == 3);
  CHECK(kept.kernel.rules[1].keys() == std::vector<std::string>{"home"});
  CHECK(kept.kernel.rules[2].keys() == std::vector<std::string>{"two"});
  CHECK(kept.keeper.status().missing == 0);
}

TEST_CASE("a start with a wrong rule loads the others, removes nothing, and says what is left out") {
  Kept kept;
  kept.load();
  kept.reload(kOne + '\n' + kTwo + '\n');
  REQUIRE(kept.kernel.rules.size() == 2);
  kept.restart("-w /a -p z\n-a always,exit -F arch=b64 -S link -F key=new\n" + kTwo + '\n');
  CHECK(kept.kernel.rules.size() == 3);
  CHECK_THAT(kept.keeper.status().error, Catch::Contains("r.rules:1:10: "));
  CHECK(kept.told("1209 op=load-rules added=1 removed=0 moved=0 kept=1 left_out=1 res=failed") == 1);
  kept.wait(seconds{3000});
  CHECK(kept.told("res=failed") == 1);
  CHECK(kept.told("op=rules-drift") == 0);
  // What is mended is whole again: what is no longer wanted goes.
  const auto told = kept.reload(kTwo + '\n');
  CHECK((*told)->problems.empty());
  CHECK(kept.kernel.rules.size() == 1);
  CHECK(kept.keeper.status().error.empty());
}

TEST_CASE("a start without a single rule file that can be read keeps what the kernel has") {
  Kept kept;
  kept.load();
  kept.restart("");
  CHECK(kept.kernel.rules.size() == 2);
  CHECK_THAT(kept.keeper.status().error, Catch::Contains("r.rules: cannot be opened"));
  CHECK(kept.keeper.status().wanted == 0);
}

TEST_CASE("with a state directory that takes no file the rules are loaded, and that is told until it does") {
  Kept kept;
  std::ofstream(kept.state_directory()) << "in the way";
  kept.load();
  CHECK(kept.kernel.rules.size() == 2);
  CHECK(kept.keeper.status().error.empty());
  CHECK_THAT(kept.keeper.status().state_error,
             Catch::Contains("rules.loaded: the list of our rules cannot be written"));
  CHECK(kept.told("op=load-rules added=2 removed=0 moved=0 kept=0 res=success") == 1);
  const auto told = kept.reload(kOne + '\n');
  CHECK_THAT((*told)->problems, Catch::Contains("rules.loaded"));
  CHECK(kept.kernel.rules.size() == 2);  // whose the second one is, nobody knows without the list
  std::filesystem::remove(kept.state_directory());
  kept.wait(RulesKeeper::kLongestDelay);
  CHECK(kept.keeper.status().state_error.empty());
  CHECK(std::filesystem::exists(kept.state_directory() + "/rules.loaded"));
}

TEST_CASE("a refused load is tried again at the same pace whatever is done about drift") {
  for (const config::Drift drift : {config::Drift::kHeal, config::Drift::kReport, config::Drift::kIgnore}) {
    INFO(static_cast<int>(drift));
    Kept kept(drift);
    kept.kernel.refuse = rules::test::rule(kTwo).rule;
    kept.load();
    kept.kernel.listings = 0;
    kept.wait(seconds{3000});
    // Once a minute, and a few times for each of the 13 attempts after 1, 2, 4 … 512, 600, 600 s.
    CHECK(kept.kernel.listings > 12);
    CHECK(kept.kernel.listings < 120);
    CHECK(kept.told("res=failed") == 1);
    kept.kernel.refuse.reset();
    kept.wait(RulesKeeper::kLongestDelay);
    CHECK(kept.kernel.rules.size() == 2);
    CHECK(kept.keeper.status().error.empty());
    kept.kernel.listings = 0;
    kept.wait(seconds{600});
    CHECK(kept.kernel.listings == (drift == config::Drift::kIgnore ? 0 : 10));
  }
}

TEST_CASE("a kernel that does not answer while a load is due is asked ever more rarely") {
  Kept kept(config::Drift::kReport);
  kept.is_dead = true;
  kept.load();
  kept.asked = 0;
  kept.wait(seconds{3000});
  CHECK(kept.asked > 12);
  CHECK(kept.asked < 120);
  kept.is_dead = false;
  kept.wait(RulesKeeper::kLongestDelay);
  CHECK(kept.kernel.rules.size() == 2);
}

TEST_CASE("one rule that the kernel takes no more does not keep the others from being healed") {
  Kept kept;
  kept.load();
  kept.kernel.refuse = rules::test::rule(kTwo).rule;
  kept.kernel.rules.clear();
  kept.changed = true;
  kept.wait(seconds{1});
  REQUIRE(kept.kernel.rules.size() == 1);
  CHECK(kept.kernel.rules[0].keys() == std::vector<std::string>{"one"});
  CHECK_FALSE(kept.keeper.status().error.empty());
  CHECK(kept.keeper.status().missing == 1);
  const std::size_t told = kept.events.size();
  kept.wait(seconds{1000});
  CHECK(kept.events.size() == told);
  kept.kernel.refuse.reset();
  kept.wait(RulesKeeper::kLongestDelay);
  CHECK(kept.kernel.rules.size() == 2);
  CHECK(kept.keeper.status().error.empty());
  CHECK(kept.keeper.status().missing == 0);
}

TEST_CASE("a locked kernel is left alone") {
  Kept kept;
  kept.settings.now.enabled = 2;
  kept.load();
  CHECK(kept.keeper.status().locked);
  CHECK(kept.keeper.status().missing == 2);
  CHECK(kept.keeper.status().error.empty());
  CHECK(kept.told("1209 op=rules-locked waiting=2 res=failed") == 1);
  kept.changed = true;
  kept.wait(seconds{300});
  CHECK(kept.kernel.log.empty());
}

TEST_CASE("a kernel that does not answer is asked again") {
  Kept kept;
  kept.load();
  kept.is_dead = true;
  kept.remove_one();
  kept.wait(seconds{300});
  kept.is_dead = false;
  kept.wait(seconds{60});
  CHECK(kept.kernel.rules.size() == 2);
}

TEST_CASE("a reload that the kernel refuses changes nothing: the old rules stay wanted and watched") {
  Kept kept;
  kept.load();
  kept.kernel.refuse = rules::test::rule("-a always,exit -F arch=b64 -S chmod -F key=three").rule;
  const auto told = kept.reload("-a always,exit -F arch=b64 -S chmod -F key=three\n");
  REQUIRE(*told);
  CHECK((*told)->result == RulesKeeper::Loaded::Result::kRefused);
  CHECK_THAT((*told)->problems, Catch::Contains("r.rules:1:1: the kernel refuses to add"));
  CHECK(kept.told("op=load-rules res=failed") == 1);
  CHECK(kept.kernel.rules.size() == 2);
  CHECK(kept.keeper.status().wanted == 2);
  CHECK(kept.keeper.status().error.empty());
  kept.remove_one();
  kept.wait(seconds{1});
  CHECK(kept.kernel.rules.size() == 2);
  kept.wait(seconds{3000});
  CHECK(kept.told("res=failed") == 2);  // the reload, and the drift
}

TEST_CASE("a reload is of no effect as long as the kernel does not answer, and takes effect when it does") {
  Kept kept;
  kept.load();
  kept.is_slow = true;
  const auto told = kept.reload(kOne + '\n');
  const int asked = kept.asked;
  kept.remove_one();
  kept.wait(seconds{120});
  CHECK_FALSE(*told);
  CHECK(kept.keeper.status().wanted == 2);
  CHECK(kept.asked == asked);
  kept.is_slow = false;
  kept.answer();
  REQUIRE(*told);
  CHECK((*told)->result == RulesKeeper::Loaded::Result::kLoaded);
  CHECK((*told)->problems.empty());
  CHECK(kept.keeper.status().wanted == 1);
  CHECK(kept.kernel.rules.size() == 1);
}

TEST_CASE("what the kernel answers about the old rules after a reload is of no interest") {
  Kept kept;
  kept.load();
  kept.is_slow = true;
  kept.remove_one();
  kept.wait(seconds{1});
  REQUIRE(kept.waiting.size() == 1);  // a comparison
  const auto told = kept.reload(kTwo + '\n');
  REQUIRE(kept.waiting.size() == 2);
  std::swap(kept.waiting[0], kept.waiting[1]);
  kept.is_slow = false;
  kept.answer();
  kept.answer();
  CHECK(kept.told("op=rules-drift") == 0);
  CHECK(kept.kernel.rules.size() == 1);
  CHECK(kept.keeper.status().missing == 0);
}

TEST_CASE("a reload with other rules on a locked kernel says that they wait for a reboot") {
  Kept kept;
  kept.load();
  kept.settings.now.enabled = 2;
  const auto told = kept.reload(kOne + '\n');
  REQUIRE(*told);
  CHECK((*told)->result == RulesKeeper::Loaded::Result::kLocked);
  CHECK((*told)->problems == "locked: 1 rule waits for a reboot");
}
