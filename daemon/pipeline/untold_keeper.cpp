// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/untold_keeper.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "daemon/pipeline/untold_file.hpp"

namespace naudit::daemon {

void UntoldKeeper::carry() {
  std::string problem;
  const UntoldFile file(folder_);
  auto untold = file.read(problem);
  if (!problem.empty()) spdlog::warn("{}", problem);
  // The file has to be there before the disk is full.
  if (problem.empty() && untold.empty()) static_cast<void>(file.write({}));
  for (const SinkSet::Untold& one : untold)
    spdlog::warn("sink '{}' has not told its stream of {} that the run before left out", one.sink,
                 base::count_text(one.losses.events(), "event"));
  untold_ = untold;
  for (const SinkSet::Untold& one : sinks_.carry(std::move(untold)))
    spdlog::warn("there is no sink '{}' any more to tell it", one.sink);
}

void UntoldKeeper::keep() {
  if (is_writing_) return;
  std::vector<SinkSet::Untold> untold = sinks_.untold();
  if (untold == untold_) return;
  untold_ = untold;
  is_writing_ = true;
  const auto job = [file = UntoldFile(folder_), untold = std::move(untold)] { return file.write(untold); };
  background_.run("naudit-untold", job, [this](const std::string& problem) {
    is_writing_ = false;
    if (!problem.empty()) spdlog::warn("losses of sinks are not kept over a restart: {}", problem);
  });
}

void UntoldKeeper::keep_last(std::chrono::milliseconds at_most) {
  if (is_writing_) static_cast<void>(background_.wait(at_most));
  is_writing_ = false;
  keep();
}

}  // namespace naudit::daemon
