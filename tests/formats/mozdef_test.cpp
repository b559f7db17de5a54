// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/reader.h>

#include "formats/mozdef/encoder.hpp"
#include "tests/formats/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStamp = "msg=audit(1470138233.093:7630): ";

std::string line(std::string_view type, std::string_view body) {
  return "type=" + std::string(type) + ' ' + std::string(kStamp) + std::string(body) + '\n';
}

// A system call of /usr/bin/vi, run by jo as root.
std::string call(std::string_view number, std::string_view arguments = "a0=0 a1=0 a2=0 a3=0",
                 std::string_view key = "\"audit\"", std::string_view arch = "c000003e") {
  return line("SYSCALL", "arch=" + std::string(arch) + " syscall=" + std::string(number) + " success=yes exit=0 " +
                             std::string(arguments) +
                             " items=1 ppid=2686 pid=2690 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 "
                             "fsgid=0 tty=pts1 ses=4 comm=\"vi\" exe=\"/usr/bin/vi\" key=" +
                             std::string(key));
}

std::string path(std::string_view name, std::string_view kind = "NORMAL", std::string_view inode = "131") {
  return line("PATH", "item=0 name=" + std::string(name) + " inode=" + std::string(inode) +
                          " dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=" + std::string(kind));
}

struct Event {
  explicit Event(const std::string& text) : line(text) { json.Parse(text.data(), text.size()); }
  [[nodiscard]] std::string top(const char* key) const {
    const auto at = json.FindMember(key);
    return at == json.MemberEnd() ? "(none)" : at->value.GetString();
  }
  [[nodiscard]] std::string detail(const char* key) const {
    const auto at = json["details"].FindMember(key);
    return at == json["details"].MemberEnd() ? "(none)" : at->value.GetString();
  }
  std::string line;
  rapidjson::Document json;
};

// One event out of one event's records.
Event mozdef(const std::string& records, const MozdefOptions& options = {}) {
  tests::Encoding encoding("mozdef", options);
  encoding.set_node("web1.example");
  const std::string text = encoding(records);
  INFO(text);
  REQUIRE(text.find('\n') == text.size() - 1);
  Event event(text);
  REQUIRE_FALSE(event.json.HasParseError());
  CHECK(tests::mozdef_schema().what_is_wrong(text) == "");
  return event;
}

TEST_CASE("an event of MozDef has its keys in audisp-json's order") {
  const Event event = mozdef(call("1") + line("CWD", "cwd=\"/root\"") + path("\"/etc/passwd\""));
  CHECK(
      event.line ==
      R"({"category":"write","summary":"Write: /etc/passwd","severity":"INFO","hostname":"web1.example","processid":")" +
          std::to_string(getpid()) +
          R"(","processname":"audisp-json","timestamp":"2016-08-02T11:43:53.093+00:00","tags":["audisp-json",")" NAUDIT_VERSION
          R"(","audit"],"details":{"auditserial":"7630","processname":"vi","auditkey":"audit","originaluser":"jo",)"
          R"("originaluid":"1000","user":"root","uid":"0","tty":"pts1","process":"/usr/bin/vi","pid":"2690","gid":"0",)"
          R"("euid":"0","suid":"0","fsuid":"0","egid":"0","sgid":"0","fsgid":"0","session":"4","ppid":"2686",)"
          R"("arch":"x86_64","syscall":"write","success":"yes","exit":"0","path":"/etc/passwd","inode":"131","dev":"08:01",)"
          R"("mode":"0100644","ouid":"0","ogid":"0","rdev":"00:00","cwd":"/root",)"
          R"("paths":[{"path":"/etc/passwd","inode":"131","dev":"08:01","mode":"0100644","ouid":"0","ogid":"0",)"
          R"("rdev":"00:00","nametype":"NORMAL"}]}})"
          "\n");
}

