// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What Splunk's collector answers to events and to the question what is acknowledged: two bytes of status, then the
// body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "output/sinks/splunk/product.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  if (size < 2) return 0;
  constexpr std::size_t kEvents = 5;
  output::HttpOutcome outcome;
  outcome.status = data[0] << 8U | data[1];
  outcome.body.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  static const output::SplunkProduct kProduct({}, "/", "boot", 1);
  const auto decision = kProduct.judge(outcome, kEvents, {});
  if (decision.verdict == output::HttpVerdict::kEach && decision.fates.size() != kEvents) std::abort();
  if (decision.verdict == output::HttpVerdict::kAwait && decision.receipt.empty()) std::abort();
  if (decision.verdict == output::HttpVerdict::kDelivered && outcome.status / 100 != 2) std::abort();
  static_cast<void>(kProduct.confirmed(outcome));
  return 0;
}
