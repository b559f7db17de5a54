// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/record/tokens.hpp"

namespace naudit::interpret {

class DecodedEvent;

// The arguments of an exec, from all EXECVE records of an event: "argc=3 a0=… a1=…", long ones in pieces ("a1_len=…
// a1[0]=… a1[1]=…"), many of them spread over several records (kernel/auditsc.c, audit_log_execve_info).
//
// Nothing is glued over what is not there: an argument ends at its first missing piece, and a run of arguments that did
// not come is one entry without a value. Kernels before 4.8 write nothing for an empty argument, so a number that is
// left out inside a record is an empty one; where a record begins, others may have been lost.
//
// Owner: a DecodedEvent, which reuses one object. An argument is valid until the next read().
class Execve {
 public:
  void read(const DecodedEvent& event);

  // What argc= said; more than size() where arguments are missing.
  [[nodiscard]] std::uint32_t argc() const noexcept { return argc_; }
  [[nodiscard]] std::size_t size() const noexcept { return arguments_.size(); }
  // Empty for what is missing, too.
  [[nodiscard]] std::string_view operator[](std::size_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : arguments_[index - 1].end;
    return std::string_view(bytes_).substr(begin, arguments_[index].end - begin);
  }
  // The number of this entry, or the last one of those that it stands for.
  [[nodiscard]] std::uint32_t number(std::size_t index) const noexcept { return arguments_[index].number; }
  // This entry stands for one or more arguments that are not known, not even their beginning.
  [[nodiscard]] bool is_missing(std::size_t index) const noexcept { return arguments_[index].is_missing; }
  // Of this argument the end, or more, is missing.
  [[nodiscard]] bool is_cut(std::size_t index) const noexcept { return arguments_[index].is_cut; }
  // Arguments are missing behind the last one.
  [[nodiscard]] bool lacks_end() const noexcept { return argc_ > next_; }
  // One record, argc first, then each argument in order and in one piece.
  [[nodiscard]] bool is_simple() const noexcept { return simple_; }

  // Do the records hold what they announce, once?
  [[nodiscard]] bool is_whole() const noexcept { return missing_.empty() && unexpected_.empty(); }
  // Where they do not, by the fields' names: "argc", "a3", "a3..a7", "a2[1]". At most kMostPlaces of them.
  [[nodiscard]] const std::vector<std::string>& missing() const noexcept { return missing_; }
  // Arguments and pieces that stand there again with another text, or beyond argc.
  [[nodiscard]] const std::vector<std::string>& unexpected() const noexcept { return unexpected_; }
  static constexpr std::size_t kMostPlaces = 16;

 private:
  struct Argument {
    std::uint32_t number = 0;
    bool is_missing = false;
    bool is_cut = false;
    std::size_t end = 0;  // in bytes_
  };
  struct Name;

  void add(const Field& field, bool begins_record);
  void add_argc(const Field& field);
  void add_whole(const Field& field, const Name& name, bool begins_record);
  void add_piece(const Field& field, const Name& name, bool begins_record);
  // False: the argument stood there already.
  bool advance_to(std::uint32_t number, bool begins_record);
  void push(std::uint32_t number, bool is_missing);
  void append(const Field& field);
  void end_pieces();
  void end();

  std::string bytes_;
  std::vector<Argument> arguments_;
  std::vector<std::string> missing_, unexpected_;
  std::string scratch_;
  std::uint32_t argc_ = 0;
  std::uint32_t next_ = 0;  // the argument that comes next
  // Of the last argument, while it comes in pieces.
  bool in_pieces_ = false;
  bool has_gap_ = false;
  std::uint32_t piece_ = 0;                           // that comes next
  std::uint64_t announced_ = 0;                       // what _len= said, of this argument or of the next; 0: nothing
  std::uint64_t piece_bytes_ = 0, piece_digits_ = 0;  // what came; hexadecimal digits count one by one
  bool has_argc_ = false;
  bool simple_ = true;
};

}  // namespace naudit::interpret
