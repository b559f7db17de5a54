// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <poll.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "library/naudit.h"
#include "tests/library/handles.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/compressed.hpp"

namespace naudit::library {
namespace {

constexpr std::string_view kLog =
    "type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=0 "
    "a3=0 "
    "items=1 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts1 ses=3 "
    "comm=\"cat\" "
    "exe=\"/usr/bin/cat\" key=\"identity\"\n"
    "type=PATH msg=audit(1700000000.123:45): item=0 name=\"/etc/shadow\" inode=1 dev=08:01 mode=0100640 ouid=0 ogid=42 "
    "rdev=00:00 nametype=NORMAL\n"
    "type=PROCTITLE msg=audit(1700000000.123:45): proctitle=636174002F6574632F736861646F77\n"
    "what is no record\n"
    "type=USER_ACCT msg=audit(1700000001.000:46): pid=9 uid=0 auid=1000 ses=3 msg='op=PAM:accounting acct=\"jo\" "
    "exe=\"/usr/bin/su\" hostname=? addr=? terminal=pts/1 res=success'\n";

TEST_CASE("what is fed in any pieces comes out as the same events") {
  const Reader whole = make_reader();
  REQUIRE(feed(whole, kLog) == NAUDIT_OK);
  REQUIRE(naudit_reader_flush(whole.get()) == NAUDIT_OK);
  const std::string expected = rest(whole);
  CHECK(expected.find(R"("syscall_name":"openat")") != std::string::npos);
  CHECK(expected.find(R"("id":"1700000001.000:46")") != std::string::npos);
  CHECK(std::count(expected.begin(), expected.end(), '\n') == 2);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
    const Reader reader = make_reader();
    for (std::size_t at = 0; at < kLog.size(); at += piece) REQUIRE(feed(reader, kLog.substr(at, piece)) == NAUDIT_OK);
    REQUIRE(naudit_reader_flush(reader.get()) == NAUDIT_OK);
    CHECK(rest(reader) == expected);
  }
}

TEST_CASE("what is compressed comes out as the same events, and damage is told") {
  const Reader plain = make_reader();
  REQUIRE(feed(plain, kLog) == NAUDIT_OK);
  REQUIRE(naudit_reader_flush(plain.get()) == NAUDIT_OK);
  const std::string expected = rest(plain);
  for (const tests::Compression kind : tests::kCompressions) {
    const std::string packed = tests::compressed(kind, kLog);
    for (const std::size_t piece : {std::size_t{1}, packed.size()}) {
      const Reader reader = make_reader();
      for (std::size_t at = 0; at < packed.size(); at += piece)
        REQUIRE(feed(reader, std::string_view(packed).substr(at, piece)) == NAUDIT_OK);
      REQUIRE(naudit_reader_flush(reader.get()) == NAUDIT_OK);
      CHECK(rest(reader) == expected);
      CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_BYTES) == kLog.size());
      REQUIRE(feed(reader, kLog) == NAUDIT_OK);  // another input, and a plain one
      REQUIRE(naudit_reader_flush(reader.get()) == NAUDIT_OK);
      CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_EVENTS) == 4);
    }
    const Reader reader = make_reader();
    REQUIRE(feed(reader, std::string_view(packed).substr(0, packed.size() - 3)) == NAUDIT_OK);
    CHECK(naudit_reader_flush(reader.get()) == NAUDIT_ERROR_ARGUMENT);
    CHECK(string_of(naudit_reader_message(reader.get())) == "the compressed input ends in the midst");
    std::string damaged = packed;
    for (std::size_t at = 10; at < damaged.size(); ++at) damaged[at] = static_cast<char>(~damaged[at]);
    CHECK(feed(reader, damaged) == NAUDIT_ERROR_ARGUMENT);
    CHECK(string_of(naudit_reader_message(reader.get())) == "the compressed input is damaged");
    CHECK(feed(reader, "more") == NAUDIT_ERROR_ARGUMENT);
    CHECK(naudit_reader_flush(reader.get()) == NAUDIT_OK);
  }
}

TEST_CASE("much comes out of little") {
  std::string log;
  for (int i = 0; i < 20000; ++i)
    log += "type=USER msg=audit(1700000001.000:" + std::to_string(i) + "): pid=9 uid=0 msg='text=x'\n";
  const std::string packed = tests::gzip(log);
  const Reader reader = make_reader("raw");
  REQUIRE(feed(reader, packed) == NAUDIT_OK);
  REQUIRE(naudit_reader_flush(reader.get()) == NAUDIT_OK);
  const bool is_same = rest(reader) == log;
  CHECK(is_same);
}

