// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/queue.hpp"

#include <future>
#include <thread>

#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using tests::make_batch;
using namespace std::chrono_literals;

const std::size_t kBatchBytes = make_batch(10, 10)->bytes.size();  // of ten events with two digits

std::vector<std::string> ids(const std::vector<BatchPtr>& batches) {
  std::vector<std::string> result;
  for (const BatchPtr& batch : batches) result.push_back(batch->first_id);
  return result;
}

std::vector<BatchPtr> take_all(Queue& queue) {
  std::vector<BatchPtr> taken;
  while (queue.take(1 << 30, taken)) {
  }
  return taken;
}

Loss only_loss(Queue& queue) {
  const Losses losses = queue.take_loss();
  REQUIRE(losses.list().size() == 1);
  return losses.list().front();
}

}  // namespace

TEST_CASE("batches leave in the order in which they came") {
  Queue queue({});
  for (int first : {10, 20, 30}) queue.push(make_batch(first, 10));
  std::vector<BatchPtr> taken;
  CHECK(queue.take(2 * kBatchBytes, taken));
  CHECK(ids(taken) == std::vector<std::string>{"1.000:10", "1.000:20"});
  CHECK(queue.take(1, taken));
  CHECK_FALSE(queue.take(1, taken));
  CHECK(taken.size() == 3);
}

TEST_CASE("drop_oldest gives up the oldest batches and counts their events and their range") {
  Queue queue({3 * kBatchBytes, config::WhenFull::kDropOldest});
  for (int first : {10, 20, 30, 40, 50}) queue.push(make_batch(first, 10));
  const Loss loss = only_loss(queue);
  CHECK(loss.events == 20);
  CHECK(loss.first_id == "1.000:10");
  CHECK(loss.last_id == "1.000:29");
  CHECK(queue.take_loss().empty());
  CHECK(queue.status().events_in == 50);
  CHECK(queue.status().events_dropped == 20);
  CHECK(ids(take_all(queue)) == std::vector<std::string>{"1.000:30", "1.000:40", "1.000:50"});
}

TEST_CASE("a bound in events holds for what is queued and what the consumer has in hand") {
  Queue queue({1 << 20, config::WhenFull::kDropNewest, 25});
  for (int first : {10, 20, 30}) queue.push(make_batch(first, 10));
  CHECK(queue.status().events_dropped == 10);
  std::vector<BatchPtr> taken;
  REQUIRE(queue.take(1, taken));
  queue.push(make_batch(40, 10));
  CHECK(queue.status().events_dropped == 20);
  // Half a batch is still a batch.
  queue.release(kBatchBytes / 2);
  queue.push(make_batch(50, 10));
  CHECK(queue.status().events_dropped == 30);
  queue.release(kBatchBytes - kBatchBytes / 2);
  queue.push(make_batch(60, 10));
  CHECK(queue.status().events_dropped == 30);
  CHECK(ids(take_all(queue)) == std::vector<std::string>{"1.000:20", "1.000:60"});
}

TEST_CASE("drop_newest gives up what comes when there is no room") {
  Queue queue({2 * kBatchBytes, config::WhenFull::kDropNewest});
  for (int first : {10, 20, 30, 40}) queue.push(make_batch(first, 10));
  const Loss loss = only_loss(queue);
  CHECK(loss.events == 20);
  CHECK(loss.first_id == "1.000:30");
  CHECK(loss.last_id == "1.000:49");
  CHECK(ids(take_all(queue)) == std::vector<std::string>{"1.000:10", "1.000:20"});
}

TEST_CASE("what the consumer holds counts until it is released") {
  Queue queue({2 * kBatchBytes, config::WhenFull::kDropNewest});
  queue.push(make_batch(10, 10));
  queue.push(make_batch(20, 10));
  std::vector<BatchPtr> taken = take_all(queue);
  CHECK(queue.status().queue_bytes == 2 * kBatchBytes);
  queue.push(make_batch(30, 10));
  CHECK(queue.status().events_dropped == 10);
  queue.release(2 * kBatchBytes);
  CHECK(queue.status().queue_bytes == 0);
  queue.push(make_batch(40, 10));
  CHECK(queue.status().events_dropped == 10);
  CHECK(queue.status().queue_bytes_most == 2 * kBatchBytes);
}

TEST_CASE("an empty queue accepts a batch that is larger than its bound") {
  for (const auto policy : {config::WhenFull::kDropOldest, config::WhenFull::kDropNewest, config::WhenFull::kBlock}) {
    Queue queue({10, policy});
    queue.push(make_batch(10, 10));
    CHECK(take_all(queue).size() == 1);
    CHECK(queue.status().events_dropped == 0);
  }
}

