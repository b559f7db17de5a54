// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "migrate/sources/draft.hpp"

namespace naudit::migrate {

// `output.*` of a beat: where its events go, as sinks that send nauditd's own JSON. Pure.
void take_beat_outputs(Settings& from, Draft& draft);

}  // namespace naudit::migrate
