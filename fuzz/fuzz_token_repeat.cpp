// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Bodies of records, one a line: each is taken apart as it would be alone, whatever came before it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "interpret/record/token_repeat.hpp"
#include "tests/support/token_compare.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  naudit::tests::Repeated repeat;
  while (!rest.empty()) {
    const std::string_view body = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(body.size() + 1, rest.size()));
    if (!naudit::tests::same_tokens(repeat, body)) __builtin_trap();
  }
  return 0;
}
