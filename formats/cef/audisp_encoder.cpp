// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/cef/audisp_encoder.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/cef/text.hpp"
#include "formats/mozdef/category.hpp"
#include "formats/mozdef/object.hpp"
#include "interpret/record/call_name.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

constexpr CefAudispName kWrite = {"WRITE", "Write or append to file"};
constexpr CefAudispName kRename = {"RENAME", "rename"};
constexpr CefAudispName kSymlink = {"SYMLINK", "Symbolic link"};
constexpr CefAudispName kMknod = {"MKNOD", "mknod"};

struct Call {
  std::string_view call;
  CefAudispName is;
};

// Calls that have a name of their own where MozDef's categories put several together, and opens, which audisp-cef took
// for writes whatever their flags.
constexpr auto kCalls = std::to_array<Call>({
    {"mknod", kMknod},
    {"mknodat", kMknod},
    {"open", kWrite},
    {"open_by_handle_at", kWrite},
    {"open_tree", kWrite},
    {"openat", kWrite},
    {"openat2", kWrite},
    {"rename", kRename},
    {"renameat", kRename},
    {"renameat2", kRename},
    {"rmdir", {"RMDIR", "rmdir"}},
    {"symlink", kSymlink},
    {"symlinkat", kSymlink},
});
static_assert(std::ranges::is_sorted(kCalls, {}, &Call::call));

// In the order of MozdefCategory.
constexpr auto kNames = std::to_array<CefAudispName>({
    {"EXECVE", "Unix Exec"},
    kWrite,
    {"READ", "Read from file"},
    {"ATTR", "Change file attributes"},
    {"CHMOD", "Change file mode"},
    {"CHOWN", "Change file owner"},
    {"PTRACE", "Process tracing"},
    {"ADJTIMEX", "Time synchronize"},
    {"SOCKET", "Create socket"},
    {"LISTEN", "Listen on socket"},
    {"PROMISCUOUS", "Promiscuous mode of interface"},
    {"AVC_APPARMOR", "AppArmor message"},
    {"CONNECT", "Connect to address"},
    {"BIND", "Bind to address"},
    {"ACCEPT", "Accept connection"},
    {"MODULE", "Kernel module"},
    {"MOUNT", "Mount"},
    {"USER", "Message of a program"},
    {"OTHER", "Other event"},
});
static_assert(kNames.size() == static_cast<std::size_t>(MozdefCategory::kOther) + 1);

constexpr std::size_t kMostText = 1023;  // CEF's dictionary
constexpr std::size_t kMostCustom = 4000;

bool is_absent(std::string_view value) noexcept {
  return value.empty() || value == "(null)" || value == "?";
}

const Field* find_any(const DecodedEvent& event, const DecodedRecord& record, tables::FieldId id) noexcept {
  const Field* const one = event.find(record, id);
  return one != nullptr ? one : event.find_claim(record, id);
}

}  // namespace

CefAudispName cef_audisp_name(const DecodedEvent& event) noexcept {
  const MozdefCategory category = mozdef_category(event);
  if (category != MozdefCategory::kAvcApparmor && category != MozdefCategory::kPromiscuous) {
    const std::string_view name = interpret::call_name(event);
    const auto* const row = std::ranges::lower_bound(kCalls, name, {}, &Call::call);
    if (row != kCalls.end() && row->call == name) return row->is;
  }
  return kNames[static_cast<std::size_t>(category)];
}

CefAudispEncoder::CefAudispEncoder(EncoderContext& context, const EncoderOptions& options)
    : options_(options.as<CefAudispOptions>()), reader_(context) {}

void CefAudispEncoder::put(std::string_view key, std::string_view value, std::size_t limit, std::string& out) {
  if (is_absent(value)) return;
  out += ' ';
  out += key;
  out += '=';
  if (append_cef_value(value, limit, out)) is_cut_ = true;
}

void CefAudispEncoder::put_custom(std::string_view key, std::string_view label, std::string_view value,
                                  std::string& out) {
  if (is_absent(value)) return;
  fmt::format_to(std::back_inserter(out), " {}Label={}", key, label);
  put(key, value, kMostCustom, out);
}

void CefAudispEncoder::put_command(std::string& out) {
  const std::string& command = (*facts_)[Fact::kCommand];
  out += " cs1Label=Command cs1=";
  const bool is_cut = append_cef_value(command, options_.command_bytes, out);
  out += is_cut ? " cs2Label=Truncated cs2=Yes" : " cs2Label=Truncated cs2=No";
}

