// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/meaning.hpp"

#include <chrono>
#include <optional>
#include <string>

#include "interpret/record/field_class.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

std::optional<std::string> fixed_name(NameId id) {
  if (id.number == 0) return "root";
  if (id.number == 1000) return "jo";
  return std::nullopt;
}

// What the field of this name means in the last record: "yes (name)"; "" if nothing. A program's field: "msg.uid".
std::string meaning(const EventOf& of, std::string_view name) {
  Names names({.wait = std::chrono::seconds(30), .wait_percent = 100}, fixed_name);
  Meaning meaning(names);
  const DecodedRecord& record = of.decoded.records().back();
  meaning.begin(of.decoded, record);
  const bool is_claim = name.starts_with("msg.");
  if (is_claim) name.remove_prefix(4);
  for (const Field& field : is_claim ? of.decoded.claim(record) : of.decoded.fields(record)) {
    if (field.name != name) continue;
    std::string text;
    switch (meaning.append(field, text)) {
      case Form::kNone:
        CHECK(text.empty());
        return "";
      case Form::kName:
        return text + " (name)";
      case Form::kText:
        return text + " (text)";
      case Form::kList:
        return text + " (list)";
    }
  }
  FAIL("no field " << name);
  return {};
}

std::string meaning(std::uint16_t record_type, const std::string& body, std::string_view name) {
  return meaning(EventOf{{record_type, body}}, name);
}

TEST_CASE("a PATH record of old kernels tells how its path was looked up") {
  const auto flags = [](const std::string& value) { return meaning(1302, "name=\"x\" flags=" + value, "flags"); };
  CHECK(flags("1") == "follow (list)");
  CHECK(flags("10") == "parent (list)");
  CHECK(flags("101") == "follow|open (list)");
  CHECK(flags("310") == "parent|open|create (list)");
  CHECK(flags("40") == "reval (list)");
  CHECK(flags("0").empty());
}

TEST_CASE("numbers that stand for one thing have its name") {
  CHECK(meaning(1701, "sig=11 res=1", "sig") == "SIGSEGV (name)");
  CHECK(meaning(1701, "sig=11 res=1", "res") == "yes (name)");
  CHECK(meaning(1305, "list=4 res=0", "list") == "exit (name)");
  CHECK(meaning(1305, "list=4 res=0", "res") == "no (name)");
  CHECK(meaning(1305, "audit_enabled=2", "audit_enabled") == "immutable (name)");
  CHECK(meaning(1305, "audit_failure=1", "audit_failure") == "printk (name)");
  CHECK(meaning(1700, "prom=256 old_prom=0", "prom") == "yes (name)");
  CHECK(meaning(1700, "prom=256 old_prom=0", "old_prom") == "no (name)");
  CHECK(meaning(1400, "capability=12", "capability") == "net_admin (name)");
  CHECK(meaning(1400, "ioctlcmd=0x5401", "ioctlcmd") == "TCGETS (name)");
  CHECK(meaning(1325, "family=10", "family") == "ipv6 (name)");
  CHECK(meaning(1324, "hook=3 action=1 proto=17 icmptype=8 macproto=0x0806", "hook") == "OUTPUT (name)");
  CHECK(meaning(1324, "hook=3 action=1 proto=17 icmptype=8 macproto=0x0806", "action") == "DROP (name)");
  CHECK(meaning(1324, "hook=3 action=1 proto=17 icmptype=8 macproto=0x0806", "proto") == "udp (name)");
  CHECK(meaning(1324, "hook=3 action=1 proto=17 icmptype=8 macproto=0x0806", "icmptype") == "echo (name)");
  CHECK(meaning(1324, "hook=3 action=1 proto=17 icmptype=8 macproto=0x0806", "macproto") == "ARP (name)");
  CHECK(meaning(1331, "resp=2 fan_type=1 subj_trust=0", "resp") == "deny (name)");
  CHECK(meaning(1331, "resp=2 fan_type=1 subj_trust=0", "fan_type") == "rule_info (name)");
  CHECK(meaning(1331, "resp=2 fan_type=1 subj_trust=0", "subj_trust") == "no (name)");
  CHECK(meaning(1335, "nl-mcgrp=1", "nl-mcgrp") == "audit-netlink-multicast (name)");
  CHECK(meaning(1336, "uring_op=18", "uring_op") == "openat (name)");
  CHECK(meaning(1801, "errno=-13", "errno") == "EACCES (name)");
  CHECK(meaning(1801, "errno=13", "errno") == "EACCES (name)");
  CHECK(meaning(1300, "exit=-2", "exit") == "ENOENT (name)");
  CHECK(meaning(1300, "exit=2", "exit").empty());
  CHECK(meaning(1006, "ses=4294967295", "ses") == "unset (name)");
  CHECK(meaning(1006, "ses=3", "ses").empty());
}

