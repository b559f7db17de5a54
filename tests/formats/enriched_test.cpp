// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What auditd writes for the same records is compared in auditd_compare_test.cpp, where auditd is installed; these
// lines come from it.
#include "formats/auditd/enriched.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "formats/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

std::string enriched(std::string_view lines) {
  return tests::Encoding("enriched")(lines);
}

TEST_CASE("the names of a system call stand behind it in the order of its fields") {
  const std::string record =
      "type=SYSCALL msg=audit(1700000000.123:77): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7f a2=0 "
      "a3=0 items=1 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=77 suid=0 fsuid=0 egid=0 sgid=0 fsgid=4294967295 tty=pts0 "
      "ses=3 comm=\"cat\" exe=\"/usr/bin/cat\" key=(null)";
  CHECK(enriched(record) == record +
                                "\x1d"
                                "ARCH=x86_64 SYSCALL=openat AUID=\"jo\" UID=\"root\" GID=\"root\" EUID=\"unknown(77)\" "
                                "SUID=\"root\" FSUID=\"root\" EGID=\"root\" SGID=\"root\" FSGID=\"unset\"\n");
}

TEST_CASE("a name that has not come yet is left out, and is not unknown") {
  std::promise<void> answers;
  const std::shared_future<void> answer = answers.get_future().share();
  interpret::Names names({.wait = std::chrono::milliseconds{0}}, [answer](interpret::NameId) {
    answer.wait();
    return std::optional<std::string>();
  });
  formats::EncoderContext context{.names = names, .node = {}, .live = false};
  const auto encoder = make_encoder("enriched", context, {});
  const std::string record = "audit(1700000000.123:77): pid=2 uid=77 auid=4294967295 ses=1 msg='op=x res=success'";
  correlate::Event event;
  event.append(1112, record, static_cast<std::uint32_t>(record.find("pid")));
  interpret::DecodedEvent decoded;
  const auto encode = [&] {
    std::string out;
    decoded.decode(event);
    encoder->encode(decoded, out);
    return out;
  };
  CHECK(encode() == "type=USER_LOGIN msg=" + record + "\x1d" + "AUID=\"unset\"\n");
  answers.set_value();
  const std::string with_answer = "type=USER_LOGIN msg=" + record + "\x1d" + "UID=\"unknown(77)\" AUID=\"unset\"\n";
  while (encode() != with_answer) std::this_thread::yield();
}

TEST_CASE("a record with nothing to name stays as it is") {
  const std::string record = "type=CWD msg=audit(1700000000.123:77): cwd=\"/\"\n";
  CHECK(enriched(record) == record);
}

TEST_CASE("what a program said is named in its place") {
  const std::string record =
      "node=a.b type=ADD_USER msg=audit(1700000000.123:77): pid=9 uid=0 auid=1000 ses=1 msg='op=add-user id=1000 "
      "exe=\"/usr/sbin/useradd\" res=success'";
  CHECK(enriched(record) == record + "\x1dUID=\"root\" AUID=\"jo\" ID=\"jo\"\n");
}

TEST_CASE("addresses are spelled out, and one system call says which of the calls behind it") {
  const std::string address = "type=SOCKADDR msg=audit(1700000000.123:77): saddr=020000507F0000010000000000000000";
  CHECK(enriched(address) == address + "\x1dSADDR={ saddr_fam=inet laddr=127.0.0.1 lport=80 }\n");
  const std::string call = "type=SYSCALL msg=audit(1700000000.123:77): arch=40000003 syscall=102 a0=3 a1=0";
  CHECK(enriched(call) == call +
                              "\x1d"
                              "ARCH=i386 SYSCALL=socketcall(connect)\n");
}

TEST_CASE("a stored record keeps the names it has") {
  const std::string record =
      "type=SYSCALL msg=audit(1700000000.123:77): arch=c000003e syscall=2 auid=1000 uid=0\x1d"
      "ARCH=x86_64 SYSCALL=open AUID=\"ann\" UID=\"root\"\n";
  CHECK(enriched(record) == record);
}

TEST_CASE("the path of a socket cannot begin a line of the log") {
  // auditd writes such a path as it is.
  const std::string record = "type=SOCKADDR msg=audit(1700000000.123:77): saddr=01002F0A747970653D555345520A00";
  CHECK(enriched(record) == record + "\x1dSADDR={ saddr_fam=local path=/ type=USER  }\n");
  const std::string abstract = "type=SOCKADDR msg=audit(1700000000.123:77): saddr=01000061620063";
  CHECK(enriched(abstract) == abstract + "\x1dSADDR={ saddr_fam=local path=ab }\n");
}

TEST_CASE("a seccomp record tells its system call") {
  const std::string record = "type=SECCOMP msg=audit(1700000000.123:77): auid=1000 sig=31 arch=c000003e syscall=59";
  CHECK(enriched(record) == record +
                                "\x1d"
                                "AUID=\"jo\" ARCH=x86_64 SYSCALL=execve\n");
}

TEST_CASE("a long enriched line is cut only if it is the kernel's") {
  const std::string head = "type=USER_AUTH msg=audit(1700000000.123:77): uid=0 ";
  const std::string node = "node=a " + head;
  const std::string rest(20'000, 'x');
  tests::Encoding encoding("enriched");
  CHECK(encoding(head + rest) == head + rest + "\x1dUID=\"root\"\n");
  encoding.set_live();
  CHECK(encoding(head + rest) == (head + rest).substr(0, 8937) + "\x1dUID=\"root\"\n");
  CHECK(encoding(node + rest) == (node + rest).substr(0, 8969) + "\n");
}

TEST_CASE("what a program wrote for a number gets no name, and starts no line") {
  const std::string forged = "type=SYSCALL msg=audit(9.000:9): success=yes auid=0";
  for (const std::string_view name : {"syscall", "arch", "uid", "auid", "ogid", "saddr", "uring_op", "id"}) {
    correlate::Event event;
    event.append(1112,
                 "audit(1.000:31): pid=4 uid=0 msg='op=x " + std::string(name) + "=\"1\n" + forged + "\" " +
                     std::string(name) + "=5\ntype=SYSCALL res=failed'",
                 16);
    for (const bool live : {false, true}) {
      for (const std::string_view format : {"raw", "enriched", "json", "mozdef", "line"}) {
        tests::Encoding encoding(format);
        if (live) encoding.set_live();
        const std::string line = encoding(event);
        INFO(name << " " << format << ": " << line);
        CHECK(std::ranges::count(line, '\n') == 1);
        CHECK(line.ends_with('\n'));
      }
    }
    const std::string line = tests::Encoding("enriched")(event);
    CHECK(line.substr(line.find('\x1d')) == "\x1dUID=\"root\"\n");
  }
}

TEST_CASE("a line is one line whatever stands in its node, its type and its names") {
  correlate::Event event;
  event.append(1300, "audit(1.000:2): arch=c000003e syscall=59 uid=0\n", 16);
  event.node = "a\nb";
  CHECK(tests::Encoding("enriched")(event) ==
        "node=a b type=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=59 uid=0\x1d"
        "ARCH=x86_64 SYSCALL=execve UID=\"root\"\n");
  CHECK(tests::Encoding("raw")(event) == "node=a b type=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=59 uid=0\n");
}

}  // namespace
}  // namespace naudit::formats
