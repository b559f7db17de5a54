// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/event.hpp"

#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"

namespace naudit::correlate {
namespace {

TEST_CASE("an event gives back the records that went in") {
  Event event;
  event.append(1300, "audit(1.000:1): a=1", 16);
  event.append(0, "audit(1.000:1): b=2", 16, "NEW_THING");
  REQUIRE(event.records().size() == 2);
  CHECK(event.text(event.records()[0]) == "audit(1.000:1): a=1");
  CHECK(event.type_name(event.records()[0]).empty());
  CHECK(event.body(event.records()[1]) == "b=2");
  CHECK(event.type_name(event.records()[1]) == "NEW_THING");
}

TEST_CASE("a batch knows the bytes of the events that were put into it") {
  EventBatch batch;
  CHECK(batch.empty());
  for (const char* const text : {"audit(1.000:1): a=1", "audit(1.000:2): long=1"}) {
    auto event = std::make_unique<Event>();
    event->append(1300, text, 16);
    batch.push_back(std::move(event));
  }
  CHECK(batch.size() == 2);
  CHECK(batch.bytes() == batch[0]->size() + batch[1]->size());
  const std::size_t bytes = batch.bytes();
  batch.front().reset();  // taken out by the encode thread
  CHECK(batch.bytes() == bytes);
  batch.clear();
  CHECK(batch.empty());
  CHECK(batch.bytes() == 0);
}

TEST_CASE("a pool gives an event back empty, with its buffers") {
  EventPool pool(1);
  EventPtr event = pool.take();
  event->append(1300, "audit(1.000:1): a=1", 16);
  event->id = {1, 2, 3};
  event->node = "n";
  event->incomplete = Incomplete::kTimeout;
  event->late = event->has_syscall = true;
  const Event* const same = event.get();
  pool.give(std::move(event));
  event = pool.take();
  CHECK(event.get() == same);
  CHECK(event->capacity() > 0);
  CHECK(event->records().empty());
  CHECK(event->size() == 0);
  CHECK(event->id == EventId{});
  CHECK(event->node.empty());
  CHECK(event->incomplete == Incomplete::kNo);
  CHECK_FALSE(event->late);
  CHECK_FALSE(event->has_syscall);
}

TEST_CASE("a pool keeps no more events than it may, and none that grew large") {
  EventPool pool(1);
  EventPtr large = pool.take();
  large->append(1300, std::string(100'000, 'x'), 0);
  pool.give(std::move(large));
  CHECK(pool.take()->capacity() < 100);
  EventPtr one = pool.take();
  EventPtr two = pool.take();
  one->append(1300, "x", 0);
  two->append(1300, "x", 0);
  pool.give(std::move(one));
  pool.give(std::move(two));
  CHECK(pool.take()->capacity() > 100);
  CHECK(pool.take()->capacity() < 100);
}

TEST_CASE("every reason for an event not to be whole has its word") {
  CHECK(incomplete_text(Incomplete::kNo).empty());
  CHECK(incomplete_text(Incomplete::kTimeout) == "timeout");
  CHECK(incomplete_text(Incomplete::kNoSyscall) == "no_syscall");
  CHECK(incomplete_text(Incomplete::kEvicted) == "evicted");
  CHECK(incomplete_text(Incomplete::kStopped) == "stopped");
  CHECK(incomplete_text(Incomplete::kMalformed) == "malformed");
}

}  // namespace
}  // namespace naudit::correlate
