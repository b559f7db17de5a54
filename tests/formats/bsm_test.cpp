// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/hex.hpp"
#include "formats/bsm/argument_names.hpp"
#include "formats/bsm/encoder.hpp"
#include "formats/bsm/errno.hpp"
#include "formats/bsm/event_number.hpp"
#include "formats/bsm/record.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"
#include "tests/support/bsm_trail.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
namespace id = tests::bsm_token;
using tests::BsmRead;
using tests::BsmSelection;

std::string bytes_of(std::string_view digits) {
  std::string bytes;
  REQUIRE(base::append_decoded_hex(bytes, digits));
  return bytes;
}

std::string digits_of(std::string_view bytes) {
  std::string digits;
  base::append_hex(digits, bytes);
  std::ranges::transform(digits, digits.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return digits;
}

const std::string kFileVector = "1157a0877900000000000f2f7661722f6c6f672f782e62736d00";
const std::string kRecordVector =
    "14000000f30b0017000057a087790000005d2f00001dcd3c000000032f62696e2f7368002d63006563686f2068690023000a2f686f6d652f30"
    "6d70002300082f62696e2f7368003e000081ed000000000000"
    "00000000fd000000000001013f040000000023001c2f6c696236342f6c642d6c696e75782d7838362d36342e736f2e32003e000081ed000000"
    "00000000000000fd00000000000200a79a0000000028000"
    "96b65793d65786563002800126578653d2f7573722f62696e2f626173680024000003e80000000000000000000000000000000000004019000"
    "00006000000000000000027000000000013b105000000f3";

std::vector<BsmRead> read(const std::string& bytes) {
  const tests::BsmTrail trail = tests::read_bsm(bytes);
  CHECK_THAT(trail.wrong, Equals(""));
  return trail.records;
}

std::vector<BsmRead> encode(const std::string& lines, const BsmOptions& options = {}) {
  tests::Encoding encoding("bsm", options);
  return read(encoding(lines));
}

BsmRead one(const std::string& lines, const BsmOptions& options = {}) {
  std::vector<BsmRead> records = encode(lines, options);
  REQUIRE(records.size() == 1);
  return records[0];
}

bool has_text(const BsmRead& record, std::string_view text) {
  const auto texts = record.texts();
  return std::ranges::find(texts, text) != texts.end();
}

const std::string kStamp = " msg=audit(1470138233.093:7629): ";
const std::string kExec =
    "type=SYSCALL" + kStamp +
    "arch=c000003e syscall=59 success=yes exit=0 a0=1f40 a1=7ffd00001000 a2=1f80 a3=8 items=2 ppid=2689 pid=2690 "
    "auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts1 ses=6 comm=\"sh\" "
    "exe=\"/usr/bin/bash\" key=\"exec\"\n"
    "type=EXECVE" +
    kStamp +
    "argc=3 a0=\"/bin/sh\" a1=\"-c\" a2=6563686F206869\n"
    "type=CWD" +
    kStamp +
    "cwd=\"/home/0mp\"\n"
    "type=PATH" +
    kStamp +
    "item=0 name=\"/bin/sh\" inode=16858884 dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 "
    "nametype=NORMAL\n"
    "type=PATH" +
    kStamp +
    "item=1 name=\"/lib64/ld-linux-x86-64.so.2\" inode=33597338 dev=fd:00 mode=0100755 ouid=0 "
    "ogid=0 rdev=00:00 nametype=NORMAL\n"
    "type=PROCTITLE" +
    kStamp + "proctitle=2F62696E2F7368002D63006563686F206869\n";

TEST_CASE("a file token has the bytes of the format's test vector") {
  std::string out;
  append_bsm_file_token({}, {.path = "/var/log/x.bsm", .seconds = 1470138233, .millis = 0}, out);
  CHECK(digits_of(out) == kFileVector);
  const tests::BsmTrail trail = tests::read_bsm(out);
  CHECK_THAT(trail.wrong, Equals(""));
  CHECK(trail.files == std::vector<std::string>{"/var/log/x.bsm"});
}

TEST_CASE("a record has the bytes of the format's test vector") {
  BsmHead head;
  head.event = 23;
  head.seconds = 1470138233;
  head.millis = 93;
  head.sequence = 7629;
  head.has_subject = head.has_return = true;
  head.subject = {.auid = 1000, .euid = 0, .egid = 0, .ruid = 0, .rgid = 0, .pid = 16409, .session = 6, .address = {}};
  std::string out;
  BsmRecord record;
  record.begin(head, out);
  record.exec_arguments(3, std::string_view("/bin/sh\0-c\0echo hi\0", 19));
  record.path("/home/0mp");
  record.path("/bin/sh");
  record.attributes({.mode = 0100755, .uid = 0, .gid = 0, .file_system = 64768, .node = 16858884, .device = 0});
  record.path("/lib64/ld-linux-x86-64.so.2");
  record.attributes({.mode = 0100755, .uid = 0, .gid = 0, .file_system = 64768, .node = 33597338, .device = 0});
  record.text("key=exec");
  record.text({}, "exe", "/usr/bin/bash");
  record.end();
  CHECK(digits_of(out) == kRecordVector);
}

TEST_CASE("the reader reads the format's test vector") {
  const std::vector<BsmRead> records = read(bytes_of(kFileVector) + bytes_of(kRecordVector));
  REQUIRE(records.size() == 1);
  CHECK(tests::praudit_line(records[0]) ==
        "header,243,11,23,0,Tue Aug  2 11:43:53 2016, + 93 msec,sequence,7629,exec arg,/bin/sh,-c,echo hi,"
        "path,/home/0mp,path,/bin/sh,attribute,100755,0,0,64768,16858884,0,path,/lib64/ld-linux-x86-64.so.2,"
        "attribute,100755,0,0,64768,33597338,0,text,key=exec,text,exe=/usr/bin/bash,subject,1000,0,0,0,0,16409,6,0,"
        "0.0.0.0,return,success,0,trailer,243,");
}

TEST_CASE("the reader finds what is wrong") {
  const std::string good = bytes_of(kRecordVector);
  for (std::size_t size = 1; size < good.size(); ++size)
    CHECK_FALSE(tests::read_bsm(good.substr(0, size)).wrong.empty());
  for (const std::size_t at : {0U, 4U, 5U, 18U, 27U, 242U}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    INFO(at);
    CHECK_FALSE(tests::read_bsm(bad).wrong.empty());
  }
}

TEST_CASE("an event is one record, its tokens in their order") {
  const BsmRead record = one(kExec);
  CHECK(tests::praudit_line(record) ==
        fmt::format(
            "header,{0},11,23,0,Tue Aug  2 11:43:53 2016, + 93 msec,sequence,7629,exec arg,/bin/sh,-c,echo hi,"
            "path,/home/0mp,path,/bin/sh,attribute,100755,0,0,64768,16858884,0,path,/lib64/ld-linux-x86-64.so.2,"
            "attribute,100755,0,0,64768,33597338,0,argument,1,0x1f40,pathname,argument,2,0x7ffd00001000,argv,"
            "argument,3,0x1f80,envp,argument,4,0x8,a3,text,type=SYSCALL,text,type=EXECVE,text,type=CWD,text,type=PATH,"
            "text,type=PROCTITLE,text,syscall=execve,text,arch=c000003e,text,SYSCALL.syscall=59,text,items=2,text,ppid="
            "2689,"
            "text,suid=0,text,fsuid=0,text,sgid=0,text,fsgid=0,text,tty=pts1,text,comm=sh,text,exe=/usr/bin/bash,"
            "text,key=exec,text,PATH[0].item=0,text,PATH[0].nametype=NORMAL,text,PATH[1].item=1,"
            "text,PATH[1].nametype=NORMAL,text,proctitle=/bin/sh -c echo hi,"
            "text,proctitle_hex=2F62696E2F7368002D63006563686F206869,subject,1000,0,0,0,0,2690,6,0,0.0.0.0,"
            "return,success,0,trailer,{0},",
            record.bytes.size()));
}

TEST_CASE("a failure says so in the header, by BSM's number, and by the value") {
  const BsmRead record = one("type=SYSCALL" + kStamp +
                             "arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=0 a2=241 a3=1b6 pid=5 "
                             "auid=4294967295 uid=1000 ses=4294967295\n");
  CHECK(record.modifier == kBsmFailure);
  CHECK(record.event == 277);  // O_WRONLY|O_CREAT|O_TRUNC
  CHECK_THAT(tests::praudit_line(record), Contains("subject,-1,-1,-1,1000,-1,5,4294967295,0,0.0.0.0,"
                                                   "return,failure : 13,4294967283,"));
  const BsmRead other = one("type=SYSCALL" + kStamp + "arch=c000003e syscall=87 success=no exit=-39 pid=5\n");
  CHECK_THAT(tests::praudit_line(other), Contains("return,failure : 93,4294967257,"));
  const BsmRead claimed = one("type=USER_LOGIN" + kStamp + "pid=1 uid=0 auid=1 ses=1 msg='op=login res=failed'\n");
  CHECK_THAT(tests::praudit_line(claimed), Contains("return,failure : 250,0,"));
  CHECK(claimed.modifier == kBsmFailure);
}

TEST_CASE("what no record says is not said") {
  const BsmRead record = one("type=CWD" + kStamp + "cwd=\"/\"\n");
  CHECK(record.find(id::kReturn32) == nullptr);
  CHECK(record.find(id::kSubject32) == nullptr);
  CHECK(record.find(id::kZone) == nullptr);
  CHECK(record.event == kBsmNoEvent);
  CHECK(has_text(record, "incomplete_reason=no_syscall"));
}

TEST_CASE("the number of the event may be left out") {
  const BsmRead record = one(kExec, {.event_numbers = BsmEventNumbers::kNull});
  CHECK(record.event == 0);
  CHECK(has_text(record, "type=SYSCALL"));
  CHECK(has_text(record, "syscall=execve"));
}

TEST_CASE("the working directory may be a text") {
  const BsmRead record = one(kExec, {.cwd = BsmDirectory::kText});
  CHECK(record.all(id::kPath).size() == 2);
  CHECK(has_text(record, "cwd=/home/0mp"));
}

TEST_CASE("a rename has four paths with their attributes") {
  std::string lines =
      "type=SYSCALL" + kStamp + "arch=c000003e syscall=82 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 pid=5\n";
  for (const char* const item :
       {"item=0 name=\"/a/\" inode=1 dev=08:01 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT",
        "item=1 name=\"/b/\" inode=2 dev=08:01 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT",
        "item=2 name=2F6120622F78 inode=3 dev=103:12345 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=DELETE",
        "item=3 name=\"/b/y\" inode=3 dev=08:01 mode=0100644 ouid=7 ogid=8 rdev=04:40 nametype=CREATE"})
    lines += "type=PATH" + kStamp + item + "\n";
  const BsmRead record = one(lines);
  CHECK(record.event == 42);
  CHECK(record.all(id::kPath).size() == 4);
  CHECK(record.all(id::kAttributes32).size() == 4);
  CHECK_THAT(tests::praudit_line(record), Contains("path,/a b/x,attribute,100644,0,0,305201989,3,0,path,/b/y,"
                                                   "attribute,100644,7,8,2049,3,1088,"));
  CHECK(has_text(record, "PATH[2].nametype=DELETE"));
}

TEST_CASE("addresses of sockets are tokens where these hold them") {
  const auto with = [](const std::string& saddr) {
    return one("type=SYSCALL" + kStamp + "arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=1 a2=10 a3=0 pid=5\n" +
               "type=SOCKADDR" + kStamp + "saddr=" + saddr + "\n");
  };
  CHECK_THAT(tests::praudit_line(with("020000357F0000010000000000000000")), Contains(",socket-inet,2,53,127.0.0.1,"));
  CHECK_THAT(tests::praudit_line(with("0A0001BB0000000020010DB800000000000000000000000100000000")),
             Contains(",socket-inet6,26,443,2001:db8::1,"));
  CHECK_THAT(tests::praudit_line(with("01002F72756E2F7800")), Contains(",socket-unix,1,/run/x,"));
  CHECK(!has_text(with("01002F72756E2F7800"), "saddr=01002F72756E2F7800"));
  // A name without a path, a scope, another family.
  CHECK(has_text(with("01000068696464656E"), "saddr=01000068696464656E"));
  const BsmRead scoped = with("0A0001BB00000000FE80000000000000000000000000000102000000");
  CHECK(scoped.find(id::kSocketInet6) != nullptr);
  CHECK(has_text(scoped, "saddr=0A0001BB00000000FE80000000000000000000000000000102000000"));
  const BsmRead netlink = with("100000000000000000000000");
  CHECK_THAT(tests::praudit_line(netlink), Contains("text,SADDR={ saddr_fam=netlink"));
  CHECK(with("01" + std::string(2, '0') + std::string(std::size_t{2} * 104, '6')).find(id::kSocketUnix) == nullptr);
}

TEST_CASE("System V IPC has its tokens") {
  const auto call = [](int number, const std::string& rest) {
    return tests::praudit_line(one("type=SYSCALL" + kStamp + "arch=c000003e syscall=" + std::to_string(number) + rest));
  };
  CHECK_THAT(call(31, " success=yes exit=0 a0=8005 a1=2 a2=0 a3=0\ntype=IPC" + kStamp + "ouid=1 ogid=2 mode=0600\n"),
             Contains(",IPC,Shared Memory IPC,32773,IPC permission,1,2,-1,-1,600,0,0,"));
  CHECK_THAT(call(68, " success=yes exit=9 a0=1234 a1=2 a2=0 a3=0\n"), Contains(",IPC,Message IPC,9,"));
  CHECK_THAT(call(68, " success=no exit=-2 a0=1234 a1=2 a2=0 a3=0\n"), !Contains(",IPC,"));
  CHECK_THAT(call(67, " success=yes exit=0 a0=7f00 a1=2 a2=0 a3=0\n"), !Contains(",IPC,"));
  // Of i386 behind the one call ipc: shmat.
  CHECK_THAT(tests::praudit_line(
                 one("type=SYSCALL" + kStamp + "arch=40000003 syscall=117 success=yes exit=0 a0=15 a1=7 a2=0 a3=0\n")),
             Contains(",IPC,Shared Memory IPC,7,"));
}

TEST_CASE("the target of a signal is a process token") {
  const BsmRead record = one("type=SYSCALL" + kStamp + "arch=c000003e syscall=62 success=yes exit=0 a0=d a1=9 pid=5\n" +
                             "type=OBJ_PID" + kStamp + "opid=13 oauid=1000 ouid=7 oses=2 ocomm=\"x\"\n");
  CHECK_THAT(tests::praudit_line(record), Contains(",process,1000,-1,-1,7,-1,13,2,0,0.0.0.0,"));
  CHECK(has_text(record, "ocomm=x"));
}

TEST_CASE("a login, with what the program said, its machine and its address") {
  const BsmRead record =
      one("node=web1 type=USER_LOGIN" + kStamp +
          "pid=1 uid=0 auid=1000 ses=3 msg='op=login id=1000 uid=7 exe=\"/usr/sbin/sshd\" hostname=h "
          "addr=10.1.2.3 terminal=ssh res=success'\n");
  CHECK(record.event == 32800);
  CHECK_THAT(tests::praudit_line(record),
             Contains(",zone,web1,subject,1000,-1,-1,0,-1,1,3,0,10.1.2.3,return,success,0,"));
  for (const char* const text : {"op=login", "msg.uid=7", "exe=/usr/sbin/sshd", "addr=10.1.2.3", "terminal=ssh",
                                 "res=success", "type=USER_LOGIN"})
    CHECK(has_text(record, text));
}

TEST_CASE("an enriched record is the same but for the names") {
  const std::string plain = "type=SYSCALL" + kStamp +
                            "arch=c000003e syscall=2 success=yes exit=3 a0=0 a1=0 pid=5 auid=1000 "
                            "uid=0 key=(null)";
  const BsmRead without = one(plain + "\n");
  const BsmRead with = one(plain +
                           "\x1d"
                           "ARCH=x86_64 SYSCALL=open AUID=\"jo\" UID=612062\n");
  auto texts = with.texts();
  const auto names = std::vector<std::string>{"ARCH=x86_64", "SYSCALL=open", "AUID=jo", "UID=a b"};
  for (const std::string& name : names) CHECK(std::erase(texts, name) == 1);
  CHECK(texts == without.texts());
  CHECK(with.event == 72);
}

TEST_CASE("an event that is too large goes on in further records of the same number") {
  std::string lines = kExec.substr(0, kExec.rfind("type=PROCTITLE"));
  for (int i = 2; i < 900; ++i)
    lines += fmt::format("type=PATH{}item={} name=\"/some/where/{}\" nametype=NORMAL\n", kStamp, i, i);
  const std::vector<BsmRead> records = encode(lines);
  REQUIRE(records.size() > 1);
  std::size_t paths = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const BsmRead& record = records[i];
    CHECK(record.sequence() == 7629);
    CHECK(record.event == 23);
    CHECK(record.millis == 93);
    CHECK(record.find(id::kSubject32) != nullptr);
    CHECK(record.find(id::kReturn32) != nullptr);
    CHECK(has_text(record, fmt::format("part={}", i + 1)) == (i > 0));
    paths += record.all(id::kPath).size();
  }
  CHECK(paths == 901);
}

