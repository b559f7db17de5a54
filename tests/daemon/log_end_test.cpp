// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/log_end.hpp"

#include <unistd.h>

#include <filesystem>

#include "output/sinks/file/options.hpp"
#include "output/sinks/file/packing/log_packer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using naudit::daemon::LogEnd;
namespace output = naudit::output;
using naudit::tests::TempDir;
using Serials = std::vector<std::uint32_t>;

namespace {

std::string json(std::uint32_t serial, const std::string& record = "syscall") {
  return "{\"id\":\"1700000000.000:" + std::to_string(serial) + "\",\"records\":{\"" + record + "\":{}}}\n";
}
std::string raw(std::uint32_t serial, const std::string& type = "SYSCALL") {
  return "type=" + type + " msg=audit(1700000000.000:" + std::to_string(serial) + "): a=1\n";
}

Serials serials(const std::string& text, bool is_cut = false) {
  LogEnd end;
  end.add(text, is_cut);
  return end.serials();
}

naudit::config::Sink file_sink(const std::string& path, const std::string& format = "json") {
  naudit::config::Sink sink;
  sink.type = "file";
  sink.format = format;
  naudit::output::FileOptions options;
  options.path = path;
  sink.options = options;
  return sink;
}

}  // namespace

TEST_CASE("the serials of a log are those of the kernel's events, in each format that has them") {
  CHECK(serials(json(5) + json(3, "daemon_config") + json(7) + json(6)) == Serials{5, 7, 6});
  CHECK(serials(raw(5) + raw(5, "PATH") + "node=a " + raw(6) + raw(3, "DAEMON_ERR") +
                "type=CWD msg=audit(1.000:8): x\x1dy\n") == Serials{5, 6, 8});
  CHECK(serials("\n{}\nnode=\ntype=\ntype=SYSCALL\ntype=X msg=\n{\"id\":\"\n{\"id\":\"1:x\"}\n").empty());
}

TEST_CASE("serials that were told as a gap are known") {
  CHECK(serials(
            json(5) +
            R"({"id":"1.000:3","records":{"daemon_err":{"op":"lost","cause":"gap","first":"6","last":"8","events":3}}})"
            "\n" +
            json(9)) == Serials{5, 6, 7, 8, 9});
  CHECK(serials(raw(5) +
                "type=DAEMON_ERR msg=audit(1.000:3): op=lost cause=gap first=6 last=6 events=1 gaps=1 res=failed\n") ==
        Serials{5, 6});
  CHECK(serials(raw(5) + "type=DAEMON_ERR msg=audit(1.000:3): op=lost cause=kernel first=6 last=6 res=failed\n") ==
        Serials{5});
}

TEST_CASE("lines without their start or their end do not count") {
  CHECK(serials(json(5) + json(6), true) == Serials{6});
  CHECK(serials(json(5) + json(6).substr(0, 40)) == Serials{5});
  // One that a later run has ended with a newline is torn all the same.
  CHECK(serials(json(5) + json(6).substr(0, 40) + "\n" + json(7)) == Serials{5, 7});
}

TEST_CASE("text inside a record cannot pass for an event of the daemon") {
  const std::string name = R"({"id":"1.000:9","records":{"path":[{"name":"\"records\":{\"daemon_start\""}]}})";
  CHECK(serials(name + '\n') == Serials{9});
}

TEST_CASE("a start behind which the serials begin anew is another boot, a start behind which they go on is not") {
  CHECK(serials(json(500) + json(1, "daemon_start") + json(501)) == Serials{500, 501});
  CHECK(serials(json(500) + json(1, "daemon_start") + json(90) + json(91)) == Serials{90, 91});
  CHECK(serials(raw(500) + raw(1, "DAEMON_START") + raw(90)) == Serials{90});
  CHECK(serials(json(500) + json(490)) == Serials{500, 490});
}

TEST_CASE("a log is read back to the serial that is asked for, through a rotation, and says from where it knows") {
  const TempDir directory;
  directory.write("log", json(12) + json(14));
  directory.write("log.1", json(8) + json(9) + json(11));
  const std::vector sinks{file_sink(directory.file("log"))};
  const auto came = LogEnd::read(sinks, 10);
  REQUIRE(came);
  CHECK(came->from == 10);
  CHECK(came->serials == Serials{11, 12, 14});
  const auto later = LogEnd::read(sinks, 5);
  REQUIRE(later);
  CHECK(later->from == 8);
}

TEST_CASE("a log is read back through a rotation also where that is dated and compressed, or damaged") {
  const TempDir directory;
  directory.write("log", json(12) + json(14));
  directory.write("log.2026-11-30T120000Z", json(8) + json(9) + json(11));
  output::RotatedFiles files(output::real_file_system(), directory.file("log"), {});
  REQUIRE_FALSE(output::LogPacker(output::real_file_system(), files, output::Packing::kGzip).pack_all(::geteuid()));
  const std::vector sinks{file_sink(directory.file("log"))};
  const auto came = LogEnd::read(sinks, 10);
  REQUIRE(came);
  CHECK(came->serials == Serials{11, 12, 14});
  const std::string packed = directory.file("log.2026-11-30T120000Z.gz");
  std::filesystem::permissions(packed, std::filesystem::perms{0600});
  std::filesystem::resize_file(packed, std::filesystem::file_size(packed) - 4);
  CHECK(LogEnd::read(sinks, 10)->from == 12);
}

TEST_CASE("without a serial to begin with, what is behind the last start of the daemon counts") {
  const TempDir directory;
  const std::vector sinks{file_sink(directory.file("log"))};
  directory.write(
      "log", json(8) + json(1, "daemon_start") + json(9) + json(7, "daemon_start") + json(12) + json(11) + json(14));
  const auto came = LogEnd::read(sinks, std::nullopt);
  REQUIRE(came);
  CHECK(came->from == 11);
  CHECK(came->serials == Serials{12, 11, 14});
  directory.write("log", json(500) + json(1, "daemon_start") + json(3) + json(4));
  CHECK(LogEnd::read(sinks, std::nullopt)->serials == Serials{3, 4});
  directory.write("log", json(500) + json(1, "daemon_start"));
  CHECK_FALSE(LogEnd::read(sinks, std::nullopt));
  directory.write("log", json(500));
  CHECK_FALSE(LogEnd::read(sinks, std::nullopt));
}

TEST_CASE("only a file that has every event, in a format that is read, can say what has come") {
  const TempDir directory;
  directory.write("log", json(12));
  directory.write("raw", raw(30) + raw(31));
  CHECK_FALSE(LogEnd::read({file_sink(directory.file("log"), "mozdef")}, 10));
  CHECK_FALSE(LogEnd::read({file_sink(directory.file("missing"))}, 10));
  auto filtered = file_sink(directory.file("log"));
  filtered.filter.keys = {"exec"};
  CHECK_FALSE(LogEnd::read({filtered}, 10));
  const auto came = LogEnd::read({filtered, file_sink(directory.file("raw"), "raw")}, 31);
  REQUIRE(came);
  CHECK(came->serials == Serials{31});
}

TEST_CASE("gaps that a log tells are known up to a bound, however many there are") {
  std::string text;
  for (int i = 0; i < 3; ++i)
    text += "type=DAEMON_ERR msg=audit(2.000:6): op=lost cause=gap first=1 last=16000000 res=failed\n";
  CHECK(serials(text).size() == 16'000'000);
}
