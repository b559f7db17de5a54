// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a server of the forward protocol sends: read at once and byte by byte it is the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "output/sinks/forward/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ForwardReader whole, cut;
  whole.feed(text);
  std::size_t replies = 0, cut_replies = 0;
  while (const auto reply = whole.next()) {
    ++replies;
    if (reply->kind == ForwardReply::Kind::kHelo) static_cast<void>(forward_ping({}, reply->helo));
    if (reply->kind == ForwardReply::Kind::kPong) static_cast<void>(proves_key(reply->pong, {}, {}));
  }
  for (const char& byte : text) {
    cut.feed({&byte, 1});
    while (cut.next()) ++cut_replies;
  }
  if (replies != cut_replies) std::abort();
  return 0;
}
