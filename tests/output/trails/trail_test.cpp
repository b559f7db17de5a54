// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/hex.hpp"
#include "formats/bsm/file_part.hpp"
#include "output/sinks/file/sink.hpp"
#include "output/sinks/trail/name.hpp"
#include "output/sinks/trail/options.hpp"
#include "output/sinks/trail/parts.hpp"
#include "output/sinks/trail/sink.hpp"
#include "tests/output/brokers/broker_support.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::make_batch;
using tests::read_file;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using std::chrono::sys_days;

constexpr auto kLong = 60'000ms;
constexpr std::chrono::sys_seconds kNoon = sys_days(std::chrono::year{2026} / 3 / 4) + 12h;

struct Fixture {
  TrailOptions options() {
    TrailOptions options;
    options.path = folder;
    options.sync = {config::SyncKind::kNone, {}};
    return options;
  }
  config::Sink config(const TrailOptions& options) {
    return {.name = "trails",
            .type = "trail",
            .format = "json",
            .options = options,
            .format_options = {},
            .filter = {},
            .queue = {}};
  }
  std::unique_ptr<FileSink> sink(const TrailOptions& options) {
    return std::make_unique<FileSink>(
        make_trail_worker(config(options), options, losses.handler(), 1, disk, Retry{1ms, 10ms}));
  }
  std::map<std::string, std::string> trails() {
    std::map<std::string, std::string> found;
    if (fs::exists(folder))
      for (const auto& entry : fs::directory_iterator(folder))
        found.emplace(entry.path().filename().string(), read_file(entry.path()));
    return found;
  }

  tests::TempDir directory;
  const std::string folder = directory.path() + "/trails";
  tests::FaultyFileSystem disk;
  tests::LossLog losses;
};

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  REQUIRE(base::append_decoded_hex(bytes, hex));
  return bytes;
}

