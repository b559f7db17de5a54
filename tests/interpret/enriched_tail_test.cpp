// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/enriched_tail.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

struct Read {
  explicit Read(std::string_view body, correlate::Source source = correlate::Source::kStored) : text(body) {
    tokenise(text, source, fields, tokens);
    if (tokens.count > 0)
      last = std::string(fields[tokens.count - 1].name) + '=' + std::string(fields[tokens.count - 1].value);
    if (tokens.claim_count > 0) last_claim = fields.back().value;
  }

  std::string text;
  std::vector<Field> fields;
  Tokens tokens;
  std::string last;        // of the record's own fields
  std::string last_claim;  // value
};

const std::vector<std::string> kLost = {"#035", "\\u001d", "\\x1d", "\\035", "^]", "\t", " ", "", "\xEF\xBF\xBD"};

TEST_CASE("what auditd added behind the byte 0x1D is kept apart") {
  const Read read(
      "uid=0 key=(null)\x1d"
      "ARCH=x86_64 UID=\"root\"");
  CHECK(read.last == "key=(null)");
  CHECK(read.tokens.enriched == "ARCH=x86_64 UID=\"root\"");
  CHECK(read.tokens.regular);
  for (const char* const empty : {"uid=0\x1d", "uid=0#035", "uid=0 msg='a=1'\x1d"}) {
    const Read nothing(empty);
    CHECK(nothing.tokens.enriched.empty());
    CHECK(nothing.last == "uid=0");
    CHECK_FALSE(nothing.tokens.regular);
  }
}

TEST_CASE("a mark that was left without names does not hide those behind another") {
  for (const std::string body : {"uid=0\x1d\x1dUID=\"root\"", "uid=0 msg='a=1'\x1d\x1dUID=\"root\""}) {
    const Read read(body);
    CHECK(read.tokens.enriched == "UID=\"root\"");
    CHECK(read.last == "uid=0");
    CHECK_FALSE(read.tokens.regular);
  }
}

TEST_CASE("a live record has no names behind it, whatever bytes are in it") {
  for (const std::string mark : {"\x1d", "#035", " ", ""}) {
    const Read claim("uid=1000 msg='res=success'" + mark + "UID=\"root\" '", correlate::Source::kLive);
    CHECK(claim.tokens.enriched.empty());
    CHECK(Read("uid=1000" + mark + "UID=\"root\"", correlate::Source::kLive).tokens.enriched.empty());
  }
  CHECK(Read("uid=1000\x1dUID=\"root\"", correlate::Source::kLive).last == "uid=1000\x1dUID=\"root\"");
}

TEST_CASE("the byte may have been lost or escaped on the way") {
  for (const std::string& mark : kLost) {
    INFO("'" << mark << "'");
    for (const std::string key : {"key=\"k\"", "key=(null)", "key=6B016C", "res=1", "nametype=NORMAL", "a1=ffff"}) {
      INFO(key);
      const Read call("arch=c000003e syscall=59 auid=1000 uid=0 " + key + mark +
                      "ARCH=x86_64 SYSCALL=execve AUID=\"jo\" UID=\"root\"");
      CHECK(call.tokens.enriched == "ARCH=x86_64 SYSCALL=execve AUID=\"jo\" UID=\"root\"");
      std::string plain = key;
      std::erase(plain, '"');
      CHECK(call.last == plain);
      CHECK(call.tokens.count == 5);
      CHECK_FALSE(call.tokens.regular);
    }
    const Read claim("pid=5 uid=0 auid=1000 msg='op=login id=1000 res=success'" + mark +
                     "UID=\"root\" AUID=\"jo\" ID=\"jo\"");
    CHECK(claim.tokens.enriched == "UID=\"root\" AUID=\"jo\" ID=\"jo\"");
    CHECK(claim.last_claim == "success");
    CHECK(claim.tokens.count == 3);
    const Read address("saddr=02000050" + mark + "SADDR={ saddr_fam=inet laddr=1.1.1.1 lport=80 }");
    CHECK(address.last == "saddr=02000050");
    CHECK(address.tokens.enriched == "SADDR={ saddr_fam=inet laddr=1.1.1.1 lport=80 }");
  }
}

TEST_CASE("of names that end alike the longest is meant") {
  const Read mac(R"(apparmor="ALLOWED" fsuid=250 ouid=0 target="/x.rlib"FSUID="portage" OUID="root")");
  CHECK(mac.last == "target=/x.rlib");
  CHECK(mac.tokens.enriched == R"(FSUID="portage" OUID="root")");
  CHECK(Read("ouid=0 uid=1 objtype=NORMALOUID=\"root\"").last == "objtype=NORMAL");
  CHECK(Read("old-auid=5 auid=1 uid=1 res=1OLD-AUID=\"x\" AUID=\"jo\"").last == "res=1");
}