TEST_CASE("block makes the producer wait until there is room") {
  Queue queue({2 * kBatchBytes, config::WhenFull::kBlock});
  queue.push(make_batch(10, 10));
  queue.push(make_batch(20, 10));
  std::promise<void> pushed;
  std::future<void> done = pushed.get_future();
  std::thread producer([&] {
    queue.push(make_batch(30, 10));
    pushed.set_value();
  });
  CHECK(done.wait_for(50ms) == std::future_status::timeout);
  std::vector<BatchPtr> taken;
  queue.take(1, taken);
  queue.release(kBatchBytes);
  CHECK(done.wait_for(30s) == std::future_status::ready);
  producer.join();
  CHECK(take_all(queue).size() == 2);
  CHECK(queue.status().events_dropped == 0);
}

TEST_CASE("nobody waits for room once blocking has ended, and the batch that waited is kept") {
  Queue queue({kBatchBytes, config::WhenFull::kBlock});
  queue.push(make_batch(10, 10));
  std::promise<void> started;
  std::thread producer([&] {
    started.set_value();
    queue.push(make_batch(20, 10));
  });
  started.get_future().wait();
  queue.end_blocking();
  producer.join();
  queue.push(make_batch(30, 10));
  // The second batch was kept if it waited before the end, and dropped if it came after it.
  const QueueStatus status = queue.status();
  CHECK(status.events_dropped >= 10);
  CHECK(take_all(queue).size() * 10 + status.events_dropped == 30);
}

TEST_CASE("while the producer is let pass it waits for nobody, and nothing is lost") {
  Queue queue({kBatchBytes, config::WhenFull::kBlock});
  queue.push(make_batch(10, 10));
  std::thread producer([&] {
    for (int first : {20, 30, 40}) queue.push(make_batch(first, 10));
  });
  queue.let_pass(true);
  producer.join();
  queue.let_pass(false);
  CHECK(queue.status().events_dropped == 0);
  CHECK(take_all(queue).size() == 4);
}

TEST_CASE("the age is that of the oldest batch that waits or is held, and 0 if there is none") {
  Queue queue({});
  const BatchPtr first = make_batch(10, 10);
  const Queue::TimePoint now = first->made + 7900ms;
  CHECK(queue.status(now).queue_age_seconds == 0);
  queue.push(first);
  const auto second = std::make_shared<Batch>(*make_batch(20, 10));
  second->made = first->made + 5s;
  queue.push(second);
  CHECK(queue.status(now).queue_age_seconds == 7);
  std::vector<BatchPtr> taken;
  REQUIRE(queue.take(1, taken));
  CHECK(queue.status(now).queue_age_seconds == 7);
  queue.release(first->bytes.size());
  CHECK(queue.status(now).queue_age_seconds == 2);
  CHECK(queue.status(first->made).queue_age_seconds == 0);
}

TEST_CASE("the time from the stamp of a batch until all of it is released is counted, once for each event") {
  const auto at = [](std::chrono::milliseconds since_1970) {
    return std::chrono::system_clock::time_point(since_1970);
  };
  Queue queue({});
  queue.push(make_batch(10, 10));  // all stamps are 1.000
  queue.push(make_batch(20, 10));
  take_all(queue);
  queue.release(kBatchBytes / 2, at(1s));
  CHECK(queue.status().latency.sum_seconds() == 0);
  queue.release(kBatchBytes - kBatchBytes / 2, at(1s + 40ms));
  queue.release(kBatchBytes, at(3s));
  const base::Histogram latency = queue.status().latency;
  CHECK(latency.sum_seconds() == Approx(20.4));
  CHECK(latency.counts()[5] == 10);   // up to 50 ms
  CHECK(latency.counts()[10] == 10);  // up to 2 s
}

TEST_CASE("a batch whose stamp is not known has no latency") {
  Queue queue({});
  for (const char* const id : {"", "x", "1", "1.5:3", "1.1234:5", "-.000:1", "99999999999999999999.000:1"}) {
    auto batch = std::make_shared<Batch>(*make_batch(10, 10));
    batch->first_id = id;
    queue.push(batch);
  }
  take_all(queue);
  queue.release(7 * kBatchBytes);
  CHECK(queue.status().latency.sum_seconds() == 0);
}

TEST_CASE("finish drops what is queued and all that follows, exactly counted") {
  Queue queue({});
  queue.push(make_batch(10, 10));
  queue.push(make_batch(20, 10));
  queue.finish("stopped");
  queue.push(make_batch(30, 10));
  const Loss loss = only_loss(queue);
  CHECK(loss.cause == "stopped");
  CHECK(loss.events == 30);
  CHECK(loss.first_id == "1.000:10");
  CHECK(loss.last_id == "1.000:39");
  CHECK(queue.status().queue_bytes == 0);
}

