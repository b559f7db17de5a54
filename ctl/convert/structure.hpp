// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "formats/format.hpp"

namespace naudit::ctl {

// What was read, for a person who asks why a converted event looks as it does: each event, below it its records, below
// those their fields, decoded. `convert -v` writes this instead of a format; no sink can.
const formats::Format& structure_format() noexcept;

}  // namespace naudit::ctl