// By <errno.h>, so that a wrong place in the table does not pass.
TEST_CASE("errors have BSM's numbers") {
  constexpr std::pair<int, int> kOther[] = {
      {EDEADLK, 45},          {ENAMETOOLONG, 78},    {ENOLCK, 46},
      {ENOSYS, 89},           {ENOTEMPTY, 93},       {ELOOP, 90},
      {ENOMSG, 35},           {EIDRM, 36},           {ECHRNG, 37},
      {EL2NSYNC, 38},         {EL3HLT, 39},          {EL3RST, 40},
      {ELNRNG, 41},           {EUNATCH, 42},         {ENOCSI, 43},
      {EL2HLT, 44},           {EBADE, 50},           {EBADR, 51},
      {EXFULL, 52},           {ENOANO, 53},          {EBADRQC, 54},
      {EBADSLT, 55},          {EBFONT, 57},          {EMULTIHOP, 74},
      {EDOTDOT, 211},         {EBADMSG, 77},         {EOVERFLOW, 79},
      {ENOTUNIQ, 80},         {EBADFD, 81},          {EREMCHG, 82},
      {ELIBACC, 83},          {ELIBBAD, 84},         {ELIBSCN, 85},
      {ELIBMAX, 86},          {ELIBEXEC, 87},        {EILSEQ, 88},
      {ERESTART, 91},         {ESTRPIPE, 92},        {EUSERS, 94},
      {ENOTSOCK, 95},         {EDESTADDRREQ, 96},    {EMSGSIZE, 97},
      {EPROTOTYPE, 98},       {ENOPROTOOPT, 99},     {EPROTONOSUPPORT, 120},
      {ESOCKTNOSUPPORT, 121}, {EOPNOTSUPP, 122},     {EPFNOSUPPORT, 123},
      {EAFNOSUPPORT, 124},    {EADDRINUSE, 125},     {EADDRNOTAVAIL, 126},
      {ENETDOWN, 127},        {ENETUNREACH, 128},    {ENETRESET, 129},
      {ECONNABORTED, 130},    {ECONNRESET, 131},     {ENOBUFS, 132},
      {EISCONN, 133},         {ENOTCONN, 134},       {ESHUTDOWN, 143},
      {ETOOMANYREFS, 144},    {ETIMEDOUT, 145},      {ECONNREFUSED, 146},
      {EHOSTDOWN, 147},       {EHOSTUNREACH, 148},   {EALREADY, 149},
      {EINPROGRESS, 150},     {ESTALE, 151},         {EUCLEAN, 212},
      {ENOTNAM, 213},         {ENAVAIL, 214},        {EISNAM, 215},
      {EREMOTEIO, 216},       {EDQUOT, 49},          {ENOMEDIUM, 217},
      {EMEDIUMTYPE, 218},     {ECANCELED, 47},       {ENOKEY, 219},
      {EKEYEXPIRED, 220},     {EKEYREVOKED, 221},    {EKEYREJECTED, 222},
      {EOWNERDEAD, 58},       {ENOTRECOVERABLE, 59},
  };
  for (const auto& [ours, theirs] : kOther) {
    INFO(ours);
    CHECK(bsm_errno(static_cast<std::uint64_t>(ours)) == theirs);
  }
  for (int same = 0; same <= 34; ++same) CHECK(bsm_errno(static_cast<std::uint64_t>(same)) == same);
  for (const int same : {ENOSTR, ENODATA, ETIME, ENOSR, ENONET, ENOPKG, EREMOTE, ENOLINK, EADV, ESRMNT, ECOMM, EPROTO})
    CHECK(bsm_errno(static_cast<std::uint64_t>(same)) == same);
  for (const int none : {41, 58, ERFKILL, EHWPOISON, 250, 512, 530, 4095})
    CHECK(bsm_errno(static_cast<std::uint64_t>(none)) == 250);
  std::vector<int> all;
  for (int i = 1; i < 132; ++i)
    if (bsm_errno(static_cast<std::uint64_t>(i)) != 250) all.push_back(bsm_errno(static_cast<std::uint64_t>(i)));
  std::ranges::sort(all);
  CHECK(std::ranges::adjacent_find(all) == all.end());
}

