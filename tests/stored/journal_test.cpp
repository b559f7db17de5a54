// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/journal.hpp"

#include <string>
#include <vector>

#include "stored/reader.hpp"
#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::stored {
namespace {

namespace type = tables::type;

// 2026-07-01 00:00:00 UTC.
constexpr std::int64_t kToday = 1'782'864'000;

struct Read {
  explicit Read(const std::string& text, InputForm form = InputForm::kAuto) {
    const tests::TempDir directory;
    directory.write("log", text);
    LogReader reader(form, pool);
    reader.open(directory.file("log"));
    while (reader.read(events)) {
    }
    reader.finish(correlate::Incomplete::kNo, events);
    rejected = reader.counts().rejected;
  }
  // "node types", of each event.
  [[nodiscard]] std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const auto& event : events) {
      std::string text = event->node;
      for (const auto& record : event->records()) text += ' ' + std::to_string(record.type);
      all.push_back(text);
    }
    return all;
  }

  correlate::EventPool pool{16};
  correlate::EventBatch events;
  std::uint64_t rejected = 0;
};

using List = std::vector<std::string>;

std::string json(const std::string& type_number, const std::string& message, const std::string& host = "h1") {
  return R"({"_TRANSPORT":"audit","_AUDIT_TYPE":")" + type_number + R"(","_AUDIT_ID":"34","_HOSTNAME":")" + host +
         R"(","_SOURCE_REALTIME_TIMESTAMP":"1590476099070000","MESSAGE":)" + message + "}\n";
}

std::string field(const std::string& name, const std::string& value) {
  std::string text = name + '\n';
  for (std::size_t i = 0; i < 8; ++i) text += static_cast<char>(value.size() >> (8 * i) & 0xFFU);
  return text + value + '\n';
}

TEST_CASE("a line of journalctl -o json is the record that journald had") {
  JournalEntry entry;
  REQUIRE(entry.read_json(json("1130", R"("SERVICE_START pid=1 uid=0 msg='unit=x comm=\"systemd\" res=success'")")));
  CHECK(entry.record().type == 1130);
  CHECK(entry.record().text == "audit(1590476099.070:34): pid=1 uid=0 msg='unit=x comm=\"systemd\" res=success'");
  CHECK(entry.record().node == "h1");
  CHECK(entry.record().known == correlate::Incomplete::kNo);
  // Of old versions, in json-seq, and with bytes that are no text.
  REQUIRE(entry.read_json('\x1e' + json("1300", R"("<audit-1300> arch=c000003e")")));
  CHECK(entry.record().text == "audit(1590476099.070:34): arch=c000003e");
  REQUIRE(entry.read_json(json("1307", "[67,87,68,32,99,119,100,61,29]")));
  CHECK(entry.record().text == "audit(1590476099.070:34): cwd=\x1d");
  REQUIRE(entry.read_json(json("1499", R"("AUDIT1499 x=1")")));
  CHECK(entry.record().type == 1499);
}

TEST_CASE("only what journald had from the kernel, or from auditd, is a record") {
  JournalEntry entry;
  const std::string kernel =
      R"({"_TRANSPORT":"kernel","_HOSTNAME":"h1","MESSAGE":"audit: type=1307 audit(1.000:2): cwd=2F"})";
  REQUIRE(entry.read_json(kernel));
  CHECK(entry.record().text == "audit(1.000:2): cwd=2F");
  CHECK(entry.record().node == "h1");
  const auto syslog = [](const std::string& who, const std::string& message) {
    return R"({"_TRANSPORT":"syslog","_HOSTNAME":"h1","SYSLOG_IDENTIFIER":")" + who + R"(","MESSAGE":")" + message +
           "\"}";
  };
  REQUIRE(entry.read_json(syslog("audispd", "node=h2 type=CWD msg=audit(1.000:2): cwd=2F")));
  CHECK(entry.record().node == "h2");
  for (const std::string& line :
       {syslog("sshd", "type=CWD msg=audit(1.000:2): cwd=2F"),
        syslog("audispd", "x type=CWD msg=audit(1.000:2): cwd=2F"),
        std::string(R"({"_TRANSPORT":"kernel","MESSAGE":"usb: type=1307 audit(1.000:2): cwd=2F"})"),
        std::string(R"({"_TRANSPORT":"stdout","MESSAGE":"SYSCALL arch=c000003e","AUDIT_ID":"3"})"),
        json("x", "\"CWD cwd=2F\""), json("0", "\"CWD cwd=2F\""), json("1307", "[256]"), json("1307", "\"\"") + "x",
        std::string("{}"), std::string("[]"), std::string("{")}) {
    INFO(line);
    CHECK_FALSE(entry.read_json(line));
  }
}

TEST_CASE("events of a journal are put together by host and serial") {
  const Read read(json("1300", R"("SYSCALL arch=c000003e syscall=2 success=yes")") +
                  json("1300", R"("SYSCALL arch=c000003e syscall=3 success=yes")", "h2") +
                  json("1307", R"("CWD cwd=2F")") + json("1327", R"("PROCTITLE proctitle=61")") +
                  json("1327", R"("PROCTITLE proctitle=62")", "h2") + R"({"_TRANSPORT":"stdout","MESSAGE":"x"})" +
                  "\n");
  CHECK(read.told() == List{"h1 1300 1307 1327", "h2 1300 1327"});
  CHECK(read.rejected == 1);
  for (const auto& event : read.events) CHECK(event->incomplete == correlate::Incomplete::kNo);
}

