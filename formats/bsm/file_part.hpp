// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

#include "formats/format.hpp"

namespace naudit::formats {

// The record or file token that a trail goes on with (bsm/audit_record.h of OpenBSM), whoever wrote it: its length is
// in its header, and its trailer has to say the same. Further records of an event that is too large for one (BsmRecord)
// are no events. Pure; any bytes will do.
FilePart bsm_file_part(std::string_view bytes);

}  // namespace naudit::formats
