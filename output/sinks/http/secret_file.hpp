// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

namespace naudit::output {

enum class SecretKind : std::uint8_t {
  kToken,     // `token_file`: one word of printable ASCII, which a header can carry as it is
  kPassword,  // `password_file`: one line without control characters, encoded before it is sent
};

// The secret in a file, without the blanks around it. Throws base::Error that names sink, option and file: missing,
// open to others than its owner (mode 0600 at most), larger than 64 KiB, empty, or not what the kind says.
std::string read_secret(const std::string& sink, SecretKind kind, const std::string& path);

}  // namespace naudit::output
