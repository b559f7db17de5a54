// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "formats/cef/audisp_options.hpp"
#include "formats/cef/facts.hpp"
#include "formats/cef/text.hpp"
#include "formats/leef/options.hpp"
#include "tests/formats/cef_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;
using tests::FlatLine;
using tests::with_bytes;

std::string line(std::string_view type, std::string_view body) {
  return "type=" + std::string(type) + " msg=audit(1470138233.093:7630): " + std::string(body) + '\n';
}

// A system call of /usr/bin/vi, run by jo as root.
std::string call(std::string_view number, std::string_view arguments = "a0=0 a1=0 a2=0 a3=0",
                 std::string_view result = "success=yes exit=0", std::string_view arch = "c000003e") {
  return line("SYSCALL", "arch=" + std::string(arch) + " syscall=" + std::string(number) + ' ' + std::string(result) +
                             ' ' + std::string(arguments) +
                             " items=1 ppid=2686 pid=2690 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 "
                             "fsgid=0 tty=pts1 ses=4 comm=\"vi\" exe=\"/usr/bin/vi\" key=\"audit\"");
}

std::string path(std::string_view name, std::string_view kind = "NORMAL", std::string_view item = "0") {
  return line("PATH", "item=" + std::string(item) + " name=" + std::string(name) +
                          " inode=131 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=" + std::string(kind));
}

FlatLine read(std::string_view format, const std::string& records, const EncoderOptions& options = {}) {
  tests::Encoding encoding(format, options);
  encoding.set_node("web1.example");
  const std::string text = encoding(records);
  INFO(text);
  FlatLine read = text.starts_with("LEEF") ? tests::read_leef(text) : tests::read_cef(text);
  CHECK(read.wrong == "");
  return read;
}
FlatLine cef(const std::string& records) {
  return read("cef", records);
}
FlatLine audisp(const std::string& records, const CefAudispOptions& options = {}) {
  return read("cef-audisp", records, options);
}
FlatLine leef(const std::string& records, const LeefOptions& options = {}) {
  return read("leef", records, options);
}

TEST_CASE("a line of CEF says who did what to what") {
  FlatLine event = cef(call("257", "a0=ffffff9c a1=7f a2=0 a3=0", "success=no exit=-13") +
                       line("CWD", "cwd=\"/root\"") + path("\"/etc/shadow\""));
  CHECK(event.header[0] == "nauditd");
  CHECK(event.header[3] == "SYSCALL:openat");
  CHECK(event.header[4] == "opened file");
  CHECK(event.header[5] == "3");
  auto& pairs = event.pairs;
  CHECK(pairs["rt"] == "1470138233093");
  CHECK(pairs["externalId"] == "1470138233.093:7630");
  CHECK(pairs["dvchost"] == "web1.example");
  CHECK(pairs["cat"] == "file/access");
  CHECK(pairs["act"] == "opened-file");
  CHECK(pairs["outcome"] == "failure");
  CHECK(pairs["reason"] == "EACCES");
  CHECK(pairs["suser"] == "jo");
  CHECK(pairs["suid"] == "1000");
  CHECK(pairs["duser"] == "root");
  CHECK(pairs["duid"] == "0");
  CHECK(pairs["sproc"] == "/usr/bin/vi");
  CHECK(pairs["spid"] == "2690");
  CHECK(pairs["dpid"] == "2686");
  CHECK(pairs["fname"] == "shadow");
  CHECK(pairs["filePath"] == "/etc/shadow");
  CHECK(pairs["filePermission"] == "0100644");
  CHECK(pairs["fileId"] == "131");
  CHECK(pairs["fileType"] == "file");
  CHECK(pairs["cs2"] == "audit");
  CHECK(pairs["cs3"] == "pts1");
  CHECK(pairs["cs6"] == "/root");
  CHECK(pairs["cn1"] == "1000");
  CHECK(pairs["cn2"] == "4");
  CHECK(pairs["cn3"] == "-13");
  CHECK(pairs["msg"].starts_with("jo (as root) opened /etc/shadow"));
}

