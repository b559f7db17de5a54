// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/bsm/errno.hpp"

#include <array>

namespace naudit::formats {
namespace {

// By Linux's number (asm-generic/errno.h). 41 and 58 are nobody's: EWOULDBLOCK and EDEADLOCK are EAGAIN and EDEADLK.
// clang-format off
constexpr auto kNumbers = std::to_array<std::uint8_t>({
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,  // 0
    12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,  // 12
    24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 45,  // 24
    78, 46, 89, 93, 90, 250, 35, 36, 37, 38, 39, 40,  // 36
    41, 42, 43, 44, 50, 51, 52, 53, 54, 55, 250, 57,  // 48
    60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,  // 60
    74, 211, 77, 79, 80, 81, 82, 83, 84, 85, 86, 87,  // 72
    88, 91, 92, 94, 95, 96, 97, 98, 99, 120, 121, 122,  // 84
    123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134,  // 96
    143, 144, 145, 146, 147, 148, 149, 150, 151, 212, 213, 214,  // 108
    215, 216, 49, 217, 218, 47, 219, 220, 221, 222, 58, 59,  // 120
});
// clang-format on

}  // namespace

std::uint8_t bsm_errno(std::uint64_t linux_errno) noexcept {
  return linux_errno < kNumbers.size() ? kNumbers[linux_errno] : kBsmUnknownErrno;
}

}  // namespace naudit::formats
