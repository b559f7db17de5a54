// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/mozdef/details.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "interpret/record/call_name.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/errnos.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using tables::FieldClass;

constexpr std::string_view kUnset = "4294967295";

// audisp-json's names, and those of MozDef's standard for what audisp-json did not have.
constexpr auto kNames = std::to_array<std::pair<tables::FieldId, std::string_view>>({
    {field::kComm, "processname"},
    {field::kExe, "process"},
    {field::kKey, "auditkey"},
    {field::kSes, "session"},
    {field::kAcct, "username"},
    {field::kAddr, "sourceipaddress"},
    {field::kOp, "operation"},
    {field::kRes, "success"},
    {field::kResult, "success"},
});

// What an AppArmor message says, by the words of its record; the message itself is the summary.
constexpr auto kApparmorNames = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"apparmor", "aaresult"},
    {"operation", "aacoperation"},
    {"profile", "aaprofile"},
    {"comm", "aacommand"},
    {"error", "aaerror"},
    {"name", "aaname"},
    {"srcname", "aasrcname"},
    {"flags", "aaflags"},
});

// Fields that stand under another name already.
bool has_own_key(const DecodedRecord& record, const Field& one, bool is_apparmor) noexcept {
  if (record.type == type::kAnomPromiscuous) return one.id == field::kProm || one.id == field::kOldProm;
  return is_apparmor && std::ranges::find(kApparmorNames, one.name, [](const auto& pair) { return pair.first; }) !=
                            kApparmorNames.end();
}

// Not said, as the kernel and as programs write it.
bool is_absent(std::string_view value) noexcept {
  return value.empty() || value == "(null)" || value == "?";
}

}  // namespace

std::string_view MozdefDetails::text_of(const Record& record, const Field& field) {
  switch (interpret::field_class(record.type, field.id)) {
    case FieldClass::kEncoded:
    case FieldClass::kKeys:
    case FieldClass::kProctitle: {
      const std::string_view text = interpret::decoded(field, scratch_);
      if (text.data() != scratch_.data()) return text;
      // Arguments and keys in one value.
      std::ranges::replace(scratch_, '\0', ' ');
      std::ranges::replace(scratch_, tables::kKeySeparator, ',');
      return scratch_;
    }
    default:
      return field.value;
  }
}

std::string_view MozdefDetails::meaning_of(const Field& field) {
  text_.clear();
  meaning_.append(field, text_);
  return text_;
}

void MozdefDetails::put_member(std::string_view key, std::string_view value) {
  json_.reserve(6 * (key.size() + value.size()) + 16);
  json_.key(key);
  json_.string(value);
  json_.put(',');
}

void MozdefDetails::put_unique(std::string_view key, std::string_view value) {
  if (is_absent(value) || !used_.use(key)) return;
  put_member(key, value);
  if (listener_ != nullptr) listener_->on_detail(key, value);
}

void MozdefDetails::put_field(std::string_view key, const Record& record, tables::FieldId id) {
  if (const Field* const one = event_->find(record, id)) put_unique(key, text_of(record, *one));
}

void MozdefDetails::put_keys(std::string_view key) {
  if (event_->key() == nullptr) return;
  text_ = interpret::decoded(*event_->key(), scratch_);
  std::ranges::replace(text_, tables::kKeySeparator, ',');
  put_unique(key, text_);
}

// The name first, as audisp-json has it. A login that never was has no name.
void MozdefDetails::put_user(std::string_view number_key, std::string_view name_key, const Field* field) {
  if (field == nullptr) return;
  const bool is_unset = field->value == kUnset || field->value == "-1";
  if (!is_unset) {
    std::string_view name = meaning_of(*field);
    if (name.empty()) {
      ((text_ = "unknown(") += field->value) += ')';
      name = text_;
    }
    put_unique(name_key, name);
  }
  put_unique(number_key, field->value == "-1" ? kUnset : field->value);
}

// Who it was is known only while it runs, so never for a stored log, nor on another machine.
void MozdefDetails::put_parent(std::string_view key, const Field* pid) {
  std::uint32_t number = 0;
  const bool is_here = context_.live && event_->source().node.empty();
  if (!is_here || pid == nullptr || !interpret::parse_decimal(pid->value, number)) return;
  if (!processes_) processes_.emplace();
  put_unique(key, processes_->name(number, event_->source().last));
}

