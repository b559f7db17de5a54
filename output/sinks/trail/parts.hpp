// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/format.hpp"
#include "output/sinks/file/file_system.hpp"
#include "output/sinks/file/problem.hpp"

namespace naudit::output {

// What whole events a file of events holds, whoever wrote it, and in whatever format.
struct WholeEvents {
  std::uint64_t size = 0;    // of the file, up to the end of the last whole one
  std::uint64_t events = 0;  // records of a binary format; of text: lines, those of one event together counting as one
  std::string first_id, last_id;  // "sec.ms:serial"; empty where the format does not show them
};

// Takes a file apart from its beginning on, however it is cut. The form is what its first bytes say: a binary format of
// the registry, else lines. Pure.
class WholeEventCounter {
 public:
  // The last piece may be followed by others, or be the last one.
  void feed(std::string_view bytes);
  [[nodiscard]] const WholeEvents& found() const noexcept { return found_; }

 private:
  std::size_t take_parts(std::string_view rest);
  std::size_t take_lines(std::string_view rest, std::size_t looked_at);
  void take_line(std::string_view line);

  const formats::Format* binary_ = nullptr;
  bool is_known_ = false;  // its form
  std::string rest_;       // behind the last whole one
  WholeEvents found_;
};

// Reads a whole file that is open. `found` is what there is until the problem.
FileProblem count_whole_events(FileSystem& system, int fd, const std::string& path, WholeEvents& found);

}  // namespace naudit::output
