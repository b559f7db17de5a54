// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Random sets of rules, loaded, wanted and owned, on a kernel in memory: the promises of reconcile() and apply().
#include <cstdlib>
#include <random>

#include "rules/kernel/reconcile.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

using Ids = std::vector<std::string>;

// A fake kernel that looks at itself after each change.
class WatchedKernel final : public KernelRules {
 public:
  netlink::Result<std::vector<Rule>> list() override { return inner.list(); }
  netlink::Result<void> add(const Rule& rule) override {
    if (refuses && refuses(rule)) return tl::unexpected(std::make_error_code(why));
    return looked_at(inner.add(rule));
  }
  netlink::Result<void> remove(const Rule& rule) override { return looked_at(inner.remove(rule)); }

  test::FakeKernel inner;
  std::function<bool(const Rule&)> refuses;
  std::errc why = std::errc::not_enough_memory;  // no path is the reason of this
  std::function<void()> look;

 private:
  netlink::Result<void> looked_at(netlink::Result<void> result) const {
    if (look) look();
    return result;
  }
};

struct Case {
  std::vector<Rule> loaded;
  std::vector<WantedRule> wanted;
  OwnedRules own;
  bool exclusive = false;
};

// A pool of distinct rules on several lists; some have an older form, some as many fields as a rule may have.
std::vector<WantedRule> pool() {
  std::vector<WantedRule> rules;
  for (int i = 0; i < 7; ++i) rules.push_back(test::rule("-a always,exit -S " + std::to_string(i)));
  for (int i = 0; i < 3; ++i)
    rules.push_back(test::rule("-a always,exit -F arch=b64 -F path=/etc/f" + std::to_string(i) + " -F perm=wa"));
  for (int i = 0; i < 4; ++i) rules.push_back(test::rule("-a never,exclude -F uid=" + std::to_string(i)));
  for (int i = 0; i < 3; ++i) rules.push_back(test::rule("-a always,task -F uid=" + std::to_string(i)));
  rules.push_back(test::rule("-a never,filesystem -F fstype=tracefs"));
  rules.push_back(test::rule("-a never,filesystem -F fstype=debugfs"));
  WantedRule full = test::rule("-a always,exit -S 30");
  while (full.rule.fields.size() < kMaxFields) full.rule.fields.push_back({FieldId::kUid, Operator::kNotEqual, 7, {}});
  rules.push_back(full);
  WantedRule mixed = test::rule("-a always,exit -F arch=b64 -F path=/etc/mixed -F perm=wa");
  while (mixed.rule.fields.size() < kMaxFields) mixed.rule.fields.push_back(full.rule.fields.back());
  rules.push_back(mixed);
  return rules;
}

Case random_case(std::mt19937& random) {
  const auto chance = [&random](int percent) { return std::uniform_int_distribution(0, 99)(random) < percent; };
  std::vector<WantedRule> all = pool();
  Case one;
  one.exclusive = chance(20);
  const int loaded = std::uniform_int_distribution(0, 100)(random);
  const int wanted = std::uniform_int_distribution(0, 100)(random);
  const int owned = std::uniform_int_distribution(0, 100)(random);
  std::shuffle(all.begin(), all.end(), random);
  for (const WantedRule& rule : all) {
    if (!chance(loaded)) continue;
    one.loaded.push_back(!rule.older_masks.empty() && chance(50) ? older_forms(rule)[0] : rule.rule);
    if (chance(owned)) one.own.add(one.loaded.back());
  }
  // The kernel lists list by list.
  std::ranges::stable_sort(one.loaded, {}, &Rule::list);
  if (chance(70)) std::shuffle(all.begin(), all.end(), random);
  for (const WantedRule& rule : all)
    if (chance(wanted)) one.wanted.push_back(rule);
  return one;
}

Ids ids(std::span<const Rule> rules) {
  Ids all;
  for (const Rule& rule : rules) all.push_back(identity(rule));
  return all;
}

bool has(const std::vector<Rule>& rules, const Rule& rule) {
  const std::string wanted = identity(rule);
  return std::ranges::any_of(rules, [&](const Rule& one) { return identity(one) == wanted; });
}

bool is_form_of(const Rule& rule, const WantedRule& wanted) {
  return identity(rule) == identity(wanted.rule) || has(older_forms(wanted), rule);
}