TEST_CASE("an entry of journalctl -o export may hold any bytes") {
  const auto entry = [](const std::string& number, const std::string& rest) {
    return "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\n_TRANSPORT=audit\n_AUDIT_TYPE=" + number +
           "\n_AUDIT_ID=34\n_HOSTNAME=h1\n_SOURCE_REALTIME_TIMESTAMP=1590476099070000\n" + rest + "\n";
  };
  const std::string log = entry("1300", "MESSAGE=SYSCALL arch=c000003e syscall=2 success=yes\n") +
                          entry("1307", field("MESSAGE", "CWD cwd=2F\n\n__CURSOR=x")) +
                          "__CURSOR=s=2\n_TRANSPORT=stdout\nMESSAGE=x\n\n" +
                          entry("1327", "MESSAGE=PROCTITLE proctitle=61\n");
  for (const InputForm form : {InputForm::kAuto, InputForm::kJournal}) {
    const Read read(log, form);
    CHECK(read.told() == List{"h1 1300 1307 1327"});
    CHECK(read.rejected == 1);
    const auto& event = *read.events[0];
    CHECK(event.text(event.records()[1]) == "audit(1590476099.070:34): cwd=2F\n\n__CURSOR=x");
  }
  // One that is cut at the end of the file is what it is.
  CHECK(Read(log.substr(0, log.size() - 1)).told() == List{"h1 1300 1307 1327"});
  CHECK(journal_entry_size(log, false) ==
        entry("1300", "MESSAGE=SYSCALL arch=c000003e syscall=2 success=yes\n").size());
  CHECK(journal_entry_size("__CURSOR=x\nA\n\xff\xff\xff\xff\xff\xff\xff\xff"
                           "x",
                           false) == 0);
}

TEST_CASE("the short form has no serial: time, host and process put its records together, marked") {
  JournalShort lines(kToday);
  const std::string head = "Nov 18 19:55:36 host1 audit[31399]: ";
  REQUIRE(lines.read(head + "SYSCALL arch=c000003e syscall=90 success=yes key=\"t\""));
  CHECK(lines.record().type == type::kSyscall);
  CHECK(lines.record().node == "host1");
  CHECK(lines.record().known == correlate::Incomplete::kNoSerial);
  CHECK(lines.record().text == "audit(1763495736.000:1): arch=c000003e syscall=90 success=yes key=\"t\"");
  REQUIRE(lines.read(head + "CWD cwd=\"/\""));
  CHECK(lines.record().text == "audit(1763495736.000:1): cwd=\"/\"");
  // Another call, another process, another second, what stands alone.
  REQUIRE(lines.read(head + "SYSCALL arch=c000003e syscall=2 success=yes"));
  CHECK(lines.record().text.starts_with("audit(1763495736.000:2): "));
  REQUIRE(lines.read("Nov 18 19:55:36 host1 audit[7]: CWD cwd=\"/\""));
  CHECK(lines.record().text.starts_with("audit(1763495736.000:3): "));
  REQUIRE(lines.read("Nov 18 19:55:37 host1 audit[7]: CWD cwd=\"/\""));
  CHECK(lines.record().text.starts_with("audit(1763495737.000:4): "));
  REQUIRE(lines.read("Nov 18 19:55:37 host1 audit[7]: USER_LOGIN pid=7 uid=0 msg='op=login res=success'"));
  CHECK(lines.record().text.starts_with("audit(1763495737.000:5): "));
  REQUIRE(lines.read("Nov 18 19:55:37 host1 audit[7]: PROCTITLE proctitle=61"));
  CHECK(lines.record().text.starts_with("audit(1763495737.000:6): "));
  REQUIRE(lines.read("Nov 18 19:55:37 host1 audit[7]: <audit-1307> cwd=\"/\""));
  CHECK(lines.record().text.starts_with("audit(1763495737.000:7): "));
}

TEST_CASE("a short stamp is of the last such day, a long one says all") {
  const auto second = [](const std::string& stamp) {
    JournalShort lines(kToday);
    return lines.read(stamp + " h audit: CWD cwd=\"/\"") ? std::string(lines.record().text.substr(6, 10))
                                                         : std::string();
  };
  CHECK(second("Jun 30 00:00:00") == "1782777600");  // this year
  CHECK(second("Jul  3 00:00:00") == "1751500800");  // last year
  CHECK(second("Feb 29 00:00:00") == "1709164800");  // 2024
  CHECK(second("2026-01-02T03:04:05+0100") == "1767319445");
  CHECK(second("2026-01-02T03:04:05Z") == "1767323045");
  CHECK(second("2026-01-02T03:04:05.123456-01:30") == "1767328445");
  CHECK(second("Foo  3 00:00:00").empty());
  CHECK(second("Feb 31 00:00:00").empty());
  CHECK(second("Jan  1 25:00:00").empty());
}

TEST_CASE("lines of the short form become marked events among others") {
  const Read read(
      "2026-01-02T03:04:05+0000 h1 audit[9]: SYSCALL arch=c000003e syscall=59 success=yes key=\"t\"\n"
      "2026-01-02T03:04:05+0000 h1 audit[9]: EXECVE argc=1 a0=\"id\"\n"
      "2026-01-02T03:04:05+0000 h1 systemd[1]: Started x.\n"
      "2026-01-02T03:04:05+0000 h1 audit[9]: PROCTITLE proctitle=\"id\"\n"
      "2026-01-02T03:04:05+0000 h1 kernel: audit: type=1307 audit(1.000:2): cwd=2F\n"
      "2026-01-02T03:04:05+0000 h1 sshd[3]: SYSCALL arch=c000003e\n"
      "2026-01-02T03:04:05+0000 h1 audit[9]: nothing of ours\n");
  CHECK(read.told() == List{"h1 1300 1309 1327", "h1 1307"});
  CHECK(read.events[0]->incomplete == correlate::Incomplete::kNoSerial);
  CHECK(read.rejected == 3);
}

}  // namespace
}  // namespace naudit::stored
