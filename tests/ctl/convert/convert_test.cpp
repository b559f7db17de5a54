// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What `nauditctl convert` reads and writes, and what it says about it.
#include <sys/stat.h>

#include <filesystem>

#include "tests/ctl/convert/convert_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/compressed.hpp"
#include "tests/support/frames.hpp"

namespace naudit::ctl {
namespace {

using test::convert;
using test::convert_text;
using test::Outcome;
using test::TempDir;

std::string record(int serial) {
  return "type=USER_ACCT msg=audit(1700000000.000:" + std::to_string(serial) +
         "): pid=1 uid=0 auid=0 ses=1 msg='op=PAM:accounting acct=\"root\" res=success'";
}

std::string records(int first, int last) {
  std::string text;
  for (int serial = first; serial <= last; ++serial) text += record(serial) + '\n';
  return text;
}

TEST_CASE("a directory is read oldest first, compressed or not, and its names do not say which") {
  const TempDir directory;
  directory.write("audit.log", records(7, 8));
  directory.write("audit.log.1", records(5, 6));
  directory.write("audit.log.2.gz", tests::compressed(tests::Compression::kGzip, records(3, 4)));
  directory.write("audit.log.10", tests::compressed(tests::Compression::kXz, records(1, 2)));
  const Outcome outcome = convert({"--format", "raw", directory.path()});
  CHECK(outcome.code == 0);
  CHECK(outcome.error.empty());
  CHECK(outcome.out == records(1, 8));
}

TEST_CASE("an event goes on in the next file") {
  const TempDir directory;
  const std::string start = "type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=2 success=yes exit=3 a0=1 a1=2\n";
  const std::string end =
      "type=CWD msg=audit(1.000:1): cwd=\"/\"\ntype=PROCTITLE msg=audit(1.000:1): proctitle=\"x\"\n";
  directory.write("audit.log.1", start);
  directory.write("audit.log", end);
  const Outcome outcome = convert({directory.path()});
  CHECK_THAT(outcome.out, Catch::Contains("\"complete\":true") && Catch::Contains("\"cwd\""));
  CHECK(std::ranges::count(outcome.out, '\n') == 1);
}

TEST_CASE("a format's options are those of nauditd.yaml") {
  const Outcome chosen =
      convert_text(records(1, 1), {"--format", "mozdef", "--option", "prefix={\"message\":", "--option", "suffix=}",
                                   "--option", "process_name=x", "--jobs", "1"});
  CHECK(chosen.code == 0);
  CHECK(chosen.out.starts_with(R"({"message":{"category":"user",)"));
  CHECK(chosen.out.ends_with("}}\n"));
  CHECK_THAT(chosen.out, Catch::Contains(R"("processname":"x")"));

  const Outcome wrong = convert_text(
      records(1, 1), {"--format", "mozdef", "--option", "prefx=a", "--option", "strict=maybe", "--option", "paths"});
  CHECK(wrong.code != 0);
  CHECK(wrong.out.empty());
  CHECK_THAT(wrong.error,
             Catch::Contains("--option: unknown key 'prefx' in the format mozdef; did you mean 'prefix'?"));
  CHECK_THAT(wrong.error, Catch::Contains("--option: expected true or false, not 'maybe'"));
  CHECK_THAT(wrong.error, Catch::Contains("--option: expected KEY=VALUE, not 'paths'"));
  const Outcome none = convert_text(records(1, 1), {"--format", "json", "--option", "a=b"});
  CHECK_THAT(none.error, Catch::Contains("--option: there is nothing to choose of the format json"));
}

TEST_CASE("any number of jobs gives the same bytes") {
  const std::string text = records(1, 5000);
  for (const char* format : {"json", "raw", "line"}) {
    const Outcome one = convert_text(text, {"--format", format, "--jobs", "1"});
    CHECK(std::ranges::count(one.out, '\n') == 5000);
    CHECK(convert_text(text, {"--format", format, "--jobs", "3"}).out == one.out);
  }
}

TEST_CASE("a capture of audisp-remote and one of a binary plugin give what the log gives") {
  std::string remote;
  std::string plugin;
  for (int serial = 1; serial <= 3; ++serial) {
    remote += tests::remote_frame(record(serial), static_cast<std::uint32_t>(serial)) + tests::remote_frame("", 0, 1);
    plugin += tests::plugin_frame(0, 1101, record(serial).substr(record(serial).find("audit(")));
  }
  for (const std::string& capture : {remote, plugin}) {
    for (const char* form : {"auto", "frames"}) {
      const Outcome outcome = convert_text(capture, {"--format", "raw", "--input-format", form});
      CHECK(outcome.code == 0);
      CHECK(outcome.out == records(1, 3));
    }
  }
}

TEST_CASE("events are chosen by time, and a time that cannot be read is a wrong command line") {
  const std::string text = records(1, 2);
  CHECK(convert_text(text, {"--format", "raw", "--since", "1970-01-01T00:00:00Z"}).out == text);
  CHECK(convert_text(text, {"--format", "raw", "--since", "@1700000000.001"}).out.empty());
  CHECK(convert_text(text, {"--format", "raw", "--until", "@1700000000"}).out.empty());
  CHECK(convert_text(text, {"--format", "raw", "--until", "2h ago"}).out == text);
  const Outcome wrong = convert_text(text, {"--since", "las\x1bt night"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.error, Catch::Contains("--since: expected a time such as '2026-11-29 21:05'"));
  CHECK_THAT(wrong.error, Catch::Contains("not 'las\\x1bt night'"));
}

TEST_CASE("events are chosen by program, path, session and host") {
  const std::string event =
      "node=web1 type=SYSCALL msg=audit(5.000:1): arch=c000003e syscall=257 success=yes exit=3 items=1 ppid=1 pid=2 "
      "auid=1000 uid=0 ses=7 comm=\"vi\" exe=\"/usr/bin/vi\" key=(null)\n"
      "node=web1 type=CWD msg=audit(5.000:1): cwd=\"/etc\"\n"
      "node=web1 type=PATH msg=audit(5.000:1): item=0 name=\"hosts\" nametype=NORMAL\n";
  const std::string text = event + record(2) + '\n';
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"--exe", "vi"},
                                             {"--path", "/etc/"},
                                             {"--session", "7"},
                                             {"--host", "web1"},
                                             {"--filter", "exe startswith /usr/ and not auid == 7"},
                                             {"--exe", "x", "--exe", "/usr/*"}}) {
    std::vector<std::string> all = {"--format", "raw"};
    all.insert(all.end(), options.begin(), options.end());
    CHECK(convert_text(text, all).out == event);
  }
  CHECK(convert_text(text, {"--exe", "vi", "--path", "/usr/"}).out.empty());
  CHECK(convert_text(text, {"--exe", "vi", "--filter", "path startswith /usr/"}).out.empty());
  const Outcome wrong = convert_text(text, {"--filter", "exe == vi\n and uid ="});
  CHECK(wrong.code != 0);
  CHECK(wrong.out.empty());
  CHECK_THAT(wrong.error, Catch::Contains("--filter: line 2, column 10: "));
  CHECK_THAT(convert_text(text, {"--filter", " "}).error, Catch::Contains("--filter: the expression is empty"));
}

