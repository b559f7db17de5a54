// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <string>

#include "formats/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

constexpr int kMany = 60'000;

std::string repeated(const std::string& part) {
  std::string all;
  for (int i = 0; i < kMany; ++i) all += part;
  return all;
}
std::string numbered(const std::string& name) {
  std::string all;
  for (int i = 0; i < kMany; ++i) all += ' ' + name + std::to_string(i) + "=1";
  return all;
}

const std::string kCall = "type=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=59 pid=1 auid=1000 uid=0";

// With the square of the time each of them would take minutes, and the test would run out of its time.
TEST_CASE("a record of very many fields takes the time of its fields") {
  tests::Encoding json("json");
  for (const std::string& line :
       {kCall + numbered("f"), kCall + repeated(" a=b"), kCall + repeated(" uid=0"), kCall + repeated(" syscall=2"),
        kCall + numbered("f_") + repeated(" f=1"), kCall + repeated(" a={ x"),
        "type=USER_LOGIN msg=audit(1.000:2): pid=1" + repeated(" a=1") + " msg='" + repeated(" uid=0") + "'",
        "type=USER_LOGIN msg=audit(1.000:2): pid=1 msg='" + repeated(" a=\"b\"c") + "'",
        "type=SECCOMP msg=audit(1.000:2): pid=1" + repeated(" syscall=2"),
        kCall + repeated(" uid=0") + '\x1d' + repeated("GID=\"x\" ")}) {
    INFO(line.substr(0, 100));
    CHECK(json(line).size() > line.size());
  }
  tests::Encoding enriched("enriched");
  CHECK(enriched(kCall + repeated(" syscall=2")).size() > kMany);
}

TEST_CASE("an event of very many records takes the time of its records") {
  tests::Encoding json("json");
  const std::string end = "\ntype=PROCTITLE msg=audit(1.000:2): proctitle=\"x\"\n";
  CHECK(json(kCall + '\n' + repeated("type=PATH msg=audit(1.000:2): item=0\n") + end).size() > kMany);
  CHECK(json(kCall + repeated(" type=CWD msg=audit(1.000:2): cwd=\"/\"") + end).size() > kMany);
}

TEST_CASE("in every format") {
  const std::string end = "\ntype=PROCTITLE msg=audit(1.000:2): proctitle=\"x\"\n";
  for (const Format& format : all_formats()) {
    INFO(format.name);
    tests::Encoding encoding(format.name);
    for (const std::string& record :
         {std::string("type=OBJ_PID msg=audit(1.000:2): opid=7 oauid=1000 ouid=0 oses=1 ocomm=\"x\"\n"),
          std::string("type=PATH msg=audit(1.000:2): item=0 name=\"x\" ouid=0\n"),
          std::string("type=AVC msg=audit(1.000:2): apparmor=\"DENIED\" operation=\"open\" fsuid=0\n"),
          std::string("type=OBJ_PID msg=audit(1.000:2): opid=7 ouid=0\x1dOUID=\"ann\"\n")})
      CHECK((!encoding(kCall + '\n' + repeated(record) + end).empty() || format.selective));
    const std::string login = encoding("type=USER_LOGIN msg=audit(1.000:2): pid=1 msg='" + numbered("f") + "'\n");
    const std::string future = encoding("type=FUTURE_TYPE msg=audit(1.000:2): pid=1" + numbered("f") + '\n');
    CHECK((format.selective || (!login.empty() && !future.empty())));
  }
}

}  // namespace
}  // namespace naudit::formats
