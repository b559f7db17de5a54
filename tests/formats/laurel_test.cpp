// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "formats/laurel/options.hpp"
#include "interpret/names/process_names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

std::string stamp(unsigned serial) {
  return "msg=audit(1626611363.720:" + std::to_string(serial) + "): ";
}

std::string record(std::string_view type, std::string_view body, unsigned serial = 1) {
  return "type=" + std::string(type) + ' ' + stamp(serial) + std::string(body) + '\n';
}

struct Call {
  std::string_view number = "59";
  std::string_view pid = "20";
  std::string_view ppid = "10";
  std::string_view exe = "/usr/bin/perl";
  std::string_view success = "yes";
};

std::string call(const Call& one, unsigned serial = 1) {
  return record("SYSCALL",
                "arch=c000003e syscall=" + std::string(one.number) + " success=" + std::string(one.success) +
                    " exit=0 a0=55c0 a1=0 a2=FF a3=8 items=1 ppid=" + std::string(one.ppid) +
                    " pid=" + std::string(one.pid) + " auid=1000 uid=0 gid=77 comm=\"perl\" exe=\"" +
                    std::string(one.exe) + "\" subj==unconfined key=(null)",
                serial);
}

std::string encode(const std::string& records, const LaurelOptions& options = {}) {
  tests::Encoding encoding("laurel", options);
  return encoding(records);
}

// What stands at a place of one event; empty if nothing does.
std::string at(const std::string& line, const char* place) {
  rapidjson::Document json;
  json.Parse(line.data(), line.size());
  INFO(line);
  REQUIRE_FALSE(json.HasParseError());
  const auto* const value = rapidjson::Pointer(place).Get(json);
  if (value == nullptr) return "";
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  value->Accept(writer);
  return text.GetString();
}

std::string path_value(std::string_view field, const char* place) {
  return at(encode(record("PATH", field)), place);
}

TEST_CASE("laurel: an exec is what laurel makes of it") {
  const std::string records =
      "node=web1 " + call({}) + "node=web1 " + record("EXECVE", "argc=3 a0=\"perl\" a1=\"-e\" a2=612062") +
      "node=web1 " + record("CWD", "cwd=\"/root\"") + "node=web1 " +
      record("PATH",
             "item=0 name=\"/usr/bin/perl\" inode=401923 dev=fd:01 mode=0100755 ouid=0 cap_fp=00000000deadbeef "
             "cap_fe=0 cap_frootid=0") +
      "node=web1 " + record("PROCTITLE", "proctitle=7065726C002D6500612062");
  CHECK(
      encode(records) ==
      R"({"ID":"1626611363.720:1","NODE":"web1","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,)"
      R"("items":1,"ppid":10,"pid":20,"auid":1000,"uid":0,"gid":77,"comm":"perl","exe":"/usr/bin/perl",)"
      R"("subj":"=unconfined","key":null,"ARGV":["0x55c0","0x0","0xff","0x8"],"PID":{"EVENT_ID":"1626611363.720:1"}},)"
      R"("EXECVE":{"argc":3,"ARGV":["perl","-e","a b"]},"CWD":{"cwd":"/root"},)"
      R"("PATH":[{"item":0,"name":"/usr/bin/perl","inode":401923,"dev":"fd:01","mode":"0o100755","ouid":0,)"
      R"("cap_fp":"0xdeadbeef","cap_fe":0,"cap_frootid":"0"}],"PROCTITLE":{"ARGV":["perl","-e","a b"]}})"
      "\n");
}

TEST_CASE("laurel: a text of laurel's is percent-encoded where it has to be") {
  CHECK(path_value("name=610A25", "/PATH/0/name") == R"("a%0a%25")");
  CHECK(path_value("name=2B7F00", "/PATH/0/name") == R"("%2b%7f%00")");
  CHECK(path_value("name=C3A4FF", "/PATH/0/name") == "\"ä%ff\"");
  CHECK(path_value("name=EDA080C080", "/PATH/0/name") == R"("%ed%a0%80%c0%80")");
  CHECK(path_value("name=225C", "/PATH/0/name") == R"("\"\\")");
  // Invisible, so JSON escapes it; the value is the character.
  CHECK(encode(record("PATH", "name=61E280AE62")).find(R"("a\u202eb")") != std::string::npos);
  CHECK(encode(record("PATH", "name=61F3A081A262")).find(R"("a\udb40\udc62b")") != std::string::npos);
  CHECK(path_value("name=F48FB880", "/PATH/0/name") == "\"\xF4\x8F\xB8\x80\"");
}