TEST_CASE("the node of a record is kept, and --node is for those that have none") {
  const std::string text = "node=web1 " + record(1) + '\n' + record(2) + '\n';
  CHECK(convert_text(text, {"--format", "raw"}).out == text);
  CHECK(convert_text(text, {"--format", "raw", "--node", "web2"}).out ==
        "node=web1 " + record(1) + "\nnode=web2 " + record(2) + '\n');
  CHECK(test::there_and_back(text) == text);
}

TEST_CASE("a space at the end of a line is part of the record, also on the way through JSON") {
  const std::string text = record(1) + " \nnode=web1 " + record(2) + " \n" + record(3) + "  \n";
  CHECK(convert_text(text, {"--format", "raw"}).out == text);
  CHECK(test::there_and_back(text) == text);
}

TEST_CASE("what our JSON says about an event stays: it is not put together again") {
  const std::string json = test::json_of("type=PATH msg=audit(1.000:1): item=0 name=\"/a\"\n");
  CHECK_THAT(json, Catch::Contains("\"incomplete_reason\":\"no_syscall\""));
  CHECK(convert_text(json, {"--format", "json"}).out == json);
}

TEST_CASE("lines without a record are counted, kept as they stood, and tell by the exit status") {
  const TempDir directory;
  const std::string bad =
      "Nov 14 10:00:00 host kernel: eth0 up\r\ntype=CWD msg=audit(1.000:x): cwd=\"/\"\n{\"id\":1}\nlast";
  directory.write("log", record(1) + '\n' + bad);
  const Outcome outcome =
      convert({"--format", "raw", "--rejects", directory.file("rejects"), "--stats=json", directory.file("log")});
  CHECK(outcome.code == 3);
  CHECK(outcome.out == records(1, 1));
  CHECK_THAT(outcome.error, Catch::Contains("\"rejected\":4,"));
  CHECK(test::read_all(directory.file("rejects")) == bad + '\n');
}

