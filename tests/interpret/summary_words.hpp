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

// The subject of an event in the same way: "user-acct auid=1000 uid=0 pid=7 label?=a:b:c".
inline std::string subject_of(const EventOf& of) {
  const Summary summary = summarise(of.decoded);
  std::string words(subject_kind_text(summary.subject_kind));
  const auto add = [&](std::string_view name, const Field* field, std::uint16_t flag) {
    if (field == nullptr) return;
    words += ' ';
    words += name;
    words += (summary.claimed & flag) != 0 ? "?=" : "=";
    words += field->value;
  };
  add("auid", summary.auid, claim::kAuid);
  add("uid", summary.uid, claim::kUid);
  add("session", summary.session, 0);
  add("ppid", summary.ppid, 0);
  add("pid", summary.pid, claim::kPid);
  add("fsuid", summary.fsuid, 0);
  add("comm", summary.comm, claim::kComm);
  add("command", summary.command, claim::kCommand);
  add("label", summary.label, claim::kLabel);
  add("terminal", summary.terminal, claim::kTerminal);
  add("address", summary.address, claim::kAddress);
  add("host", summary.host, claim::kHost);
  return words;
}

// Who decided, where that is somebody else.
inline std::string decider_of(const EventOf& of) {
  const Summary summary = summarise(of.decoded);
  if (!summary.has_decider) return {};
  std::string words;
  const auto add = [&](std::string_view name, const Field* field) {
    if (field == nullptr) return;
    if (!words.empty()) words += ' ';
    words += name;
    words += '=';
    words += field->value;
  };
  add("auid", summary.decided_by.auid);
  add("uid", summary.decided_by.uid);
  add("session", summary.decided_by.session);
  add("pid", summary.decided_by.pid);
  add("label", summary.decided_by.label);
  add((summary.claimed & claim::kDecider) != 0 ? "exe?" : "exe", summary.decided_by.exe);
  return words;
}

// "success", "failure?" if it is only claimed, "".
inline std::string outcome_of(const EventOf& of) {
  const Summary summary = summarise(of.decoded);
  if (!summary.success) return {};
  return std::string(*summary.success ? "success" : "failure") + ((summary.claimed & claim::kOutcome) != 0 ? "?" : "");
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