TEST_CASE("CEF: a rename has both names, an exec its whole command line") {
  FlatLine event = cef(call("82") + line("CWD", "cwd=\"/d\"") + path("\"/d\"", "PARENT") +
                       path("\"/d\"", "PARENT", "1") + path("\"a\"", "DELETE", "2") + path("\"b\"", "CREATE", "3"));
  CHECK(event.pairs["filePath"] == "/d/b");
  CHECK(event.pairs["oldFilePath"] == "/d/a");
  const std::string argument(2000, 'x');
  CHECK(cef(call("59") + line("EXECVE", "argc=2 a0=\"cat\" a1=\"" + argument + "\"")).pairs["cs1"] ==
        "cat " + argument);
}

TEST_CASE("CEF: a login shows whom it let in and from where") {
  const std::string body =
      "pid=9 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct=\"eva\" exe=\"/usr/sbin/sshd\" "
      "hostname=there addr=ADDR terminal=ssh res=failed'";
  const auto login = [&](std::string_view address) {
    std::string text = body;
    return cef(line("USER_LOGIN", text.replace(text.find("ADDR"), 4, address)));
  };
  FlatLine event = login("10.0.0.9");
  CHECK(event.header[3] == "USER_LOGIN");
  CHECK(event.header[5] == "4");
  CHECK(event.pairs["duser"] == "eva");
  CHECK_FALSE(event.pairs.contains("suser"));
  CHECK(event.pairs["src"] == "10.0.0.9");
  CHECK(event.pairs["shost"] == "there");
  CHECK(event.pairs["cn1"] == "4294967295");
  CHECK(event.pairs["cat"].starts_with("authentication/"));
  FlatLine six = login("fe80::1");
  CHECK(six.pairs["c6a2"] == "fe80::1");
  CHECK_FALSE(six.pairs.contains("src"));
  CHECK_FALSE(login("nowhere").pairs.contains("src"));
}

TEST_CASE("CEF: an address stands on the side that the call says") {
  const std::string address = line("SOCKADDR", "saddr=020000500A0000010000000000000000");
  FlatLine connect = cef(call("42") + address);
  CHECK(connect.pairs["dst"] == "10.0.0.1");
  CHECK(connect.pairs["dpt"] == "80");
  CHECK(connect.pairs["deviceDirection"] == "1");
  FlatLine accept = cef(call("43") + address);
  CHECK(accept.pairs["src"] == "10.0.0.1");
  CHECK(accept.pairs["deviceDirection"] == "0");
  FlatLine local = cef(call("42") + line("SOCKADDR", "saddr=01002F72756E2F7800"));
  CHECK(local.pairs["filePath"] == "/run/x");
  CHECK(local.pairs["fileType"] == "socket");
  // Without its call nobody knows whose address it is.
  CHECK_FALSE(cef(line("SOCKADDR", "saddr=020000500A0000010000000000000000")).pairs.contains("dst"));
}

TEST_CASE("CEF: a signal names its target, a deny of AppArmor is one") {
  FlatLine signal =
      cef(call("62", "a0=7 a1=9 a2=0 a3=0") + line("OBJ_PID", "opid=7 oauid=1000 ouid=0 oses=4 ocomm=\"victim\""));
  CHECK(signal.pairs["dpid"] == "7");
  CHECK(signal.pairs["dproc"] == "victim");
  CHECK(signal.pairs["cat"] == "process/end");
  FlatLine denied =
      cef(line("AVC", "apparmor=\"DENIED\" operation=\"open\" profile=\"/p\" name=\"/x\" pid=7 comm=\"c\""));
  CHECK(denied.pairs["cat"] == "intrusion_detection/denied");
  CHECK(denied.header[5] == "4");
}

TEST_CASE("CEF: equal signs, bars, backslashes, line breaks and bytes come back") {
  // "/a=b|c\<LF><CR>\n<FF> " with a blank at its end
  const std::string name = std::string("/a=b|c\\\n\r\\n\xFF\x01\x1b ");
  FlatLine event = cef(call("2") + path("2F613D627C635C0A0D5C6EFF011B20"));
  CHECK(with_bytes(event.pairs["filePath"]) == name);
  CHECK(with_bytes(event.pairs["fname"]) == name.substr(1));
  // What we write for a byte does not come from outside, nor do other ends of a line.
  const std::string odd = "/\xF4\x8F\xB8\x81\xC2\x85\xE2\x80\xA8\xC3\xA9";
  CHECK(with_bytes(cef(call("2") + path("2FF48FB881C285E280A8C3A9")).pairs["filePath"]) == odd);
  // A name of a type, from a stored log, stands in the header.
  CHECK(cef("type=A|B\\C msg=audit(1.000:1): x=1\n").header[3].find('|') != std::string::npos);
}

