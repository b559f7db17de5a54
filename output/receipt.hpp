// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>

namespace naudit::output {

// Kept by everybody who has yet to accept the events that came before it. When the last of them lets go of it, all of
// these events are accepted: in a spool, in the queue of a sink that has none, or lost and counted. Its deleter says so
// to whoever waits for that; it runs on any thread, may do so under a queue's lock, and must only post.
using Receipt = std::shared_ptr<const void>;

}  // namespace naudit::output
