// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/bsm/file_part.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace naudit::formats {
namespace {

constexpr unsigned char kFile = 0x11, kTrailer = 0x13, kSequence = 0x2F, kText = 0x28;
constexpr std::array<unsigned char, 4> kHeaders = {0x14, 0x15, 0x74, 0x79};  // of 32 and 64 bits, each with an address
constexpr unsigned char kVersion = 11;
constexpr std::size_t kFileHead = 11, kLeastHeader = 18, kTrailerSize = 7, kSequenceSize = 5;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

// The text "part=N" behind the header and the number of the event.
bool goes_on(std::string_view record) noexcept {
  const std::string_view behind = record.substr(kLeastHeader);
  return behind.size() > kSequenceSize + 3 && static_cast<unsigned char>(behind[0]) == kSequence &&
         static_cast<unsigned char>(behind[kSequenceSize]) == kText &&
         behind.substr(kSequenceSize + 3).starts_with("part=");
}

}  // namespace

FilePart bsm_file_part(std::string_view bytes) {
  if (bytes.size() < kFileHead) return {};
  const auto id = static_cast<unsigned char>(bytes[0]);
  if (id == kFile) {
    const std::size_t size = kFileHead + number_at(bytes, kFileHead - 2, 2);
    if (size == kFileHead || bytes.size() < size || bytes[size - 1] != '\0') return {};
    return {.size = size};
  }
  if (std::ranges::find(kHeaders, id) == kHeaders.end() || static_cast<unsigned char>(bytes[5]) != kVersion) return {};
  const std::size_t size = number_at(bytes, 1, 4);
  if (size < kLeastHeader + kTrailerSize || bytes.size() < size) return {};
  const std::string_view trailer = bytes.substr(size - kTrailerSize, kTrailerSize);
  if (static_cast<unsigned char>(trailer[0]) != kTrailer || number_at(trailer, 1, 2) != 0xB105 ||
      number_at(trailer, 3, 4) != size)
    return {};
  return {.size = size, .is_event = !goes_on(bytes.substr(0, size))};
}

}  // namespace naudit::formats
