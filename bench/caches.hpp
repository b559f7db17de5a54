// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// What is gained by keeping things from one event to the next. Only bench-encode uses it.
#pragma once

#include <cstdint>

namespace naudit::bench {

// Prints two tables as Markdown. Decoding and encoding as JSON of events that are more or less like those before them:
// the less they are, the less can be taken over from the last record (interpret::TokenRepeat) and its JSON
// (formats::JsonRepeat). And filling batches whose buffers are used again (output::BatchPool), or are not.
// `events`: for each measurement, of which there are several.
void print_caches(std::uint32_t events);

}  // namespace naudit::bench
