// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The arguments of a system call: any arch, any number, any registers. A byte for the arch, two for the number, then
// eight for each register.
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>

#include "interpret/arguments/arguments.hpp"
#include "tables/arch.hpp"

namespace {

using namespace naudit;

constexpr tables::ArchWord kArches[] = {tables::kArchX86_64,
                                        tables::kArchI386,
                                        tables::kArchAarch64,
                                        tables::kArchArm,
                                        tables::kArchArmeb,
                                        tables::kArchPpc64,
                                        tables::kArchPpc,
                                        tables::kArchPpc64le,
                                        tables::kArchS390x,
                                        tables::kArchS390,
                                        tables::kArchRiscv64,
                                        tables::kArchRiscv32,
                                        0};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::array<std::uint8_t, 3 + 4 * sizeof(std::uint64_t)> input{};
  std::memcpy(input.data(), data, size < input.size() ? size : input.size());
  const tables::ArchWord arch = kArches[input[0] % std::size(kArches)];
  const std::uint32_t number = input[1] | static_cast<std::uint32_t>(input[2]) << 8U;
  std::array<std::uint64_t, 4> args{};
  std::memcpy(args.data(), input.data() + 3, sizeof args);

  for (unsigned index = 0; index < 5; ++index) {
    std::string text = "before";
    const interpret::Form form = interpret::append_argument(text, arch, number, index, args);
    if (!text.starts_with("before")) __builtin_trap();
    if ((form == interpret::Form::kNone) != (text.size() == 6)) __builtin_trap();
    for (const char c : text)
      if (c <= ' ' || c > '~' || c == '"' || c == '\\') __builtin_trap();
    const auto id = interpret::argument_id(arch, number, index, args);
    if (id && form != interpret::Form::kNone) __builtin_trap();
  }
  return 0;
}
