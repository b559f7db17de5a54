// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a server may answer: the reply's parser, cut in two at any place, and the verdict on it.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "output/sinks/http/message.hpp"
#include "output/sinks/http/retry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using naudit::output::HttpReply;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = text.empty() ? 0 : data[0] % text.size();
  HttpReply reply;
  HttpReply::Progress progress = reply.feed(text.substr(0, cut));
  if (progress == HttpReply::Progress::kMore) progress = reply.feed(text.substr(cut));
  if (progress == HttpReply::Progress::kMore) progress = reply.end();
  if (!reply.has_head()) return 0;
  if (reply.body_start().size() > HttpReply::kBodyKept) std::abort();
  const auto decision =
      naudit::output::judge({reply.status(), reply.reason(), reply.retry_after(), reply.body_start(), {}},
                            (data[0] & 1U) != 0, std::chrono::system_clock::time_point{});
  if (decision.wait && (decision.wait->count() < 0 || *decision.wait > std::chrono::hours{1})) std::abort();
  return 0;
}
