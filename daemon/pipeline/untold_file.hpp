// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/pipeline/sink_set.hpp"

namespace naudit::daemon {

// The file's text, always of one size: where not all fits, the first ones of it.
std::string untold_text(const std::vector<SinkSet::Untold>& untold);
// Nothing if it is not such a text.
std::optional<std::vector<SinkSet::Untold>> parse_untold(std::string_view text);

// Where the losses are kept that a sink's own stream has not been told, so that the next run tells them.
//
// The file has the same size whatever is in it, and is written in its place: a disk that is full takes it all the same,
// once it is there. Blocks on the disk. One thread at a time.
class UntoldFile {
 public:
  explicit UntoldFile(const std::string& state_directory);

  // What the run before has left; nothing if there is no such file, or if it cannot be read as one: `problem` then says
  // so, and is empty else.
  [[nodiscard]] std::vector<SinkSet::Untold> read(std::string& problem) const;
  // Empty, or why not.
  [[nodiscard]] std::string write(const std::vector<SinkSet::Untold>& untold) const;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace naudit::daemon