void MozdefDetails::put_call(const Record& record, MozdefCategory category) {
  const auto find = [&](tables::FieldId id) { return event_->find(record, id); };
  put_field("processname", record, field::kComm);
  put_keys("auditkey");
  put_parent("parentprocess", find(field::kPpid));
  put_user("originaluid", "originaluser", find(field::kAuid));
  put_user("uid", "user", find(field::kUid));
  put_field("tty", record, field::kTty);
  put_field("process", record, field::kExe);
  for (const auto& [id, key] :
       {std::pair{field::kPid, "pid"}, std::pair{field::kGid, "gid"}, std::pair{field::kEuid, "euid"},
        std::pair{field::kSuid, "suid"}, std::pair{field::kFsuid, "fsuid"}, std::pair{field::kEgid, "egid"},
        std::pair{field::kSgid, "sgid"}, std::pair{field::kFsgid, "fsgid"}, std::pair{field::kSes, "session"}}) {
    put_field(key, record, id);
  }
  if (category == MozdefCategory::kSocket) {
    for (const auto& [id, key] :
         {std::pair{field::kA0, "domain"}, std::pair{field::kA1, "type"}, std::pair{field::kA2, "protocol"}}) {
      const Field* const one = find(id);
      if (one == nullptr) continue;
      const std::string_view meaning = meaning_of(*one);
      put_unique(key, meaning.empty() ? one->value : meaning);
    }
  }
  put_field("ppid", record, field::kPpid);
  if (const Field* const arch = find(field::kArch)) {
    const std::string_view name = meaning_of(*arch);
    put_unique("arch", name.empty() ? arch->value : name);
  }
  const std::string_view call = interpret::call_name(*event_);
  const Field* const number = find(record.type == type::kUringop ? field::kUringOp : field::kSyscall);
  put_unique("syscall", call.empty() && number != nullptr ? number->value : call);
  put_field("success", record, field::kSuccess);
  const Field* const exit = find(field::kExit);
  if (exit == nullptr) return;
  put_unique("exit", exit->value);
  std::uint32_t error = 0;
  if (exit->value.starts_with('-') && interpret::parse_decimal(exit->value.substr(1), error))
    put_unique("error", tables::errno_name(static_cast<int>(error)));
}

void MozdefDetails::put_path_members(const Record& record) {
  for (const auto& [id, key] :
       {std::pair{field::kName, "path"}, std::pair{field::kInode, "inode"}, std::pair{field::kDev, "dev"},
        std::pair{field::kMode, "mode"}, std::pair{field::kOuid, "ouid"}, std::pair{field::kOgid, "ogid"},
        std::pair{field::kRdev, "rdev"}}) {
    put_field(key, record, id);
  }
}

void MozdefDetails::put_paths() {
  json_.reserve(32);
  json_.put(R"("paths":[)");
  for (const Record& record : event_->records()) {
    if (record.type != type::kPath) continue;
    json_.reserve(32);
    json_.put('{');
    used_in_path_.clear();
    for (const Field& one : event_->fields(record)) {
      const std::string_view value = text_of(record, one);
      const std::string_view key = one.id == field::kName ? "path" : one.name;
      if (is_absent(value) || one.id == field::kItem || !used_in_path_.use(key)) continue;
      put_member(key, value);
      if (listener_ != nullptr && one.id == field::kName) listener_->on_path(value);
    }
    json_.close('}');
  }
  json_.reserve(16);
  json_.close(']');
}

void MozdefDetails::put_address(const Record& record, MozdefCategory category) {
  const Field* const saddr = event_->find(record, field::kSaddr);
  if (saddr == nullptr) return;
  interpret::SockaddrRoom room;
  const auto arch = event_->arch();
  const auto address =
      interpret::decode_sockaddr(saddr->value, room, arch ? interpret::byte_order(*arch) : std::endian::native);
  if (!address) return put_unique("saddr", saddr->value);
  put_unique("family", address->family_name);
  const std::string_view call = interpret::call_name(*event_);
  const bool is_peer = category == MozdefCategory::kConnect || call.starts_with("send");
  put_unique(is_peer ? "destinationipaddress" : "sourceipaddress", address->address);
  if (address->port) {
    std::array<char, 12> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), *address->port).ptr;
    put_unique(is_peer ? "destinationport" : "sourceport",
               std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
  }
  if (address->path.empty()) return;
  text_ = address->abstract ? "@" : "";
  put_unique("socketpath", text_ += address->path);
}