TEST_CASE("a reader counts what it was fed") {
  const Reader reader = make_reader();
  REQUIRE(feed(reader, kLog) == NAUDIT_OK);
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_BYTES) == kLog.size());
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_RECORDS) == 4);
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_REJECTED) == 1);
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_EVENTS) == 2);
  next(reader);
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_EVENTS) == 2);
  CHECK(naudit_reader_count(reader.get(), 77) == 0);
}

TEST_CASE("a last line without its end comes with the flush, and the reader goes on behind it") {
  const Reader reader = make_reader("raw");
  const std::string_view line =
      "type=USER_ACCT msg=audit(1700000001.000:46): pid=9 uid=0 auid=1000 ses=3 msg='res=success'";
  REQUIRE(feed(reader, line) == NAUDIT_OK);
  CHECK(next(reader) == nullptr);
  REQUIRE(naudit_reader_flush(reader.get()) == NAUDIT_OK);
  CHECK(rest(reader) == std::string(line) + "\n");
  REQUIRE(feed(reader, kLog) == NAUDIT_OK);
  CHECK(text_of(next(reader)).starts_with("type=SYSCALL"));
}

TEST_CASE("an event outlives its reader") {
  Reader reader = make_reader("raw");
  REQUIRE(feed(reader, kLog) == NAUDIT_OK);
  const Event first = next(reader);
  const Event second = next(reader);
  reader.reset();
  CHECK(text_of(second).starts_with("type=USER_ACCT"));
  CHECK(text_of(first).starts_with("type=SYSCALL"));
}

TEST_CASE("a callback gets each event, and the reader is not used in it") {
  struct Seen {
    naudit_reader* reader;
    std::vector<std::string> texts;
    std::vector<naudit_result> results;
  };
  const Reader reader = make_reader("raw");
  Seen seen{.reader = reader.get(), .texts = {}, .results = {}};
  const naudit_callback note = [](naudit_event* event, void* context) {
    auto* const what = static_cast<Seen*>(context);
    naudit_text text;
    what->results.push_back(naudit_event_text(event, &text));
    what->texts.push_back(string_of(text));
    naudit_event* other = nullptr;
    what->results.push_back(naudit_reader_next(what->reader, &other));
    what->results.push_back(naudit_reader_feed(what->reader, "x", 1));
    what->results.push_back(naudit_reader_flush(what->reader));
    what->results.push_back(naudit_reader_on_event(what->reader, nullptr, nullptr));
  };
  REQUIRE(naudit_reader_on_event(reader.get(), note, &seen) == NAUDIT_OK);
  REQUIRE(feed(reader, kLog) == NAUDIT_OK);
  CHECK(seen.texts.size() == 2);
  constexpr auto kState = NAUDIT_ERROR_STATE;
  const std::vector<naudit_result> once = {NAUDIT_OK, kState, kState, kState, kState};
  std::vector<naudit_result> twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  CHECK(seen.results == twice);
  CHECK(next(reader) == nullptr);
}

TEST_CASE("an event whose end does not come is out after a moment, whether something is fed or not") {
  const Reader reader = make_reader("raw");
  CHECK(naudit_reader_timeout(reader.get()) == -1);
  CHECK(naudit_reader_age(reader.get()) == NAUDIT_OK);
  REQUIRE(feed(reader, "type=PATH msg=audit(1700000000.123:45): item=0 name=\"/x\"\n") == NAUDIT_OK);
  Event event = next(reader);
  CHECK(event == nullptr);
  while (event == nullptr) {
    const int timeout = naudit_reader_timeout(reader.get());
    REQUIRE(timeout >= 0);
    ::poll(nullptr, 0, timeout);
    REQUIRE(naudit_reader_age(reader.get()) == NAUDIT_OK);
    event = next(reader);
  }
  CHECK(text_of(event).starts_with("type=PATH"));
  CHECK(naudit_reader_timeout(reader.get()) == -1);
}

