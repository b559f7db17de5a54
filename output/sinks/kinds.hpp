// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "config/kinds.hpp"

namespace naudit::output {

// Every type of sink, and every format, as the configuration sees them: what config::load() and print() are given.
// Immutable; any thread.
const config::Kinds& kinds();

}  // namespace naudit::output
