// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace naudit::tests {

// As audisp-remote sends it (reference: audit-userspace lib/private.h).
inline std::string remote_frame(std::string_view text, std::uint32_t sequence = 0, std::uint32_t type = 0) {
  std::string bytes{"\xFE\x00\x00\xFF\x00\x00", 6};
  const auto put = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFFU);
  };
  put(type, 4);
  put(static_cast<std::uint32_t>(text.size()), 2);
  put(sequence, 4);
  return bytes.append(text);
}

// As auditd hands it to a plugin with `format = binary` (reference: lib/libaudit.h, struct audit_dispatcher_header).
inline std::string plugin_frame(std::uint32_t version, std::uint32_t type, std::string_view text) {
  const std::uint32_t header[] = {version, 16, type, static_cast<std::uint32_t>(text.size())};
  std::string bytes(sizeof header, '\0');
  std::memcpy(bytes.data(), header, sizeof header);
  return bytes.append(text);
}

}  // namespace naudit::tests
