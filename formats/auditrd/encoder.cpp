// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditrd/encoder.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/paths.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

constexpr std::size_t kSlack = 64;  // for a key, quotes and a number

// A field of the record, or of what a program says in it.
const Field* find(const DecodedEvent& event, const DecodedRecord& record, tables::FieldId id) noexcept {
  const Field* const own = event.find(record, id);
  return own != nullptr ? own : event.find_claim(record, id);
}

bool says_nothing(std::string_view value) noexcept {
  return value.empty() || value == "?" || value == "(null)";
}

// What stands between msg=' and the quote that ends it.
std::string_view claim_text(const DecodedRecord& record) noexcept {
  constexpr std::string_view kStart = "msg='";
  const std::size_t at = record.text.find(kStart);
  if (!record.tokens.has_claim || at == std::string_view::npos) return {};
  std::string_view text = record.text.substr(at + kStart.size());
  if (!record.tokens.enriched.empty())
    text = text.substr(0, static_cast<std::size_t>(record.tokens.enriched.data() - text.data()));
  return text.substr(0, std::min(text.rfind('\''), text.size()));
}

bool is_nametype(const DecodedEvent& event, const DecodedRecord& record, std::string_view wanted) noexcept {
  const Field* const kind = event.find(record, field::kNametype);
  return kind != nullptr && kind->value == wanted;
}

const DecodedRecord* first_path(const DecodedEvent& event, std::string_view nametype) noexcept {
  for (const DecodedRecord& record : event.records())
    if (record.type == type::kPath && is_nametype(event, record, nametype)) return &record;
  return nullptr;
}

// AT_FDCWD, as the kernel prints an argument of 32 or 64 bits.
bool is_cwd(const DecodedEvent& event, const DecodedRecord& call, int argument) noexcept {
  if (argument < 0) return true;
  const Field* const given = event.find(call, static_cast<tables::FieldId>(field::kA0 + argument));
  std::uint64_t value = 0;
  return given == nullptr || !interpret::parse_hex(given->value, value) ||
         static_cast<std::uint32_t>(value) == static_cast<std::uint32_t>(-100);
}

}  // namespace

std::string auditrd_left_out(const LeftOut& what) {
  return fmt::format(R"({{"name":"left_out","events":{},"first_id":"{}","last_id":"{}"}})"
                     "\n",
                     what.events, what.first_id, what.last_id);
}

AuditrdEncoder::AuditrdEncoder(EncoderContext& /*context*/, const EncoderOptions& options)
    : options_(options.as<AuditrdOptions>()) {}

void AuditrdEncoder::encode(const DecodedEvent& event, std::string& out) {
  json_.clear();
  if (const DecodedRecord* const record = auditrd_user_record(event, options_)) {
    put_user_event(event, *record);
  } else {
    const AuditrdCall call = auditrd_call(event, options_);
    if (call.kind == AuditrdKind::kNone) return;
    put_call(event, call);
  }
  json_.reserve(8);
  json_.close('}');
  json_.unput();
  out += json_.view();
  out += '\n';
}

void AuditrdEncoder::put_call(const DecodedEvent& event, const AuditrdCall& call) {
  const DecodedRecord& record = *event.find(type::kSyscall);
  json_.reserve(kSlack);
  json_.put('{');
  put_text("name", auditrd_kind_text(call.kind));
  const auto value = [&](std::string_view key, tables::FieldId id) {
    if (const Field* const found = event.find(record, id)) put_text(key, found->value);
  };
  value("arch", field::kArch);
  value("success", field::kSuccess);
  put_text("syscall", call.name);
  put_numbers(event, record);
  value("tty", field::kTty);
  put_decoded("comm", event.find(record, field::kComm));
  put_decoded("key", event.key());
  const DecodedRecord* const cwd = event.find(type::kCwd);
  if (cwd != nullptr) put_decoded("cwd", event.find(*cwd, field::kCwd));
  put_decoded("exectuable", event.find(record, field::kExe));
  put_command_line(event);
  put_paths(event, call.name);
}

void AuditrdEncoder::put_user_event(const DecodedEvent& event, const DecodedRecord& record) {
  json_.reserve(kSlack);
  json_.put('{');
  put_text("name", auditrd_kind_text(AuditrdKind::kUser));
  const Field* result = find(event, record, field::kRes);
  if (result == nullptr) result = find(event, record, field::kResult);
  const std::string_view said = result == nullptr ? std::string_view() : result->value;
  put_text("success", said);
  json_.reserve(kSlack);
  json_.put(R"("syscall":"",)");
  put_numbers(event, record);
  put_text("msg", claim_text(record));
  put_decoded("terminal", find(event, record, field::kTerminal));
  put_decoded("hostname", find(event, record, field::kHostname));
  put_text("res", said);
  put_decoded("key", event.key());
  put_decoded("exectuable", find(event, record, field::kExe));
}