void MozdefDetails::put_apparmor(const Record& record) {
  for (const auto fields : {event_->fields(record), event_->claim(record)}) {
    for (const Field& one : fields) {
      const auto* const known =
          std::ranges::find(kApparmorNames, one.name, [](const auto& pair) { return pair.first; });
      if (known != kApparmorNames.end()) put_unique(known->second, text_of(record, one));
      if (one.id == field::kParent) put_parent("parentprocess", &one);
      if (one.id == field::kComm) put_unique("processname", text_of(record, one));
    }
  }
}

void MozdefDetails::put_promiscuous(const Record& record) {
  put_field("dev", record, field::kDev);
  // Misspelled since audisp-json, and so part of the format.
  put_field("promiscious", record, field::kProm);
  put_field("old_promicious", record, field::kOldProm);
}

// Whatever has no name of MozDef's goes under its own.
void MozdefDetails::put_rest(const Record& record, const Field& one) {
  if (has_own_key(record, one, &record == apparmor_)) return;
  if (one.id == field::kAuid) return put_user("originaluid", "originaluser", &one);
  if (one.id == field::kUid) return put_user("uid", "user", &one);
  const auto* const known = std::ranges::find(kNames, one.id, [](const auto& pair) { return pair.first; });
  const std::string_view key = one.id != 0 && known != kNames.end() ? known->second : one.name;
  if (key == "success") return put_unique(key, !event_->success() ? one.value : *event_->success() ? "yes" : "no");
  const FieldClass kind = interpret::field_class(record.type, one.id);
  // Numbers of users and groups stay numbers, as everywhere in this format; other numbers are told in words.
  const bool is_number = kind == FieldClass::kUid || kind == FieldClass::kGid || kind == FieldClass::kSession;
  const std::string_view meaning = is_number ? std::string_view{} : meaning_of(one);
  put_unique(key, meaning.empty() ? text_of(record, one) : meaning);
}

void MozdefDetails::put_rest(const Record& record, std::span<const Field> fields) {
  for (const Field& one : fields) put_rest(record, one);
}

// What is no field, of the kernel's part and of the program's.
void MozdefDetails::put_words(const Record& record) {
  text_ = record.tokens.words;
  if (!text_.empty() && !record.tokens.claim_words.empty()) text_ += ' ';
  put_unique("text", text_ += record.tokens.claim_words);
}

void MozdefDetails::put(const DecodedEvent& event, MozdefCategory category, std::string_view command, bool paths) {
  event_ = &event;
  apparmor_ = apparmor_record(event);
  used_.clear();
  json_.reserve(64);
  json_.put(R"("details":{"auditserial":")");
  json_.number(event.source().id.serial);
  json_.put("\",");
  if (listener_ != nullptr) listener_->on_detail("auditserial", std::to_string(event.source().id.serial));
  (void)used_.use("auditserial");
  for (const Record& record : event.records()) {
    if (record.type != type::kSyscall && record.type != type::kUringop) continue;
    meaning_.begin(event, record);
    put_call(record, category);
  }
  put_unique("command", command);
  if (const Record* const object = mozdef_object(event)) put_path_members(*object);
  bool has_paths = false;
  for (const Record& record : event.records()) {
    meaning_.begin(event, record);
    switch (record.type) {
      case type::kSyscall:
      case type::kUringop:
      case type::kExecve:
        break;
      case type::kPath:
        has_paths = true;
        break;
      case type::kSockaddr:
        put_address(record, category);
        break;
      case type::kAnomPromiscuous:
        put_promiscuous(record);
        [[fallthrough]];
      default:
        if (&record == apparmor_) put_apparmor(record);
        put_unique("seresult", record.tokens.avc_result);
        put_unique("seperms", record.tokens.avc_permissions);
        put_rest(record, event.fields(record));
        put_rest(record, event.claim(record));
        put_words(record);
        break;
    }
  }
  if (has_paths && paths) put_paths();
  json_.reserve(8);
  json_.close('}');
}

}  // namespace naudit::formats