TEST_CASE("a reader has one source") {
  const Reader reader = make_reader();
  CHECK(naudit_reader_fd(reader.get()) == -1);
  CHECK(naudit_reader_receive(reader.get()) == NAUDIT_ERROR_STATE);
  REQUIRE(feed(reader, kLog) == NAUDIT_OK);
  CHECK(naudit_reader_open_kernel(reader.get()) == NAUDIT_ERROR_STATE);
  CHECK(naudit_reader_fd(reader.get()) == -1);
}

TEST_CASE("a format that depends on the events before sees them all, in their order") {
  const auto texts = [](bool is_skipped) {
    const Reader reader = make_reader("laurel");
    REQUIRE(naudit_reader_set(reader.get(), "format.pid", "true") == NAUDIT_OK);
    std::string log(kLog);
    log.replace(log.find("syscall=257"), 11, "syscall=59");
    log +=
        "type=SYSCALL msg=audit(1700000002.000:47): arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=2 pid=3 "
        "uid=0 comm=\"id\" exe=\"/usr/bin/id\"\ntype=PROCTITLE msg=audit(1700000002.000:47): proctitle=6964\n";
    REQUIRE(feed(reader, log) == NAUDIT_OK);
    std::string last;
    while (const Event event = next(reader))
      if (!is_skipped || naudit_event_serial(event.get()) == 47) last = text_of(event);
    naudit_text end;
    CHECK(naudit_reader_end_document(reader.get(), &end) == NAUDIT_OK);
    CHECK(string_of(end) == "");
    return last;
  };
  CHECK(texts(true) == texts(false));
  CHECK(texts(true).find("/usr/bin/cat") != std::string::npos);  // the parent
}

TEST_CASE("what cannot be is refused with its reason") {
  const Reader reader = make_reader();
  const auto refused = [&](const char* option, const char* value) {
    CHECK(naudit_reader_set(reader.get(), option, value) == NAUDIT_ERROR_ARGUMENT);
    return string_of(naudit_reader_message(reader.get()));
  };
  CHECK(refused("format", "jsn") == "there is no format 'jsn'");
  CHECK(refused("form", "") == "there is no form ''");
  CHECK(refused("names", "all") == "there is no value of names 'all'");
  CHECK(refused("receive_buffer", "much") == "there is no size 'much'");
  CHECK(refused("fromat", "json") == "there is no option 'fromat'");
  CHECK(naudit_reader_set(reader.get(), nullptr, "json") == NAUDIT_ERROR_ARGUMENT);
  REQUIRE(feed(reader, "x") == NAUDIT_OK);
  CHECK(naudit_reader_set(reader.get(), "format", "raw") == NAUDIT_ERROR_STATE);
  CHECK(string_of(naudit_reader_message(reader.get())) == "options are set before the first bytes");
}

TEST_CASE("nothing happens with nothing") {
  naudit_text text;
  naudit_event* event = nullptr;
  CHECK(naudit_reader_new(nullptr) == NAUDIT_ERROR_ARGUMENT);
  naudit_reader_free(nullptr);
  naudit_event_free(nullptr);
  CHECK(naudit_reader_feed(nullptr, "x", 1) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_flush(nullptr) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_next(nullptr, &event) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_next(nullptr, nullptr) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_end_document(nullptr, &text) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_end_document(nullptr, nullptr) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_on_event(nullptr, nullptr, nullptr) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_age(nullptr) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_timeout(nullptr) == -1);
  CHECK(naudit_reader_open_kernel(nullptr) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_fd(nullptr) == -1);
  CHECK(naudit_reader_receive(nullptr) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_event_text(nullptr, &text) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_reader_message(nullptr).data == nullptr);
  CHECK(naudit_reader_count(nullptr, NAUDIT_COUNT_BYTES) == 0);
  const Reader reader = make_reader();
  CHECK(naudit_reader_feed(reader.get(), nullptr, 0) == NAUDIT_OK);
  CHECK(naudit_reader_feed(reader.get(), nullptr, 1) == NAUDIT_ERROR_ARGUMENT);
  CHECK(next(reader) == nullptr);
}

TEST_CASE("formats and results have names") {
  CHECK(string_of(naudit_format_name(0)) == "json");
  CHECK(naudit_format_name(1000).data == nullptr);
  CHECK(std::string_view(naudit_result_text(NAUDIT_ERROR_MEMORY)) == "out of memory");
  CHECK(std::string_view(naudit_result_text(99)) == "a result that libnaudit does not know");
}

}  // namespace
}  // namespace naudit::library
