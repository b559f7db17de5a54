// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace naudit::output {

enum class SecretKind : std::uint8_t {
  kToken,      // `token_file`: one word of printable ASCII, which a header can carry as it is
  kPassword,   // `password_file`: one line without control characters, encoded before it is sent
  kSharedKey,  // `shared_key_file`: as a password
  kHeaders,    // `headers_file`: lines "Name: value"
};

// A secret of the unit's (systemd.exec(5), LoadCredential=) instead of a file: "credential:NAME".
inline constexpr std::string_view kCredential = "credential:";

// The secret in a file or a credential, without the blanks around it. Throws base::Error that names sink, option and
// file: missing, open to others than its owner (mode 0600 at most), larger than 64 KiB, empty, or not what the kind
// says; no credential of that name.
std::string read_secret(const std::string& sink, SecretKind kind, const std::string& path);
// Whether it can be read only where the unit's credentials are, and this process has none: nauditd --check by hand.
bool is_out_of_reach(const std::string& path);
// "Name: value", a name being RFC 9110's token and the value printable: what a request's head can carry. Pure.
bool is_header(std::string_view line) noexcept;

}  // namespace naudit::output
