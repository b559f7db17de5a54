// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// The PATH record of what was acted on: the last one that is no parent directory, of an exec the first one; null if
// there is none. Pure.
const interpret::DecodedRecord* mozdef_object(const interpret::DecodedEvent& event) noexcept;

}  // namespace naudit::formats
