// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace naudit::ctl {

// A moment as people write it, in milliseconds since 1970; empty for what is none. Times without a zone are local (TZ).
//
//   2026-11-29T21:05:00.123Z, 2026-11-29 21:05+01:00, 2026-11-29 21:05:30, 2026-11-29, 21:05 (today),
//   now, today, yesterday (both at midnight), 30s, 15m, 2h, 3d, 1w (so long ago; " ago" may follow), @1700000000.123
//
// `now` in the same unit. Pure, except for the zone; any thread.
std::optional<std::int64_t> time_of_word(std::string_view word, std::int64_t now);

// The forms above in one sentence, for help texts and messages.
extern const char* const kTimeForms;

}  // namespace naudit::ctl