TEST_CASE("a system call is put into its category by its name on its own arch") {
  const auto category = [](std::string_view number, std::string_view arch = "c000003e",
                           std::string_view arguments = "a0=0 a1=0 a2=0 a3=0") {
    return mozdef(call(number, arguments, "(null)", arch)).top("category");
  };
  CHECK(category("59") == "execve");
  CHECK(category("322") == "execve");
  for (const char* number : {"1",   "20", "82",  "264", "316", "87",  "263", "85",  "76", "77",  "83",
                             "258", "84", "133", "259", "88",  "266", "86",  "265", "18", "296", "328"}) {
    CHECK(category(number) == "write");
  }
  for (const char* number : {"0", "19", "2", "257", "437", "304", "428", "9", "40", "89", "267", "187"})
    CHECK(category(number) == "read");
  for (const char* number : {"188", "189", "190", "197", "198", "199"}) CHECK(category(number) == "attribute");
  for (const char* number : {"90", "91", "268", "452"}) CHECK(category(number) == "chmod");
  for (const char* number : {"92", "93", "94", "260"}) CHECK(category(number) == "chown");
  CHECK(category("101") == "ptrace");
  for (const char* number : {"159", "164", "227", "305"}) CHECK(category(number) == "time");
  CHECK(category("41") == "socket");
  CHECK(category("53") == "socket");
  CHECK(category("50") == "listen");
  CHECK(category("42") == "connect");
  CHECK(category("49") == "bind");
  CHECK(category("43") == "accept");
  CHECK(category("288") == "accept");
  for (const char* number : {"175", "313", "176"}) CHECK(category(number) == "module");
  CHECK(category("165") == "mount");
  CHECK(category("166") == "mount");
  CHECK(category("62") == "other");
  CHECK(category("9999") == "other");
  // On i386: 11 is execve, 59 is oldolduname; and what is behind socketcall.
  CHECK(category("11", "40000003") == "execve");
  CHECK(category("59", "40000003") == "other");
  CHECK(category("102", "40000003", "a0=3 a1=0 a2=0 a3=0") == "connect");
  CHECK(category("212", "40000003") == "chown");
}

TEST_CASE("an open that may change or make the file is a write") {
  const auto category = [](std::string_view number, std::string_view arguments, std::string_view kind = "NORMAL") {
    return mozdef(call(number, arguments) + path("\"/x\"", kind)).top("category");
  };
  CHECK(category("2", "a0=7f a1=0 a2=0 a3=0") == "read");
  CHECK(category("2", "a0=7f a1=1 a2=0 a3=0") == "write");
  CHECK(category("2", "a0=7f a1=80000 a2=2 a3=0") == "read");
  CHECK(category("257", "a0=ffffff9c a1=7f a2=241 a3=1b6") == "write");
  CHECK(category("257", "a0=ffffff9c a1=7f a2=2 a3=0") == "write");
  CHECK(category("257", "a0=ffffff9c a1=7f1 a2=80000 a3=0") == "read");
  CHECK(category("304", "a0=3 a1=7f a2=200 a3=0") == "write");
  CHECK(category("428", "a0=3 a1=7f a2=1 a3=0") == "read");
  CHECK(category("257", "a0=ffffff9c a1=7f a2=0 a3=0", "CREATE") == "write");
  const std::string how = line("OPENAT2", "oflag=0102 mode=0644 resolve=0x0");
  CHECK(mozdef(call("437") + how + path("\"/x\"")).top("category") == "write");
}