TEST_CASE("every system call of the table has its number, by its name on any machine") {
  for (const BsmEventRow& row : bsm_call_numbers()) {
    INFO(row.name);
    if (row.name == "mmap") CHECK(row.number == 210);
    bool is_known = tables::uring_op(row.name).has_value();
    for (const tables::ArchWord arch :
         {tables::kArchX86_64, tables::kArchI386, tables::kArchAarch64, tables::kArchArm, tables::kArchPpc,
          tables::kArchPpc64le, tables::kArchS390x, tables::kArchS390}) {
      const auto number = tables::syscall_number(arch, row.name);
      if (!number || tables::syscall_name(arch, *number) != row.name) continue;
      is_known = true;
      const BsmRead record =
          one(fmt::format("type=SYSCALL{}arch={:x} syscall={} success=yes exit=0 pid=1\n", kStamp, arch, *number));
      CHECK(record.event == row.number);
    }
    const bool is_behind =
        std::ranges::any_of(std::array{"send", "recv"}, [&](const char* name) { return row.name == name; });
    CHECK((is_known || is_behind || row.name == "pread64" || row.name == "pwrite64" || row.name == "sysctl"));
  }
}

TEST_CASE("an open's number says what for") {
  const auto number = [](const char* call, const char* flags) {
    const bool is_at = std::string_view(call) == "257";
    return one(fmt::format("type=SYSCALL{}arch=c000003e syscall={} success=yes exit=3 a0=1 a1={} a2={} a3=0\n", kStamp,
                           call, is_at ? "1" : flags, is_at ? flags : "1"))
        .event;
  };
  const std::pair<const char*, int> flags_and_number[] = {{"0", 0},    {"40", 1},   {"200", 2},  {"240", 3}, {"1", 4},
                                                          {"41", 5},   {"201", 6},  {"241", 7},  {"2", 8},   {"42", 9},
                                                          {"202", 10}, {"242", 11}, {"80000", 0}};
  for (const auto& [flags, which] : flags_and_number) {
    CHECK(number("2", flags) == 72 + which);
    CHECK(number("257", flags) == 270 + which);
  }
  CHECK(number("257", "3") == kBsmNoEvent);
  const std::string openat2 =
      "type=SYSCALL" + kStamp + "arch=c000003e syscall=437 success=yes exit=3 a0=1 a1=2 a2=3 a3=18\n";
  CHECK(one(openat2).event == kBsmNoEvent);
  CHECK(one(openat2 + "type=OPENAT2" + kStamp + "oflag=0101 mode=0600 resolve=0x0\n").event == 275);
}

