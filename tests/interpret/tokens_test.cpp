// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/tokens.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

// The fields as "name=value", with the value's spelling as "…" or {…}; those of a claim behind a bar.
struct Read {
  explicit Read(std::string_view body, correlate::Source source = correlate::Source::kStored) {
    tokenise(body, source, fields, tokens);
    text = write(tokens.first, tokens.count);
    if (tokens.has_claim) text += " | " + write(tokens.claim_first, tokens.claim_count);
  }
  std::string write(std::uint32_t first, std::uint32_t count) const {
    std::string out;
    for (std::uint32_t i = first; i < first + count; ++i) {
      const Field& field = fields[i];
      if (!out.empty()) out += ' ';
      out += std::string(field.name) + '=';
      if (field.spelling == Spelling::kQuoted) out += '"' + std::string(field.value) + '"';
      if (field.spelling == Spelling::kBraces) out += '{' + std::string(field.value) + '}';
      if (field.spelling == Spelling::kBare) out += field.value;
    }
    return out;
  }

  std::vector<Field> fields;
  Tokens tokens;
  std::string text;
};

TEST_CASE("words, quoted strings, hexadecimal digits and (null) are values as they stand") {
  const Read read(R"(pid=12 comm="cat" exe=2F62 key=(null) tty=? exit=-13)");
  CHECK(read.text == R"(pid=12 comm="cat" exe=2F62 key=(null) tty=? exit=-13)");
  CHECK(read.tokens.regular);
  CHECK(read.fields[0].id == tables::field::kPid);
  CHECK(read.fields[1].id == tables::field::kComm);
}