TEST_CASE("summaries say what was done to what") {
  const auto summary = [](std::string_view number, const std::string& more = path("\"/x\"")) {
    return mozdef(call(number) + more).top("summary");
  };
  CHECK(summary("59", line("EXECVE", "argc=3 a0=\"cat\" a1=\"-n\" a2=2F612062")) == "Execve: cat -n /a b");
  CHECK(summary("59") == "Execve: /x");
  CHECK(summary("1") == "Write: /x");
  CHECK(summary("0") == "Read: /x");
  CHECK(summary("188") == "Attribute: /x");
  CHECK(summary("90") == "Chmod: /x");
  CHECK(summary("92") == "Chown: /x");
  CHECK(summary("165") == "Mount: /x");
  CHECK(summary("101") == "Ptrace");
  CHECK(summary("159") == "time has been modified");
  CHECK(summary("41") == "Socket");
  CHECK(summary("50") == "Listen");
  CHECK(summary("175", line("KERN_MODULE", "name=\"dummy\"")) == "Module: dummy");
  const std::string address = line("SOCKADDR", "saddr=020000500A0000010000000000000000");
  CHECK(summary("42", address) == "Connect: 10.0.0.1:80");
  CHECK(summary("49", address) == "Bind: 10.0.0.1:80");
  CHECK(summary("43", address) == "Accept: 10.0.0.1:80");
  // Of a write to a descriptor no record tells the file; alerts need a second word all the same.
  CHECK(summary("1", "") == "Write: unknown");
  // Of a rename, what came to be.
  CHECK(summary("82", path("\"/d\"", "PARENT") + path("\"/d/a\"", "DELETE") + path("\"/d/b\"", "CREATE")) ==
        "Write: /d/b");
  CHECK(summary("1", path("\"/d/new\"", "CREATE") + path("\"/d\"", "PARENT")) == "Write: /d/new");
}

TEST_CASE("MozDef's alert write_audit finds what it reads") {
  const Event event = mozdef(call("257", "a0=ffffff9c a1=7f a2=241 a3=1b6") + path("\"/etc/shadow\""));
  CHECK(event.top("category") == "write");
  CHECK(event.detail("auditkey") == "audit");
  CHECK(event.detail("originaluser") == "jo");
  CHECK(event.detail("user") == "root");
  CHECK(event.top("summary").substr(7) == "/etc/shadow");
}

TEST_CASE("MozDef's alert promisc_audit finds what it reads") {
  const auto promiscuous = [](std::string_view flags) {
    return mozdef(
        line("ANOM_PROMISCUOUS", "dev=eth0 prom=" + std::string(flags) + " old_prom=0 auid=1000 uid=0 gid=0 ses=4") +
        call("54", "a0=3 a1=107 a2=1 a3=7f", "(null)"));
  };
  const Event on = promiscuous("256");
  CHECK(on.top("category") == "promiscuous");
  CHECK(on.top("summary") == "Promisc: Interface eth0 set promiscuous on");
  CHECK(on.detail("dev") == "eth0");
  CHECK(on.detail("promiscious") == "256");
  CHECK(on.detail("old_promicious") == "0");
  CHECK(on.detail("originaluser") == "jo");
  CHECK(promiscuous("0").top("summary") == "Promisc: Interface eth0 set promiscuous off");
  const Event alone = mozdef(line("ANOM_PROMISCUOUS", "dev=eth0 prom=256 old_prom=0 auid=1000 uid=0 gid=0 ses=4"));
  CHECK(alone.detail("originaluid") == "1000");
  CHECK(alone.detail("session") == "4");
}

// The name of this process, as /proc tells it, for the time of a test.
class ProcessName {
 public:
  explicit ProcessName(const char* name) {
    prctl(PR_GET_NAME, before_.data());
    prctl(PR_SET_NAME, name);
  }
  ProcessName(const ProcessName&) = delete;
  ProcessName& operator=(const ProcessName&) = delete;
  ~ProcessName() { prctl(PR_SET_NAME, before_.data()); }

 private:
  std::array<char, 16> before_{};
};

TEST_CASE("MozDef's alert auditd_sftp finds an ssh that an sftp started") {
  const ProcessName name("sftp-server");
  tests::Encoding live("mozdef");
  live.set_live();
  const Event event(live(
      line("SYSCALL",
           "arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=1 ppid=" + std::to_string(getpid()) +
               " pid=1 auid=1000 uid=0 comm=\"ssh\" exe=\"/usr/bin/ssh\" key=(null)") +
      line("EXECVE", "argc=1 a0=\"ssh\"") + line("CWD", "cwd=\"/home/jo\"")));
  CHECK(event.top("category") == "execve");
  CHECK(event.top("processname") == "audisp-json");
  CHECK(event.detail("processname") == "ssh");
  CHECK(event.detail("parentprocess").find("sftp") != std::string::npos);
  CHECK(event.detail("originaluser") == "jo");
  CHECK(event.detail("cwd") == "/home/jo");
}

