// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

#include "correlate/event.hpp"
#include "formats/json/reader.hpp"

namespace naudit::stored {

// One line of our native format as the event that it was made from: it is whole as it stands, and its records need no
// correlator. `rebuilt` is for its buffers. Its times of arrival are left open. Null if the line is no event of ours.
// Pure, but for the pool.
correlate::EventPtr event_of_json(std::string_view line, formats::RebuiltEvent& rebuilt, correlate::EventPool& pool);

}  // namespace naudit::stored
