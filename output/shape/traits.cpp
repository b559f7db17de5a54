// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/traits.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/hex.hpp"
#include "config/vocabulary.hpp"
#include "interpret/summary/paths.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::output::shape {
namespace {

namespace field = tables::field;
using config::Trait;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

template <typename Asked>
const Field* find(const DecodedEvent& event, const Asked& asked) {
  for (const DecodedRecord& record : event.records())
    for (const auto fields : {event.fields(record), event.claim(record)})
      if (const auto one = std::ranges::find_if(fields, asked); one != fields.end()) return &*one;
  return nullptr;
}

// What the kernel says, or the daemon: never what a program says of itself.
template <tables::FieldId kId>
bool append_word(const DecodedEvent& event, std::string& out) {
  for (const DecodedRecord& record : event.records()) {
    const Field* const one = event.find(record, kId);
    if (one == nullptr) continue;
    out += one->value;
    return true;
  }
  return false;
}

bool append_key(const DecodedEvent& event, std::string& out) {
  if (event.key() == nullptr) return false;
  interpret::append_decoded(*event.key(), out);
  return true;
}

bool append_type(const DecodedEvent& event, std::string& out) {
  if (event.records().empty()) return false;
  const DecodedRecord& record = event.records().front();
  const std::string_view name = record.type_name.empty() ? tables::record_type_name(record.type) : record.type_name;
  if (name.empty())
    out += std::to_string(record.type);
  else
    out += name;
  return true;
}

bool append_syscall(const DecodedEvent& event, std::string& out) {
  const auto number = event.syscall();
  if (!number) return false;
  const auto arch = event.arch();
  const std::string_view name = arch ? tables::syscall_name(*arch, *number) : std::string_view();
  if (name.empty())
    out += std::to_string(*number);
  else
    out += name;
  return true;
}

bool append_exe(const DecodedEvent& event, std::string& out) {
  const Field* const one = find(event, [](const Field& each) { return each.id == field::kExe; });
  if (one == nullptr) return false;
  interpret::append_decoded(*one, out);
  return true;
}

bool append_outcome(const DecodedEvent& event, std::string& out) {
  const auto success = event.success();
  if (!success) return false;
  out += *success ? "yes" : "no";
  return true;
}

bool append_host(const DecodedEvent& event, std::string& out) {
  const std::string_view node = event.source().node_or({});
  out += node;
  return !node.empty();
}

// Whatever stands in a part of a value, it cannot be taken for another part.
void end_part(std::size_t begin, std::string& out) {
  const auto bytes =
      std::bit_cast<std::array<char, sizeof(std::uint32_t)>>(static_cast<std::uint32_t>(out.size() - begin));
  out.append(bytes.data(), bytes.size());
}

bool append_paths(const DecodedEvent& event, std::string& out) {
  const std::size_t before = out.size();
  for (const DecodedRecord& record : event.records())
    for (const auto fields : {event.fields(record), event.claim(record)})
      for (const Field& one : fields) {
        if (!interpret::is_path(record.type, one)) continue;
        const std::size_t begin = out.size();
        interpret::append_path(event, one, false, out);
        end_part(begin, out);
      }
  return out.size() > before;
}

bool append_address(const DecodedEvent& event, std::string& out) {
  return append_word<field::kSaddr>(event, out);
}

bool append_command(const DecodedEvent& event, std::string& out) {
  const interpret::Execve& execve = event.execve();
  for (std::size_t i = 0; i < execve.size(); ++i) {
    const std::size_t begin = out.size();
    out += execve[i];
    end_part(begin, out);
  }
  return execve.size() > 0;
}

constexpr std::array kRows = {
    TraitRow{Trait::kKey, "key", true, "the keys of the rule that the event comes from", append_key},
    TraitRow{Trait::kType, "record", false, "the type of its first record", append_type},
    TraitRow{Trait::kSyscall, "call", false, "the system call", append_syscall},
    TraitRow{Trait::kUser, "auid", false, "who logged in", append_word<field::kAuid>},
    TraitRow{Trait::kUid, "uid", false, "as whom it was done", append_word<field::kUid>},
    TraitRow{Trait::kExe, "exe", true, "the program", append_exe},
    TraitRow{Trait::kSession, "ses", false, "the login session", append_word<field::kSes>},
    TraitRow{Trait::kOutcome, "success", false, "success or failure", append_outcome},
    TraitRow{Trait::kHost, "host", true, "the machine (`node`)", append_host},
    TraitRow{Trait::kPath, "", false, "all its files", append_paths},
    TraitRow{Trait::kAddress, "", false, "the address of a socket", append_address},
    TraitRow{Trait::kCommand, "", false, "the arguments of the program that is started", append_command},
};
static_assert(kRows.size() == config::kTraits.size());

const TraitRow& row_of(Trait trait) {
  return kRows.at(static_cast<std::size_t>(trait));
}

// As audit_log_untrustedstring() does it.
void append_untrusted(std::string_view text, std::string& out) {
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '"'; });
  if (is_plain)
    ((out += '"') += text) += '"';
  else
    base::append_hex(out, text);
}

bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\''; });
}

}  // namespace

std::span<const TraitRow> trait_rows() noexcept {
  return kRows;
}

void append_traits(Traits traits, const DecodedEvent& event, std::string& out) {
  for (const Trait trait : traits) {
    const std::size_t begin = out.size();
    out += row_of(trait).append(event, out) ? '+' : '-';
    end_part(begin, out);
  }
}

void append_fields(Traits traits, const DecodedEvent& event, std::string& out) {
  for (const Trait trait : traits) {
    const TraitRow& row = row_of(trait);
    if (row.field.empty()) continue;
    ((out += ' ') += row.field) += '=';
    std::string value;
    if (!row.append(event, value))
      out += row.trait == Trait::kKey ? "(null)" : "?";
    else if (row.is_text || !is_word(value))
      append_untrusted(value, out);
    else
      out += value;
  }
}

std::string names_of(Traits traits) {
  std::string names;
  for (const Trait trait : traits) (names += names.empty() ? "" : ",") += config::word_of(trait, config::kTraits);
  return names.empty() ? "none" : names;
}

}  // namespace naudit::output::shape