TEST_CASE("MozDef's alert trace_audit finds strace") {
  std::string records = call("101");
  records.replace(records.find("comm=\"vi\""), 9, "comm=\"strace\"");
  const Event event = mozdef(records);
  CHECK(event.detail("processname") == "strace");
  CHECK(event.detail("originaluser") == "jo");
  CHECK(event.top("hostname") == "web1.example");
}

TEST_CASE("who started the program is told while it runs, and never for a stored log") {
  const std::string records =
      line("SYSCALL", "arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=1 ppid=" +
                          std::to_string(getpid()) + " pid=1 auid=1000 uid=0 comm=\"x\" exe=\"/x\" key=(null)");
  CHECK(mozdef(records).detail("parentprocess") == "(none)");
  tests::Encoding live("mozdef");
  live.set_live();
  CHECK(Event(live(records)).detail("parentprocess") == "formats_test");
}

TEST_CASE("an AppArmor message has a category of its own") {
  const std::string records =
      line("AVC",
           "apparmor=\"DENIED\" operation=\"open\" info=\"Failed name lookup\" error=-13 profile=\"/usr/sbin/x\" "
           "name=\"/etc/a b\" pid=7 parent=6 comm=\"x\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0");
  const Event event = mozdef(records + call("2"));
  CHECK(event.top("category") == "avc_apparmor");
  CHECK(event.top("summary") == "Failed name lookup");
  CHECK(event.detail("aaresult") == "DENIED");
  CHECK(event.detail("aacoperation") == "open");
  CHECK(event.detail("aaprofile") == "/usr/sbin/x");
  CHECK(event.detail("aacommand") == "x");
  CHECK(event.detail("aaerror") == "-13");
  CHECK(event.detail("aaname") == "/etc/a b");
  CHECK(event.detail("operation") == "(none)");
  CHECK(event.detail("denied_mask") == "r");
  CHECK(event.detail("processname") == "vi");
  CHECK(mozdef(records).detail("processname") == "x");
  CHECK(mozdef(line("APPARMOR_DENIED", "apparmor=\"DENIED\" operation=\"ptrace\" profile=\"p\"")).top("summary") ==
        "AppArmor: DENIED ptrace p");
}

TEST_CASE("a login that never was has a number and no name") {
  const Event event = mozdef(line("USER_AUTH",
                                  "pid=9 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication "
                                  "acct=\"jo\" exe=\"/usr/sbin/sshd\" hostname=10.0.0.9 addr=10.0.0.9 "
                                  "terminal=ssh res=failed'"));
  CHECK(event.top("category") == "user");
  CHECK(event.detail("originaluid") == "4294967295");
  CHECK(event.detail("originaluser") == "(none)");
  CHECK(event.detail("username") == "jo");
  CHECK(event.detail("sourceipaddress") == "10.0.0.9");
  CHECK(event.detail("operation") == "PAM:authentication");
  CHECK(event.detail("success") == "no");
  CHECK(event.top("summary").ends_with(" jo"));
}

TEST_CASE("a number that has no name says so") {
  CHECK(mozdef(line("USER_AUTH", "pid=9 uid=77 auid=1000 ses=1 msg='op=x res=success'")).detail("user") ==
        "unknown(77)");
}

