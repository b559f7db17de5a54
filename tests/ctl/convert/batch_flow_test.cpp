// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/batch_flow.hpp"

#include <thread>

#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

TEST_CASE("batches come out in the order in which they went in, whoever is faster") {
  BatchFlow flow(6);
  std::vector<std::thread> encoders;
  for (int i = 0; i < 3; ++i) {
    encoders.emplace_back([&flow] {
      while (Batch* const batch = flow.take_filled()) {
        batch->bytes = std::to_string(batch->number);
        flow.put_encoded(batch);
      }
    });
  }
  std::vector<std::string> written;
  std::thread writer([&] {
    while (Batch* const batch = flow.take_encoded()) {
      written.push_back(batch->bytes);
      flow.put_empty(batch);
    }
  });
  for (int i = 0; i < 1000; ++i) flow.put_filled(flow.take_empty());
  flow.close();
  for (std::thread& encoder : encoders) encoder.join();
  writer.join();
  REQUIRE(written.size() == 1000);
  for (std::size_t i = 0; i < written.size(); ++i) CHECK(written[i] == std::to_string(i));
}

TEST_CASE("a writer that gives up stops the others") {
  BatchFlow flow(2);
  std::thread encoder([&flow] {
    while (Batch* const batch = flow.take_filled()) flow.put_encoded(batch);
  });
  std::thread writer([&flow] {
    flow.take_encoded();
    flow.abort();
  });
  std::size_t count = 0;
  while (Batch* const batch = flow.take_empty()) {
    flow.put_filled(batch);
    ++count;
  }
  flow.close();
  encoder.join();
  writer.join();
  CHECK(count <= 2);
}

TEST_CASE("a reader that gives up stops the others, whatever was on its way") {
  BatchFlow flow(2);
  Batch unwritten;
  Batch* taken = &unwritten;
  std::thread writer([&] { taken = flow.take_encoded(); });
  flow.put_filled(flow.take_empty());
  flow.abort();
  flow.close();
  writer.join();
  CHECK(taken == nullptr);
  CHECK(flow.take_filled() == nullptr);
  CHECK(flow.take_empty() == nullptr);
}

}  // namespace
}  // namespace naudit::ctl
