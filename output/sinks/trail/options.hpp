// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "output/sinks/file/options.hpp"

namespace naudit::output {

// What a sink of `type: trail` may choose: of its files what a file sink may, `path` being their folder.
struct TrailOptions : FileOptions {
  friend bool operator==(const TrailOptions&, const TrailOptions&) = default;
};

config::OptionTable trail_options();
std::vector<std::string> trail_warnings(const config::Sink& sink, bool look_at_disk);
// The same for whoever writes trails; `key`: which names the folder.
std::vector<std::string> trail_folder_warnings(const std::string& key, const FileOptions& options);
// Without a slash at its end, which a folder may be written with.
std::string trail_folder(std::string path);

}  // namespace naudit::output
