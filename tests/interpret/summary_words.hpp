// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "interpret/summary/script.hpp"
#include "interpret/summary/summary.hpp"
#include "interpret/summary/text.hpp"
#include "tests/interpret/event_of.hpp"

namespace naudit::interpret {

// The object of an event as one line: "file path=/etc/shadow access=read"; what is only claimed has a "?" behind it.
inline std::string object_of(const EventOf& of) {
  const Summary summary = summarise(of.decoded);
  std::string words(object_kind_text(summary.object_kind));
  for (const ObjectPart& part : summary.object()) {
    words += ' ';
    words += part_info(part.part).name;
    if (part_info(part.part).form == PartForm::kFlag) continue;
    words += part.claimed ? "?=" : "=";
    append_part(of.decoded, part, words);
  }
  return words;
}

inline std::string action_of(const EventOf& of) {
  return std::string(summarise(of.decoded).action);
}

// "kernel:/opt/run.sh", "process:run.py", ""
inline std::string script_of(const EventOf& of) {
  std::string script;
  const ScriptSource source = append_script(of.decoded, summarise(of.decoded), script);
  if (source == ScriptSource::kNone) return script;
  return (source == ScriptSource::kKernel ? "kernel:" : "process:") + script;
}

}  // namespace naudit::interpret
