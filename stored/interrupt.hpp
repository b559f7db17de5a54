// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace naudit::stored {

// From here on the first SIGINT or SIGTERM only sets a flag, so that what has been read is written whole; a blocked
// read or write then returns EINTR. The second one ends the process as usual.
void catch_interrupts();
// Any thread.
bool is_interrupted() noexcept;
// Readable once interrupted: what waits for input waits for this too, since a flag alone is missed by a read() that
// begins just behind the signal. -1 before catch_interrupts().
int interrupt_descriptor() noexcept;

}  // namespace naudit::stored
