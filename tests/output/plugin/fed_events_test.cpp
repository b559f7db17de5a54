// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/program/fed_events.hpp"

#include <random>
#include <string>

#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

std::string unwritten(const FedEvents& fed) {
  std::vector<std::string_view> pieces;
  fed.unwritten(64, pieces);
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  return all;
}

}  // namespace

TEST_CASE("an event is read with its last byte, and what is not read is given again from its event on") {
  FedEvents fed;
  const BatchPtr batch = tests::make_batch(0, 3);
  const std::size_t one = batch->ends[0];
  fed.add(batch);
  fed.written(batch->bytes.size());
  CHECK_FALSE(fed.has_unwritten());
  CHECK(fed.read(one - 1).events == 0);
  CHECK(fed.read(one).events == 1);
  FedEvents::Count count = fed.read(2 * one + 5);
  CHECK(count.events == 1);
  CHECK(count.event_bytes == one);
  CHECK(count.batch_bytes == 0);
  fed.restart();
  CHECK(unwritten(fed) == batch->event(2));
  CHECK(fed.read(0).events == 0);
  fed.written(one);
  count = fed.read(one);
  CHECK(count.events == 1);
  CHECK(count.batch_bytes == batch->bytes.size());
  CHECK(fed.empty());
}

TEST_CASE("a notice is told when it is read, and counts as no event") {
  FedEvents fed;
  auto notice = std::make_shared<Batch>(*tests::make_batch(9, 1));
  notice->tells = Loss{};
  fed.add(notice);
  fed.add(tests::make_batch(0, 2));
  fed.written(unwritten(fed).size());
  const FedEvents::Count count = fed.read(notice->bytes.size());
  CHECK(count.events == 0);
  CHECK(count.notices.size() == 1);
  CHECK(count.batch_bytes == notice->bytes.size());
  const FedEvents::Rest rest = fed.give_up();
  CHECK(rest.events == 2);
  CHECK(rest.notices.empty());
  CHECK(rest.first_id == "1.000:0");
  CHECK(rest.last_id == "1.000:1");
  CHECK(fed.empty());
}

TEST_CASE("however programs read and end, every event is read once and in order") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    FedEvents fed;
    std::string wanted, got, stream;
    std::uint64_t events = 0, given = 0, released = 0, added = 0;
    std::size_t read = 0;
    for (int first = 0; first < 40 || !fed.empty();) {
      if (first < 40 && random() % 2 == 0) {
        const int many = 1 + static_cast<int>(random() % 5);
        const BatchPtr batch = tests::make_batch(first, many, random() % 20);
        first += many;
        wanted += batch->bytes;
        given += batch->events();
        added += batch->bytes.size();
        fed.add(batch);
      }
      const std::string next = unwritten(fed);
      const std::size_t taken = next.empty() ? 0 : random() % (next.size() + 1);
      fed.written(taken);
      stream += next.substr(0, taken);
      read += stream.size() == read ? 0 : random() % (stream.size() - read + 1);
      const FedEvents::Count count = fed.read(read);
      events += count.events;
      released += count.batch_bytes;
      if (random() % 10 != 0) continue;
      // Of the event that it had begun the next one gets all.
      const std::string whole = stream.substr(0, read);
      got += whole.substr(0, whole.rfind('\n') + 1);
      stream.clear();
      read = 0;
      fed.restart();
    }
    got += stream;
    CHECK(got == wanted);
    CHECK(events == given);
    CHECK(released == added);
  }
}

}  // namespace naudit::output