TEST_CASE("a tail that a program wrote stays inside its claim") {
  for (const std::string mark : {"\x1d", "#035", "\\u001d", "^]", "\t", " ", ""}) {
    INFO("'" << mark << "'");
    const std::string forged =
        "pid=4 uid=1000 auid=1001 msg='op=login acct=\"bob\" res=success'" + mark + "UID=\"root\" AUID=\"root\"";
    for (const std::string end : {"'", " '", " ID='", " ID=\"'"}) {
      CHECK(Read(forged + end).tokens.enriched.empty());
      CHECK(Read(forged + end + "\n").tokens.enriched.empty());
      // An honest one behind it wins.
      for (const std::string honest : {"\x1d", "#035", " "})
        CHECK(Read(forged + end + honest + "UID=\"jo\" AUID=\"ann\"").tokens.enriched == "UID=\"jo\" AUID=\"ann\"");
      // What was cut is none, and does not let the other in.
      CHECK(Read(forged + end + "\x1dUID=\"jo\" AUID=\"an").tokens.enriched.empty());
    }
  }
}

TEST_CASE("a claim that is never closed has no tail") {
  CHECK(Read("uid=1000 msg='op=x res=1\x1dUID=\"root\"").tokens.enriched.empty());
  CHECK(Read("uid=1000 msg='op=x res=1 UID=\"root\"").tokens.enriched.empty());
  // auditd cuts long lines: the kernel's apostrophe may be gone, and the last one is the program's.
  const std::string filler(8400, 'x');
  CHECK(Read("uid=1 msg='a=" + filler.substr(0, 100) + "'\x1dUID=\"root\"").tokens.enriched == "UID=\"root\"");
  CHECK(Read("uid=1 msg='a=" + filler + " res=success' \x1dUID=\"root\"" + std::string(200, ' '))
            .tokens.enriched.empty());
  CHECK(Read("uid=1 msg='a=" + filler + std::string(100, 'y') + "'\x1dUID=\"root\"").tokens.enriched.empty());
}

TEST_CASE("a user's name may have an apostrophe, the kernel's own may not be in it") {
  const Read read("uid=0 auid=1000 msg='op=x res=1'\x1dUID=\"root\" AUID=\"o'brien\"");
  CHECK(read.tokens.enriched == "UID=\"root\" AUID=\"o'brien\"");
  CHECK(read.last_claim == "1");
  const Read forged("uid=1000 auid=1000 msg='op=x'\x1dUID=\"root\" AUID=\"root'\x1dUID=\"o'brien\" AUID=\"o'brien\"");
  CHECK(forged.tokens.enriched == "UID=\"o'brien\" AUID=\"o'brien\"");
  CHECK(Read("uid=1000 msg='op=x'\x1dUID=\"o'\"x'").tokens.enriched.empty());
}

TEST_CASE("a tail names fields of its record, each as often as it stands there") {
  CHECK(Read("uid=0 msg='a=1' AUID=\"root\"").tokens.enriched.empty());
  CHECK(Read("uid=0 msg='a=1'\x1d"
             "AUID=\"root\"")
            .tokens.enriched.empty());
  CHECK(Read("uid=0 msg='a=1' UID=\"a\" UID=\"b\"").tokens.enriched.empty());
  CHECK(Read("uid=0 msg='uid=1' UID=\"a\" UID=\"b\"").tokens.enriched == "UID=\"a\" UID=\"b\"");
  CHECK(Read("a=1 UID=\"root\"").tokens.enriched.empty());
  CHECK(Read("a=1 UID=\"root\"").last == "UID=root");
  CHECK(Read("uid=0 PID=\"x\"").tokens.enriched.empty());
  CHECK(Read("uid=0 a=UID").tokens.enriched.empty());
  CHECK(Read("UID=\"root\"").tokens.enriched.empty());
  CHECK(Read("uid=0 msg='a=1' UID=\"root\" res=0").tokens.enriched.empty());
}

TEST_CASE("the path of a socket may say anything") {
  const std::string path = "/a }\x1dSADDR={ saddr_fam=inet laddr=9.9.9.9 lport=22 } \x1dUID=\"root\"'";
  const Read read("saddr=01002F61\x1dSADDR={ saddr_fam=local path=" + path + " }");
  CHECK(read.last == "saddr=01002F61");
  CHECK(read.tokens.enriched == "SADDR={ saddr_fam=local path=" + path + " }");
}

TEST_CASE("a line that was torn inside its names keeps those that are whole") {
  const Read read("uid=0 auid=1 key=\"k\"\x1dUID=\"root\" AUID=\"ann");
  CHECK(read.last == "key=k");
  CHECK(read.tokens.enriched == "UID=\"root\" AUID=\"ann");
}

TEST_CASE("long texts take linear time") {
  std::string marks;
  std::string names;
  for (int i = 0; i < 200'000; ++i) {
    marks += "\x1dSADDR={ ";
    names += "UID=";
  }
  CHECK(Read("a=1" + marks).tokens.enriched.empty());
  CHECK(Read("uid=1 " + names).tokens.enriched.empty());
  CHECK(Read("uid=1 a=" + names + "x").tokens.count == 2);
  CHECK(Read("uid=1 msg='" + names + "'" + names).tokens.enriched.empty());
}

}  // namespace
}  // namespace naudit::interpret
