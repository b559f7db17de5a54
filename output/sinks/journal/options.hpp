// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "formats/envelope.hpp"
#include "output/sinks/severity.hpp"

namespace naudit::output {

// The fields of an entry beside its message.
struct JournalHead {
  std::string identifier = "nauditd";
  Severity priority = Severity::kInfo;
  std::optional<Severity> failure_priority;  // of events whose outcome is a failure; none: as the others
  friend bool operator==(const JournalHead&, const JournalHead&) = default;
};

// What a sink of `type: journal` may choose.
struct JournalOptions {
  std::string path = "/run/systemd/journal/socket";
  JournalHead head;
  friend bool operator==(const JournalOptions&, const JournalOptions&) = default;
};

config::OptionTable journal_options();
std::vector<std::string> journal_warnings(const config::Sink& sink, bool look_at_disk);
formats::Envelope journal_envelope(const config::Sink& sink);

// The port ids of the sockets that listen to the kernel's audit records (multicast group 1 of protocol 9), out of the
// text of /proc/net/netlink (net/netlink/af_netlink.c, netlink_native_seq_show). Pure.
std::vector<std::uint32_t> audit_listeners(std::string_view table);

}  // namespace naudit::output