TEST_CASE("CEF: what is too long is cut by whole characters and said") {
  std::string name;
  for (int i = 0; i < 600; ++i) name += "C3A9";
  FlatLine event = cef(call("2") + path("2F" + name));
  CHECK(event.pairs["filePath"].size() == 1023);
  CHECK(event.pairs["flexString1Label"] == "truncated");
  CHECK(event.pairs["flexString1"] == "fname,filePath,msg");
  CHECK_FALSE(cef(call("2") + path("\"/x\"")).pairs.contains("flexString1"));
}

TEST_CASE("CEF: a value that is no number is left out") {
  FlatLine event =
      cef(line("SYSCALL", "arch=c000003e syscall=2 success=yes exit=abc pid=x ppid=-1 auid=y uid=z ses=q"));
  for (const char* key : {"spid", "dpid", "cn1", "cn2", "cn3", "suid", "duid"}) CHECK_FALSE(event.pairs.contains(key));
}

TEST_CASE("append_cef_value cuts exactly, also what it escapes") {
  const auto value = [](std::string_view text, std::size_t limit) {
    std::string out;
    const bool is_cut = append_cef_value(text, limit, out);
    return std::pair(out, is_cut);
  };
  CHECK(value("ab=c", 3) == std::pair(std::string("ab\\="), true));
  CHECK(value("ab=c", 4) == std::pair(std::string("ab\\=c"), false));
  CHECK(value("a b c", 4) == std::pair(std::string("a b"), true));
  CHECK(value("\xC3\xA9", 1) == std::pair(std::string(), true));
  CHECK(value("  ", 8) == std::pair(std::string("\xF4\x8F\xB8\xA0\xF4\x8F\xB8\xA0"), false));
  CHECK(value("a\tb\n", 9) == std::pair(std::string("a\tb\\n"), false));
}

// audisp-cef.

TEST_CASE("the line of audisp-cef has its fields in its order") {
  tests::Encoding encoding("cef-audisp", CefAudispOptions{.time = CefTime::kSeconds});
  encoding.set_node("vm");
  CHECK(
      encoding(call("2") + path("\"/p/open\"") + line("CWD", "cwd=\"/my docs\"")) ==
      "CEF:0|Unix|auditd|2|WRITE|Write or append to file|3|end=1470138233 dhost=vm "
      "msg=pid\\=2690 gid\\=0 euid\\=0 suid\\=0 fsuid\\=0 egid\\=0 sgid\\=0 fsgid\\=0 ses\\=4 inode\\=131 dev\\=08:01 "
      "mode\\=0100644 ouid\\=0 ogid\\=0 rdev\\=00:00 cwd\\=/my docs fname=/p/open dproc=/usr/bin/vi cs4Label=TTY "
      "cs4=pts1 duid=0 duser=root cn1Label=auid cn1=1000 suser=jo cs3Label=AuditKey cs3=audit outcome=success\n");
  CHECK(audisp(call("2")).pairs["end"] == "1470138233093");
}

TEST_CASE("the line of audisp-cef tells the parent while it runs") {
  tests::Encoding live("cef-audisp");
  live.set_live();
  const FlatLine event = tests::read_cef(live(line(
      "SYSCALL", "arch=c000003e syscall=2 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 ppid=" + std::to_string(getpid()) +
                     " pid=1 auid=1000 uid=0 comm=\"x\" exe=\"/x\" key=(null)")));
  CHECK(event.wrong == "");
  CHECK(event.pairs.at("cs5") == "formats_test");
}

