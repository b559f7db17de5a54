// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Whose names `nauditctl convert` tells: the input's own, and this machine's only where that may speak. On every
// machine 0 is root, so a log in which 0 is called otherwise is another machine's.
#include <unistd.h>

#include <algorithm>

#include "tests/ctl/convert/convert_run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using Catch::Contains;
using test::Outcome;
using test::TempDir;

Outcome convert_names(std::string_view names, std::string_view text, std::vector<std::string> arguments) {
  const TempDir directory;
  directory.write("log", std::string(text));
  arguments.insert(arguments.begin(), {"convert", "--names", std::string(names)});
  arguments.push_back(directory.file("log"));
  return test::run(NAUDIT_NAUDITCTL, std::move(arguments));
}

// With the names that another machine has told: chief for user 0, crew for group 0, ann for 77.
const std::string kEnriched =
    "type=SYSCALL msg=audit(1700000000.001:1): arch=c000003e syscall=92 success=yes exit=0 a0=7ffd1 a1=4d a2=0 a3=0 "
    "items=1 ppid=1 pid=2 auid=77 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 "
    "comm=\"chown\" "
    "exe=\"/usr/bin/chown\" key=(null)\x1d"
    "ARCH=x86_64 SYSCALL=chown AUID=\"ann\" UID=\"chief\" GID=\"crew\" EUID=\"chief\" SUID=\"chief\" FSUID=\"chief\" "
    "EGID=\"crew\" SGID=\"crew\" FSGID=\"crew\"\n"
    "type=CWD msg=audit(1700000000.001:1): cwd=\"/srv\"\n"
    "type=PATH msg=audit(1700000000.001:1): item=0 name=\"x\" inode=5 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 "
    "nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0\x1dOUID=\"chief\" OGID=\"crew\"\n"
    "type=PROCTITLE msg=audit(1700000000.001:1): proctitle=\"x\"\n"
    "type=ADD_GROUP msg=audit(1700000001.001:2): pid=9 uid=0 auid=77 ses=1 msg='op=add-group id=77 "
    "exe=\"/usr/sbin/groupadd\" hostname=? addr=? terminal=? res=success'\x1dUID=\"chief\" AUID=\"ann\" ID=\"crew\"\n";

// The same as our own JSON with the names as members only: what a daemon there would have written.
std::string json_of_there() {
  std::string json = convert_names("none", kEnriched, {"--format", "json"}).out;
  for (std::size_t at; (at = json.find(",\"enriched\":\"")) != std::string::npos;) {
    std::size_t end = at + 13;
    while (json[end] != '"') end += json[end] == '\\' ? std::size_t{2} : std::size_t{1};
    json.erase(at, end + 1 - at);
  }
  // That a group is called by its number's name there, too, is only told of an enriched record.
  for (const std::string_view part : {"\"name\":\"crew\",", "\"object.name\","})
    json.erase(json.find(part), part.size());
  return json;
}

TEST_CASE("the names in our own JSON stay, whoever has these numbers here") {
  const std::string json = json_of_there();
  CHECK_THAT(json, !Contains("enriched"));
  CHECK_THAT(json, Contains(R"("auid":77,"auid_name":"ann")") && Contains(R"("ouid":0,"ouid_name":"chief")") &&
                       Contains(R"("ogid":0,"ogid_name":"crew")") && Contains(R"("owner":77,"owner_name":"ann")") &&
                       Contains(R"("gid":77,"gid_name":"crew")") && Contains(R"("id":77,"id_name":"crew")"));
  for (const std::string_view names : {"auto", "local", "none"}) {
    CAPTURE(names);
    CHECK(convert_names(names, json, {"--format", "json"}).out == json);
    CHECK(convert_names(names, json, {"--format", "enriched"}).out == kEnriched);
    const std::string lines = convert_names(names, json, {"--format", "line"}).out;
    CHECK_THAT(lines, Contains("ann (as chief) ") && Contains(" to user ann") && !Contains("root"));
    const std::string mozdef = convert_names(names, json, {"--format", "mozdef"}).out;
    CHECK_THAT(mozdef, Contains(R"("originaluser":"ann")") && Contains(R"("user":"chief")") && !Contains("root"));
    CHECK(convert_names(names, json, {"--format", "raw"}).out ==
          convert_names(names, convert_names(names, json, {"--format", "raw"}).out, {"--format", "raw"}).out);
  }
  const std::string enriched = convert_names("local", json, {"--format", "enriched"}).out;
  CHECK(convert_names("local", enriched, {"--format", "line"}).out ==
        convert_names("local", json, {"--format", "line"}).out);
}

