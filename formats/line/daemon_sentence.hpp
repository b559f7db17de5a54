// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// What one of nauditd's own records (DAEMON_ERR and so on, docs/event-format.md) tells, as a sentence.
struct DaemonSentence {
  std::string_view record{};  // "DAEMON_ERR"; empty: any of them
  std::string_view op{};
  std::string_view cause{};  // empty: any
  std::string_view needs{};  // a field that must be there; empty: none
  // "{field}" stands for a field's value, "{*}" for all fields; what stands between "[" and "]" is left out where one
  // of its fields is missing.
  std::string_view words{};
};

// All rows, the first that fits counts. For tests and documents.
std::span<const DaemonSentence> daemon_sentences() noexcept;

// Appends the sentence of an event of the audit daemon itself; false, and nothing appended, where its record tells who
// did what as every other record does (a start, a stop, a reconfiguration). An error with an op= that no row has is
// told by that op. Text of the record is escaped (base::append_shown).
bool append_daemon_sentence(const interpret::DecodedEvent& event, std::string& out);

}  // namespace naudit::formats