TEST_CASE("each system call has the name that audisp-cef gave it") {
  const auto name = [](std::string_view number, std::string_view arch = "c000003e") {
    const FlatLine event = audisp(call(number, "a0=0 a1=0 a2=0 a3=0", "success=yes exit=0", arch));
    return event.header[3] + '/' + event.header[4];
  };
  for (const char* number : {"1", "20", "2", "257", "437", "304", "428", "87", "263", "85", "76", "83", "86"})
    CHECK(name(number) == "WRITE/Write or append to file");
  for (const char* number : {"59", "322"}) CHECK(name(number) == "EXECVE/Unix Exec");
  for (const char* number : {"82", "264", "316"}) CHECK(name(number) == "RENAME/rename");
  CHECK(name("84") == "RMDIR/rmdir");
  for (const char* number : {"88", "266"}) CHECK(name(number) == "SYMLINK/Symbolic link");
  for (const char* number : {"133", "259"}) CHECK(name(number) == "MKNOD/mknod");
  for (const char* number : {"90", "91", "268", "452"}) CHECK(name(number) == "CHMOD/Change file mode");
  for (const char* number : {"92", "93", "94", "260"}) CHECK(name(number) == "CHOWN/Change file owner");
  for (const char* number : {"188", "189", "190", "197"}) CHECK(name(number) == "ATTR/Change file attributes");
  CHECK(name("101") == "PTRACE/Process tracing");
  for (const char* number : {"159", "164", "227", "305"}) CHECK(name(number) == "ADJTIMEX/Time synchronize");
  CHECK(name("0").starts_with("READ/"));
  CHECK(name("9999").starts_with("OTHER/"));
  CHECK(name("11", "40000003") == "EXECVE/Unix Exec");
}

TEST_CASE("audisp-cef's custom strings, AppArmor and cuts") {
  FlatLine exec = audisp(call("59") + line("EXECVE", "argc=2 a0=\"cat\" a1=\"" + std::string(600, 'x') + "\""));
  CHECK(exec.pairs["cs1"] == "cat " + std::string(508, 'x'));
  CHECK(exec.pairs["cs2"] == "Yes");
  CHECK_FALSE(exec.pairs.contains("cs6"));
  FlatLine whole = audisp(call("59") + line("EXECVE", "argc=1 a0=\"a=b\""));
  CHECK(whole.pairs["cs1"] == "a=b");
  CHECK(whole.pairs["cs2"] == "No");
  FlatLine denied =
      audisp(line("AVC",
                  "apparmor=\"DENIED\" operation=\"open\" info=\"Failed | lookup\" error=-13 profile=\"/p\" "
                  "name=\"/x y\" pid=7 comm=\"c\" srcname=\"/s t\" flags=\"rw\""));
  CHECK(denied.header[3] == "AVC_APPARMOR");
  CHECK(denied.header[4] == "Failed | lookup");
  CHECK(denied.pairs["cs1"] == "DENIED");
  CHECK(denied.pairs["cs2"] == "open");
  CHECK(denied.pairs["cs3"] == "/p");
  CHECK(denied.pairs["cs4"] == "c");
  CHECK(denied.pairs["fname"] == "/x y");
  CHECK_THAT(with_bytes(denied.pairs["msg"]), Catch::Matchers::Contains("error=-13 srcname=/s t flags=rw"));
  FlatLine cut = audisp(call("2") + line("CWD", "cwd=\"/" + std::string(1100, 'd') + "\""));
  CHECK(cut.pairs["cs6"] == "Yes");
  CHECK(cut.pairs["msg"].size() == 1023);
  // Nothing of a word that has no value.
  FlatLine edge = audisp(call("2") + line("CWD", "cwd=" + std::string(2, 'F')));
  CHECK(with_bytes(edge.pairs["msg"]).ends_with(" cwd=\xFF"));
}

// LEEF.

TEST_CASE("a line of LEEF has QRadar's keys") {
  FlatLine event = leef(call("257", "a0=ffffff9c a1=7f a2=0 a3=0", "success=no exit=-13") + path("\"/etc/shadow\""));
  CHECK(event.header[3] == "SYSCALL:openat");
  CHECK(event.header[4] == "x09");
  CHECK(event.pairs["devTime"] == "2016-08-02T11:43:53.093Z");
  CHECK(event.pairs["cat"] == "file/access");
  CHECK(event.pairs["sev"] == "1");
  CHECK(event.pairs["usrName"] == "jo");
  CHECK(event.pairs["accountName"] == "root");
  CHECK(event.pairs["resource"] == "/etc/shadow");
  CHECK(event.pairs["policy"] == "audit");
  CHECK(event.pairs["identHostName"] == "web1.example");
  FlatLine login = leef(line("USER_LOGIN",
                             "pid=9 uid=0 auid=1000 ses=4 msg='op=login acct=\"jo\" exe=\"/usr/sbin/sshd\" "
                             "hostname=? addr=10.0.0.9 terminal=ssh res=success'"));
  CHECK(login.pairs["isLoginEvent"] == "true");
  CHECK(login.pairs["src"] == "10.0.0.9");
}

