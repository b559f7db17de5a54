// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/laurel/processes.hpp"

#include <functional>

#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

std::uint32_t number(const DecodedEvent& event, const DecodedRecord& record, tables::FieldId id) noexcept {
  std::uint32_t value = 0;
  const Field* const one = event.find(record, id);
  return one != nullptr && interpret::parse_decimal(one->value, value) ? value : 0;
}

// Empty if the record does not say.
std::string_view text(const DecodedEvent& event, const DecodedRecord& record, tables::FieldId id,
                      std::string& scratch) {
  const Field* const one = event.find(record, id);
  if (one == nullptr || (one->spelling == interpret::Spelling::kBare && one->value == "(null)")) return {};
  return interpret::decoded(*one, scratch);
}

std::string_view call_of(const DecodedEvent& event) noexcept {
  if (!event.arch() || !event.syscall()) return {};
  return tables::syscall_name(*event.arch(), *event.syscall());
}

}  // namespace

std::size_t LaurelProcesses::place_of(std::string_view node, std::uint32_t pid) noexcept {
  const std::size_t machine = node.empty() ? 0 : std::hash<std::string_view>()(node);
  return (machine + pid) % kPlaces;
}

const LaurelProcesses::Process* LaurelProcesses::find(std::string_view node, std::uint32_t pid) const noexcept {
  if (pid == 0 || processes_.empty()) return nullptr;
  const Process& one = processes_[place_of(node, pid)];
  return one.pid == pid && one.node == node ? &one : nullptr;
}

const LaurelProcesses::Process* LaurelProcesses::find(std::string_view node, std::string_view pid) const noexcept {
  std::uint32_t value = 0;
  return interpret::parse_decimal(pid, value) ? find(node, value) : nullptr;
}

void LaurelProcesses::forget(std::string_view node, std::uint32_t pid) noexcept {
  if (find(node, pid) != nullptr) processes_[place_of(node, pid)].pid = 0;
}

void LaurelProcesses::remember(const DecodedEvent& event, const DecodedRecord& call, std::uint32_t pid,
                               std::string_view exe) {
  if (processes_.empty()) processes_.resize(kPlaces);
  const std::string& node = event.source().node;
  Process& one = processes_[place_of(node, pid)];
  one.exe = exe;
  one.comm = text(event, call, field::kComm, scratch_);
  one.pid = pid;
  one.ppid = number(event, call, field::kPpid);
  one.exec = event.source().id;
  one.node = node;
}

void LaurelProcesses::read(const DecodedEvent& event) {
  parent_ = nullptr;
  has_ended_ = false;
  const DecodedRecord* const call = event.find(type::kSyscall);
  if (call == nullptr) return;
  const std::string& node = event.source().node;
  if (!processes_.empty()) parent_ = find(node, number(event, *call, field::kPpid));
  const std::string_view name = call_of(event);
  const bool is_exec = (name == "execve" || name == "execveat") && event.success() != false;
  if (!is_exec && processes_.empty()) return;
  const std::uint32_t pid = number(event, *call, field::kPid);
  const Process* const known = find(node, pid);
  if (pid == 0 || (!is_exec && known == nullptr)) return;
  const std::string_view exe = text(event, *call, field::kExe, scratch_);
  if (is_exec) {
    if (parent_ != nullptr && parent_ == &processes_[place_of(node, pid)]) {
      replaced_ = *parent_;
      parent_ = &replaced_;
    }
    remember(event, *call, pid, exe);
  } else if (!exe.empty() && exe != known->exe) {
    forget(node, pid);
  } else {
    has_ended_ = name == "exit_group";
  }
}

void LaurelProcesses::finish(const DecodedEvent& event) {
  if (!has_ended_) return;
  if (const DecodedRecord* const call = event.find(type::kSyscall))
    forget(event.source().node, number(event, *call, field::kPid));
}

}  // namespace naudit::formats
