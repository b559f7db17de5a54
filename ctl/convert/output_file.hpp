// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace naudit::ctl {

// An output that cannot be written: nothing that follows could do better.
class OutputError : public base::Error {
 public:
  using base::Error::Error;
};

// Where converted events, or rejected lines, go: a file that is made anew (0600: audit logs are nobody else's
// business), or standard output.
//
// Owner: Conversion; one thread. Every failure is an OutputError that names the file. After a failure a file ends
// with what the last whole write() had written.
class OutputFile {
 public:
  // "-": standard output. Refuses a file that is one of `inputs`, or what `other` writes to; nothing is lost yet.
  OutputFile(std::string path, const std::vector<std::string>& inputs, const OutputFile* other = nullptr);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Once, before the first write(): a file begins anew.
  void start();
  void write(std::string_view bytes);
  // Says what only the last moment brings to light (a full remote disk).
  void finish();
  [[nodiscard]] std::uint64_t written() const noexcept { return written_; }

 private:
  [[nodiscard]] std::string refuse(const std::vector<std::string>& inputs, const OutputFile* other);
  [[noreturn]] void fail(int error);

  std::string path_;
  base::Descriptor own_;  // none for standard output, and once it is finished
  int file_ = -1;
  bool is_cut_ = false;  // a regular file of our own, which has begun
  std::uint64_t written_ = 0;
};

}  // namespace naudit::ctl