TEST_CASE("LEEF: the delimiter and line breaks become blanks") {
  const std::string records = call("2") + path("2F615E620963640A65");
  CHECK(with_bytes(leef(records).pairs["resource"]) == "/a^b cd e");
  FlatLine hat = leef(records, {.delimiter = "^"});
  CHECK(hat.header[4] == "^");
  CHECK(with_bytes(hat.pairs["resource"]) == "/a b\tcd e");
  FlatLine one = leef(records, {.version = LeefVersion::kOne});
  CHECK(one.header.size() == 4);
  CHECK(one.pairs["usrName"] == "jo");
  CHECK(leef_delimiter("x5e") == '^');
  CHECK(leef_delimiter("0x09") == '\t');
  for (const char* none : {"", "a", "=", "|", "x", "x0a", "x00", "xzz", "ab", "x5e5e5e"})
    CHECK(leef_delimiter(none) == 0);
}

// Every event that we have.

// What a reader of CEF has for this fact is what the event says, or its beginning.
void check_fact(const FlatLine& read, const EventFacts& facts, const char* key, Fact fact) {
  const std::string& truth = facts[fact];
  const auto found = read.pairs.find(key);
  if (found == read.pairs.end()) {
    if (!truth.empty()) FAIL_CHECK(key << " is missing: " << truth);
    return;
  }
  const std::string value = with_bytes(found->second);
  const auto cut = read.pairs.find("flexString1");
  const bool is_cut =
      cut != read.pairs.end() && ("," + cut->second + ",").find("," + std::string(key) + ",") != std::string::npos;
  if (is_cut ? !truth.starts_with(value) : truth != value) FAIL_CHECK(key << ": " << value << " is not " << truth);
}

void check_log(const fs::path& file, std::size_t& events) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  tests::StoredLog log;
  log.add_all(text);
  log.finish();
  tests::Encoding cef("cef"), audisp("cef-audisp"), leef("leef");
  interpret::Names names{tests::patient(), tests::fixed_name};
  EncoderContext context{.names = names, .node = {}};
  FactReader reader(context);
  interpret::DecodedEvent decoded;
  for (const auto& event : log.events) {
    ++events;
    decoded.decode(*event);
    const EventFacts& facts = reader.read(decoded);
    const std::string whole = cef(*event);
    const FlatLine read = tests::read_cef(whole);
    INFO(file.string() << ": " << whole);
    if (!read.wrong.empty()) FAIL_CHECK(read.wrong);
    for (const auto& [key, fact] :
         {std::pair{"filePath", Fact::kPath}, std::pair{"fname", Fact::kFileName}, std::pair{"cs1", Fact::kCommand},
          std::pair{"cs6", Fact::kCwd}, std::pair{"sproc", Fact::kProgram}, std::pair{"suser", Fact::kLoginUser},
          std::pair{"duser", Fact::kActedUser}, std::pair{"cs2", Fact::kKeys}, std::pair{"msg", Fact::kSentence},
          std::pair{"externalId", Fact::kId}, std::pair{"oldFilePath", Fact::kOldPath}})
      check_fact(read, facts, key, fact);
    for (const std::string& other : {audisp(*event), leef(*event)}) {
      const FlatLine it = other.starts_with("LEEF") ? tests::read_leef(other) : tests::read_cef(other);
      if (!it.wrong.empty()) FAIL_CHECK(it.wrong << ": " << other);
    }
  }
}

TEST_CASE("a strict reader of CEF and LEEF takes every event of our own logs") {
  std::size_t events = 0;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") check_log(entry.path(), events);
  CHECK(events > 20);
}

TEST_CASE("a strict reader of CEF and LEEF takes every event of the collected logs", "[corpus]") {
  std::size_t events = 0;
  for (const fs::path& log : tests::corpus_files("logs")) check_log(log, events);
  CHECK(events > (tests::has_larger_corpus() ? 1000 : 50));
}

}  // namespace
}  // namespace naudit::formats