TEST_CASE("a file that cannot be read is named once, and the others are converted") {
  const TempDir directory;
  directory.write("log", records(1, 1));
  const Outcome outcome = convert({"--format", "raw", directory.file("none"), directory.file("log")});
  CHECK(outcome.code == 1);
  CHECK(outcome.error ==
        "nauditctl convert: cannot read '" + directory.file("none") + "': No such file or directory\n");
  CHECK(outcome.out == records(1, 1));
}

TEST_CASE("of a compressed file that was cut, what stands before the cut is converted") {
  const std::string text = records(1, 2000);
  for (const auto kind : tests::kCompressions) {
    const std::string bytes = tests::compressed(kind, text);
    const Outcome outcome =
        convert_text(bytes.substr(0, bytes.size() - 3), {"--format", "raw", "--rejects", "/dev/null"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.error, Catch::Contains("damaged or cut short"));
    CHECK(text.starts_with(outcome.out));
    if (kind != tests::Compression::kBzip2) CHECK(outcome.out == text);  // bzip2 gives a block only when it has it all
  }
}

TEST_CASE("a compressed file that needs much memory is named with what to do") {
  for (const std::string& bytes : {tests::large_xz(records(1, 2)), tests::large_zstd(records(1, 2))}) {
    const Outcome outcome = convert_text(bytes, {"--format", "raw"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.error,
               Catch::Contains("128 MiB") && Catch::Contains("pipe it in") && !Catch::Contains("damaged"));
  }
}

TEST_CASE("nothing in, nothing out") {
  const Outcome outcome = convert_text("", {});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.error.empty());
}

TEST_CASE("the output may be a file, but not one of the inputs") {
  const TempDir directory;
  directory.write("log", records(1, 2));
  CHECK(convert({"--format", "raw", "-o", directory.file("out"), directory.file("log")}).code == 0);
  CHECK(test::read_all(directory.file("out")) == records(1, 2));
  const Outcome outcome = convert({"--format", "raw", "-o", directory.file("log"), directory.file("log")});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.error, Catch::Contains("is one of the inputs"));
  CHECK(test::read_all(directory.file("log")) == records(1, 2));
}

TEST_CASE("the output is not where the rejected lines go, and refusing that loses nothing") {
  const TempDir directory;
  directory.write("log", records(1, 2) + "garbage\n");
  directory.write("old", "old\n");
  const std::string log = directory.file("log"), old = directory.file("old");
  const auto check_refused = [](const Outcome& outcome) {
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.error, Catch::Contains("is the output already"));
  };
  check_refused(convert({"-o", old, "--rejects", old, log}));
  check_refused(convert({"-o", old, "--rejects", directory.file("./old"), log}));
  check_refused(convert({"-o", "-", "--rejects", "-", log}));
  check_refused(test::run("/bin/sh", {"-c", NAUDIT_NAUDITCTL " convert --rejects " + old + ' ' + log + " >> " + old}));
  CHECK(test::read_all(old) == "old\n");
  CHECK(convert({"-o", "/dev/null", "--rejects", "/dev/null", log}).code == 3);
}

TEST_CASE("a filter that cannot be costs no file") {
  const TempDir directory;
  directory.write("log", records(1, 2));
  directory.write("old", "old\n");
  CHECK(convert({"--type", "NO_SUCH_TYPE", "-o", directory.file("old"), directory.file("log")}).code == 1);
  CHECK(test::read_all(directory.file("old")) == "old\n");
}

TEST_CASE("a full disk is one message, with one thread and with several") {
  if (!std::filesystem::exists("/dev/full")) {
    WARN("left out: there is no /dev/full");
    return;
  }
  for (const char* jobs : {"1", "2"}) {
    const Outcome outcome = convert_text(records(1, 3000), {"--format", "raw", "-o", "/dev/full", "--jobs", jobs});
    CHECK(outcome.code == 1);
    CHECK(outcome.error == "cannot write '/dev/full': No space left on device\n");
  }
}