TEST_CASE("records have their numbers, a decision of a security module gives way to the call") {
  for (const BsmEventRow& row : bsm_record_numbers()) {
    INFO(row.name);
    REQUIRE(tables::record_type(row.name));
    CHECK(one(fmt::format("type={}{}pid=1 uid=0\n", row.name, kStamp)).event == row.number);
  }
  const std::string call = "type=SYSCALL" + kStamp + "arch=c000003e syscall=59 success=no exit=-13 pid=1\n";
  const std::string avc = "type=AVC" + kStamp + "avc:  denied  { read write } for  pid=1 comm=\"x\" tclass=file\n";
  CHECK(one(avc).event == 152);
  CHECK(one(avc + call).event == 23);
  CHECK(has_text(one(avc + call), "seperms=read write"));
  CHECK(one("type=CONFIG_CHANGE" + kStamp + "op=add_rule res=1\n" + call).event == 138);
  CHECK(one("type=MAC_STATUS" + kStamp + "enforcing=0\n" + call).event == 152);
  CHECK(one("type=URINGOP" + kStamp + "uring_op=28 success=yes exit=3 pid=1\n").event == kBsmNoEvent);
  CHECK(one("type=URINGOP" + kStamp + "uring_op=36 success=yes exit=0 pid=1\n").event == 286);
}

