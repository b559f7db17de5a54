// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/background.hpp"
#include "daemon/pipeline/sink_set.hpp"

namespace naudit::daemon {

// Keeps on the disk, since a kill -9 leaves no time for it, what the sinks' streams have not been told of their losses
// (UntoldFile).
//
// Owner: the daemon; the set and the background thread outlive it. Main thread. What fails is logged.
class UntoldKeeper {
 public:
  UntoldKeeper(std::string state_directory, SinkSet& sinks, Background& background)
      : folder_(std::move(state_directory)), sinks_(sinks), background_(background) {}

  // At start: gives the sinks what the run before has left.
  void carry();
  // Once a second. In the background.
  void keep();
  // At the end, when the sinks have stopped. Waits for what is under way, for at most this long.
  void keep_last(std::chrono::milliseconds at_most);

 private:
  const std::string folder_;
  SinkSet& sinks_;
  Background& background_;
  std::vector<SinkSet::Untold> untold_;  // as it was last written
  bool is_writing_ = false;
};

}  // namespace naudit::daemon
