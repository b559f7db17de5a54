// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What we read ourselves of what a server answers (the rest is libcurl's): two bytes of status, then lines with
// Retry-After, the reason, Location, and the beginning of the body.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "output/sinks/http/retry.hpp"
#include "output/sinks/net/endpoint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  if (size < 2) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto line = [&text] {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view found = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return std::string(found);
  };
  output::HttpOutcome outcome;
  outcome.status = data[0] << 8U | data[1];
  outcome.retry_after = line();
  outcome.reason = line();
  const std::string location = line();
  outcome.body = text;
  const auto decision = output::judge(outcome, std::chrono::system_clock::time_point{});
  if (decision.wait && (decision.wait->count() < 0 || *decision.wait > std::chrono::hours{1})) std::abort();
  for (const char c : decision.text)
    if (outcome.status != 0 && (c < ' ' || c > '~')) std::abort();
  const output::Url asked{true, {"siem.example", 443}, "/in"};
  const auto target = output::redirect_target(outcome.status, asked, location);
  if (target && (!target->starts_with('/') || target->find_first_of(" \r\n") != std::string::npos)) std::abort();
  return 0;
}