TEST_CASE("words of bits are lists") {
  CHECK(meaning(1323, "fd=3 flags=0x22", "flags") == "MAP_PRIVATE|MAP_ANONYMOUS (list)");
  CHECK(meaning(1322, "cap_pi=0 cap_pp=21", "cap_pi") == "none (list)");
  CHECK(meaning(1322, "cap_pi=0 cap_pp=21", "cap_pp") == "chown,kill (list)");
  CHECK(meaning(1305, "perm=6", "perm") == "read,write (list)");
  CHECK(meaning(1300, "per=440008", "per") == "PER_LINUX32|ADDR_NO_RANDOMIZE|READ_IMPLIES_EXEC (list)");
  CHECK(meaning(1337, "resolve=0x18", "resolve") == "RESOLVE_BENEATH|RESOLVE_IN_ROOT (list)");
  CHECK(meaning(1337, "resolve=0x0", "resolve").empty());
}

TEST_CASE("the same name means another thing in another record") {
  // mq_open writes hexadecimal digits, openat2 octal ones.
  CHECK(meaning(1312, "oflag=0x42 mode=0600", "oflag") == "O_RDWR|O_CREAT (list)");
  CHECK(meaning(1337, "oflag=0102 mode=0600", "oflag") == "O_RDWR|O_CREAT (list)");
  // A queue's mode has no file type.
  CHECK(meaning(1312, "oflag=0x42 mode=0600", "mode").empty());
  CHECK(meaning(1312, "oflag=0x42 mode=01600", "mode") == "sticky,0600 (text)");
  CHECK(meaning(1302, "mode=0104755", "mode") == "file,suid,755 (text)");
  CHECK(meaning(1424, "mode=enforcing", "mode").empty());
  // ids of groups, fingerprints of keys, addresses as text
  CHECK(field_class(1114, tables::field::kId) == tables::FieldClass::kUid);
  for (const int group : {1116, 1117, 1132, 1133})
    CHECK(field_class(static_cast<std::uint16_t>(group), tables::field::kId) == tables::FieldClass::kGid);
  CHECK(meaning(1100, "pid=1 msg='fp=21'", "msg.fp").empty());
  CHECK(meaning(1321, "fp=21", "fp") == "chown,kill (list)");
  CHECK(meaning(1324, "saddr=10.0.0.1", "saddr").empty());
  CHECK(meaning(1400, "saddr=02000050", "saddr").empty());
  CHECK(meaning(1333, "op=status old=64 new=8193", "old") == "STA_UNSYNC (list)");
  CHECK(meaning(1333, "op=status old=64 new=8193", "new") == "STA_PLL|STA_NANO (list)");
  CHECK(meaning(1333, "op=freq old=64 new=8193", "old").empty());
  CHECK(meaning(1305, "op=set audit_pid=1 old=64", "old").empty());
}

TEST_CASE("seccomp tells the system call of its own arch") {
  CHECK(meaning(1326, "sig=31 arch=40000003 syscall=5 code=0x80000000", "syscall") == "open (name)");
  CHECK(meaning(1326, "sig=31 arch=c00000b7 syscall=56 code=0x50001", "syscall") == "openat (name)");
  CHECK(meaning(1326, "sig=31 arch=c00000b7 syscall=56 code=0x50001", "code") == "errno (name)");
  CHECK(meaning(1326, "sig=0 arch=40000003 syscall=5 code=0x0", "sig") == "SIG0 (name)");
}

TEST_CASE("what arguments mean depends on the system call") {
  const std::string tail = " success=yes exit=3 a0=ffffff9c a1=7ffd a2=80241 a3=1b6 items=1";
  CHECK(meaning(1300, "arch=c000003e syscall=257" + tail, "a0") == "AT_FDCWD (name)");
  CHECK(meaning(1300, "arch=c000003e syscall=257" + tail, "a2") == "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC (list)");
  CHECK(meaning(1300, "arch=c000003e syscall=0" + tail, "a0").empty());
  CHECK(meaning(1300, "arch=c000003e syscall=105 a0=3e8 a1=0 a2=0 a3=0", "a0") == "jo (name)");
  CHECK(meaning(1300, "arch=40000003 syscall=102 a0=2 a1=0 a2=0 a3=0", "syscall") == "socketcall(bind) (name)");
  CHECK(meaning(1300, "arch=40000003 syscall=102 a0=63 a1=0 a2=0 a3=0", "syscall") == "socketcall (name)");
  CHECK(meaning(1309, "argc=1 a0=6162", "a0").empty());
}

