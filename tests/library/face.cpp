// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// naudit.hpp from outside of the project; ends with 1 at the first thing that is not so.
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <naudit.hpp>
#include <ranges>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::exit(1);
}

constexpr const char* kLog =
    "type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=59 success=no exit=-13 pid=2 comm=\"cat\"\n"
    "type=PROCTITLE msg=audit(1700000000.123:45): proctitle=636174\n"
    "type=USER_LOGIN msg=audit(1700000001.000:46): pid=9 uid=0 msg='acct=\"jo\" res=success'\n";

static_assert(std::ranges::input_range<naudit::EventView::Records>);
static_assert(std::ranges::input_range<naudit::Record::Fields>);
static_assert(std::ranges::input_range<naudit::EventView::Arguments>);
static_assert(!std::is_copy_constructible_v<naudit::Event> && std::is_move_constructible_v<naudit::Event>);

void read_in_a_loop() {
  naudit::Reader made{{"format", "raw"}, {"names", "none"}};
  naudit::Reader reader = std::move(made);
  reader.feed(kLog);
  std::vector<std::uint32_t> serials;
  for (const naudit::Event& event : reader) serials.push_back(event.serial());
  check(serials == std::vector<std::uint32_t>{45, 46}, "two events in a loop");
  reader.feed(kLog);
  std::optional<naudit::Event> event = reader.next();
  check(event && event->success() == false && event->records().size() == 2, "an event of two records");
  std::string names;
  for (const naudit::Record record : event->records())
    for (const naudit::Field field : record.fields()) names += std::string(field.name()) + ' ';
  check(names == "arch syscall success exit pid comm proctitle ", "the names of all fields");
  check(event->find("exit")->interpreted() == "EACCES" && event->find("exit")->number() == -13, "an error's name");
  check(!event->find("nothing") && !event->find_record(1) && !event->node(), "what is not there");
  event = reader.next();
  check(event->records()[0].find_claim("acct")->value() == "jo", "a claim");
}

void call_back() {
  naudit::Reader reader{{"names", "none"}};
  int calls = 0;
  reader.on_event([&](const naudit::EventView& event) {
    ++calls;
    if (event.serial() == 45) throw std::runtime_error("enough");
  });
  try {
    reader.feed(kLog);
    check(false, "an exception of a callback comes out");
  } catch (const std::runtime_error& error) {
    check(std::string(error.what()) == "enough", "the same exception");
  }
  check(calls == 1, "no call behind an exception");
  reader.feed("type=USER msg=audit(1700000001.000:47): pid=9 msg='x=y'\n");
  check(calls == 2, "the reader goes on");
}

void fail() {
  try {
    naudit::Reader{{"format", "x"}};
    check(false, "a format that there is not");
  } catch (const naudit::Error& error) {
    check(error.result() == NAUDIT_ERROR_ARGUMENT && std::string(error.what()) == "there is no format 'x'",
          "the reason");
  }
}

void rules() {
  naudit::Rules rules;
  rules.add_text("my.rules", "-a always,exit -F arch=b64 -S execve -k exec\n");
  naudit::Rules again;
  again.add_kernel(rules.kernel(0));
  check(again.size() == 1 && again.line(0) == rules.line(0) && again.yaml() == rules.yaml(), "rules there and back");
}

}  // namespace

int main() {
  read_in_a_loop();
  call_back();
  fail();
  rules();
  return 0;
}