TEST_CASE("rejected lines that cannot be written end it with one message, while batches are on their way") {
  if (!std::filesystem::exists("/dev/full")) {
    WARN("left out: there is no /dev/full");
    return;
  }
  const std::string text = records(1, 120'000) + "garbage\nmore of it\n" + records(120'001, 122'000);
  for (const char* jobs : {"1", "2"}) {
    const Outcome outcome =
        convert_text(text, {"--format", "json", "-o", "/dev/null", "--rejects", "/dev/full", "--jobs", jobs});
    CHECK(outcome.code == 1);
    CHECK(outcome.error == "cannot write '/dev/full': No space left on device\n");
  }
}

TEST_CASE("filters leave out events, and the statistics say how many") {
  const Outcome outcome = convert_text(records(1, 3) + "type=USER_END msg=audit(1.000:9): pid=1 res=failed\n",
                                       {"--type", "USER_END", "--stats=json"});
  CHECK_THAT(outcome.out, Catch::Contains("user_end"));
  CHECK(std::ranges::count(outcome.out, '\n') == 1);
  CHECK_THAT(outcome.error, Catch::Contains("\"records\":4,") && Catch::Contains("\"events\":4,\"filtered\":3,") &&
                                Catch::Contains("\"types\":{\"USER_ACCT\":3,\"USER_END\":1}"));
}

TEST_CASE("standard input is read where no file is named") {
  const TempDir directory;
  directory.write("log", records(1, 2));
  const std::string command =
      std::string(NAUDIT_NAUDITCTL) + " convert --format raw < " + directory.file("log") + " | head -n 1";
  CHECK(test::run("/bin/sh", {"-c", command}).out == records(1, 1));
}

TEST_CASE("interrupted while it waits for input, it writes what it has and says so") {
  const TempDir directory;
  REQUIRE(::mkfifo(directory.file("log").c_str(), 0600) == 0);
  const std::string user = "type=USER_END msg=audit(1700000000.000:1): pid=1 res=success";
  const std::string open = "type=CWD msg=audit(1700000000.000:2): cwd=x";
  // The writing end stays open; the line that comes out shows that the reader waits for the next one.
  const std::string script = "exec 3<>" + directory.file("log") + "; " + NAUDIT_NAUDITCTL + " convert --format raw " +
                             directory.file("log") + " > " + directory.file("out") + " & printf '" + user + "\\n" +
                             open + "\\n' >&3; until [ -s " + directory.file("out") +
                             " ]; do :; done; kill -TERM $!; wait $!";
  CHECK(test::run("/bin/bash", {"-c", script}).code == 130);
  CHECK(test::read_all(directory.file("out")) == user + '\n' + open + '\n');
}

TEST_CASE("interrupted in the middle of a line, it does not take what is there for the whole") {
  const TempDir directory;
  REQUIRE(::mkfifo(directory.file("log").c_str(), 0600) == 0);
  const std::string user = "type=USER_END msg=audit(1700000000.000:1): pid=1 res=success";
  const std::string cut = "type=USER_END msg=audit(1700000000.000:2): pid=12";
  // The program printf writes both at once, so both have been read when the first one comes out.
  const std::string script = "exec 3<>" + directory.file("log") + "; " + NAUDIT_NAUDITCTL + " convert --format raw " +
                             directory.file("log") + " > " + directory.file("out") + " & env printf '" + user + "\\n" +
                             cut + "' >&3; until [ -s " + directory.file("out") +
                             " ]; do :; done; kill -TERM $!; wait $!";
  CHECK(test::run("/bin/bash", {"-c", script}).code == 130);
  CHECK(test::read_all(directory.file("out")) == user + '\n');
}

TEST_CASE("words that are no format, form or filter are refused") {
  CHECK(convert({"--format", "xml"}).code != 0);
  CHECK(convert({"--input-format", "xml"}).code != 0);
  CHECK(convert({"--jobs", "0"}).code != 0);
  const Outcome refused = convert({"--type", "NO_SUCH_TYPE"});
  CHECK(refused.code == 1);
  CHECK(refused.error == "there is no record type 'NO_SUCH_TYPE'; give a name such as SYSCALL or USER_LOGIN\n");
}

}  // namespace
}  // namespace naudit::ctl
