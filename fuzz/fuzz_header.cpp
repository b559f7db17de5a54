// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The header of a record: what was read must be what stands there.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "correlate/header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::correlate;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Header header;
  if (!parse_header(text, header)) return 0;
  if (header.size > size || header.id.millis > 999) __builtin_trap();
  // Written again and read again it is the same id.
  std::string again = "audit(";
  append_id(header.id, again);
  again += "): ";
  Header second;
  if (!parse_header(again, second) || !(second.id == header.id) || second.size != again.size()) __builtin_trap();
  return 0;
}
