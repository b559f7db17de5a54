// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::formats {

// Appends an action as words: "changed-file-permissions-of" becomes "changed permissions of" if an object follows, and
// "changed permissions of a file" if there is none to follow. An action that reads well as it stands only loses its
// hyphens.
void append_verb_phrase(std::string_view action, bool object_follows, std::string& out);

// An action as something that was tried: "a login as", "a login"; and how it came out: " failed".
struct AttemptPhrase {
  std::string_view action;
  std::string_view words;
  std::string_view alone;
  std::string_view end = " failed";
  bool always = false;  // whatever the record's result
};
const AttemptPhrase* find_attempt(std::string_view action) noexcept;

// What leads from an account to its group: " to ", " from ", " in "; empty for other actions.
std::string_view group_words(std::string_view action) noexcept;

// AppArmor's letters for rights on files ("rw", "wc::", "x") as "read and write"; false, and nothing appended, for a
// mask that is a word of its own ("send").
bool append_file_rights(std::string_view mask, std::string& out);

}  // namespace naudit::formats
