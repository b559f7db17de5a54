// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/record/tokens.hpp"

namespace naudit::interpret {

// tokenise() for records of one type that come in runs: from one to the next often only what stands at the front
// changes, and the fields of an end that is the same byte for byte need not be found again. The result is that of
// tokenise() in every case (a test and a fuzz target compare).
//
// Owner: DecodedEvent, one for each of the longest frequent types. Not thread-safe; allocates nothing in the steady
// state.
class TokenRepeat {
 public:
  void tokenise(std::string_view body, correlate::Source source, std::vector<Field>& fields, Tokens& out);

 private:
  // A field of the last record, by its distances from that record's end.
  struct Place {
    std::uint32_t name = 0, name_size = 0;
    std::uint32_t value = 0, value_size = 0;
    tables::FieldId id = 0;
    Spelling spelling = Spelling::kBare;
  };

  bool tokenise_front(std::string_view front, correlate::Source source, std::vector<Field>& fields, Tokens& out) const;
  void remember(std::string_view body, correlate::Source source, const std::vector<Field>& fields,
                const Tokens& tokens);

  correlate::Source source_ = correlate::Source::kLive;
  std::string body_;           // of the last record that was taken apart as a whole
  std::vector<Place> places_;  // its fields; none if it is of no use
  std::uint32_t enriched_ = 0;
};

}  // namespace naudit::interpret
