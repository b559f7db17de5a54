// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

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

}  // namespace naudit::base
