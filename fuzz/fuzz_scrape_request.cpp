// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a client of the metrics sends, in one piece and byte by byte: both have to be understood alike, and answered.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/metrics/scrape_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using naudit::daemon::ScrapeRequest;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ScrapeRequest whole, pieces;
  const ScrapeRequest::Wants wants = whole.take(bytes);
  ScrapeRequest::Wants piecewise = ScrapeRequest::Wants::kMore;
  for (const char& c : bytes) piecewise = pieces.take({&c, 1});
  // How much was too much depends on when it was looked at; all else does not.
  const auto is_refused = [](ScrapeRequest::Wants one) {
    return one == ScrapeRequest::Wants::kTooMuch || one == ScrapeRequest::Wants::kNotHttp;
  };
  if (wants != piecewise && !(is_refused(wants) || is_refused(piecewise))) __builtin_trap();
  if (size > 2 * ScrapeRequest::kMostBytes && wants == ScrapeRequest::Wants::kMore) __builtin_trap();
  if (!naudit::daemon::scrape_answer(wants, whole.is_head(), "a 1\n").starts_with("HTTP/1.1 ")) __builtin_trap();
  return 0;
}