TEST_CASE("laurel: a field has the type that laurel gives it") {
  CHECK(path_value("inode=7", "/PATH/0/inode") == "7");
  CHECK(path_value("ouid=007", "/PATH/0/ouid") == "7");
  CHECK(path_value("ouid=-1", "/PATH/0/ouid") == "-1");
  CHECK(path_value("inode=18446744073709551615", "/PATH/0/inode") == R"("18446744073709551615")");
  CHECK(path_value("inode=\"7\"", "/PATH/0/inode") == R"("7")");
  CHECK(path_value("strange_uid=7", "/PATH/0/strange_uid") == "7");
  CHECK(path_value("mode=0100644", "/PATH/0/mode") == R"("0o100644")");
  CHECK(path_value("code=0x7ffc", "/PATH/0/code") == R"("0x7ffc")");
  CHECK(path_value("name=(null)", "/PATH/0/name") == "null");
  CHECK(path_value("name=\"(null)\"", "/PATH/0/name") == "\"(null)\"");
  CHECK(path_value("addr=?", "/PATH/0/addr") == "null");
  CHECK(path_value("inode=(null)", "/PATH/0/inode") == "\"(null)\"");
  CHECK(path_value("op=", "/PATH/0/op") == "null");
}

TEST_CASE("laurel: digits that are no text stay what they are, where laurel decodes them") {
  CHECK(at(encode(record("BPF", "prog-id=75 op=LOAD")), "/BPF/0/prog-id") == R"("75")");
  CHECK(at(encode(record("CONFIG_CHANGE", "audit_backlog_limit=8192 old=64")), "/CONFIG_CHANGE/0/old") == R"("64")");
}

TEST_CASE("laurel: a key stands once in an object") {
  const std::string line = encode(record("PATH", "item=0 item=1 x=1 x=2 x_2=3 x=4"));
  CHECK(line == R"({"ID":"1626611363.720:1","PATH":[{"item":0,"item_2":1,"x":"1","x_2":"2","x_2_2":"3","x_3":"4"}]})"
                "\n");
}

TEST_CASE("laurel: words that belong to no field, labels with a mode, permissions, claims") {
  CHECK(at(encode(record("TTY", "tty pid=1 data=6C730D")), "/TTY/0/text") == R"("tty")");
  CHECK(at(encode(record("MAC_POLICY_LOAD", "policy loaded auid=1 ses=2")), "/MAC_POLICY_LOAD/0/text").empty());
  CHECK(at(encode(record("MAC_IPSEC_EVENT", "netlabel: auid=1")), "/MAC_IPSEC_EVENT/netlabel") == "null");
  const std::string mode =
      encode(record("SYSCALL", "arch=c000003e syscall=2 subj=/usr/sbin/cupsd (enforce) key=(null)"));
  CHECK(at(mode, "/SYSCALL/subj") == "\"/usr/sbin/cupsd (enforce)\"");
  CHECK(at(mode, "/SYSCALL/text").empty());
  CHECK(at(encode(record("AVC", "avc:  denied  { read write } for  pid=1 tclass=file")), "/AVC/0") ==
        R"({"pid":1,"tclass":"file","denied":["read","write"]})");
  CHECK(at(encode(record("USER_AUTH", "pid=1 msg='op=x acct=\"it's\" uid=5 res=1'")), "/USER_AUTH") ==
        R"({"pid":1,"msg":"op=x acct=\"it's\" uid=5 res=1"})");
}

TEST_CASE("laurel: names that an auditd appended stand behind the fields") {
  CHECK(at(encode(record("SOCKADDR", "saddr=0200\x1dSADDR={ saddr_fam=local path=/tmp/{9} }")), "/SOCKADDR/0") ==
        R"({"saddr":"%02%00","SADDR":"{saddr_fam=local path=/tmp/{9}}"})");
  CHECK(at(encode(record("OBJ_PID", "opid=1 oauid=1 ouid=2\x1dOAUID=\"jo b\" OUID=6A6F2062")), "/OBJ_PID/0") ==
        R"({"opid":1,"oauid":1,"ouid":2,"OAUID":"jo b","OUID":"jo b"})");
}