TEST_CASE("addresses go under MozDef's names") {
  const std::string address = line("SOCKADDR", "saddr=020000500A0000010000000000000000");
  const Event connect = mozdef(call("42") + address);
  CHECK(connect.detail("destinationipaddress") == "10.0.0.1");
  CHECK(connect.detail("destinationport") == "80");
  const Event accept = mozdef(call("43") + address);
  CHECK(accept.detail("sourceipaddress") == "10.0.0.1");
  CHECK(mozdef(call("42") + line("SOCKADDR", "saddr=01002F72756E2F7800")).detail("socketpath") == "/run/x");
  const Event socket = mozdef(call("41", "a0=2 a1=80001 a2=0 a3=0"));
  CHECK(socket.detail("domain") == "inet");
  CHECK(socket.detail("type").starts_with("SOCK_STREAM"));
}

// What audisp-json got wrong.

TEST_CASE("no key comes twice, and each PATH keeps its own attributes") {
  const Event event = mozdef(call("82") + path("\"/d\"", "PARENT", "1") + path("\"/d/a\"", "DELETE", "2") +
                             path("\"/d/b\"", "CREATE", "3") + line("CWD", "cwd=\"/\""));
  std::set<std::string> keys;
  for (const auto& member : event.json["details"].GetObject()) CHECK(keys.insert(member.name.GetString()).second);
  CHECK(event.detail("path") == "/d/b");
  CHECK(event.detail("inode") == "3");
  const auto& paths = event.json["details"]["paths"];
  REQUIRE(paths.Size() == 3);
  CHECK(std::string(paths[0]["inode"].GetString()) == "1");
  CHECK(std::string(paths[1]["path"].GetString()) == "/d/a");
  CHECK(std::string(paths[2]["nametype"].GetString()) == "CREATE");
}

TEST_CASE("quotes, backslashes and control characters are escaped, not removed") {
  const Event event = mozdef(call("1") + path("612F225C0A09"));
  CHECK(event.detail("path") == "a/\"\\\n\t");
  CHECK(event.top("summary") == "Write: a/\"\\\n\t");
}

TEST_CASE("what the kernel wrote in hexadecimal is decoded everywhere") {
  const Event event =
      mozdef(line("SYSCALL",
                  "arch=c000003e syscall=1 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 pid=1 auid=1000 uid=0 "
                  "comm=612062 exe=2F612062 key=6B31016B32") +
             path("2F6320640A") + line("CWD", "cwd=2F652066"));
  CHECK(event.detail("processname") == "a b");
  CHECK(event.detail("process") == "/a b");
  CHECK(event.detail("auditkey") == "k1,k2");
  CHECK(event.detail("path") == "/c d\n");
  CHECK(event.detail("cwd") == "/e f");
}

TEST_CASE("a long event is whole") {
  const std::string argument(7000, 'x');
  const Event event = mozdef(call("59") + line("EXECVE", "argc=2 a0=\"a\" a1=\"" + argument + "\""));
  CHECK(event.detail("command") == "a " + argument);
  CHECK(event.top("summary") == "Execve: a " + argument);
}

TEST_CASE("the path of an exec is the program's, not its interpreter's") {
  CHECK(mozdef(call("59") + line("EXECVE", "argc=1 a0=\"x\"") + path("\"/usr/bin/x\"") + path("\"/lib/ld.so\""))
            .detail("path") == "/usr/bin/x");
}

TEST_CASE("an exec whose arguments did not come is not dropped") {
  CHECK(mozdef(call("59")).top("category") == "execve");
}

TEST_CASE("a failure is told") {
  const Event event = mozdef(line("SYSCALL",
                                  "arch=c000003e syscall=2 success=no exit=-13 a0=0 a1=0 a2=0 a3=0 pid=1 "
                                  "auid=1000 uid=0 comm=\"x\" exe=\"/x\" key=(null)"));
  CHECK(event.detail("success") == "no");
  CHECK(event.detail("exit") == "-13");
  CHECK(event.detail("error") == "EACCES");
  CHECK(event.detail("auditkey") == "(none)");
}

// Options.

TEST_CASE("strict adds what MozDef's standard asks for") {
  MozdefOptions options;
  options.strict = true;
  const Event event = mozdef(call("1"), options);
  CHECK(event.top("utctimestamp") == event.top("timestamp"));
  CHECK(event.top("source") == "audit");
  CHECK(mozdef(call("1")).top("source") == "(none)");
}