void CefAudispEncoder::put_message(const DecodedEvent& event, std::string& out) {
  struct Detail {
    tables::FieldId id;
    std::string_view key;
  };
  static constexpr auto kOfCall = std::to_array<Detail>({{field::kPid, "pid"},
                                                         {field::kGid, "gid"},
                                                         {field::kEuid, "euid"},
                                                         {field::kSuid, "suid"},
                                                         {field::kFsuid, "fsuid"},
                                                         {field::kEgid, "egid"},
                                                         {field::kSgid, "sgid"},
                                                         {field::kFsgid, "fsgid"},
                                                         {field::kSes, "ses"}});
  static constexpr auto kOfPath = std::to_array<Detail>({{field::kInode, "inode"},
                                                         {field::kDev, "dev"},
                                                         {field::kMode, "mode"},
                                                         {field::kOuid, "ouid"},
                                                         {field::kOgid, "ogid"},
                                                         {field::kRdev, "rdev"}});
  static constexpr auto kOfApparmor =
      std::to_array<Detail>({{field::kError, "error"}, {field::kSrcname, "srcname"}, {field::kFlags, "flags"}});
  const std::size_t begin = out.size();
  out += " msg=";
  CefPairs pairs(kMostText, out);
  const auto add = [&](const DecodedRecord* record, std::span<const Detail> details) {
    if (record == nullptr) return;
    for (const auto& [id, key] : details) {
      const Field* const one = find_any(event, *record, id);
      if (one == nullptr) continue;
      const bool encoded = tables::field_info(id).kind == tables::FieldClass::kEncoded;
      const std::string_view value = encoded ? interpret::decoded(*one, scratch_) : one->value;
      if (!is_absent(value)) pairs.append(key, value);
    }
  };
  const DecodedRecord* who = interpret::call_record(event);
  if (who == nullptr && !event.records().empty()) who = &event.records().front();
  add(who, kOfCall);
  add(mozdef_object(event), kOfPath);
  add(apparmor_record(event), kOfApparmor);
  if (const std::string& cwd = (*facts_)[Fact::kCwd]; !cwd.empty()) pairs.append_last("cwd", cwd);
  if (pairs.is_empty()) out.resize(begin);
  if (pairs.is_cut()) is_cut_ = true;
}

// What stands in the place of a system call's: who was stopped, at what, by which profile.
void CefAudispEncoder::put_apparmor(const DecodedEvent& event, std::string& out) {
  const DecodedRecord* const record = apparmor_record(event);
  if (record == nullptr) return;
  const auto text = [&](tables::FieldId id) -> std::string_view {
    const Field* const one = find_any(event, *record, id);
    return one == nullptr ? std::string_view() : interpret::decoded(*one, value_);
  };
  put_custom("cs1", "Result", text(field::kApparmor), out);
  put_custom("cs2", "Operation", text(field::kOperation), out);
  put_custom("cs3", "Profile", text(field::kProfile), out);
  put_custom("cs4", "Command", text(field::kComm), out);
  put("fname", text(field::kName), kMostText, out);
}

void CefAudispEncoder::encode(const DecodedEvent& event, std::string& out) {
  facts_ = &reader_.read(event);
  const EventFacts& facts = *facts_;
  is_cut_ = false;
  const CefAudispName is = cef_audisp_name(event);
  const DecodedRecord* const apparmor = apparmor_record(event);
  out += "CEF:0|Unix|auditd|";
  append_cef_header(options_.version, out);
  out += '|';
  out += is.name;
  out += '|';
  const Field* const info = apparmor == nullptr ? nullptr : find_any(event, *apparmor, field::kInfo);
  append_cef_header(info == nullptr ? is.description : interpret::decoded(*info, value_), out);
  fmt::format_to(std::back_inserter(out), "|{}|end={}", options_.severity, event.source().id.seconds);
  if (options_.time == CefTime::kMilliseconds)
    fmt::format_to(std::back_inserter(out), "{:03}", event.source().id.millis % 1000);
  put("dhost", facts[Fact::kNode].empty() ? std::string_view("localhost") : facts[Fact::kNode], kMostText, out);
  put_message(event, out);
  if (apparmor != nullptr) {
    put_apparmor(event, out);
    put("sproc", facts[Fact::kParent], kMostText, out);
    put("dproc", facts[Fact::kProgram], kMostText, out);
  } else {
    // As its records name it: the plugin had no other path.
    const DecodedRecord* const object = mozdef_object(event);
    const Field* const name = object == nullptr ? nullptr : event.find(*object, field::kName);
    if (name != nullptr) put("fname", interpret::decoded(*name, value_), kMostText, out);
    if (!facts[Fact::kOldPath].empty()) {
      put("oldFilePath", facts[Fact::kOldPath], kMostText, out);
      put("filePath", facts[Fact::kPath], kMostText, out);
    }
    if (event.find(type::kExecve) != nullptr) put_command(out);
    put("dproc", facts[Fact::kProgram], kMostText, out);
    put_custom("cs4", "TTY", facts[Fact::kTerminal], out);
  }
  put("duid", facts[Fact::kUserId], kMostText, out);
  put("duser", facts[Fact::kUser], kMostText, out);
  const std::string& login = facts[Fact::kLoginNumber];
  const bool is_number =
      !login.empty() && login.size() <= 10 && std::ranges::all_of(login, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) put_custom("cn1", "auid", login, out);
  put("suser", facts[Fact::kLoginUser], kMostText, out);
  put_custom("cs5", "ParentProcess", facts[Fact::kParent], out);
  // Of AppArmor cs3 is the profile.
  if (apparmor == nullptr) put_custom("cs3", "AuditKey", facts[Fact::kKeys], out);
  if (facts[Fact::kOutcome] != "unknown") put("outcome", facts[Fact::kOutcome], kMostText, out);
  if (is_cut_) out += " cs6Label=MsgTruncated cs6=Yes";
  out += '\n';
}

std::string cef_audisp_left_out(const LeftOut& what) {
  return fmt::format(
      "CEF:0|Unix|auditd|2|NOTICE|Events left out|3|cnt={} msg={} left out, the reader is too slow ({} to {})\n",
      what.events, base::count_text(what.events, "event"), what.first_id, what.last_id);
}

}  // namespace naudit::formats
