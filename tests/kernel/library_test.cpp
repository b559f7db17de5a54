// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <poll.h>

#include <cstddef>
#include <memory>
#include <string>

#include "library/naudit.h"
#include "tests/kernel/support.hpp"
#include "tests/library/handles.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::library;
using namespace naudit::test;

TEST_CASE("a program with the library sees the kernel's events, and is no audit daemon") {
  const Audited audited;
  const Reader reader = make_reader();
  REQUIRE(naudit_reader_open_kernel(reader.get()) == NAUDIT_OK);
  CHECK(naudit_reader_open_kernel(reader.get()) == NAUDIT_ERROR_STATE);
  CHECK(feed(reader, "x") == NAUDIT_ERROR_STATE);
  REQUIRE(naudit_reader_fd(reader.get()) >= 0);
  CHECK(open_requests().status()->pid == 0);
  constexpr std::size_t kEvents = 5;
  Generator(kEvents).wait();
  std::size_t seen = 0;
  while (seen < kEvents) {
    pollfd ready{naudit_reader_fd(reader.get()), POLLIN, 0};
    REQUIRE(::poll(&ready, 1, 60'000) == 1);
    REQUIRE(naudit_reader_receive(reader.get()) == NAUDIT_OK);
    while (const Event event = next(reader)) {
      const naudit_field* const name = naudit_event_find_field(event.get(), "name");
      if (name == nullptr || string_of(naudit_field_raw(name)).find("/nonexistent/") == std::string::npos) continue;
      ++seen;
      CHECK(naudit_event_incomplete(event.get()).data == nullptr);
      CHECK(text_of(event).find(R"("exit_name":"ENOENT")") != std::string::npos);
    }
  }
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_RECORDS) >= kEvents * kRecordsPerEvent);
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_BYTES) > 0);
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_OVERRUNS) == 0);
  CHECK(open_requests().status()->pid == 0);
}

TEST_CASE("the library's descriptor wakes for an event that has waited long enough") {
  const Audited audited;
  const Reader reader = make_reader();
  REQUIRE(naudit_reader_open_kernel(reader.get()) == NAUDIT_OK);
  // A rule's change is a record that needs a quiet time.
  auto requests = open_requests();
  REQUIRE(requests.delete_rule(openat_rule()));
  REQUIRE(requests.add_rule(openat_rule()));
  // Those of other tests may still come.
  bool is_removed = false;
  bool is_added = false;
  while (!is_removed || !is_added) {
    pollfd ready{naudit_reader_fd(reader.get()), POLLIN, 0};
    REQUIRE(::poll(&ready, 1, 60'000) == 1);
    REQUIRE(naudit_reader_receive(reader.get()) == NAUDIT_OK);
    while (const Event event = next(reader)) {
      const std::string text = text_of(event);
      if (text.find(R"("op":"remove_rule")") != std::string::npos) is_removed = true;
      if (text.find(R"("op":"add_rule")") != std::string::npos) is_added = true;
    }
  }
  CHECK(naudit_reader_count(reader.get(), NAUDIT_COUNT_EVENTS) >= 2);
}
