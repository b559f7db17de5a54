// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/batch_pool.hpp"

#include <optional>
#include <thread>

#include "tests/support/catch.hpp"

namespace naudit::output {

TEST_CASE("a batch comes back empty with the memory that it had") {
  BatchPool pool;
  auto batch = pool.take();
  batch->bytes.assign(100'000, 'x');
  batch->ends.push_back(100'000);
  batch->first_id = batch->last_id = "1.000:1";
  const Batch* const address = batch.get();
  const char* const buffer = batch->bytes.data();
  CHECK(pool.kept() == 0);
  BatchPtr shared = std::move(batch);
  BatchPtr another = shared;
  shared.reset();
  CHECK(pool.kept() == 0);
  another.reset();
  CHECK(pool.kept() == 1);

  const auto again = pool.take();
  CHECK(again.get() == address);
  CHECK(again->bytes.empty());
  CHECK(again->bytes.data() == buffer);
  CHECK(again->events() == 0);
  CHECK(again->first_id.empty());
}

TEST_CASE("a batch that has grown too large is not retained") {
  BatchPool pool;
  auto batch = pool.take();
  batch->bytes.reserve(BatchPool::kMostBytes + 1);
  batch.reset();
  CHECK(pool.kept() == 0);
}

TEST_CASE("only a few batches are retained") {
  BatchPool pool;
  std::vector<std::shared_ptr<Batch>> taken;
  for (std::size_t i = 0; i < 3 * BatchPool::kMostKept; ++i) taken.push_back(pool.take());
  taken.clear();
  CHECK(pool.kept() == BatchPool::kMostKept);
}

TEST_CASE("a batch outlives its pool and may end on another thread") {
  auto pool = std::make_optional<BatchPool>();
  BatchPtr batch = pool->take();
  const std::weak_ptr<const Batch> weak = batch;
  pool.reset();
  std::thread([last = std::move(batch)]() mutable { last.reset(); }).join();
  CHECK(weak.expired());
}

}  // namespace naudit::output
