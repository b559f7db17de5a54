// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "config/option.hpp"
#include "formats/encoder.hpp"

namespace naudit::formats {

// What a sink may choose of the formats raw and enriched, in a map of the format's name. The defaults are auditd's own.
struct AuditdOptions {
  bool node = false;  // name_format: this machine's name before each record
  friend bool operator==(const AuditdOptions&, const AuditdOptions&) = default;
};

config::OptionTable auditd_options();

// What a sink may choose of the formats audispd and audispd-binary, in a map of the format's name.
struct AudispdOptions : AuditdOptions {
  bool names = true;  // log_format = ENRICHED
  friend bool operator==(const AudispdOptions&, const AudispdOptions&) = default;
};

config::OptionTable audispd_options();

// Who chose nothing, as nauditctl convert, gets what the context says.
inline bool shows_node(const EncoderOptions& options) {
  return options.get() == nullptr || options.as<AuditdOptions>().node;
}

}  // namespace naudit::formats
