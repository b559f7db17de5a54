// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "correlate/event.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/shape/secrets.hpp"

namespace naudit::output::shape {

// Hides the secrets in an event's command lines: arguments of EXECVE, `proctitle`, `cmd`, `cmdline`, and what was typed
// (`data` of TTY and USER_TTY). It makes an event of other records, so that every format is of the redacted text alone,
// `raw` and its hexadecimal arguments included.
//
// What is hidden is `[redacted]` in its place, and the record says which fields have such a place: in `redacted`, a
// field that only the kernel's side of a record can have, so that a program which writes the mark itself is not
// believed. An argument to which the patterns cannot be applied is left out whole, and stands in `withheld` as well: of
// which a piece is missing, which follows upon a missing one, which is cut (the last one of a proctitle of 128 bytes),
// or whose hexadecimal digits are damaged. So do records that cannot be read at all (their `withheld` is `text`).
//
// Owner: the router; one thread. Nothing is allocated in the steady state for events without secrets.
class Redactor {
 public:
  static constexpr std::string_view kMark = "[redacted]";

  // Throws base::Error as Secrets does.
  explicit Redactor(const config::Redact& wanted) : secrets_(wanted) {}

  // The event without its secrets, or null if it has none. Valid until the next call.
  const interpret::DecodedEvent* redact(const interpret::DecodedEvent& event);

  // So many texts and arguments were hidden, in part or whole.
  [[nodiscard]] std::uint64_t redacted() const noexcept { return redacted_; }

 private:
  // What was hidden of a record, by the names of its fields.
  struct Marks {
    std::string redacted, withheld;
    [[nodiscard]] bool empty() const noexcept { return redacted.empty() && withheld.empty(); }
  };
  struct Change {
    std::size_t begin, end;  // of the record's text
    std::string text;
  };

  void look_at_arguments(const interpret::DecodedEvent& event);
  void look_at_fields(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record, std::uint16_t body);
  void look_at(const interpret::DecodedRecord& record, const interpret::Field& field);
  bool hide(std::string_view text, std::string& out);
  void mark(Marks& marks, std::string_view name, bool is_withheld);
  void write_arguments(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record,
                       std::uint16_t body);
  void write_record(const interpret::DecodedRecord& record, std::uint16_t body);

  Secrets secrets_;
  correlate::Event event_;
  interpret::DecodedEvent decoded_;
  std::uint64_t redacted_ = 0;

  // Of the event in hand.
  std::string line_;  // its arguments, a NUL between two
  std::vector<std::size_t> begins_;
  std::vector<Range> ranges_;
  std::vector<std::uint8_t> whole_;  // which arguments are left out
  bool is_readable_ = true;          // its EXECVE records are arguments in order, and nothing else
  bool has_arguments_ = false;       // that have to be written anew
  // Of the record in hand.
  std::vector<Change> changes_;
  Marks marks_;
  std::string scratch_, text_;
  // The last proctitle without a secret, as it stands: most events have the one before's.
  std::string clean_;
  interpret::Spelling clean_spelling_ = interpret::Spelling::kBare;
};

}  // namespace naudit::output::shape
