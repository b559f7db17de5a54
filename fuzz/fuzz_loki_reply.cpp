// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What Loki answers: two bytes of status, then the body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "output/sinks/loki/product.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  if (size < 2) return 0;
  output::HttpOutcome outcome;
  outcome.status = data[0] << 8U | data[1];
  outcome.body.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  static const output::LokiProduct kProduct({}, "/");
  for (const std::size_t events : {1U, 5U}) {
    const auto decision = kProduct.judge(outcome, events, {});
    if (decision.verdict == output::HttpVerdict::kDelivered && outcome.status / 100 != 2) std::abort();
    if (decision.verdict == output::HttpVerdict::kEach || decision.verdict == output::HttpVerdict::kAwait) std::abort();
    for (const char c : decision.text)
      if (outcome.status != 0 && (c < ' ' || c > '~')) std::abort();
  }
  return 0;
}