void put(const std::string& path, const std::string& text) {
  tests::write_file(path, text, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

TEST_CASE("a trail's name says when it was begun and ended, and nothing else is one") {
  CHECK(trail_stamp(kNoon) == "20260304120000");
  CHECK(trail_time("20260304120000") == kNoon);
  CHECK(TrailName::of("20260304120000.20260304130000")->end == "20260304130000");
  CHECK(TrailName::of("20260304120000.not_terminated")->is_open());
  CHECK_FALSE(TrailName::of("20260304120000.crash_recovery")->is_open());
  CHECK(TrailName::open("20260304120000").text() == "20260304120000.not_terminated");
  for (const char* none : {"", "20260304120000", "20260304120000.", "20260304120000.not_terminate",
                           "2026030412000x.not_terminated", "20260304120000_not_terminated",
                           "20260304120000.202603041300000", "current", "20260304120000.not_terminated.gz"})
    CHECK_FALSE(TrailName::of(none));
  for (const char* none :
       {"20260231120000", "20261304120000", "20260304240000", "20260304126000", "20260304120060", "2026"})
    CHECK_FALSE(trail_time(none));
}

TEST_CASE("a trail's stamp is that of its second, or of the next one that has none") {
  CHECK(next_stamp(kNoon, "") == "20260304120000");
  CHECK(next_stamp(kNoon, "20260304115959") == "20260304120000");
  CHECK(next_stamp(kNoon, "20260304120000") == "20260304120001");
  CHECK(next_stamp(kNoon, "20261231235959") == "20270101000000");
  CHECK(next_stamp(kNoon, "20269999999999") == "20270101000000");
}

TEST_CASE("a trail is not_terminated while it is written, and has its end in its name behind it") {
  Fixture f;
  f.disk.set_clock(kNoon);
  TrailOptions options = f.options();
  options.mode = 0640;
  const auto sink = f.sink(options);
  sink->push(make_batch(0, 10));
  REQUIRE(f.disk.wait_for_bytes(make_batch(0, 10)->bytes.size()));
  CHECK(f.trails().contains("20260304120000.not_terminated"));
  f.disk.set_clock(kNoon + 90s);
  sink->stop(kLong);
  const auto trails = f.trails();
  REQUIRE(trails.size() == 1);
  CHECK(trails.begin()->first == "20260304120000.20260304120130");
  CHECK(trails.begin()->second == make_batch(0, 10)->bytes);
  struct stat status{};
  REQUIRE(::stat((f.folder + '/' + trails.begin()->first).c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0440);
  REQUIRE(::stat(f.folder.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0700);
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("a trail without events leaves nothing") {
  Fixture f;
  const auto sink = f.sink(f.options());
  REQUIRE(tests::wait_for_state(*sink, "ok"));
  CHECK(f.trails().size() == 1);
  sink->rotate();
  sink->stop(kLong);
  CHECK(f.trails().empty());
}

TEST_CASE("a trail ends at its size, but no two are of the same second") {
  Fixture f;
  f.disk.set_clock(kNoon);
  TrailOptions options = f.options();
  options.rotate.size = 1000;
  options.rotate.keep = 100;
  const auto sink = f.sink(options);
  const auto bytes = [](int first, int count) { return make_batch(first, count, 100)->bytes; };
  sink->push(make_batch(0, 50, 100));
  REQUIRE(f.disk.wait_for_bytes(bytes(0, 50).size()));
  // The second has one trail already.
  CHECK(f.trails().size() == 1);
  f.disk.set_clock(kNoon + 1s);
  sink->push(make_batch(50, 1, 100));
  REQUIRE(f.disk.wait_for_bytes(bytes(0, 51).size()));
  f.disk.set_clock(kNoon + 5s);
  sink->push(make_batch(51, 12, 100));
  sink->stop(kLong);
  const auto trails = f.trails();
  std::string all;
  for (const auto& [name, text] : trails) all += text;
  CHECK(all == bytes(0, 63));
  CHECK(trails.size() == 3);
  CHECK(trails.contains("20260304120000.20260304120001"));
  CHECK(trails.contains("20260304120001.20260304120005"));
  CHECK(trails.contains("20260304120005.20260304120005"));
}

TEST_CASE("a trail that is begun in the second of another, or with a clock that was set back, comes behind it") {
  Fixture f;
  fs::create_directory(f.folder);
  const std::string before = GENERATE("20260304120000.20260304120000", "20300101000000.crash_recovery");
  put(f.folder + '/' + before, "old\n");
  f.disk.set_clock(kNoon);
  const auto sink = f.sink(f.options());
  sink->push(make_batch(0, 1));
  sink->stop(kLong);
  const auto trails = f.trails();
  REQUIRE(trails.size() == 2);
  CHECK(trails.begin()->first == before);
  CHECK(trails.begin()->second == "old\n");
  const auto name = TrailName::of(trails.rbegin()->first);
  REQUIRE(name);
  CHECK(name->begin == next_stamp(kNoon, before.substr(0, 14)));
  CHECK(name->end >= name->begin);
}

TEST_CASE("what a crash has left is cut behind its last whole event, and says so in its name") {
  Fixture f;
  fs::create_directory(f.folder);
  f.disk.set_clock(kNoon);
  const std::string whole = make_batch(0, 3)->bytes;
  put(f.folder + "/20260304110000.not_terminated", whole + "{\"event\":3,\"pa");
  put(f.folder + "/20260304111500.not_terminated", "{\"ev");
  put(f.folder + "/20260304113000.20260304114000", whole);
  put(f.folder + "/notes.txt", "mine");
  const auto sink = f.sink(f.options());
  sink->push(make_batch(3, 1));
  sink->stop(kLong);
  auto trails = f.trails();
  CHECK(trails.size() == 4);
  CHECK(trails["20260304110000.crash_recovery"] == whole);
  CHECK(trails["20260304113000.20260304114000"] == whole);
  CHECK(trails["20260304120000.20260304120000"] == make_batch(3, 1)->bytes);
  CHECK(trails["notes.txt"] == "mine");
  CHECK_THAT(sink->status().last_error, Contains("20260304110000.not_terminated was left by a crash") &&
                                            Contains("without the 14 bytes of an event that was not whole"));
}

TEST_CASE("whole events are counted, with their ids where they show them, however the file is cut") {
  const std::string raw =
      "type=SYSCALL msg=audit(1.000:1): a\ntype=PATH msg=audit(1.000:1): b\nnode=x type=EOE msg=audit(1.000:2): c\n"
      "{\"id\":\"2.000:3\",\"time\":1}\nplain\ntype=SYSCALL msg=au";
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, raw.size()}) {
    WholeEventCounter counter;
    for (std::size_t at = 0; at < raw.size(); at += step) counter.feed(std::string_view(raw).substr(at, step));
    CHECK(counter.found().events == 4);
    CHECK(counter.found().size == raw.rfind('\n') + 1);
    CHECK(counter.found().first_id == "1.000:1");
    CHECK(counter.found().last_id == "2.000:3");
  }
}

TEST_CASE("the parts of a trail of BSM are told from its own bytes") {
  // The specification's examples: a file token, and a record of 243 bytes of which these are the ends.
  const std::string file = bytes_of("1157a0877900000000000f2f7661722f6c6f672f782e62736d00");
  std::string record = bytes_of("14000000f30b0017000057a087790000005d2f00001dcd");
  record.resize(243 - 7, 'x');
  record += bytes_of("13b105000000f3");
  CHECK(formats::bsm_file_part(file + record).size == file.size());
  CHECK_FALSE(formats::bsm_file_part(file + record).is_event);
  CHECK(formats::bsm_file_part(record + file).size == 243);
  CHECK(formats::bsm_file_part(record).is_event);
  std::string second = record;
  second.replace(23, 10, bytes_of("28000770617274") + "=2" + std::string(1, '\0'));
  CHECK(formats::bsm_file_part(second).size == 243);
  CHECK_FALSE(formats::bsm_file_part(second).is_event);
  for (std::size_t size = 0; size < record.size(); ++size)
    CHECK(formats::bsm_file_part(std::string_view(record).substr(0, size)).size == 0);
  for (std::size_t size = 0; size < file.size(); ++size)
    CHECK(formats::bsm_file_part(std::string_view(file).substr(0, size)).size == 0);
  record[record.size() - 1] = 'x';
  CHECK(formats::bsm_file_part(record).size == 0);
  CHECK(formats::bsm_file_part("type=SYSCALL msg=audit(1.000:1): x").size == 0);
}

TEST_CASE("a trail of BSM lies between file tokens, and a crash's is cut behind its last record") {
  Fixture f;
  f.disk.set_clock(kNoon);
  std::string record = bytes_of("14000000f30b0017000057a087790000005d2f00001dcd");
  record.resize(243 - 7, 'x');
  record += bytes_of("13b105000000f3");
  std::string token = bytes_of("1157a0877900000000000f2f7661722f6c6f672f782e62736d00");
  fs::create_directory(f.folder);
  put(f.folder + "/20260304110000.not_terminated", token + record + record + record.substr(0, 100));
  put(f.folder + "/20260304111500.not_terminated", token);
  config::Sink config = f.config(f.options());
  config.format = "bsm";
  const auto sink = std::make_unique<FileSink>(
      make_trail_worker(config, f.options(), f.losses.handler(), 1, f.disk, Retry{1ms, 10ms}));
  sink->push(tests::batch_of(record));
  sink->push(tests::batch_of(record));
  sink->stop(kLong);
  auto trails = f.trails();
  CHECK(trails.size() == 2);
  CHECK(trails["20260304110000.crash_recovery"] == token + record + record);
  std::string_view rest = trails["20260304120000.20260304120000"];
  const formats::FilePart first = formats::bsm_file_part(rest);
  REQUIRE(first.size > 0);
  CHECK_FALSE(first.is_event);
  CHECK_THAT(std::string(rest.substr(0, first.size)), Contains("20260304120000.not_terminated"));
  rest.remove_prefix(first.size);
  CHECK(rest.substr(0, 2 * record.size()) == record + record);
  rest.remove_prefix(2 * record.size());
  CHECK(formats::bsm_file_part(rest).size == rest.size());
  CHECK_FALSE(formats::bsm_file_part(rest).is_event);
  CHECK_THAT(std::string(rest), Contains("20260304120000.20260304120000"));
}

TEST_CASE("two never write trails into one folder") {
  Fixture f;
  const auto first = f.sink(f.options());
  REQUIRE(tests::wait_for_state(*first, "ok"));
  const auto second = f.sink(f.options());
  REQUIRE(tests::wait_for_state(*second, "folder is in use"));
  first->push(make_batch(0, 1));
  second->push(make_batch(1, 1));
  first->stop(kLong);
  second->stop(kLong);
  std::string all;
  for (const auto& [name, text] : f.trails()) {
    CHECK_THAT(name, !Contains("crash"));
    all += text;
  }
  CHECK(all == make_batch(0, 2)->bytes);
}

TEST_CASE("of old trails so many stay as are to be kept, and nothing else is removed") {
  Fixture f;
  fs::create_directory(f.folder);
  for (int i = 0; i < 6; ++i) put(f.folder + "/2026030400000" + std::to_string(i) + ".20260304000009", "x\n");
  put(f.folder + "/20260304000000.txt", "mine");
  TrailOptions options = f.options();
  options.rotate.keep = 2;
  const auto sink = f.sink(options);
  REQUIRE(tests::wait_for_state(*sink, "ok"));
  sink->stop(kLong);
  auto trails = f.trails();
  CHECK(trails.size() == 3);
  CHECK(trails.contains("20260304000004.20260304000009"));
  CHECK(trails.contains("20260304000005.20260304000009"));
  CHECK(trails.contains("20260304000000.txt"));
}

TEST_CASE("a trail goes on in its file when a write fails in the middle of an event") {
  Fixture f;
  const auto sink = f.sink(f.options());
  REQUIRE(tests::wait_for_state(*sink, "ok"));
  f.disk.limit_writes(100, ENOSPC);
  sink->push(make_batch(0, 100));
  REQUIRE(f.disk.wait_for_failed_writes(2));
  f.disk.heal();
  sink->push(make_batch(100, 100));
  sink->stop(kLong);
  const auto trails = f.trails();
  REQUIRE(trails.size() == 1);
  CHECK(trails.begin()->second == make_batch(0, 200)->bytes);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("a folder for trails that cannot be made is waited for") {
  Fixture f;
  TrailOptions options = f.options();
  options.path = f.directory.path() + "/missing/trails";
  const auto sink = f.sink(options);
  REQUIRE(tests::wait_for_state(*sink, "directory is missing"));
  sink->push(make_batch(0, 1));
  fs::create_directory(f.directory.path() + "/missing");
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1);
}

TEST_CASE("the options of trails say what is wrong with them") {
  CHECK_THAT(tests::problems_of("trail", "format: raw"), Contains("this sink has no 'path'"));
  CHECK_THAT(tests::problems_of("trail", "path: /t, rotate: {names: dated}"), Contains("names"));
  CHECK_THAT(tests::problems_of("trail", "path: /t, group: adm, mode: \"0600\""), Contains("the group may not read"));
  CHECK(tests::problems_of("trail", "path: /t/, rotate: {size: 1MiB, every: daily, keep: 5}") == "");
}

}  // namespace naudit::output
