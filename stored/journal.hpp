// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "correlate/correlator.hpp"
#include "stored/log_line.hpp"

namespace naudit::stored {

// A record as systemd's journal keeps it (src/journal/journald-audit.c): the type, the serial and the stamp in fields
// that only journald writes (they begin with an underscore), the text in MESSAGE behind the type's name. Read from what
// journalctl prints.
//
// Owner: LogReader, one object for all entries. Views point into it until the next read. An entry of another program is
// none, whatever its message says: only what journald had from the kernel, as an audit record or as a kernel message,
// and from auditd's plugin for syslog.
class JournalEntry {
 public:
  // A line of `journalctl -o json` (a leading 0x1E of json-seq is left out). False if there is no record in it.
  bool read_json(std::string_view line);
  // An entry of `journalctl -o export`. False if there is no record in it.
  bool read_export(std::string_view entry);

  // The record, ready for a Correlator.
  [[nodiscard]] const correlate::Input& record() const noexcept { return record_; }

 private:
  struct Fields {
    std::string transport, type, id, host, stamp, identifier, message;
    void clear();
    [[nodiscard]] std::string* named(std::string_view name) noexcept;
  };

  bool take();
  bool take_audit();

  Fields fields_;
  std::string text_;
  std::string name_;
  correlate::Input record_;
};

// Does a line of JSON look like journalctl's? (Its members cannot stand inside a string of another kind of line.) Pure.
bool is_journal_json(std::string_view line) noexcept;

inline constexpr std::string_view kJournalEntryStart = "__CURSOR=";
// How many bytes at the front are one entry of `journalctl -o export`, its empty line included; 0 if its end is not
// there yet. `bytes` begin with kJournalEntryStart. Pure.
std::size_t journal_entry_size(std::string_view bytes, bool at_end) noexcept;

// Lines of `journalctl` in its short forms: "Nov 18 19:55:36 host1 audit[31399]: SYSCALL arch=…". They have no serial:
// records of one host, process and second are put together until one comes that begins an event, and each event gets a
// number of its own. What comes of them is marked Incomplete::kNoSerial. A stamp without a year is of the last such day
// before `today`, one without a zone is taken for UTC.
//
// Owner: LogReader. Views point into the object until the next read.
class JournalShort {
 public:
  // `today`: seconds since 1970.
  explicit JournalShort(std::int64_t today) : today_(today) {}

  bool read(std::string_view line);
  [[nodiscard]] const correlate::Input& record() const noexcept { return record_; }

 private:
  [[nodiscard]] bool begins_event(std::uint16_t type, std::string_view who, std::int64_t second) const noexcept;

  std::int64_t today_;
  std::string text_, host_;
  correlate::Input record_;
  // Of the record before.
  std::string who_;
  std::int64_t second_ = -1;
  bool is_open_ = false, has_syscall_ = false;
  std::uint32_t serial_ = 0;
};

}  // namespace naudit::stored