// The rule itself, an older form, or the bridge of one of them.
bool watches(const std::vector<Rule>& rules, const WantedRule& wanted) {
  const auto itself_or_bridge = [&rules](const Rule& rule) {
    const auto instead = bridge(rule);
    return has(rules, rule) || (instead && has(rules, *instead));
  };
  return itself_or_bridge(wanted.rule) || std::ranges::any_of(older_forms(wanted), itself_or_bridge);
}

std::vector<Rule> others(const Case& one) {
  std::vector<Rule> rules;
  for (const Rule& rule : one.loaded) {
    const bool is_wanted =
        std::ranges::any_of(one.wanted, [&](const WantedRule& wanted) { return is_form_of(rule, wanted); });
    if (!is_wanted && !one.own.contains(rule)) rules.push_back(rule);
  }
  return rules;
}

void check_final(const Case& one, const std::vector<Rule>& rules) {
  const std::vector<Rule> foreign = one.exclusive ? std::vector<Rule>{} : others(one);
  std::vector<Rule> ours;
  std::vector<Rule> theirs;
  for (const Rule& rule : rules) (has(foreign, rule) ? theirs : ours).push_back(rule);
  CHECK(ids(theirs) == ids(foreign));
  // Ours in the wanted order, list by list.
  std::vector<WantedRule> wanted = one.wanted;
  std::ranges::stable_sort(wanted, {}, [](const WantedRule& rule) { return rule.rule.list; });
  REQUIRE(ours.size() == wanted.size());
  for (std::size_t i = 0; i < ours.size(); ++i) CHECK(is_form_of(ours[i], wanted[i]));
}

// What was loaded and stays wanted is watched at every moment, also a rule without room for one condition more.
std::function<void()> never_blind(const Case& one, const WatchedKernel& kernel) {
  std::vector<WantedRule> lasting;
  for (const WantedRule& rule : one.wanted)
    if (watches(one.loaded, rule)) lasting.push_back(rule);
  return [lasting, &kernel] {
    for (const WantedRule& rule : lasting) REQUIRE(watches(kernel.inner.rules, rule));
  };
}

// More in a long run: NAUDIT_PROPERTY_CASES.
int cases() {
  const char* const given = std::getenv("NAUDIT_PROPERTY_CASES");  // NOLINT(concurrency-mt-unsafe)
  return given != nullptr ? std::atoi(given) : 60;                 // NOLINT(cert-err34-c)
}

TEST_CASE("whatever was loaded, what is wanted stands in its order, and others' rules stay") {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same cases each time
  for (int i = 0; i < cases(); ++i) {
    CAPTURE(i);
    const Case one = random_case(random);
    WatchedKernel kernel;
    kernel.inner.rules = one.loaded;
    kernel.look = never_blind(one, kernel);
    const Plan plan = reconcile(one.wanted, one.loaded, one.own, one.exclusive);
    const ApplyResult result = apply(plan, kernel);
    REQUIRE(result.refusals.empty());
    CHECK(result.added == plan.missing);
    CHECK(result.removed == plan.unwanted);
    CHECK(result.moved == plan.moved);
    check_final(one, kernel.inner.rules);
    OwnedRules own;
    for (const WantedRule& rule : one.wanted) own.add(rule.rule);
    CHECK(reconcile(one.wanted, kernel.inner.rules, own, one.exclusive).changes.empty());
  }
}

TEST_CASE("whichever rule the kernel refuses, ours stand as before, in their order, and others' rules stay") {
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp)
  int refused = 0;
  for (int i = 0; i < cases(); ++i) {
    CAPTURE(i);
    const Case one = random_case(random);
    const Plan plan = reconcile(one.wanted, one.loaded, one.own, one.exclusive);
    for (const Change& change : plan.changes) {
      // What is loaded now, the kernel has taken before.
      if (change.kind != Change::Kind::kAdd || change.part == Change::Part::kMove) continue;
      WatchedKernel kernel;
      kernel.inner.rules = one.loaded;
      kernel.refuses = [&](const Rule& rule) { return identity(rule) == identity(change.rule); };
      kernel.look = never_blind(one, kernel);
      const ApplyResult result = apply(plan, kernel);
      ++refused;
      REQUIRE(result.refusals.size() == 1);
      CHECK(result.refusals[0].change == &change);
      CHECK(result.not_undone == 0);
      CHECK(result.added + result.removed + result.moved == 0);
      const std::vector<Rule> foreign = one.exclusive ? std::vector<Rule>{} : others(one);
      std::vector<Rule> ours_before, ours, theirs;
      for (const Rule& rule : one.loaded)
        if (!has(foreign, rule)) ours_before.push_back(rule);
      for (const Rule& rule : kernel.inner.rules) (has(foreign, rule) ? theirs : ours).push_back(rule);
      CHECK(ids(ours) == ids(ours_before));
      CHECK(ids(theirs) == ids(foreign));
    }
  }
  CHECK(refused > cases());
}

