// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include "formats/auditrd/encoder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

using Catch::Contains;

std::string line(std::string_view type, std::string_view body) {
  return "type=" + std::string(type) + " msg=audit(1470138233.093:7629): " + std::string(body) + '\n';
}

std::string call(std::string_view number, std::string_view arguments = "a0=0 a1=0 a2=0 a3=0",
                 std::string_view arch = "c000003e") {
  return line("SYSCALL",
              "arch=" + std::string(arch) + " syscall=" + std::string(number) + " success=yes exit=0 " +
                  std::string(arguments) +
                  " items=4 ppid=10 pid=11 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 "
                  "egid=1000 sgid=1000 fsgid=1000 tty=pts1 ses=3 comm=\"mv\" exe=\"/usr/bin/mv\" key=\"fim\"");
}

std::string path(int item, std::string_view name, std::string_view nametype) {
  return line("PATH", "item=" + std::to_string(item) + " name=" + std::string(name) +
                          " inode=1 mode=0100644 nametype=" + std::string(nametype));
}

const std::string kCwd = line("CWD", "cwd=\"/home/jo\"");

std::string auditrd(const std::string& records, const AuditrdOptions& options = {}) {
  tests::Encoding encoding("auditrd", options);
  const std::string text = encoding(records);
  if (text.empty()) return "none";
  INFO(text);
  REQUIRE(text.find('\n') == text.size() - 1);
  rapidjson::Document json;
  json.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  REQUIRE_FALSE(json.HasParseError());
  return text.substr(0, text.size() - 1);
}

std::string member(const std::string& text, const char* key) {
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  if (!json.IsObject()) return "(none)";
  const auto at = json.FindMember(key);
  return at == json.MemberEnd() ? "(none)" : at->value.IsString() ? at->value.GetString() : "a number";
}

TEST_CASE("a rename is auditrd's fim_event, key by key") {
  const std::string records = call("82") + kCwd + path(0, "\"sub/\"", "PARENT") + path(1, "\"/tmp/\"", "PARENT") +
                              path(2, "\"sub/a\"", "DELETE") + path(3, "\"/tmp/b\"", "CREATE") +
                              line("PROCTITLE", "proctitle=6D76007375622F61002F746D702F62");
  CHECK(auditrd(records) ==
        R"({"name":"fim_event","arch":"c000003e","success":"yes","syscall":"rename","exit":0,"ppid":10,"pid":11,)"
        R"("auid":1000,"uid":1000,"gid":1000,"euid":1000,"egid":1000,"fsuid":1000,"fsgid":1000,"suid":1000,)"
        R"("sgid":1000,"session":3,"tty":"pts1","comm":"mv","key":"fim","cwd":"/home/jo","exectuable":"/usr/bin/mv",)"
        R"("commandline":"mv sub/a /tmp/b","path":"/home/jo/sub/a","dest_path":"/tmp/b"})");
}

TEST_CASE("an exec is a process_event, with its arguments") {
  const std::string exec = line("EXECVE", "argc=3 a0=\"sh\" a1=\"-c\" a2=6563686F206869");
  const std::string title = line("PROCTITLE", "proctitle=\"bash\"");
  const std::string records = call("59") + exec + kCwd + path(0, "\"/bin/sh\"", "NORMAL") +
                              path(1, "\"/lib64/ld-linux-x86-64.so.2\"", "NORMAL") + title;
  const std::string event = auditrd(records);
  CHECK(member(event, "name") == "process_event");
  CHECK(member(event, "syscall") == "execve");
  CHECK(member(event, "commandline") == "sh -c echo hi");
  CHECK(member(event, "path") == "/bin/sh");
  CHECK(member(event, "dest_path") == "(none)");
  CHECK(member(auditrd(records, {.commandline = AuditrdCommandLine::kProctitle}), "commandline") == "bash");
  CHECK(member(auditrd(call("322") + title), "commandline") == "bash");
  CHECK(auditrd(call("59")) == "none");
  // By the arch's own numbers: 59 is oldolduname on i386.
  CHECK(member(auditrd(call("11", "a0=0", "40000003") + exec), "name") == "process_event");
  CHECK(auditrd(call("59", "a0=0", "40000003") + exec) == "none");
  CHECK_THAT(auditrd(call("59") + line("EXECVE", "argc=3 a0=\"x\" a1_len=9 a1[0]=\"ab\"")), Contains("x ab…"));
}

