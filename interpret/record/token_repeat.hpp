// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/record/tokens.hpp"

namespace naudit::interpret {

// tokenise() for records that are alike: those of one process and one type differ in a few values only. The record is
// compared with one before, the base, from the front on; where a value differs, its end is looked for and the two are
// compared on from there. All other fields need not be found again. The result is that of tokenise() in every case (a
// test and a fuzz target compare), and Tokens says which values differ from the base's, so that an encoder can copy
// what it made of the others.
//
// Owner: TokenRepeats. Not thread-safe; allocates nothing in the steady state. Not copied: its fields point into it.
class TokenRepeat {
 public:
  TokenRepeat() = default;
  TokenRepeat(const TokenRepeat&) = delete;
  TokenRepeat& operator=(const TokenRepeat&) = delete;

  // `last_base`: the number that the last base got, of this TokenRepeat or another; counted up for a new one.
  void tokenise(std::string_view body, correlate::Source source, std::vector<Field>& fields, Tokens& out,
                std::uint64_t& last_base);

 private:
  bool repeat(std::string_view body, std::vector<Field>& fields, Tokens& out) const;
  // Where the value of this field ends in a text that goes on at `at` and whose level ends at `end`, its closing quote
  // included; null where only the scanner knows.
  const char* value_end(std::size_t index, const char* at, const char* end, Field& field) const noexcept;
  void remember(std::string_view body, correlate::Source source, const std::vector<Field>& fields, Tokens& tokens,
                std::uint64_t& last_base);

  correlate::Source source_ = correlate::Source::kLive;
  std::uint64_t base_ = 0;           // 0: there is none
  std::string body_;                 // of the base
  std::vector<Field> fields_;        // its fields, the claim's behind the others: views of body_
  std::vector<std::uint32_t> next_;  // where in body_ what is behind each field begins: the next one, or the rest
  Tokens tokens_;
  std::string_view rest_;  // of body_: what auditd appended, the mark included
};

// The bases of many records: by the system call and its process, by the process, or by the type and the sender of a
// message. What shares a place takes it from the other.
//
// Owner: DecodedEvent. Not thread-safe.
class TokenRepeats {
 public:
  TokenRepeats();

  // An event's records come next.
  void begin() noexcept { process_ = kNone, paths_ = 0; }
  void tokenise(std::uint16_t record_type, std::string_view body, correlate::Source source, std::vector<Field>& fields,
                Tokens& out);

  // How many places there are: Tokens::place is less.
  static constexpr std::size_t kCalls = 512, kProcesses = 128, kMessages = 128;
  static constexpr std::size_t kPaths = 4;               // of one event
  static constexpr std::size_t kOfProcess = kPaths + 2;  // and CWD, PROCTITLE
  static constexpr std::size_t kFirstMessage = kCalls + kProcesses * kOfProcess;
  static constexpr std::size_t kPlaces = kFirstMessage + kMessages;

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::size_t place_of(std::uint16_t record_type, std::string_view body) noexcept;

  std::uint64_t last_base_;
  std::vector<TokenRepeat> repeats_;  // made with the first record that is worth it
  std::size_t process_ = kNone;       // of the event in hand
  std::size_t paths_ = 0;             // that it had so far
};

}  // namespace naudit::interpret
