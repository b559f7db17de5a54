// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The examples in docs/sinks.md and docs/collector.md are configurations that nauditd --check takes, as they stand.

#include <set>

#include "config/loader.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {

TEST_CASE("the examples of sinks in the documentation are right, and a product has one of five lines") {
  const std::string page = tests::read_file(NAUDIT_SOURCE_DIR "/docs/sinks.md");
  const std::string begin = "```yaml\n";
  std::set<std::string> types;
  std::size_t examples = 0;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    const std::string text = page.substr(at, page.find("```", at) - at);
    if (!text.starts_with("sinks:")) continue;
    INFO(text);
    ++examples;
    const config::Config config = config::parse(text, "/etc/naudit/nauditd.yaml", kinds()).config;
    for (const config::Sink& sink : config.sinks) types.insert(sink.type);
    if (config.sinks.size() == 1 && config.sinks[0].options.find<HttpOptions>() != nullptr)
      CHECK(tests::split_lines(text).size() == 5);
  }
  CHECK(examples >= 6);
  for (const char* product : {"elasticsearch", "splunk", "loki", "clickhouse", "otlp"}) CHECK(types.contains(product));
}

TEST_CASE("the examples of the collector in the documentation are right") {
  const std::string page = tests::read_file(NAUDIT_SOURCE_DIR "/docs/collector.md");
  const std::string begin = "```yaml\n";
  std::size_t sources = 0, examples = 0;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at), ++examples) {
    at += begin.size();
    const std::string text = page.substr(at, page.find("```", at) - at);
    INFO(text);
    sources += config::parse(text, "/etc/naudit/nauditd.yaml", kinds()).config.sources.size();
  }
  CHECK(examples >= 2);
  CHECK(sources >= 2);
  for (const char* const file : {"collector.yaml", "client.yaml"})
    CHECK_NOTHROW(config::load(std::string(NAUDIT_SOURCE_DIR "/contrib/collector/") + file, kinds(), false));
}

}  // namespace naudit::output
