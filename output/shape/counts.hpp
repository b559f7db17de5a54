// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "base/counter.hpp"

namespace naudit::output::shape {

// What shaping kept from one sink, by cause, and what it changed. All are events but the last. Owner: shared by the
// router, whose thread counts, and whoever shows the status of the sink, on any thread.
struct Counts {
  base::Counter filtered;
  base::Counter unspoken;  // its format has no words for such events
  base::Counter withheld;  // by the rate limit
  base::Counter repeated;  // counted together
  base::Counter redacted;
  base::Counter redacted_texts;
};

}  // namespace naudit::output::shape