// Of what no record tells it is 0, as ever.
void AuditrdEncoder::put_numbers(const DecodedEvent& event, const DecodedRecord& record) {
  put_number("exit", event.find(record, field::kExit));
  put_number("ppid", event.find(record, field::kPpid));
  put_number("pid", event.find(record, field::kPid));
  put_number("auid", event.find(record, field::kAuid));
  put_number("uid", event.find(record, field::kUid));
  put_number("gid", event.find(record, field::kGid));
  put_number("euid", event.find(record, field::kEuid));
  put_number("egid", event.find(record, field::kEgid));
  put_number("fsuid", event.find(record, field::kFsuid));
  put_number("fsgid", event.find(record, field::kFsgid));
  put_number("suid", event.find(record, field::kSuid));
  put_number("sgid", event.find(record, field::kSgid));
  put_number("session", event.find(record, field::kSes));
}

void AuditrdEncoder::put_command_line(const DecodedEvent& event) {
  text_.clear();
  if (options_.commandline == AuditrdCommandLine::kExecve && event.find(type::kExecve) != nullptr) {
    const interpret::Execve& execve = event.execve();
    for (std::size_t i = 0; i < execve.size(); ++i) {
      if (i > 0) text_ += ' ';
      text_ += execve.is_missing(i) ? std::string_view("…") : execve[i];
      if (execve.is_cut(i)) text_ += "…";
    }
  } else if (const DecodedRecord* const title = event.find(type::kProctitle)) {
    const Field* const found = event.find(*title, field::kProctitle);
    if (found != nullptr) text_ = interpret::decoded(*found, scratch_);
    std::ranges::replace(text_, '\0', ' ');
  }
  if (!says_nothing(text_)) put_text("commandline", text_);
}

// By what the kernel says of each: the file itself, or that it went, and where something came to be. Paths of a
// directory that no record names stay relative.
void AuditrdEncoder::put_paths(const DecodedEvent& event, std::string_view call) {
  const DecodedRecord& record = *event.find(type::kSyscall);
  const interpret::CallAction* const action = interpret::call_action(*event.arch(), *event.syscall());
  const int first_directory = action == nullptr ? -1 : action->dirfd;
  const int second_directory = action == nullptr ? -1 : action->second_dirfd;
  const DecodedRecord* path = first_path(event, "DELETE");
  if (path == nullptr) path = first_path(event, "NORMAL");
  const DecodedRecord* const created = first_path(event, "CREATE");
  const DecodedRecord* const other = first_path(event, "UNKNOWN");
  if (has_destination(call)) {
    // Of a symbolic link the file is what it says, as it was written.
    const bool is_link_text = path == nullptr;
    put_path("path", event, is_link_text ? other : path, is_link_text || !is_cwd(event, record, first_directory));
    const int directory = second_directory >= 0 ? second_directory : first_directory;
    put_path("dest_path", event, created, !is_cwd(event, record, directory));
    return;
  }
  if (path == nullptr) path = created != nullptr ? created : other;
  put_path("path", event, path, !is_cwd(event, record, first_directory));
}

void AuditrdEncoder::put_path(std::string_view key, const DecodedEvent& event, const DecodedRecord* record,
                              bool as_is) {
  const Field* const name = record == nullptr ? nullptr : event.find(*record, field::kName);
  if (name == nullptr || name->value == "(null)") return;
  text_.clear();
  interpret::append_path(event, *name, as_is, text_);
  put_text(key, text_);
}

void AuditrdEncoder::put_number(std::string_view key, const Field* field) {
  std::int64_t value = 0;
  if (field != nullptr) {
    const char* const end = field->value.data() + field->value.size();
    const auto [last, error] = std::from_chars(field->value.data(), end, value);
    if (error != std::errc{} || last != end) value = 0;
  }
  json_.reserve(kSlack);
  json_.clean_string(key);
  json_.put(':');
  if (value < 0) json_.put('-');
  json_.number(value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
  json_.put(',');
}

void AuditrdEncoder::put_text(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  json_.reserve(6 * value.size() + kSlack);
  json_.clean_string(key);
  json_.put(':');
  json_.string(value);
  json_.put(',');
}

// Several keys of a rule with commas between them.
void AuditrdEncoder::put_decoded(std::string_view key, const Field* one) {
  if (one == nullptr) return;
  const bool is_encoded = tables::field_info(one->id).kind == tables::FieldClass::kEncoded || one->id == field::kKey;
  text_ = is_encoded ? interpret::decoded(*one, scratch_) : one->value;
  if (says_nothing(text_)) return;
  if (one->id == field::kKey) std::ranges::replace(text_, tables::kKeySeparator, ',');
  put_text(key, text_);
}

}  // namespace naudit::formats
