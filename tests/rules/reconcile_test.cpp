// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/reconcile.hpp"

#include "rules/auditctl/listing.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

using test::FakeKernel;
using Numbers = std::vector<std::uint32_t>;

// Rules on single system calls stand for themselves: 1 is `-a always,exit -S 1`.
WantedRule call(std::uint32_t number) {
  return test::rule("-a always,exit -S " + std::to_string(number));
}

std::vector<WantedRule> calls(const Numbers& numbers) {
  std::vector<WantedRule> rules;
  for (const std::uint32_t number : numbers) rules.push_back(call(number));
  return rules;
}

OwnedRules own(const Numbers& numbers) {
  OwnedRules owned;
  for (const std::uint32_t number : numbers) owned.add(call(number).rule);
  return owned;
}

void load(FakeKernel& kernel, const Numbers& numbers) {
  for (const std::uint32_t number : numbers) kernel.rules.push_back(call(number).rule);
}

Numbers loaded(const FakeKernel& kernel) {
  Numbers numbers;
  for (const Rule& rule : kernel.rules) numbers.push_back(rule.syscalls.numbers().at(0));
  return numbers;
}

Plan run(FakeKernel& kernel, const std::vector<WantedRule>& wanted, const OwnedRules& owned, bool exclusive = false) {
  const Plan plan = reconcile(wanted, kernel.rules, owned, exclusive);
  CHECK(apply(plan, kernel).refusals.empty());
  return plan;
}

TEST_CASE("into an empty kernel the rules come in their order") {
  FakeKernel kernel;
  run(kernel, calls({3, 1, 2}), {});
  CHECK(loaded(kernel) == Numbers{3, 1, 2});
}

TEST_CASE("an unchanged set changes nothing") {
  FakeKernel kernel;
  load(kernel, {1, 2, 3});
  const Plan plan = run(kernel, calls({1, 2, 3}), own({1, 2, 3}));
  CHECK(plan.changes.empty());
  CHECK(plan.kept == 3);
}

TEST_CASE("rules of others stay, ours that are no longer wanted go, and they go last") {
  FakeKernel kernel;
  load(kernel, {1, 9, 2});
  const Plan plan = run(kernel, calls({1, 3}), own({1, 2}));
  CHECK(loaded(kernel) == Numbers{1, 9, 3});
  CHECK(plan.foreign.size() == 1);
  CHECK(kernel.log == std::vector<std::string>{"add", "remove"});
}

TEST_CASE("exclusive removes the rules of others") {
  FakeKernel kernel;
  load(kernel, {8, 1, 9});
  run(kernel, calls({1}), {}, true);
  CHECK(loaded(kernel) == Numbers{1});
}

TEST_CASE("a new rule in the middle is reached with few changes and the right order") {
  FakeKernel kernel;
  load(kernel, {1, 2, 3, 4, 5, 6});
  const Plan plan = run(kernel, calls({1, 9, 2, 3, 4, 5, 6}), own({1, 2, 3, 4, 5, 6}));
  CHECK(loaded(kernel) == Numbers{1, 9, 2, 3, 4, 5, 6});
  CHECK(plan.missing == 1);
  CHECK(plan.moved == 1);
}

TEST_CASE("a new first rule is prepended, but never before rules of others") {
  FakeKernel kernel;
  load(kernel, {1, 2});
  CHECK(run(kernel, calls({5, 6, 1, 2}), own({1, 2})).changes.size() == 2);
  CHECK(loaded(kernel) == Numbers{5, 6, 1, 2});

  FakeKernel shared;
  load(shared, {9, 1, 2});
  run(shared, calls({5, 1, 2}), own({1, 2}));
  CHECK(loaded(shared) == Numbers{9, 5, 1, 2});
}

TEST_CASE("any order is put right") {
  Numbers wanted{1, 2, 3, 4, 5};
  do {
    FakeKernel kernel;
    load(kernel, {2, 9, 4, 1, 3});
    run(kernel, calls(wanted), own({1, 2, 3, 4}));
    Numbers ours = loaded(kernel);
    std::erase(ours, 9U);
    CHECK(ours == wanted);
    CHECK(run(kernel, calls(wanted), own(wanted)).changes.empty());
  } while (std::next_permutation(wanted.begin(), wanted.end()));
}

TEST_CASE("lists do not disturb each other") {
  FakeKernel kernel;
  kernel.rules = {test::rule("-a always,task").rule, call(1).rule};
  const std::vector<WantedRule> wanted{call(1), test::rule("-a always,task"), test::rule("-a never,exclude -F uid=0")};
  CHECK(run(kernel, wanted, {}).changes.size() == 1);
}

TEST_CASE("there is never a moment without rules while one set follows another") {
  FakeKernel kernel;
  load(kernel, {1, 2, 3});
  run(kernel, calls({4, 5, 6}), own({1, 2, 3}));
  CHECK(loaded(kernel) == Numbers{4, 5, 6});
  CHECK(kernel.least == 3);
  CHECK(kernel.most == 6);
}

TEST_CASE("a rule that an older auditctl has loaded counts as the wanted one") {
  const WantedRule wanted = test::rule("-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id");
  FakeKernel kernel;
  REQUIRE(older_forms(wanted).size() == 2);
  for (const Rule& older : older_forms(wanted)) {
    kernel.rules = {older};
    CHECK(run(kernel, {wanted}, {}).changes.empty());
  }
}