TEST_CASE("a path's object has each key once, too") {
  const Event event = mozdef(call("1") + line("PATH", "item=0 name=\"/x\" dev=fe:00 dev=fe:01 name=\"/y\""));
  const rapidjson::Value& one = event.json["details"]["paths"][0];
  CHECK(one.MemberCount() == 2);
  CHECK(std::string(one["path"].GetString()) == "/x");
  CHECK(std::string(one["dev"].GetString()) == "fe:00");
}

TEST_CASE("without paths the details are strings only") {
  MozdefOptions options;
  options.paths = false;
  const Event event = mozdef(call("1") + path("\"/x\""), options);
  CHECK_FALSE(event.json["details"].HasMember("paths"));
  CHECK(event.detail("path") == "/x");
}

TEST_CASE("the name of the process can be chosen") {
  MozdefOptions options;
  options.process_name = "naudit\"d";
  const Event event = mozdef(call("1"), options);
  CHECK(event.top("processname") == "naudit\"d");
  CHECK(std::string(event.json["tags"][0].GetString()) == "naudit\"d");
}

TEST_CASE("prefix and suffix make it fit another collector") {
  tests::Encoding encoding("mozdef", MozdefOptions{.prefix = "{\"message\":", .suffix = "}"});
  const std::string text = encoding(call("1"));
  CHECK(text.ends_with("}}}\n"));
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  REQUIRE_FALSE(json.HasParseError());
  CHECK(json["message"]["category"] == "write");
}

TEST_CASE("a machine without a name is localhost, and a record's node goes before ours") {
  CHECK(Event(tests::Encoding("mozdef")(call("1"))).top("hostname") == "localhost");
  tests::Encoding encoding("mozdef");
  encoding.set_node("here");
  CHECK(Event(encoding("node=there " + call("1"))).top("hostname") == "there");
}

void check(const fs::path& file, std::size_t& events) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::string_view rest;
  const std::string out = tests::Encoding("mozdef")(text);
  for (rest = out; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    const std::string_view one = rest.substr(0, rest.find('\n'));
    ++events;
    const std::string wrong = tests::mozdef_schema().what_is_wrong(one);
    if (!wrong.empty()) FAIL_CHECK(file.string() << ": " << wrong << "\n" << one);
    rapidjson::Document json;
    json.Parse<rapidjson::kParseValidateEncodingFlag>(one.data(), one.size());
    if (json.HasParseError()) FAIL_CHECK("not UTF-8: " << one);
    std::set<std::string> keys;
    for (const auto& member : json["details"].GetObject())
      if (!keys.insert(member.name.GetString()).second) FAIL_CHECK("twice: " << member.name.GetString() << "\n" << one);
  }
}

TEST_CASE("words of the kernel's part and of the program's both stand in text, of several records the first") {
  const auto text = [](const std::string& records) { return mozdef(records).detail("text"); };
  CHECK(text(line("USER_ACCT", "pid=1 kernel words msg='op=x said words'")) == "kernel words said words");
  CHECK(text(line("USER_ACCT", "pid=1 kernel words msg='op=x'")) == "kernel words");
  CHECK(text(line("USER_ACCT", "pid=1 msg='op=x said words'")) == "said words");
  CHECK(text(line("USER_ACCT", "pid=1 msg='op=x'")) == "(none)");
  CHECK(text(line("AVC", "first words pid=1") + line("AVC", "second words pid=2")) == "first words");
}

TEST_CASE("every event of our own logs fits the schema, each key once") {
  std::size_t events = 0;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") check(entry.path(), events);
  CHECK(events > 20);
}

TEST_CASE("every event of the collected logs fits MozDef's schema", "[corpus]") {
  std::size_t events = 0;
  for (const fs::path& log : tests::corpus_files("logs")) check(log, events);
  CHECK(events > (tests::has_larger_corpus() ? 1000 : 50));
}

}  // namespace
}  // namespace naudit::formats
