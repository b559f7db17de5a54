// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

namespace naudit::tests {

// A certificate and its key, as PEM files.
struct Identity {
  std::string certificate, key;
};

// Made on the spot, in a directory of the caller's: an authority, a server for "audit.test" and 127.0.0.1, a client;
// and an authority that has signed none of them.
struct Certificates {
  explicit Certificates(const std::string& directory);

  Identity authority, server, client, stranger;
  std::string none_revoked, server_revoked;  // revocation lists of the authority
};

}  // namespace naudit::tests
