// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The saddr field of a record, in both byte orders, and its text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hex.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/meaning/sockaddr_text.hpp"

namespace {

void decode(std::string_view hex) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    naudit::interpret::SockaddrRoom room;
    const auto address = naudit::interpret::decode_sockaddr(hex, room, order);
    if (!address) continue;
    std::string text;
    naudit::interpret::append_sockaddr(text, *address);
    if (text.empty()) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  decode(bytes);  // as the digits of a record
  std::string hex;
  naudit::base::append_hex(hex, bytes);
  decode(hex);  // as the address itself
  return 0;
}
