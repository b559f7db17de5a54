// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "interpret/meaning/sockaddr.hpp"

namespace naudit::interpret {

// Appends "{ saddr_fam=inet laddr=127.0.0.1 lport=80 }", as ausearch -i and the enriched format spell an address. Of
// families that these call unsupported it says what is known. Paths go in as they are, whatever bytes they have.
void append_sockaddr(std::string& out, const Sockaddr& address);

}  // namespace naudit::interpret