TEST_CASE("addresses are told as ausearch tells them") {
  CHECK(meaning(1306, "saddr=020001BB0A0000010000000000000000", "saddr") ==
        "{ saddr_fam=inet laddr=10.0.0.1 lport=443 } (text)");
  // The byte order is that of the machine that wrote it.
  CHECK(meaning(EventOf{{1300, "arch=80000016 syscall=5"}, {1306, "saddr=000201BB0A0000010000000000000000"}},
                "saddr") == "{ saddr_fam=inet laddr=10.0.0.1 lport=443 } (text)");
  // An abstract name has its leading NUL left out.
  CHECK(meaning(1306, "saddr=0100002F746D702F78", "saddr") == "{ saddr_fam=local path=/tmp/x } (text)");
  CHECK(meaning(1306, "saddr=zz", "saddr").empty());
}

TEST_CASE("keystrokes have a meaning where keys are among them") {
  CHECK(meaning(1319, "tty pid=1 data=6C730D", "data") == "\"ls\",<ret> (text)");
  CHECK(meaning(1319, "tty pid=1 data=6C73", "data").empty());
  CHECK(meaning(1124, "pid=1 data=03", "data") == "<^C> (text)");
}

TEST_CASE("users and groups have their names, -1 is unset") {
  CHECK(meaning(1300, "auid=1000 uid=0", "auid") == "jo (name)");
  CHECK(meaning(1300, "auid=4294967295 uid=-1", "auid") == "unset (name)");
  CHECK(meaning(1300, "auid=4294967295 uid=-1", "uid") == "unset (name)");
  CHECK(meaning(1300, "auid=77 uid=x", "auid").empty());
  CHECK(meaning(1300, "auid=77 uid=x", "uid").empty());
}

TEST_CASE("the names of the machine that wrote the record go before ours") {
  const std::string body = "pid=1 uid=0 auid=1000 ses=1";
  CHECK(meaning(1300, body + "\x1dUID=\"admin\" AUID=\"ann\"", "uid") == "admin (name)");
  CHECK(meaning(1300, body + "\x1dUID=\"admin\" AUID=\"ann\"", "auid") == "ann (name)");
  CHECK(meaning(1300, body + "\x1dUID=\"admin\" AUID=6A6F20736D697468", "auid") == "jo smith (name)");
  // What it did not know, ours may not guess; what it could not look up, ours does.
  CHECK(meaning(1300, body + "\x1dUID=\"unknown(0)\" AUID=\"unknown-1000\"", "uid").empty());
  CHECK(meaning(1300, body + "\x1dUID=\"unknown(0)\" AUID=\"unknown-1000\"", "auid") == "jo (name)");
  CHECK(meaning(1300,
                "arch=c000003e syscall=4000\x1d"
                "ARCH=x86_64 SYSCALL=newer",
                "syscall") == "newer (name)");
}

TEST_CASE("a program's uid is its own") {
  const std::string body = "pid=1 uid=1000 auid=1000 msg='op=x uid=0 res=success'";
  CHECK(meaning(1101, body, "uid") == "jo (name)");
  CHECK(meaning(1101, body, "msg.uid") == "root (name)");
  CHECK(meaning(1101, body + "\x1dUID=\"ann\" AUID=\"ann\" UID=\"admin\"", "uid") == "ann (name)");
  CHECK(meaning(1101, body + "\x1dUID=\"ann\" AUID=\"ann\" UID=\"admin\"", "msg.uid") == "admin (name)");
  CHECK(meaning(1101, body + "\x1dUID=\"ann\" AUID=\"ann\"", "msg.uid") == "root (name)");
  CHECK(meaning(1112, "pid=1 uid=0 msg='op=login id=1000'\x1dUID=\"root\" ID=\"ann\"", "msg.id") == "ann (name)");
}

TEST_CASE("words, strings and numbers without a name mean what they say") {
  CHECK(meaning(1701, "sig=99", "sig").empty());
  CHECK(meaning(1701, "sig=SIGSEGV", "sig").empty());
  CHECK(meaning(1701, "sig=", "sig").empty());
  CHECK(meaning(1701, "sig=-1", "sig").empty());
  CHECK(meaning(1400, "family=\"inet\"", "family").empty());
  CHECK(meaning(1702, "op=linkat action=denied", "action").empty());
  CHECK(meaning(1100, "pid=1 msg='res=success'", "msg.res").empty());
  CHECK(meaning(1302, "name=(null) mode=(null) cap_fp=(null)", "mode").empty());
  CHECK(meaning(1302, "name=(null) mode=(null) cap_fp=(null)", "cap_fp").empty());
  CHECK(meaning(1302, "name=(null) mode=(null) cap_fp=(null)", "name").empty());
}

}  // namespace
}  // namespace naudit::interpret
