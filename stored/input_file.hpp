// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "stored/decompressor.hpp"

namespace naudit::stored {

// One log, plain or compressed (its first bytes tell), from the front to the end; "-" is standard input. A log that was
// compressed since somebody named it ("events.json.3.zst") is found.
//
// Owner: LogReader. One thread. Every failure is a base::Error that names the file; what could be read before a
// failure has been returned by then.
class InputFile {
 public:
  explicit InputFile(std::string path);
  enum class Form : std::uint8_t { kPlain, kAny };
  // A file that is open already, from where it stands on; `path` names it in messages.
  InputFile(std::string path, base::Descriptor file, Form form = Form::kPlain);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // Bytes of the log, undone if compressed; at least one, 0 only at the end, or when interrupted.
  std::size_t read(std::span<char> room);
  // Bytes of the file that have been read, as they lie on the disk.
  [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }

 private:
  std::size_t read_file(std::span<char> room);
  std::size_t read_start(std::span<char> room);
  std::size_t decompress(std::span<char> room);
  [[noreturn]] void fail(const std::string& why) const;

  std::string path_;
  base::Descriptor own_;  // none for standard input
  int file_;
  std::uint64_t taken_ = 0;
  bool is_started_ = false;
  Decompressor::Failure failure_ = Decompressor::Failure::kNone;
  std::unique_ptr<Decompressor> decompressor_;  // null: plain
  std::vector<char> packed_;                    // what it has not had yet is [packed_at_, packed_end_)
  std::size_t packed_at_ = 0, packed_end_ = 0;
};

}  // namespace naudit::stored