TEST_CASE("paths are told apart by what the kernel says of them") {
  const auto paths = [](const std::string& text) { return member(text, "path") + ' ' + member(text, "dest_path"); };
  CHECK(paths(auditrd(call("2") + kCwd + path(0, "\"/etc/passwd\"", "NORMAL"))) == "/etc/passwd (none)");
  CHECK(paths(auditrd(call("2") + kCwd + path(0, "\"./x/../a b\"", "NORMAL"))) == "/home/jo/a b (none)");
  CHECK(paths(auditrd(call("85") + kCwd + path(0, "\"/d\"", "PARENT") + path(1, "2F642F6E6577", "CREATE"))) ==
        "/d/new (none)");
  CHECK(paths(auditrd(call("87") + kCwd + path(0, "\"/d\"", "PARENT") + path(1, "\"/d/a\"", "DELETE"))) ==
        "/d/a (none)");
  // The name that is overwritten goes, too.
  CHECK(paths(auditrd(call("82") + kCwd + path(0, "\"/d\"", "PARENT") + path(1, "\"/d\"", "PARENT") +
                      path(2, "\"/d/a\"", "DELETE") + path(3, "\"/d/b\"", "DELETE") + path(4, "\"/d/b\"", "CREATE"))) ==
        "/d/a /d/b");
  CHECK(paths(auditrd(call("88") + kCwd + path(0, "\"/d\"", "PARENT") + path(1, "\"../to\"", "UNKNOWN") +
                      path(2, "\"/d/link\"", "CREATE"))) == "../to /d/link");
  CHECK(paths(auditrd(call("2") + kCwd + path(0, "\"gone\"", "UNKNOWN"))) == "/home/jo/gone (none)");
  CHECK(paths(auditrd(call("1"))) == "(none) (none)");
  CHECK(paths(auditrd(call("2") + kCwd + path(0, "(null)", "NORMAL"))) == "(none) (none)");
  // The directory of descriptor 5 stands in no record.
  CHECK(paths(auditrd(call("257", "a0=5 a1=7f a2=0 a3=0") + kCwd + path(0, "\"x\"", "NORMAL"))) == "x (none)");
  CHECK(paths(auditrd(call("257", "a0=ffffff9c a1=7f a2=0 a3=0") + kCwd + path(0, "\"x\"", "NORMAL"))) ==
        "/home/jo/x (none)");
  CHECK(paths(auditrd(call("264", "a0=ffffff9c a1=7f a2=5 a3=0") + kCwd + path(0, "\"a\"", "DELETE") +
                      path(1, "\"b\"", "CREATE"))) == "/home/jo/a b");
}

TEST_CASE("fim_event has auditrd's own list of calls, or those that change files") {
  const auto name = [](std::string_view number, bool is_extended) {
    return member(auditrd(call(number), {.fim_extended = is_extended}), "name");
  };
  // read, close, dup, fork, mmap, clone and their kin: odd, and as they are.
  for (const char* number : {"0", "3", "32", "33", "292", "57", "58", "56", "17", "19", "295"}) {
    INFO(number);
    CHECK(name(number, false) == "fim_event");
    CHECK(name(number, true) == "(none)");
  }
  for (const char* number : {"1",   "2",   "257", "82",  "264", "316", "87",  "263", "76", "77",  "88",
                             "266", "265", "133", "259", "85",  "303", "304", "18",  "20", "296", "9"}) {
    CHECK(name(number, false) == "fim_event");
    CHECK(name(number, true) == "fim_event");
  }
  for (const char* number : {"86", "437", "83",  "258", "84",  "90",  "91",  "268", "452", "92",
                             "93", "94",  "260", "188", "189", "190", "197", "198", "199", "285"}) {
    CHECK(name(number, false) == "(none)");
    CHECK(name(number, true) == "fim_event");
  }
  for (const char* number : {"42", "62", "101", "9999"}) CHECK(name(number, true) == "(none)");
}

TEST_CASE("a login is a user_event, taken apart") {
  const std::string record = line("USER_ACCT",
                                  "pid=9 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:accounting acct=\"jo\" "
                                  "exe=\"/usr/sbin/sshd\" hostname=10.0.0.9 addr=10.0.0.9 terminal=ssh res=success'");
  CHECK(auditrd(record) ==
        R"({"name":"user_event","success":"success","syscall":"","exit":0,"ppid":0,"pid":9,"auid":4294967295,"uid":0,)"
        R"("gid":0,"euid":0,"egid":0,"fsuid":0,"fsgid":0,"suid":0,"sgid":0,"session":4294967295,)"
        R"("msg":"op=PAM:accounting acct=\"jo\" exe=\"/usr/sbin/sshd\" hostname=10.0.0.9 addr=10.0.0.9 terminal=ssh )"
        R"(res=success","terminal":"ssh","hostname":"10.0.0.9","res":"success","exectuable":"/usr/sbin/sshd"})");
  const std::string login = line("USER_LOGIN", "pid=9 uid=0 auid=0 ses=1 msg='op=login hostname=? res=failed'");
  CHECK(auditrd(login) == "none");
  const std::string told = auditrd(login, {.all_user_events = true});
  CHECK(member(told, "success") == "failed");
  CHECK(member(told, "hostname") == "(none)");
  CHECK(member(auditrd(line("CRYPTO_KEY_USER", "pid=1 msg='op=destroy'"), {.all_user_events = true}), "name") ==
        "user_event");
  CHECK(member(auditrd(line("USER_ACCT", "pid=1 msg='a=1 b='\x1DUID=\"root\"")), "msg") == "a=1 b=");
}

TEST_CASE("events of other kinds give no bytes") {
  CHECK(auditrd(line("CONFIG_CHANGE", "op=set audit_enabled=1 res=1")) == "none");
  CHECK(auditrd(line("LOGIN", "pid=1 uid=0 auid=0 res=1"), {.all_user_events = true}) == "none");
  CHECK(auditrd(kCwd) == "none");
  CHECK(auditrd("no record\n") == "none");
  CHECK(auditrd(line("SYSCALL", "arch=x syscall=y")) == "none");
}

TEST_CASE("numbers are numbers, whatever stands there") {
  const std::string event = auditrd(line("SYSCALL",
                                         "arch=c000003e syscall=2 success=no exit=-13 pid=? auid=-1 uid=root "
                                         "gid=99999999999999999999 ses=007 comm=612262 exe=(null) key=61016200"));
  CHECK_THAT(event,
             Contains(R"("success":"no","syscall":"open","exit":-13,"ppid":0,"pid":0,"auid":-1,"uid":0,"gid":0)") &&
                 Contains(R"("session":7,"comm":"a\"b","key":"a,b\u0000"})"));
}

}  // namespace
}  // namespace naudit::formats
