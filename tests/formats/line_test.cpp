// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "formats/line/encoder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

TEST_CASE("one line tells when who did what to what, how it ended and why it was watched") {
  const std::string line = tests::Encoding("line")(
      "type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7f a2=0 "
      "a3=0 pid=9 auid=1000 uid=0 comm=\"cat\" exe=\"/usr/bin/cat\" key=\"identity\"\n"
      "type=CWD msg=audit(1700000000.123:45): cwd=\"/etc\"\n"
      "type=PATH msg=audit(1700000000.123:45): name=\"shadow\" nametype=NORMAL\n"
      "type=PROCTITLE msg=audit(1700000000.123:45): proctitle=\"cat\"\n");
  CHECK(line ==
        "2023-11-14 22:13:20.123Z jo (as root) opened /etc/shadow for reading with /usr/bin/cat: denied (EACCES) "
        "[key identity] #45\n");
}

TEST_CASE("the sentence that docs/formats.md shows is the one that is written") {
  const std::string line = tests::Encoding("line")(
      "type=SYSCALL msg=audit(1700000000.123:77): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7f a2=0 "
      "a3=0 pid=9 auid=1000 uid=0 comm=\"cat\" exe=\"/usr/bin/cat\" key=\"secrets\"\n"
      "type=PATH msg=audit(1700000000.123:77): name=\"/etc/shadow\" nametype=NORMAL\n"
      "type=PROCTITLE msg=audit(1700000000.123:77): proctitle=\"cat\"\n");
  std::ifstream file(NAUDIT_SOURCE_DIR "/docs/formats.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  CHECK_THAT(page, Catch::Contains("\n    " + line));
}

TEST_CASE("the type that a stored log spells is no order to a terminal, and no word of ours") {
  tests::Encoding line("line");
  CHECK(line("type=AV\xE7\x1B[2J msg=audit(1.000:1): x=1\n") ==
        "1970-01-01 00:00:01.000Z somebody left a record of type AV\\xe7\\x1b[2J #1\n");
  for (const std::string word : {"on", "of", "to", "-", "--", "-on", "on-", "logged-in"}) {
    const std::string text = line("type=" + word + " msg=audit(1.000:1): x=1\n");
    CHECK(text.starts_with("1970-01-01 00:00:01.000Z somebody "));
    CHECK(std::ranges::count(text, '\n') == 1);
  }
}

TEST_CASE("the machine is named where it is known, and the line of an event that is not whole says why") {
  correlate::Event event;
  event.incomplete = correlate::Incomplete::kTimeout;
  event.append(1302, "audit(0.000:0): name=\"/x\"", 16);
  tests::Encoding line("line");
  CHECK(line(event) == "1970-01-01 00:00:00.000Z somebody did something with /x (incomplete: timeout) #0\n");
  line.set_node("web1\x1b");
  CHECK(line(event).starts_with("1970-01-01 00:00:00.000Z web1\\x1b: somebody"));
}

TEST_CASE("local time has its zone behind it, also where the clocks change between two events") {
  // POSIX's form needs no zone files: Central Europe.
  setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  tzset();
  tests::Encoding line("line");
  line.set_local_time();
  const auto time_at = [&line](std::uint64_t seconds) {
    correlate::Event event;
    event.append(1302, "audit(0.000:0): name=\"/x\"", 16);
    event.id.seconds = seconds;
    return line(event).substr(0, std::string_view("2023-11-14 23:13:20.000+01:00").size());
  };
  CHECK(time_at(1700000000) == "2023-11-14 23:13:20.000+01:00");
  CHECK(time_at(1688205600) == "2023-07-01 12:00:00.000+02:00");
  // 2023-10-29, 01:00 UTC.
  CHECK(time_at(1698541199) == "2023-10-29 02:59:59.000+02:00");
  CHECK(time_at(1698541200) == "2023-10-29 02:00:00.000+01:00");
  CHECK(time_at(0).starts_with("1970-01-01 00:00:00.000Z"));
  CHECK(time_at(253402300799).starts_with("9999-12-31 23:59:59.000Z"));
  setenv("TZ", "NST3:30", 1);
  tzset();
  tests::Encoding west("line");
  west.set_local_time();
  correlate::Event event;
  event.append(1302, "audit(0.000:0): name=\"/x\"", 16);
  event.id.seconds = 1700000000;
  CHECK(west(event).starts_with("2023-11-14 18:43:20.000-03:30 "));
  unsetenv("TZ");
  tzset();
}

}  // namespace
}  // namespace naudit::formats
