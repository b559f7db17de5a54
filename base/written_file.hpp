// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace naudit::base {

// A file that is written and synced beside the place where it is to be. Until put_in_place() nobody sees it, and
// without that it goes with this object.
class WrittenFile {
 public:
  // Throws Error that says why not.
  WrittenFile(const std::string& path, std::string_view text, unsigned mode);
  WrittenFile(WrittenFile&& other) noexcept;
  WrittenFile& operator=(WrittenFile&&) = delete;
  ~WrittenFile();

  // Whoever reads sees the old file or the new one. A symbolic link stays and its target is replaced. Throws
  // Error.
  void put_in_place();

 private:
  std::string path_, target_;
  std::string beside_;  // empty once it is in place
};

// The same at once.
void write_file(const std::string& path, std::string_view text, unsigned mode);

// A file that a program with root's rights keeps for itself. It is used only if nobody else can change it or read it
// under another name: a regular file of root's or ours with one name, not writable by others, below folders that can be
// trusted (base/trusted_path.hpp); a link at its place is not followed.
struct OwnFile {
  Descriptor file;      // none: see `problem`
  std::string problem;  // "'/var/lib/naudit/serials' belongs to user id 1000: …"; empty for a file that is not there
};
enum class OwnUse {
  kRead,
  kWrite,  // made with mode 0600 if it is missing, its folder with 0700
};
// Never throws; blocks on the disk. Any thread.
OwnFile open_own_file(const std::string& path, OwnUse use);
// The folder with mode 0700, if it is missing, and those above it. What cannot be made is seen by whoever uses it.
void make_own_folder(const std::string& path) noexcept;

}  // namespace naudit::base