TEST_CASE("laurel: arguments that did not come are null in the list") {
  CHECK(at(encode(record("EXECVE", "argc=4 a0=\"x\"") + record("EXECVE", "a2=\"y\"")), "/EXECVE/ARGV") ==
        R"(["x",null,"y",null])");
}

TEST_CASE("laurel: arguments of an exec as a list, a text, and no more bytes than wanted") {
  const std::string exec =
      record("EXECVE",
             "argc=5 a0=\"aaaaaaaaaaaaaaaaaaaa\" a1=\"bbbbbbbbbbbbbbbbbbbb\" a2=\"cccccccccccccccccccc\" "
             "a3=\"dddddddddddddddddddd\" a4=\"eeeeeeeeeeeeeeeeeeee\"");
  const LaurelOptions both{.execve_argv = {LaurelArguments::kArray, LaurelArguments::kString}, .execve_argv_limit = 60};
  const std::string cut = encode(exec, both);
  CHECK(at(cut, "/EXECVE/ARGV") ==
        R"(["aaaaaaaaaaaaaaaaaaaa",{"skipped_args":3,"skipped_bytes":62},"eeeeeeeeeeeeeeeeeeee"])");
  CHECK(at(cut, "/EXECVE/ARGV_STR") ==
        R"("aaaaaaaaaaaaaaaaaaaa <<< Skipped: args=3, bytes=62 >>> eeeeeeeeeeeeeeeeeeee")");
  const std::string text = encode(exec, {.execve_argv = {LaurelArguments::kString}});
  CHECK(at(text, "/EXECVE/ARGV").empty());
  CHECK(at(text, "/EXECVE/ARGV_STR").size() == 106);
}

TEST_CASE("laurel: translations, with and without the numbers") {
  const LaurelOptions names{.universal = true, .user_db = true};
  const std::string line = encode(call({}), names);
  CHECK(line.find(R"x("ARGV":["0x55c0","0x0","0xff","0x8"],"AUID":"jo","UID":"root","GID":"unknown(77)",)x"
                  R"("ARCH":"x86_64","SYSCALL":"execve")") != std::string::npos);
  LaurelOptions only = names;
  only.drop_raw = true;
  const std::string dropped = encode(call({}), only);
  for (const char* const gone : {"/SYSCALL/arch", "/SYSCALL/syscall", "/SYSCALL/auid", "/SYSCALL/gid"})
    CHECK(at(dropped, gone).empty());
  CHECK(at(dropped, "/SYSCALL/GID") == "\"unknown(77)\"");
  CHECK(at(encode(record("SOCKADDR", "saddr=02000050C0A800010000000000000000"), names), "/SOCKADDR/0") ==
        R"({"SADDR":{"saddr_fam":"inet","addr":"192.168.0.1","port":80}})");
  CHECK(at(encode(record("SOCKADDR", "saddr=0A000050123456780000000000000000000000000000000105000000"), names),
           "/SOCKADDR/0/SADDR") == R"({"saddr_fam":"inet6","addr":"::1","port":80,"flowinfo":305419896,"scope_id":5})");
  CHECK(at(encode(record("SOCKADDR", "saddr=01000061"), names), "/SOCKADDR/0/SADDR/path") == R"("%00a")");
  CHECK(at(encode(record("SOCKADDR", "saddr=0200"), names), "/SOCKADDR/0/saddr") == R"("%02%00")");
  // What the record's own machine said goes before what this one knows.
  const std::string told = encode(record("PATH", "ouid=0 ogid=0\x1dOUID=\"toor\" OGID=\"unknown(0)\""), names);
  CHECK(at(told, "/PATH/0") == R"x({"ouid":0,"ogid":0,"OUID":"toor","OGID":"unknown(0)"})x");
}