TEST_CASE("when lenient, all but the refused rule is done, and nothing is lost that was loaded") {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp)
  for (int i = 0; i < cases(); ++i) {
    CAPTURE(i);
    const Case one = random_case(random);
    if (one.wanted.empty()) continue;
    const Rule& bad = one.wanted[std::uniform_int_distribution<std::size_t>(0, one.wanted.size() - 1)(random)].rule;
    WatchedKernel kernel;
    kernel.inner.rules = one.loaded;
    const auto instead = bridge(bad);
    kernel.refuses = [&](const Rule& rule) {
      return identity(rule) == identity(bad) || (instead && identity(rule) == identity(*instead));
    };
    // Without room for a bridge a rule must go before the kernel can refuse it.
    const bool may_go = !instead;
    const Plan plan = reconcile(one.wanted, one.loaded, one.own, one.exclusive);
    apply(plan, kernel, OnRefusal::kLeaveOut);
    for (const WantedRule& rule : one.wanted)
      if (identity(rule.rule) != identity(bad))
        CHECK(watches(kernel.inner.rules, rule));
      else if (watches(one.loaded, rule) && !may_go)
        CHECK(watches(kernel.inner.rules, rule));
  }
}

TEST_CASE("a rule whose path cannot be looked up is left out, and the others stand in their order") {
  std::mt19937 random(5);  // NOLINT(cert-msc51-cpp)
  int refused = 0;
  for (int i = 0; i < cases(); ++i) {
    CAPTURE(i);
    const Case one = random_case(random);
    const Plan plan = reconcile(one.wanted, one.loaded, one.own, one.exclusive);
    for (const Change& change : plan.changes) {
      if (change.kind != Change::Kind::kAdd || change.part == Change::Part::kMove ||
          !is_about_path(change.rule, std::make_error_code(std::errc::permission_denied)))
        continue;
      ++refused;
      WatchedKernel kernel;
      kernel.inner.rules = one.loaded;
      kernel.refuses = [&](const Rule& rule) { return identity(rule) == identity(change.rule); };
      kernel.why = std::errc::permission_denied;
      const ApplyResult result = apply(plan, kernel);
      REQUIRE(result.refusals.size() == 1);
      CHECK_FALSE(result.taken_back);
      CHECK(result.added == plan.missing - 1);
      Case rest = one;
      std::erase_if(rest.wanted, [&](const WantedRule& rule) { return identity(rule.rule) == identity(change.rule); });
      check_final(rest, kernel.inner.rules);
    }
  }
  CHECK(refused > 5);
}

TEST_CASE("a loader that is killed after any change leaves what the next run completes, and no bridge") {
  std::mt19937 random(4);  // NOLINT(cert-msc51-cpp)
  for (int i = 0; i < cases() / 4; ++i) {
    CAPTURE(i);
    const Case one = random_case(random);
    const Plan plan = reconcile(one.wanted, one.loaded, one.own, one.exclusive);
    // As the transaction writes it before the first change.
    OwnedRules own;
    for (const WantedRule& rule : one.wanted) own.add(rule.rule);
    for (const Change& change : plan.changes) own.add(change.rule);
    for (std::size_t steps = 0; steps <= plan.changes.size(); ++steps) {
      CAPTURE(steps);
      WatchedKernel kernel;
      kernel.inner.rules = one.loaded;
      for (std::size_t step = 0; step < steps; ++step) {
        const Change& change = plan.changes[step];
        Rule rule = change.rule;
        if (change.kind == Change::Kind::kRemove) rule.prepend = false;
        REQUIRE((change.kind == Change::Kind::kAdd ? kernel.inner.add(rule) : kernel.inner.remove(rule)));
      }
      const auto left = kernel.inner.rules;
      const Plan next = reconcile(one.wanted, left, own, one.exclusive);
      REQUIRE(apply(next, kernel).refusals.empty());
      check_final(one, kernel.inner.rules);
    }
  }
}

}  // namespace
}  // namespace naudit::rules
