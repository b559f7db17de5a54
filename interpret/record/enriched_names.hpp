// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace naudit::interpret {

// The names that an auditd with log_format = ENRICHED appended to a record, behind the byte 0x1D: NAME=value, NAME the
// field's in upper case, in the order of the fields (ARCH=x86_64 SYSCALL=openat AUID="jo" UID="root"). They are those
// of the machine that the record comes from, when it happened.
//
// A view of the record's tail, one object a record; what it returns points into the tail or to `scratch`.
class EnrichedNames {
 public:
  // A tail beyond all measure has no names: it is looked through for each field.
  static constexpr std::size_t kLongest = 4096;

  void read(std::string_view tail) noexcept {
    tail_ = tail.size() > kLongest ? std::string_view() : tail;
    next_ = 0;
  }
  [[nodiscard]] bool empty() const noexcept { return tail_.empty(); }

  // The value of a field; of one that stands there twice (the kernel's and a program's) the second if asked for. Empty
  // if there is none.
  std::string_view find(std::string_view field, bool second, std::string& scratch);

 private:
  [[nodiscard]] bool is_at(std::size_t at, std::string_view field) const noexcept;
  [[nodiscard]] std::size_t search(std::string_view field, std::size_t from) const noexcept;

  std::string_view tail_;
  std::size_t next_ = 0;  // behind the last one found: fields are asked for in their order
};

}  // namespace naudit::interpret