TEST_CASE("a rule without room for one condition more is watched by another order of its own while it moves") {
  WantedRule full = test::rule("-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id");
  while (full.rule.fields.size() < kMaxFields) full.rule.fields.push_back({FieldId::kUid, Operator::kNotEqual, 7, {}});
  const auto instead = bridge(full.rule);
  REQUIRE(instead);
  CHECK(instead->fields.size() == kMaxFields);
  CHECK(identity(*instead) != identity(full.rule));
  CHECK(std::ranges::is_permutation(instead->fields, full.rule.fields));
  const WantedRule first = call(1);
  FakeKernel kernel;
  kernel.rules = {full.rule, first.rule};
  const Plan plan = run(kernel, {first, full}, own({1}));
  CHECK(identity(kernel.rules.at(1)) == identity(full.rule));
  CHECK(kernel.rules.size() == 2);
  CHECK(kernel.least == 2);
  // Conditions that are all the same have no other order, but need not be there so often.
  Rule same = full.rule;
  std::ranges::fill(same.fields, same.fields.back());
  REQUIRE(bridge(same));
  CHECK(bridge(same)->fields.size() == kMaxFields);
  CHECK(bridge(same)->fields.front() == same.fields.front());
  CHECK(bridge(same)->fields.back() == Field{FieldId::kPid, Operator::kGreaterEqual, 0, {}});
}

TEST_CASE("when the kernel refuses a rule, all is as before") {
  FakeKernel kernel;
  load(kernel, {1, 2});
  kernel.refuse = call(5).rule;
  const auto wanted = calls({1, 3, 4, 5});
  const Plan plan = reconcile(wanted, kernel.rules, own({1, 2}), false);
  const ApplyResult result = apply(plan, kernel);
  REQUIRE(result.refusals.size() == 1);
  CHECK(result.refusals[0].error == std::errc::invalid_argument);
  CHECK(result.refusals[0].change->wanted == &wanted[3]);
  CHECK(result.not_undone == 0);
  CHECK(loaded(kernel) == Numbers{1, 2});
}

TEST_CASE("when lenient, the rules that the kernel takes are loaded") {
  FakeKernel kernel;
  kernel.refuse = call(2).rule;
  const auto wanted = calls({1, 2, 3});
  const Plan plan = reconcile(wanted, kernel.rules, {}, false);
  const ApplyResult result = apply(plan, kernel, OnRefusal::kLeaveOut);
  CHECK(result.refusals.size() == 1);
  CHECK(result.added == 2);
  CHECK(loaded(kernel) == Numbers{1, 3});
}

TEST_CASE("somebody else adding or removing the same rule meanwhile is no refusal") {
  FakeKernel kernel;
  load(kernel, {1, 2});
  const auto wanted = calls({1, 3});
  const Plan plan = reconcile(wanted, kernel.rules, own({1, 2}), false);
  kernel.rules = {call(1).rule, call(3).rule};
  CHECK(apply(plan, kernel).refusals.empty());
  CHECK(loaded(kernel) == Numbers{1, 3});
}

TEST_CASE("a loader that is killed anywhere leaves what the next run completes") {
  for (int steps = 0; steps < 12; ++steps) {
    FakeKernel kernel;
    load(kernel, {2, 9, 1, 7});
    OwnedRules owned = own({1, 2, 7, 3, 4, 5});  // written before the first change: the old ones and the new ones
    const auto wanted = calls({1, 2, 3, 4, 5});
    kernel.dead_after = steps;
    Plan plan = reconcile(wanted, kernel.rules, owned, false);
    for (const Change& change : plan.changes) owned.add(change.rule);  // as the transaction does
    for (const Change& change : plan.changes)
      if (!(change.kind == Change::Kind::kAdd ? kernel.add(change.rule) : kernel.remove(change.rule))) break;
    kernel.dead_after.reset();
    run(kernel, wanted, owned);
    Numbers ours = loaded(kernel);
    CHECK(std::erase(ours, 9U) == 1);
    CHECK(ours == Numbers{1, 2, 3, 4, 5});
  }
}

TEST_CASE("what was loaded is remembered in a file, and damage makes a rule somebody else's") {
  const std::vector<Rule> rules{call(1).rule, test::rule("-w /etc/passwd -p wa -k id").rule};
  const std::string text = OwnedRules::text(rules, tables::kArchX86_64);
  const OwnedRules owned = OwnedRules::parse(text);
  CHECK(owned.size() == 2);
  CHECK(owned.contains(rules[1]));
  CHECK_FALSE(owned.contains(call(2).rule));
  CHECK_THAT(text, Catch::Contains(" -w /etc/passwd -p wa -k id\n"));
  CHECK(OwnedRules::parse("garbage\n\nzzzzzzzzzzzzzzzz x\n" + text.substr(0, text.size() - 5)).size() == 2);
}

TEST_CASE("ten thousand rules are compared at once") {
  std::vector<WantedRule> wanted;
  FakeKernel kernel;
  for (int i = 0; i < 10'000; ++i) {
    wanted.push_back(test::rule("-a always,exit -F auid=" + std::to_string(i) + " -S 59"));
    kernel.rules.push_back(wanted.back().rule);
  }
  CHECK(reconcile(wanted, kernel.rules, {}, false).kept == 10'000);
}

}  // namespace
}  // namespace naudit::rules
