// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "library/naudit.h"
#include "tests/support/catch.hpp"

// What naudit.h promises of threads; no checks in them, since Catch2 has one.
namespace naudit::library {
namespace {

std::string log() {
  std::ifstream file(NAUDIT_SOURCE_DIR "/tools/sample.log", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All events of a log, with this machine's names; empty if anything fails.
std::string converted(std::string_view bytes) {
  naudit_reader* reader = nullptr;
  if (naudit_reader_new(&reader) != NAUDIT_OK) return {};
  naudit_reader_set(reader, "names", "local");
  std::string out;
  const naudit_callback add = [](naudit_event* event, void* context) {
    naudit_text text;
    if (naudit_event_text(event, &text) == NAUDIT_OK) static_cast<std::string*>(context)->append(text.data, text.size);
    for (std::size_t i = 0; i < naudit_event_record_count(event); ++i) {
      const naudit_record* const record = naudit_event_record(event, i);
      for (std::size_t j = 0; j < naudit_record_field_count(record); ++j)
        naudit_field_interpreted(naudit_record_field(record, j), &text);
    }
  };
  naudit_reader_on_event(reader, add, &out);
  const bool is_done =
      naudit_reader_feed(reader, bytes.data(), bytes.size()) == NAUDIT_OK && naudit_reader_flush(reader) == NAUDIT_OK;
  naudit_reader_free(reader);
  return is_done ? out : std::string();
}

bool has_rules() {
  constexpr std::string_view kLine = "-a always,exit -F arch=b64 -S execve -F auid>=1000 -k exec\n";
  naudit_rules* rules = nullptr;
  if (naudit_rules_new(&rules) != NAUDIT_OK) return false;
  naudit_text yaml;
  const bool is_done = naudit_rules_add_text(rules, "x", kLine.data(), kLine.size()) == NAUDIT_OK &&
                       naudit_rules_yaml(rules, &yaml) == NAUDIT_OK && naudit_rules_count(rules) == 1;
  naudit_rules_free(rules);
  return is_done;
}

}  // namespace

TEST_CASE("readers and rules of different threads know nothing of each other") {
  constexpr std::size_t kThreads = 4;
  const std::string bytes = log();
  std::array<std::string, kThreads> texts;
  std::array<bool, kThreads> rules{};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      texts[i] = converted(bytes);
      rules[i] = has_rules();
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(texts[0].size() > bytes.size());
  for (std::size_t i = 0; i < kThreads; ++i) {
    CHECK(texts[i] == texts[0]);
    CHECK(rules[i]);
  }
}

TEST_CASE("an event may be freed in another thread than its reader once that is done with") {
  const std::string bytes = log();
  naudit_reader* reader = nullptr;
  REQUIRE(naudit_reader_new(&reader) == NAUDIT_OK);
  REQUIRE(naudit_reader_feed(reader, bytes.data(), bytes.size()) == NAUDIT_OK);
  naudit_event* event = nullptr;
  REQUIRE(naudit_reader_next(reader, &event) == NAUDIT_OK);
  REQUIRE(event != nullptr);
  naudit_reader_free(reader);
  naudit_text text{};
  std::thread([&] {
    naudit_event_text(event, &text);
    naudit_event_free(event);
  }).join();
  CHECK(text.size > 0);
}

}  // namespace naudit::library