TEST_CASE("laurel: what the stream told of a process when it was executed") {
  tests::Encoding encoding("laurel", LaurelOptions{});
  constexpr std::string_view kParent =
      R"({"EVENT_ID":"1626611363.720:1","comm":"perl","exe":"/usr/bin/perl","ppid":10})";
  encoding(call({}, 1));
  CHECK(at(encoding(call({.number = "2"}, 2)), "/SYSCALL/PID") == R"({"EVENT_ID":"1626611363.720:1"})");
  CHECK(at(encoding(call({.number = "2", .pid = "30", .ppid = "20"}, 3)), "/SYSCALL/PPID") == kParent);
  CHECK(at(encoding(record("OBJ_PID", "opid=20 ocomm=\"perl\"", 4)), "/OBJ_PID/0/OPID") ==
        R"({"ID":"1626611363.720:1","exe":"/usr/bin/perl","ppid":10})");
  // Of another machine nothing is known, and an exec that failed tells nothing.
  CHECK(at(encoding("node=web2 " + call({.number = "2"}, 5)), "/SYSCALL/PID").empty());
  encoding(call({.exe = "/bin/sh", .success = "no"}, 6));
  CHECK(at(encoding(call({.number = "2", .pid = "30", .ppid = "20"}, 7)), "/SYSCALL/PPID").empty());
  // Another program under its number, or its end.
  encoding(call({}, 1));
  CHECK(at(encoding(call({.number = "2", .exe = "/bin/sh"}, 8)), "/SYSCALL/PID").empty());
  encoding(call({}, 1));
  CHECK_FALSE(at(encoding(call({.number = "231"}, 9)), "/SYSCALL/PID").empty());
  CHECK(at(encoding(call({.number = "2"}, 10)), "/SYSCALL/PID").empty());
  CHECK(encode(call({}) + call({.number = "2"}, 2), {.pid = false}).find("EVENT_ID") == std::string::npos);
}

TEST_CASE("laurel: the script that an exec ran") {
  const auto script = [](std::string_view file) {
    return encode(
        call({.exe = "/usr/bin/dash"}) + record("EXECVE", "argc=2 a0=\"/bin/sh\" a1=\"" + std::string(file) + '"') +
        record("CWD", "cwd=\"/home/jo\"") + record("PATH", "item=0 name=\"" + std::string(file) + "\" inode=1") +
        record("PATH", "item=1 name=\"/bin/sh\" inode=2"));
  };
  CHECK(at(script("./bin/x.sh"), "/SYSCALL/SCRIPT") == R"("/home/jo/bin/x.sh")");
  CHECK(at(script("/opt/x"), "/SYSCALL/SCRIPT") == R"("/opt/x")");
  CHECK(at(encode(call({.exe = "/usr/bin/dash"}) + record("EXECVE", "argc=1 a0=\"sh\"") +
                  record("PATH", "item=0 name=\"/bin/sh\" inode=1")),
           "/SYSCALL/SCRIPT")
            .empty());
}

TEST_CASE("laurel: the container of a process that runs") {
  tests::Encoding encoding("laurel", LaurelOptions{});
  encoding.set_live();
  const auto own = static_cast<std::uint32_t>(getpid());
  const std::string here = interpret::process_container(own);
  REQUIRE_FALSE(here.empty());
  const std::string told = here == interpret::kNoContainer ? "" : '"' + here + '"';
  const std::string pid = std::to_string(own);
  const std::string event = call({.number = "2", .pid = pid});
  CHECK(at(encoding(event), "/CONTAINER_INFO/ID") == told);
  CHECK(at(encoding(call({.number = "2", .pid = "4194305"})), "/CONTAINER_INFO").empty());
  CHECK(at(encoding("node=web1 " + event), "/CONTAINER_INFO").empty());
  CHECK(at(encode(event), "/CONTAINER_INFO").empty());
}

TEST_CASE("laurel: types that nobody knows, and many records of many types") {
  CHECK(encode("type=SOMETHING_NEW " + stamp(1) + "a=1\n") == R"({"ID":"1626611363.720:1","SOMETHING_NEW":[{"a":"1"}]})"
                                                              "\n");
  std::string records = call({.number = "2"});
  for (int i = 0; i < 300; ++i)
    records += record("UNKNOWN[" + std::to_string(60000 + i % 100) + "]", "a=" + std::to_string(i));
  rapidjson::Document json;
  const std::string line = encode(records);
  json.Parse(line.data(), line.size());
  REQUIRE_FALSE(json.HasParseError());
  CHECK(json.MemberCount() == 102);
}

}  // namespace
}  // namespace naudit::formats