TEST_CASE("arguments have the names of the manual pages") {
  CHECK(bsm_argument_name("openat", 2) == "flags");
  CHECK(bsm_argument_name("openat", 0) == "dirfd");
  CHECK(bsm_argument_name("close", 1) == "a1");
  CHECK(bsm_argument_name("", 3) == "a3");
}

TEST_CASE("docs/bsm.md has every number") {
  std::ifstream file(NAUDIT_SOURCE_DIR "/docs/bsm.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const auto& rows : {bsm_call_numbers(), bsm_record_numbers()})
    for (const BsmEventRow& row : rows) CHECK_THAT(page, Contains(fmt::format("`{}` {}", row.name, row.number)));
}

// What auditreduce looks at, tried as its users do.
TEST_CASE("auditreduce finds events by user, event, outcome, time, file, object and machine") {
  const auto call = [](int serial, const std::string& rest) {
    return fmt::format("node={} type=SYSCALL msg=audit({}.000:{}): arch=c000003e {}\n", serial % 2 == 0 ? "web1" : "db",
                       1000 + serial, serial, rest);
  };
  const auto path = [](int serial, const std::string& name) {
    return fmt::format(
        "node={} type=PATH msg=audit({}.000:{}): item=0 name=\"{}\" inode=1 dev=08:01 mode=0100644 ouid=0 "
        "ogid=0 rdev=00:00 nametype=NORMAL\n",
        serial % 2 == 0 ? "web1" : "db", 1000 + serial, serial, name);
  };
  const std::vector<BsmRead> records =
      encode(call(1, "syscall=59 success=yes exit=0 a0=1 pid=11 auid=1000 uid=0 gid=4 euid=0 egid=5") +
             path(1, "/usr/bin/id") +
             call(2, "syscall=257 success=no exit=-13 a0=1 a1=2 a2=241 pid=12 auid=1000 uid=1000 euid=1000") +
             path(2, "/etc/passwd") +
             call(3, "syscall=257 success=yes exit=3 a0=1 a1=2 a2=241 pid=13 auid=1001 uid=0 euid=0") +
             path(3, "/etc/passwd") +
             call(4, "syscall=30 success=yes exit=0 a0=7 a1=0 a2=0 pid=14 auid=4294967295 uid=0 euid=0") +
             call(5, "syscall=62 success=yes exit=0 a0=63 a1=9 pid=15 auid=0 uid=0 euid=0") +
             "node=db type=OBJ_PID msg=audit(1005.000:5): opid=99 oauid=7 ouid=8 oses=1 ocomm=\"x\"\n");
  REQUIRE(records.size() == 5);
  const auto found = [&](const BsmSelection& selection) {
    std::vector<std::uint32_t> serials;
    for (const BsmRead& record : records)
      if (tests::selects(selection, record)) serials.push_back(record.sequence());
    return serials;
  };
  using Serials = std::vector<std::uint32_t>;
  BsmSelection by;
  by.auid = 1000;
  CHECK(found(by) == Serials{1, 2});
  by = {};
  by.event = 23;
  CHECK(found(by) == Serials{1});
  by = {};
  by.events_of_class = {76, 77, 78, 79, 274, 275, 276, 277, 72 + 7};
  by.success = false;
  CHECK(found(by) == Serials{2});
  by.success = true;
  CHECK(found(by) == Serials{3});
  by = {};
  by.file = "/etc/passwd";
  CHECK(found(by) == Serials{2, 3});
  by = {};
  by.memory = 7;
  CHECK(found(by) == Serials{4});
  by = {};
  by.object_pid = 99;
  by.pid = 15;
  CHECK(found(by) == Serials{5});
  by = {};
  by.zone = "web1";
  CHECK(found(by) == Serials{2, 4});
  by = {};
  by.after = 1002;
  by.before = 1003;
  CHECK(found(by) == Serials{2, 3});
}

}  // namespace
}  // namespace naudit::formats