TEST_CASE("a quoted string may hold spaces, equal signs, apostrophes and braces") {
  const Read read(R"(name="a b=c {d}" cwd="it's")");
  CHECK(read.text == R"(name="a b=c {d}" cwd="it's")");
  CHECK(read.tokens.regular);
}

TEST_CASE("a backslash at a value's end escapes nothing") {
  const Read read(R"(name="C:\" item=1 path=x\ mode=1)");
  CHECK(read.text == R"(name="C:\" item=1 path=x\ mode=1)");
  CHECK(read.tokens.regular);
}

TEST_CASE("what a program says stands apart, to the last apostrophe") {
  const Read read(R"(pid=1 uid=1000 msg='op=x acct="it's" msg='y' res=failed')");
  CHECK(read.text == R"(pid=1 uid=1000 | op=x acct="it's" msg='y' res=failed)");
  CHECK(read.tokens.claim_at == 2);
  CHECK(read.tokens.regular);
}

TEST_CASE("nothing inside msg='…' is a field of the kernel") {
  const Read read("pid=1 uid=1000 auid=1000 msg='uid=0 auid=0 pid=7 res=success'");
  CHECK(read.tokens.count == 3);
  CHECK(read.fields[1].value == "1000");
  CHECK(read.fields[2].value == "1000");
  CHECK(read.tokens.claim_count == 4);
}

TEST_CASE("an apostrophe in a program's text does not open the kernel's part again") {
  const Read read("uid=1000 msg='op=x' uid=0 y='res=success'");
  CHECK(read.text == "uid=1000 | op=x' uid=0 y='res=success");
}

TEST_CASE("a claim that is never closed goes to the end") {
  const Read read("uid=1 msg='op=x res=1");
  CHECK(read.text == "uid=1 | op=x res=1");
  CHECK_FALSE(read.tokens.regular);
}

TEST_CASE("a claim may be empty, and fields may stand behind it") {
  CHECK(Read("uid=1 msg=''").tokens.regular);
  CHECK(Read("uid=1 msg='").tokens.has_claim);
  const Read read("uid=1 msg='op=x' res=1");
  CHECK(read.text == "uid=1 res=1 | op=x");
  CHECK(read.tokens.claim_at == 1);
  CHECK_FALSE(read.tokens.regular);
}

TEST_CASE("old PAM messages lose their brackets and commas") {
  const Read read(
      R"(pid=1 msg='PAM: session open acct="jo" : exe="/bin/su" (hostname=h, addr=::1, terminal=t res=success)')");
  CHECK(read.write(read.tokens.claim_first, read.tokens.claim_count) ==
        R"(acct="jo" exe="/bin/su" hostname=h addr=::1 terminal=t res=success)");
  CHECK(read.tokens.claim_words == R"(PAM: session open acct="jo" :)");
  CHECK_FALSE(read.tokens.regular);
}

TEST_CASE("LOGIN records of old kernels give the names of today") {
  const Read read("login pid=1 uid=0 old auid=4294967295 new auid=1000 old ses=4 new ses=5");
  CHECK(read.text == "pid=1 uid=0 old-auid=4294967295 auid=1000 old-ses=4 ses=5");
  CHECK(read.fields[2].id == tables::field::kOldAuid);
  CHECK(read.tokens.words == "login");
  CHECK_FALSE(read.tokens.regular);
}

TEST_CASE("an SELinux record gives its result and its permissions") {
  const Read read(R"(avc:  denied  { read write } for  pid=1 comm="x" tclass=file permissive=0)");
  CHECK(read.tokens.avc_result == "denied");
  CHECK(read.tokens.avc_permissions == "read write");
  CHECK(read.text == R"(pid=1 comm="x" tclass=file permissive=0)");
  CHECK(read.tokens.regular);
  CHECK_FALSE(read.tokens.avc_in_claim);
}

TEST_CASE("an SELinux record that is spaced in another way is read all the same") {
  for (const char* const body : {"avc: denied { read } for pid=1", "avc:  denied   {read } for  pid=1",
                                 "avc:  denied { read }   for  pid=1", "avc:  denied  { read } for pid=1"}) {
    INFO(body);
    const Read read(body);
    CHECK(read.tokens.avc_result == "denied");
    CHECK(read.tokens.avc_permissions == "read");
    CHECK(read.text == "pid=1");
    CHECK_FALSE(read.tokens.regular);
  }
}

TEST_CASE("avc: without permissions is words") {
  for (const char* const body : {"avc:  received policyload notice (seqno=2)", "avc:  {  } for  pid=1", "avc: {"}) {
    INFO(body);
    const Read read(body);
    CHECK(read.tokens.avc_result.empty());
    CHECK_FALSE(read.tokens.words.empty());
    CHECK_FALSE(read.tokens.regular);
  }
}

TEST_CASE("a user-space object manager's denial is part of its claim") {
  const Read read("pid=1 msg='avc:  denied  { send_msg } for  msgtype=call tclass=dbus'");
  CHECK(read.tokens.avc_in_claim);
  CHECK(read.tokens.avc_result == "denied");
  CHECK(read.text == "pid=1 | msgtype=call tclass=dbus");
  CHECK(read.tokens.regular);
  // A program cannot replace what the kernel said before it.
  const Read both("avc:  granted  { read } for  pid=1 msg='avc:  denied  { write } for  pid=2'");
  CHECK_FALSE(both.tokens.avc_in_claim);
  CHECK(both.tokens.avc_result == "granted");
  CHECK_FALSE(both.tokens.regular);
}

TEST_CASE("an AppArmor record is fields like any other") {
  const Read read(R"(apparmor="DENIED" operation="open" profile="/bin/a b" name=2F6120 requested_mask="r" fsuid=0)");
  CHECK(read.tokens.count == 6);
  CHECK(read.tokens.regular);
}

TEST_CASE("a list in braces is one value") {
  const Read read("saddr={ fam=inet laddr=1.1.1.1 } res=1 x={ never");
  CHECK(read.text == "saddr={fam=inet laddr=1.1.1.1} res=1 x={");
  CHECK(read.tokens.words == "never");
  CHECK_FALSE(read.tokens.regular);
}

TEST_CASE("an unclosed quote is a word, and what follows is still read") {
  const Read read("comm=\"abc uid=0");
  CHECK(read.text == "comm=\"abc uid=0");
  CHECK(read.fields[0].spelling == Spelling::kBare);
  CHECK_FALSE(read.tokens.regular);
}

TEST_CASE("a quote that a program put into a quoted value does not end it") {
  const Read read(R"(uid=0 msg='acct="a"b" res=1')");
  CHECK(read.text == R"(uid=0 | acct="a"b" res=1)");
  CHECK_FALSE(read.tokens.regular);
}

TEST_CASE("a string that the kernel quoted ends at its next quote") {
  for (const auto source : {correlate::Source::kStored, correlate::Source::kLive}) {
    const Read read(R"(name="a"b" exe="/x", res=1)", source);
    CHECK(read.text == R"(name="a" exe="/x" res=1)");
    CHECK(read.tokens.words == "b\"");
    CHECK_FALSE(read.tokens.regular);
  }
}

TEST_CASE("claims of old systems put a colon behind a value") {
  const Read sshd(R"(uid=0 msg='acct="root": exe="/usr/sbin/sshd" (hostname=h, addr=::1, terminal=ssh res=failed)')");
  CHECK(sshd.text == R"(uid=0 | acct="root" exe="/usr/sbin/sshd" hostname=h addr=::1 terminal=ssh res=failed)");
  CHECK(Read("uid=0 msg='uid=500: exe=\"/bin/su\"'").text == "uid=0 | uid=500 exe=\"/bin/su\"");
  // An address keeps its colons, and so does what begins with one.
  CHECK(Read("msg='addr=fe80:: terminal=:0 laddr=:: x=: acct=\"a:\"'").text ==
        " | addr=fe80:: terminal=:0 laddr=:: x=: acct=\"a:\"");
}

TEST_CASE("empty values are values, and a sign without a name is a word") {
  const Read read(R"(key= name="" =x op=)");
  CHECK(read.text == R"(key= name="" op=)");
  CHECK(read.tokens.words == "=x");
  CHECK_FALSE(read.tokens.regular);
  CHECK(Read(R"(key= name="")").tokens.regular);
}

TEST_CASE("words of no field are kept from the first to the last") {
  CHECK(Read("policy loaded auid=1 ses=2").tokens.words == "policy loaded");
  CHECK(Read("auid=1 done").tokens.words == "done");
  CHECK(Read("auid=1 done ").tokens.words == "done");
  CHECK(Read("a b c").tokens.words == "a b c");
  CHECK(Read("a x=1 b").tokens.words == "a x=1 b");
}

TEST_CASE("spaces that the fields do not tell make a body irregular") {
  for (const char* const body : {" a=1", "a=1  b=2", "a=1 ", "", " "}) {
    INFO("'" << body << "'");
    CHECK(Read(body).tokens.regular == std::string_view(body).empty());
  }
}

TEST_CASE("a value is decoded by how it stands") {
  std::string scratch;
  CHECK(decoded({.name = "exe", .value = "2F6120", .id = 0, .spelling = Spelling::kBare}, scratch) == "/a ");
  CHECK(decoded({.name = "exe", .value = "2F6120", .id = 0, .spelling = Spelling::kQuoted}, scratch) == "2F6120");
  CHECK(decoded({.name = "exe", .value = "2F612", .id = 0, .spelling = Spelling::kBare}, scratch) == "2F612");
  CHECK(decoded({.name = "exe", .value = "(null)", .id = 0, .spelling = Spelling::kBare}, scratch) == "(null)");
  CHECK(decoded({.name = "exe", .value = "", .id = 0, .spelling = Spelling::kBare}, scratch).empty());
}

TEST_CASE("records of one event share one list of fields") {
  std::vector<Field> fields;
  Tokens one;
  Tokens two;
  tokenise("a=1 msg='b=2 c=3'", correlate::Source::kStored, fields, one);
  tokenise("d=4", correlate::Source::kStored, fields, two);
  CHECK(one.first == 0);
  CHECK(one.claim_first == 1);
  CHECK(one.claim_count == 2);
  CHECK(two.first == 3);
  CHECK(fields[two.first].name == "d");
}

}  // namespace
}  // namespace naudit::interpret