TEST_CASE("names of all kinds are the input's, also where our tables would say otherwise") {
  const std::string json =
      R"({"id":"1700000000.001:1","time":"2023-11-14T22:13:20.001Z","serial":1,"complete":true,"action":"x","kind":"unknown","records":{"syscall":{"arch":"c000003e","arch_name":"x86_64","syscall":4000,"syscall_name":"pour_tea","success":"no","exit":-9999,"exit_name":"ETEAPOT","a0":"1","a0_list":["TEA_HOT","TEA_SWEET"],"a1":"2","a1_text":"two spoons","ppid":1,"pid":2,"auid":77,"auid_name":"ann","uid":0,"uid_name":"chief"}}})"
      "\n";
  const std::string again = convert_names("local", json, {}).out;
  CHECK_THAT(again, Contains(R"("syscall":4000,"syscall_name":"pour_tea","success":"no","exit":-9999,)"
                             R"("exit_name":"ETEAPOT","a0":"1","a0_list":["TEA_HOT","TEA_SWEET"],)"
                             R"("a1":"2","a1_text":"two spoons",)"));
  CHECK_THAT(again, Contains(R"("subject":{"kind":"privileged-acct","auid":77,"auid_name":"ann","uid":0,)"
                             R"("uid_name":"chief",)"));
  CHECK(convert_names("local", again, {}).out == again);
  CHECK_THAT(convert_names("local", json, {"--format", "enriched"}).out,
             Contains("\x1d"
                      "ARCH=x86_64 SYSCALL=pour_tea AUID=\"ann\" UID=\"chief\"\n"));
}

TEST_CASE("a name that one place of an event tells is the number's in all of it") {
  // Only the summary has names.
  const std::string json =
      R"({"id":"1700000000.001:1","time":"2023-11-14T22:13:20.001Z","serial":1,"complete":true,"action":"x","kind":"unknown","subject":{"kind":"privileged-acct","auid":0,"auid_name":"chief","uid":0},"records":{"user_acct":{"pid":9,"uid":0,"auid":0,"ses":1,"claim":{"op":"x","acct":"a","res":"success"}}}})"
      "\n";
  CHECK_THAT(convert_names("local", json, {}).out,
             Contains(R"("user_acct":{"pid":9,"uid":0,"uid_name":"chief","auid":0,"auid_name":"chief",)"));
  // A record whose own names were lost, beside one that has them.
  const std::string log =
      "type=SYSCALL msg=audit(1700000000.001:1): arch=c000003e syscall=2 success=yes exit=3 pid=2 auid=0 uid=0 gid=0\n"
      "type=PATH msg=audit(1700000000.001:1): item=0 name=\"x\" ouid=0 ogid=0\x1dOUID=\"chief\" OGID=\"crew\"\n";
  CHECK_THAT(convert_names("local", log, {}).out,
             Contains(R"("auid":0,"auid_name":"chief","uid":0,"uid_name":"chief","gid":0,"gid_name":"crew"})"));
  // And what it did not know, this machine does not know better.
  const std::string unknown =
      "type=SYSCALL msg=audit(1700000000.001:1): arch=c000003e syscall=2 success=yes exit=3 pid=2 auid=0 uid=0\n"
      "type=PATH msg=audit(1700000000.001:1): item=0 name=\"x\" ouid=0\x1dOUID=\"unknown(0)\"\n";
  CHECK_THAT(convert_names("local", unknown, {}).out, !Contains("root"));
}

