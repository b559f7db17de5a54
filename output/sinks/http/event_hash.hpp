// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "output/sinks/http/product.hpp"

namespace naudit::output {

// An id that is the same whenever the same event is sent, and another one for another event: the first 16 bytes of the
// SHA-256 over node, boot, "sec.ms:serial" and part, as 22 letters of base64url. The part tells apart what has one id:
// an event by its action (nauditd's own have serials of their own), and what is late or incomplete by its whole text.
//
// `boot`: the kernel's boot id, since serials start again at boot and a machine may not know the time then. Pure.
std::string event_hash(std::string_view boot, const HttpEvent& event);
// The same kind of id for a whole body.
std::string body_hash(std::string_view body);

// Of this machine, now (/proc/sys/kernel/random/boot_id); empty where there is none.
std::string read_boot_id();

}  // namespace naudit::output
