// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What journalctl prints, in its three forms: an entry, a line. A record that comes of it has a header.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "stored/journal.hpp"

namespace {

void check(const naudit::correlate::Input& record) {
  naudit::correlate::Header header;
  if (record.type == 0 && record.name.empty()) __builtin_trap();
  if (!record.text.starts_with("audit(")) __builtin_trap();
  (void)naudit::correlate::parse_header(record.text, header);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::stored;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  JournalEntry entry;
  if (entry.read_json(text)) check(entry.record());
  if (text.starts_with(kJournalEntryStart)) {
    const std::size_t whole = journal_entry_size(text, true);
    if (whole == 0 || whole > size) __builtin_trap();
    const std::size_t part = journal_entry_size(text, false);
    if (part != 0 && part != whole) __builtin_trap();
    if (entry.read_export(text.substr(0, whole))) check(entry.record());
  }
  JournalShort lines(1'700'000'000);
  if (lines.read(text)) check(lines.record());
  return 0;
}