TEST_CASE("this machine is asked about its own records only, unless the user says so") {
  char host[256] = {};
  REQUIRE(gethostname(host, sizeof host - 1) == 0);
  const std::string record =
      "type=USER_ACCT msg=audit(1700000000.001:1): pid=9 uid=0 auid=0 ses=1 msg='op=x res=success'\n";
  const std::string named = R"("uid":0,"uid_name":"root")";
  const std::string elsewhere = "node=no-such.example " + record;
  const auto json = [](std::string_view names, const std::string& text, std::vector<std::string> more = {}) {
    return convert_names(names, text, std::move(more)).out;
  };
  CHECK_THAT(json("auto", record), Contains(named));
  CHECK_THAT(json("auto", "node=" + std::string(host) + ' ' + record), Contains(named));
  CHECK_THAT(json("auto", elsewhere), !Contains("root"));
  CHECK_THAT(json("auto", "Nov 14 22:13:20 no-such kernel: " + record), !Contains("root"));
  CHECK_THAT(json("local", elsewhere), Contains(named));
  CHECK_THAT(json("none", record), !Contains("root"));
  // Who says that a log is of another machine.
  CHECK_THAT(json("auto", record, {"--node", "no-such.example"}), !Contains("root"));
  CHECK_THAT(json("auto", record, {"--node", host}), Contains(named));
  // -1 is nobody everywhere.
  CHECK_THAT(
      json("auto", "node=no-such.example type=LOGIN msg=audit(1.000:1): pid=1 uid=0 old-auid=4294967295 auid=0\n"),
      Contains(R"("old-auid":4294967295,"old-auid_name":"unset")") && !Contains("root"));
  // Both machines in one log, one after the other.
  const std::string both = json("auto", record + elsewhere + record);
  CHECK(std::ranges::count(both, '\n') == 3);
  CHECK(both.find("root") != std::string::npos);
  CHECK_THAT(both.substr(both.find('\n'), both.rfind('\n', both.size() - 2) - both.find('\n')), !Contains("root"));
  // What nobody was asked for is not "unknown" there.
  CHECK(json("auto", elsewhere, {"--format", "enriched"}) == elsewhere);
}

TEST_CASE("a user is found by the name that the records tell, whoever has it here") {
  const std::string json = json_of_there();
  for (const std::string& log : {kEnriched, json, "node=no-such.example " + kEnriched}) {
    const auto found = [&log](const std::string& user, std::string_view names = "auto") {
      const Outcome outcome = convert_names(names, log, {"--format", "raw", "--uid", user});
      CHECK(outcome.code == 0);
      // Nothing found, and no such user here either: that may be a slip.
      const bool is_told = outcome.error.find("knows no user '" + user + "'") != std::string::npos;
      CHECK(is_told == (outcome.out.empty() && user != "root"));
      return !outcome.out.empty();
    };
    CHECK(found("ann"));
    CHECK(found("chief"));
    CHECK(found("77"));
    CHECK(found("0"));
    CHECK_FALSE(found("root"));
    CHECK_FALSE(found("root", "local"));
    CHECK_FALSE(found("nobody-there"));
    CHECK_FALSE(found("crew"));  // a group
  }
  const std::string record =
      "type=USER_ACCT msg=audit(1700000000.001:1): pid=9 uid=0 auid=0 ses=1 msg='op=x res=success'\n";
  const std::vector<std::string> root = {"--format", "raw", "--uid", "root"};
  CHECK(convert_names("auto", record, root).out == record);
  CHECK(convert_names("auto", "node=no-such.example " + record, root).out.empty());
  CHECK(convert_names("local", "node=no-such.example " + record, root).out == "node=no-such.example " + record);
  CHECK(convert_names("none", record, root).out.empty());
}

TEST_CASE("a program cannot give a user a name") {
  const std::string log =
      "node=no-such.example type=USER_ACCT msg=audit(1700000000.001:1): pid=9 uid=5 auid=77 ses=1 msg='op=x uid=77 "
      "uid_name=root auid_name=root id=5 id_name=root res=success'\n";
  const std::string json = convert_names("auto", log, {}).out;
  CHECK_THAT(json, !Contains("\"uid_name\"") && !Contains("\"id_name\""));
  CHECK(convert_names("local", json, {"--format", "raw"}).out == log);
  CHECK(convert_names("auto", json, {}).out == json);
  CHECK(convert_names("auto", json, {"--uid", "root"}).out.empty());
}

}  // namespace
}  // namespace naudit::ctl
