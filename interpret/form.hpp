// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>

namespace naudit::interpret {

// How the meaning of a value is told: the text is always spelled as ausearch -i spells it, the form says what it is
// made of, and so how a structured format writes it (the native event: under the field's name plus _name, _text or
// _list).
enum class Form : std::uint8_t {
  kNone,  // the value says it all, or what it means is not known: no text
  kName,  // one name: "openat", "EACCES", "SIGKILL", "root"
  kText,  // a short text that only reads as a whole: "file,755", "family=inet type=stream"
  kList,  // several names with '|' or ',' between them: "O_WRONLY|O_CREAT", "chown,net_admin"
};

}  // namespace naudit::interpret