TEST_CASE("the consumer is woken by the first batch after it found nothing, and only by that one") {
  Queue queue({});
  int wakes = 0;
  queue.on_wake([&] { ++wakes; });
  queue.push(make_batch(10, 10));
  CHECK(wakes == 0);  // it never said that it sleeps
  take_all(queue);
  queue.push(make_batch(20, 10));
  queue.push(make_batch(30, 10));
  CHECK(wakes == 1);
}

TEST_CASE("a first loss wakes the consumer, further ones do not") {
  Queue queue({kBatchBytes, config::WhenFull::kDropOldest});
  int wakes = 0;
  queue.on_wake([&] { ++wakes; });
  for (int first : {10, 20, 30, 40}) queue.push(make_batch(first, 10));
  CHECK(wakes == 1);
  CHECK(queue.take_loss().events() == 30);
  queue.push(make_batch(50, 10));
  CHECK(wakes == 2);
}

TEST_CASE("a sleeping thread is woken by a batch and by a poke") {
  Queue queue({});
  std::vector<BatchPtr> taken;
  CHECK_FALSE(queue.take(1, taken));
  std::thread producer([&] { queue.push(make_batch(10, 10)); });
  queue.wait_until(std::chrono::steady_clock::now() + 30s);
  CHECK(queue.take(1, taken));
  producer.join();
  const auto begin = std::chrono::steady_clock::now();
  queue.poke();
  queue.wait_until(begin + 30s);
  CHECK(std::chrono::steady_clock::now() - begin < 20s);
}

TEST_CASE("a batch without events is nothing") {
  Queue queue({});
  queue.push(std::make_shared<Batch>());
  CHECK(take_all(queue).empty());
}

TEST_CASE("a queue says how many batches are out of the consumer's hands, without notices") {
  Queue queue({.size = 1 << 20});
  std::vector<std::size_t> released;
  queue.on_release([&](std::size_t batches) { released.push_back(batches); });
  queue.on_notice([](const Loss&, std::uint64_t) { return make_batch(90, 1); });
  Losses losses;
  losses.add("spool full", 7, "1.000:1", "1.000:7");
  queue.push(make_batch(10, 10));
  queue.lose(losses);
  queue.push(make_batch(20, 10));
  const auto taken = take_all(queue);
  REQUIRE(taken.size() == 3);
  CHECK(taken[1]->tells.has_value());
  CHECK(queue.status().events_dropped == 7);
  CHECK(queue.take_loss() == losses);
  queue.release(kBatchBytes / 2);
  CHECK(released.empty());
  queue.release(kBatchBytes - kBatchBytes / 2);
  queue.release(taken[1]->bytes.size());
  CHECK(released == std::vector<std::size_t>{1});
  // What somebody else keeps is not released, and not dropped.
  queue.push(make_batch(30, 10));
  queue.keep_rest();
  queue.release(kBatchBytes);
  queue.finish("stopped");
  CHECK(released == std::vector<std::size_t>{1});
  CHECK(queue.status().events_dropped == 7);
}

TEST_CASE("a receipt is kept until what was pushed before it is released or dropped") {
  const auto receipt = [] { return std::make_shared<const int>(0); };
  const auto is_kept = [](const std::weak_ptr<const int>& one) { return !one.expired(); };
  Queue queue({2 * kBatchBytes, config::WhenFull::kDropOldest});
  std::weak_ptr<const int> none, first, second, third;
  const auto keep = [&queue, &receipt](std::weak_ptr<const int>& weak) {
    const auto made = receipt();
    weak = made;
    queue.keep(made);
  };
  keep(none);
  CHECK_FALSE(is_kept(none));
  queue.push(make_batch(10, 10));
  keep(first);
  std::vector<BatchPtr> taken;
  CHECK(queue.take(1, taken));
  queue.push(make_batch(20, 10));
  keep(second);
  CHECK(is_kept(first));
  queue.push(make_batch(30, 10));  // drops the one before, but not what the consumer has
  keep(third);
  CHECK(is_kept(second));
  CHECK(queue.release(kBatchBytes - 1).empty());
  CHECK(is_kept(first));
  std::vector<Receipt> released = queue.release(1);
  CHECK(released.size() == 2);
  CHECK(is_kept(first));
  released.clear();
  CHECK_FALSE(is_kept(first));
  CHECK_FALSE(is_kept(second));
  CHECK(is_kept(third));
  queue.finish("stopped");
  CHECK_FALSE(is_kept(third));
}

}  // namespace naudit::output
