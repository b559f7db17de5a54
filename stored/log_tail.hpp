// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>

#include "base/descriptor.hpp"

namespace naudit::stored {

// The end of a log as text.
struct LogTail {
  std::string text;
  bool is_cut = false;  // there is more before it, so that its first line may have no start
};

// At most so many bytes of a regular file, from its end; of one that is compressed all is read, and the end kept.
// `path` names it in messages. Throws base::Error when the disk fails or the data is damaged.
LogTail read_tail(const std::string& path, const base::Descriptor& file, std::size_t most);

// Whether its first bytes are those of a compressed file.
bool is_compressed(const base::Descriptor& file);

}  // namespace naudit::stored
