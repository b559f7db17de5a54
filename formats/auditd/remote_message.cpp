// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/remote_message.hpp"

namespace naudit::formats {
namespace {

constexpr std::string_view kMagic{"\xFE\x00\x00\xFF", 4};
// Where the fields of the header stand.
constexpr std::size_t kHeaderVersion = 4, kMessageVersion = 5, kTypeAt = 6, kLengthAt = 10, kSequenceAt = 12;

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

void append_little(std::uint32_t value, std::size_t size, std::string& out) {
  for (std::size_t i = 0; i < size; ++i, value >>= 8U) out.push_back(static_cast<char>(value & 0xffU));
}

}  // namespace

RemoteStart read_remote_header(std::string_view bytes, RemoteHeader& out) noexcept {
  // Whoever sends something else is told so by its first bytes.
  if (!kMagic.starts_with(bytes.substr(0, kMagic.size()))) return RemoteStart::kOther;
  for (const std::size_t at : {kHeaderVersion, kMessageVersion})
    if (bytes.size() > at && bytes[at] != 0) return RemoteStart::kOtherVersion;
  if (bytes.size() < kRemoteHeader) return RemoteStart::kPartial;
  out = {little(bytes, kTypeAt, 4), little(bytes, kLengthAt, 2), little(bytes, kSequenceAt, 4)};
  return RemoteStart::kHeader;
}

void append_remote_message(RemoteType type, std::uint32_t sequence, std::string_view text, std::string& out) {
  out.append(kMagic);
  append_little(0, 2, out);  // the versions
  append_little(static_cast<std::uint32_t>(type), 4, out);
  append_little(static_cast<std::uint32_t>(text.size()), 2, out);
  append_little(sequence, 4, out);
  out.append(text);
}

}  // namespace naudit::formats
