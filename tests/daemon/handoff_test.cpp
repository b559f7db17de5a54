// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/handoff.hpp"

#include <thread>

#include "tests/support/catch.hpp"

using namespace naudit::correlate;
using naudit::daemon::Handoff;

namespace {

std::unique_ptr<EventBatch> batch_of(std::uint32_t serial, std::size_t bytes = 100) {
  auto batch = std::make_unique<EventBatch>();
  auto event = std::make_unique<Event>();
  event->id.serial = serial;
  event->append(1112, std::string(bytes, 'x'), 0);
  batch->push_back(std::move(event));
  return batch;
}

}  // namespace

TEST_CASE("batches come out in the order in which they went in, and their bytes are counted until they come back") {
  Handoff handoff(1000);
  for (std::uint32_t serial = 1; serial <= 3; ++serial) {
    auto batch = batch_of(serial);
    REQUIRE(handoff.push(batch));
    CHECK(batch == nullptr);
  }
  CHECK(handoff.bytes() == 300);
  for (std::uint32_t serial = 1; serial <= 3; ++serial) {
    auto batch = handoff.pop();
    REQUIRE(batch);
    CHECK(batch->front()->id.serial == serial);
    handoff.give_back(std::move(batch));
  }
  CHECK(handoff.pop() == nullptr);
  CHECK(handoff.bytes() == 0);
}

TEST_CASE("a full hand-off takes nothing and touches nothing, in bytes and in batches") {
  Handoff narrow(100);
  auto batch = batch_of(1);
  REQUIRE(narrow.push(batch));
  CHECK(narrow.is_full());
  batch = batch_of(2);
  CHECK_FALSE(narrow.push(batch));
  REQUIRE(batch);
  CHECK(batch->front()->id.serial == 2);
  narrow.give_back(narrow.pop());
  CHECK(narrow.push(batch));

  Handoff many(std::size_t{1} << 30U);
  std::uint32_t taken = 0;
  for (batch = batch_of(0, 1); many.push(batch); batch = batch_of(0, 1)) ++taken;
  CHECK(taken > 100);
  many.give_back(many.pop());
  CHECK(many.push(batch));
}

TEST_CASE("the buffers of finished events go back to the pool") {
  Handoff handoff(1000);
  EventPool pool(10);
  auto batch = batch_of(1);
  const Event* const event = batch->front().get();
  REQUIRE(handoff.push(batch));
  handoff.give_back(handoff.pop());
  CHECK(handoff.take_empty(pool)->empty());
  CHECK(pool.take().get() == event);
}

TEST_CASE("one thread hands on to another, which sleeps when there is nothing") {
  constexpr std::uint32_t kBatches = 20'000;
  Handoff handoff(5000);
  std::uint32_t next = 0;
  bool in_order = true;
  std::thread encode([&] {
    while (next < kBatches) {
      const std::uint32_t seen = handoff.turn();
      bool any = false;
      while (auto batch = handoff.pop()) {
        any = true;
        in_order = in_order && batch->front()->id.serial == next++;
        handoff.give_back(std::move(batch));
      }
      if (!any) handoff.wait(seen);
    }
  });
  EventPool pool(100);
  for (std::uint32_t serial = 0; serial < kBatches; ++serial) {
    auto batch = handoff.take_empty(pool);
    batch->push_back(pool.take());
    batch->front()->id.serial = serial;
    batch->front()->append(1112, "audit(1.000:1): x", 0);
    while (!handoff.push(batch)) std::this_thread::yield();
    handoff.wake();
  }
  encode.join();
  CHECK(in_order);
  CHECK(next == kBatches);
  CHECK(handoff.bytes() == 0);
}
