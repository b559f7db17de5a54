// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/metrics/metrics.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/daemon/full_metrics.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::Contains;
using naudit::daemon::metrics_text;
using naudit::tests::full_metrics;

namespace {

struct Family {
  std::string name, type, help;
  std::set<std::string> labels;
  std::vector<std::string> samples;  // name and labels, as they stand there
};

// The text, read as strictly as the format is described: every line is known, each family has its HELP, then its TYPE,
// then all of its samples, and stands there once; no sample is there twice.
std::vector<Family> families(const std::string& text) {
  static const std::regex help(R"(# HELP ([a-z][a-z0-9_]*) (.+))"),
      type(R"(# TYPE ([a-z][a-z0-9_]*) (counter|gauge|histogram))"),
      sample(
          R"re(([a-z][a-z0-9_]*)(\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})? \S+)re"),
      label(R"re(([a-z_]+)="(?:[^"\\]|\\.)*")re");
  std::vector<Family> all;
  std::set<std::string> names, samples;
  REQUIRE(text.ends_with('\n'));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    std::smatch found;
    if (std::regex_match(line, found, help)) {
      REQUIRE((all.empty() || !all.back().samples.empty()));
      all.push_back({.name = found[1], .type = {}, .help = found[2], .labels = {}, .samples = {}});
      CHECK(names.insert(found[1]).second);
    } else if (std::regex_match(line, found, type)) {
      REQUIRE_FALSE(all.empty());
      CHECK(found[1] == all.back().name);
      CHECK(all.back().type.empty());
      all.back().type = found[2];
    } else {
      REQUIRE(std::regex_match(line, found, sample));
      REQUIRE_FALSE(all.empty());
      const std::string series = found[1];
      const bool is_histogram = all.back().type == "histogram";
      CHECK((is_histogram ? series == all.back().name + "_bucket" || series == all.back().name + "_sum" ||
                                series == all.back().name + "_count"
                          : series == all.back().name));
      CHECK_FALSE(all.back().type.empty());
      const std::string labels = found[2];
      for (std::sregex_iterator one(labels.begin(), labels.end(), label), end; one != end; ++one)
        if ((*one)[1] != "le") all.back().labels.insert((*one)[1]);
      all.back().samples.push_back(line.substr(0, line.rfind(' ')));
      CHECK(samples.insert(all.back().samples.back()).second);
    }
  }
  REQUIRE((all.empty() || !all.back().samples.empty()));
  return all;
}

std::string page_with(const std::string& page, const std::string& table) {
  const std::string begin = "<!-- metrics: begin -->\n";
  const std::size_t from = page.find(begin) + begin.size();
  const std::size_t to = page.find("<!-- metrics: end -->");
  REQUIRE(to != std::string::npos);
  REQUIRE(from <= to);
  return page.substr(0, from) + table + page.substr(to);
}

std::string documentation() {
  std::string text = "\n| metric | type | labels | meaning |\n|---|---|---|---|\n";
  for (const Family& family : families(metrics_text(full_metrics()))) {
    std::string labels;
    for (const std::string& label : family.labels) labels += (labels.empty() ? "`" : ", `") + label + '`';
    text += "| `" + family.name + "` | " + family.type + " | " + labels + " | " + family.help + " |\n";
  }
  return text + '\n';
}

}  // namespace

TEST_CASE("the metrics are what the text format asks for, and every family has its meaning") {
  const auto all = families(metrics_text(full_metrics()));
  CHECK(all.size() > 60);
  for (const Family& family : all) {
    CAPTURE(family.name);
    CHECK((family.name.starts_with("naudit_") || family.name.starts_with("process_")));
    CHECK(family.name.ends_with("_total") == (family.type == "counter"));
    CHECK(family.help.size() > 5);
    CHECK(family.help.find('|') == std::string::npos);
  }
}

TEST_CASE("the metrics of a daemon that knows nothing are whole, too") {
  for (const Family& family : families(metrics_text({}))) {
    CAPTURE(family.name);
    CHECK_FALSE(family.name.starts_with("naudit_sink_"));
    CHECK((!family.name.starts_with("naudit_kernel_") || family.name == "naudit_kernel_answers"));
  }
}

TEST_CASE("what a daemon knows stands in its metrics") {
  const std::string text = metrics_text(full_metrics());
  for (const char* const line : {"naudit_build_info{version=\"0.1.0\"} 1",
                                 "naudit_registered 1",
                                 "naudit_kernel_lost_total 3",
                                 "naudit_receive_records_total 12",
                                 "naudit_receive_bytes_total 3456",
                                 "naudit_records_total{type=\"SYSCALL\"} 4",
                                 "naudit_records_total{type=\"UNKNOWN[1999]\"} 1",
                                 "naudit_records_total{type=\"other\"} 2",
                                 "naudit_sink_info{sink=\"siem\",type=\"file\",format=\"json\"} 1",
                                 "naudit_sink_ok{sink=\"log\"} 1",
                                 "naudit_sink_ok{sink=\"siem\"} 0",
                                 "naudit_sink_events_in_total{sink=\"siem\"} 10",
                                 "naudit_sink_queue_most_bytes{sink=\"log\"} 2048",
                                 "naudit_sink_dropped_by_cause_total{sink=\"siem\",cause=\"queue full\"} 5",
                                 "naudit_sink_latency_seconds_bucket{sink=\"log\",le=\"0.05\"} 5",
                                 "naudit_sink_latency_seconds_bucket{sink=\"log\",le=\"+Inf\"} 7",
                                 "naudit_sink_latency_seconds_sum{sink=\"log\"} 9000.2",
                                 "naudit_sink_latency_seconds_count{sink=\"log\"} 7",
                                 "process_cpu_seconds_total 1.5",
                                 "process_resident_memory_bytes 50000000",
                                 "process_start_time_seconds 1700000000.25"})
    CHECK_THAT(text, Contains('\n' + std::string(line) + '\n'));
}

TEST_CASE("what is not so is 0 in the metrics, and what is not known is not there") {
  naudit::daemon::MetricsInput input = full_metrics();
  input.status.registration = "held by pid 123 (auditd)";
  input.status.kernel.reset();
  input.process.resident_bytes.reset();
  const std::string text = metrics_text(input);
  CHECK_THAT(text, Contains("\nnaudit_registered 0\n"));
  CHECK_THAT(text, Contains("\nnaudit_kernel_answers 0\n"));
  CHECK_THAT(text, !Contains("naudit_kernel_lost"));
  CHECK_THAT(text, !Contains("process_resident"));
}

TEST_CASE("no error, path or text of a server is in the metrics") {
  naudit::daemon::MetricsInput input = full_metrics();
  input.status.sinks[1].last_error = "S3CRET";
  input.status.sinks[1].path = "/S3CRET";
  input.status.sinks[1].state = "S3CRET";
  input.status.node = "S3CRET";
  input.status.config = "S3CRET";
  input.status.rules->error = "S3CRET";
  CHECK_THAT(metrics_text(input), !Contains("S3CRET"));
}

TEST_CASE("the causes of losses are bounded, and none is forgotten") {
  naudit::daemon::DropCounts drops;
  for (int i = 0; i < 100; ++i)
    drops.add({.sink = "a", .cause = "cause " + std::to_string(i), .events = 2, .first_id = {}, .last_id = {}});
  drops.add({.sink = "a", .cause = "cause 0", .events = 5, .first_id = {}, .last_id = {}});
  const auto causes = drops.of("a");
  REQUIRE(causes.size() == naudit::daemon::DropCounts::kMostCauses);
  CHECK(causes.front().events == 7);
  CHECK(causes.back().text == "other causes");
  std::uint64_t sum = 0;
  for (const auto& cause : causes) sum += cause.events;
  CHECK(sum == 205);
  CHECK(drops.of("b").empty());
}

TEST_CASE("records are counted by type, those of no known range together") {
  naudit::daemon::TypeCounts counts;
  naudit::correlate::Event event;
  for (const std::uint16_t type : std::to_array<std::uint16_t>({1300, 1302, 1302, 2999, 3000, 999, 0}))
    event.append(type, "audit(1.0:1): a=b", 14);
  counts.add(event);
  counts.add(event);
  std::map<std::uint16_t, std::uint64_t> found;
  for (const auto& one : counts.list()) found[one.type] = one.records;
  CHECK(found == std::map<std::uint16_t, std::uint64_t>{{1300, 2}, {1302, 4}, {2999, 2}, {0, 6}});
}

TEST_CASE("the process's own use is told") {
  const naudit::daemon::ProcessUse use = naudit::daemon::process_use();
  CHECK(use.cpu_seconds > 0);
  CHECK(use.resident_bytes.value_or(0) > 1'000'000);
  CHECK(use.virtual_bytes.value_or(0) >= use.resident_bytes.value_or(1));
  CHECK(use.open_descriptors.value_or(0) >= 3);
  const auto pages = naudit::daemon::parse_statm("12 7 3 1 0 2 0\n");
  CHECK(pages.size == 12U);
  CHECK(pages.resident == 7U);
  CHECK_FALSE(naudit::daemon::parse_statm("12").size);
  CHECK_FALSE(naudit::daemon::parse_statm("12 x").resident);
  CHECK_FALSE(naudit::daemon::parse_statm("").size);
}

TEST_CASE("docs/metrics.md lists the metrics as they are written") {
  // UPDATE_GOLDEN=1 writes the table anew.
  const std::string path = NAUDIT_SOURCE_DIR "/docs/metrics.md";
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  const std::string wanted = page_with(content.str(), documentation());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::ofstream(path) << wanted;
    return;
  }
  INFO("UPDATE_GOLDEN=1 build/dev/tests/daemon_test \"docs/*\" writes it");
  CHECK(naudit::tests::difference(wanted, content.str()) == "");
}

#ifdef NAUDIT_PROMTOOL
TEST_CASE("promtool finds nothing to say about the metrics") {
  const naudit::tests::TempDir folder;
  const std::string file = folder.file("metrics");
  std::ofstream(file) << metrics_text(full_metrics());
  naudit::tests::Program promtool({"/bin/sh", "-c", R"(exec "$1" check metrics < "$2")", "sh", NAUDIT_PROMTOOL, file});
  CHECK(promtool.rest() == "");
  CHECK(promtool.wait() == 0);
}

TEST_CASE("promtool does find what is wrong") {
  naudit::tests::Program promtool(
      {"/bin/sh", "-c", R"(echo 'naudit_total_bad 1' | "$1" check metrics)", "sh", NAUDIT_PROMTOOL});
  CHECK_THAT(promtool.rest(), Contains("no help text"));
  CHECK(promtool.wait() != 0);
}
#endif
