// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/cef/facts.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "formats/cef/event_classes.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/programs/command_line.hpp"
#include "interpret/record/call_name.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/summary/text.hpp"
#include "tables/errnos.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::EventKind;
using interpret::Field;
using interpret::Part;
using interpret::Summary;

constexpr std::string_view kUnset = "4294967295";

bool is_absent(std::string_view value) noexcept {
  return value.empty() || value == "(null)" || value == "?" || value == "(none)";
}

bool is_unset(const Field& id) noexcept {
  return id.value == kUnset || id.value == "-1";
}

void append_number(std::uint64_t number, std::string& out) {
  std::array<char, 24> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

// What the event is about: the first record that does not only complete a system call's.
const DecodedRecord* headline_of(const DecodedEvent& event) noexcept {
  const auto records = event.records();
  const auto found = std::ranges::find_if(
      records, [](const DecodedRecord& record) { return !tables::record_traits(record.type).auxiliary; });
  if (found != records.end()) return &*found;
  return records.empty() ? nullptr : &records.front();
}

bool is_call(const DecodedRecord* record) noexcept {
  return record != nullptr && (record->type == type::kSyscall || record->type == type::kUringop);
}

std::optional<std::string_view> apparmor_result(const DecodedEvent& event, const DecodedRecord& record) noexcept {
  const Field* result = event.find(record, field::kApparmor);
  if (result == nullptr) result = event.find_claim(record, field::kApparmor);
  return result == nullptr ? std::nullopt : std::optional(result->value);
}

bool is_fatal(std::string_view signal) noexcept {
  constexpr auto kFatal = std::to_array<std::string_view>(
      {"SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT", "SIGABRT", "SIGHUP", "SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE"});
  return std::ranges::find(kFatal, signal) != kFatal.end();
}

enum class Way : std::uint8_t { kNone, kHere, kIn, kOut };

Way way_of(std::string_view call) noexcept {
  if (call == "connect" || call == "sendto" || call == "sendmsg" || call == "sendmmsg") return Way::kOut;
  if (call == "accept" || call == "accept4" || call == "recvfrom" || call == "recvmsg" || call == "recvmmsg")
    return Way::kIn;
  return call == "bind" || call == "listen" || call == "getsockname" ? Way::kHere : Way::kNone;
}

}  // namespace

void FactReader::put_text(Fact fact, const Field* field) {
  if (field == nullptr) return;
  const auto kind = tables::field_info(field->id).kind;
  const bool encoded = kind == tables::FieldClass::kEncoded;
  const std::string_view text = encoded ? interpret::decoded(*field, scratch_) : field->value;
  if (!is_absent(text)) put(fact, text);
}

void FactReader::put_class(const Record* headline) {
  std::string& text = facts_[Fact::kClass];
  if (headline == nullptr) {
    text = "UNKNOWN";
    return;
  }
  if (!headline->type_name.empty())
    text = headline->type_name;
  else if (headline->type == 0)
    text = "UNKNOWN";
  else if (const std::string_view name = tables::record_type_name(headline->type); !name.empty())
    text = name;
  else
    text = tables::record_type_text(headline->type);
  if (!is_call(headline)) return;
  const Field* const number =
      event_->find(*headline, headline->type == type::kUringop ? field::kUringOp : field::kSyscall);
  if (call_.empty() && number == nullptr) return;
  text += ':';
  text += call_.empty() ? number->value : call_;
}

void FactReader::put_user(Fact number, Fact name, const Field* field) {
  std::uint32_t id = 0;
  if (field == nullptr || is_unset(*field) || !interpret::parse_decimal(field->value, id)) return;
  put(number, field->value);
  put(name, interpret::told_name(*event_, field, {interpret::NameId::Kind::kUser, id}, context_.names, scratch_));
}

void FactReader::put_who(const Summary& summary) {
  put_user(Fact::kLoginUserId, Fact::kLoginUser, summary.auid);
  if (summary.auid != nullptr) put(Fact::kLoginNumber, is_unset(*summary.auid) ? kUnset : summary.auid->value);
  put_user(Fact::kUserId, Fact::kUser, summary.uid);
  if (summary.session != nullptr && !is_unset(*summary.session)) put(Fact::kSession, summary.session->value);
  const Record* const call = event_->find(type::kSyscall);
  if (call == nullptr) return;
  if (const Field* const gid = event_->find(*call, field::kGid)) put(Fact::kGroupId, gid->value);
  const Field* const effective = event_->find(*call, field::kEuid);
  if (effective == nullptr || summary.uid == nullptr || effective->value == summary.uid->value) return;
  std::uint32_t id = 0;
  if (is_unset(*effective) || !interpret::parse_decimal(effective->value, id)) return;
  const std::string_view name =
      interpret::told_name(*event_, effective, {interpret::NameId::Kind::kUser, id}, context_.names, scratch_);
  put(Fact::kEffectiveUser, name.empty() ? effective->value : name);
}

// Only a program knows whom it was asked to let in.
void FactReader::put_account(const Summary& summary, const Record* headline) {
  if (headline != nullptr) put_text(Fact::kAccount, event_->find_claim(*headline, field::kAcct));
  const bool is_acted_on = summary.kind == EventKind::kUserLogin || summary.kind == EventKind::kUserAccount ||
                           summary.kind == EventKind::kGroupChange;
  const Field* const id = headline == nullptr || !is_acted_on ? nullptr : event_->find_claim(*headline, field::kId);
  if (is_acted_on) {
    put(Fact::kActedUser, facts_[Fact::kAccount]);
    std::uint32_t number = 0;
    if (id != nullptr && !is_unset(*id) && interpret::parse_decimal(id->value, number)) {
      put(Fact::kActedUserId, id->value);
      if (facts_[Fact::kActedUser].empty())
        put(Fact::kActedUser,
            interpret::told_name(*event_, id, {interpret::NameId::Kind::kUser, number}, context_.names, scratch_));
    }
  }
  if (!facts_[Fact::kActedUser].empty() || !facts_[Fact::kActedUserId].empty()) return;
  put(Fact::kActedUser, facts_[Fact::kUser]);
  put(Fact::kActedUserId, facts_[Fact::kUserId]);
}

void FactReader::put_processes(const Summary& summary) {
  put_text(Fact::kProgram, summary.how);
  if (summary.pid != nullptr) put(Fact::kProgramPid, summary.pid->value);
  const Record* const target = event_->find(type::kObjPid);
  if (target != nullptr) {
    put_text(Fact::kOtherPid, event_->find(*target, field::kOpid));
    put_text(Fact::kOther, event_->find(*target, field::kOcomm));
  }
  std::uint32_t parent = 0;
  if (summary.ppid == nullptr || !interpret::parse_decimal(summary.ppid->value, parent)) return;
  put(Fact::kParentPid, summary.ppid->value);
  if (target == nullptr) put(Fact::kOtherPid, summary.ppid->value);
  // Who it was is known only while it runs.
  if (!context_.live || !event_->source().node.empty()) return;
  if (!processes_) processes_.emplace();
  put(Fact::kParent, processes_->name(parent, event_->source().last));
  if (target == nullptr) put(Fact::kOther, facts_[Fact::kParent]);
}

void FactReader::put_file(const Summary& summary) {
  const interpret::ObjectPart* const path = summary.find(Part::kPath);
  if (const Record* const cwd = event_->find(type::kCwd)) put_text(Fact::kCwd, event_->find(*cwd, field::kCwd));
  if (path == nullptr) return;
  interpret::append_part(*event_, *path, facts_[Fact::kPath]);
  const std::string_view whole = facts_[Fact::kPath];
  put(Fact::kFileName, whole.size() > 1 ? whole.substr(whole.rfind('/') + 1) : whole);
  put(Fact::kFileKind, interpret::object_kind_text(summary.object_kind));
  if (const interpret::ObjectPart* const old = summary.find(Part::kOldPath))
    interpret::append_part(*event_, *old, facts_[Fact::kOldPath]);
  for (const Record& record : event_->records()) {
    if (record.type != type::kPath || event_->find(record, field::kName) != path->field) continue;
    put_text(Fact::kMode, event_->find(record, field::kMode));
    put_text(Fact::kInode, event_->find(record, field::kInode));
    return;
  }
}

// A name of a host, which some programs write in the place of an address, is none.
void FactReader::put_address(Fact ip4, Fact ip6, std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> name{};
  std::array<unsigned char, 16> bytes{};
  if (text.empty() || text.size() >= name.size()) return;
  std::ranges::copy(text, name.begin());
  if (inet_pton(AF_INET, name.data(), bytes.data()) == 1)
    put(ip4, text);
  else if (inet_pton(AF_INET6, name.data(), bytes.data()) == 1)
    put(ip6, text);
}

void FactReader::put_network(const Summary& summary, const Record* headline) {
  if (summary.address != nullptr) put_address(Fact::kSource4, Fact::kSource6, summary.address->value);
  put_text(Fact::kSourceHost, summary.host);
  if (const interpret::ObjectPart* const protocol = summary.find(Part::kProtocol))
    interpret::append_part(*event_, *protocol, facts_[Fact::kProtocol]);
  if (headline != nullptr && (headline->type == type::kNetfilterPkt || headline->type == type::kAvc)) {
    for (const Field& one : event_->fields(*headline)) {
      if (one.id == field::kSaddr || one.id == field::kLaddr) put_address(Fact::kSource4, Fact::kSource6, one.value);
      if (one.id == field::kDaddr || one.id == field::kFaddr)
        put_address(Fact::kDestination4, Fact::kDestination6, one.value);
      if (one.id == field::kSport || one.id == field::kSrc || one.id == field::kLport)
        put(Fact::kSourcePort, one.value);
      if (one.id == field::kDport || one.id == field::kDest || one.id == field::kFport)
        put(Fact::kDestinationPort, one.value);
    }
  }
  const Record* const record = event_->find(type::kSockaddr);
  const Field* const saddr = record == nullptr ? nullptr : event_->find(*record, field::kSaddr);
  if (saddr == nullptr) return;
  const Way way = way_of(call_);
  if (way == Way::kIn || way == Way::kOut) put(Fact::kDirection, way == Way::kIn ? "0" : "1");
  interpret::SockaddrRoom room;
  const auto arch = event_->arch();
  const auto address =
      interpret::decode_sockaddr(saddr->value, room, arch ? interpret::byte_order(*arch) : std::endian::native);
  if (!address) return;
  if (!address->path.empty()) {
    std::string& path = facts_[Fact::kPath];
    path = address->abstract ? "@" : "";
    path += address->path;
    put(Fact::kFileKind, "socket");
  }
  // Whose address it is, only the call says.
  if (way == Way::kNone) return;
  const bool is_peer = way == Way::kOut;
  put_address(is_peer ? Fact::kDestination4 : Fact::kSource4, is_peer ? Fact::kDestination6 : Fact::kSource6,
              address->address);
  if (!address->port) return;
  std::string& port = facts_[is_peer ? Fact::kDestinationPort : Fact::kSourcePort];
  port.clear();
  append_number(*address->port, port);
}

void FactReader::put_command(const Summary& summary) {
  std::string& command = facts_[Fact::kCommand];
  if (interpret::append_arguments(*event_, command)) return;
  if (const interpret::ObjectPart* const told = summary.find(Part::kCommand))
    return interpret::append_part(*event_, *told, command);
  (void)interpret::append_process_title(*event_, command);
}

void FactReader::put_container() {
  for (const Record& record : event_->records()) {
    if (tables::record_traits(record.type).auxiliary || record.type == type::kSyscall) continue;
    for (const auto fields : {event_->fields(record), event_->claim(record)})
      for (const Field& one : fields)
        if (one.name == "contid" || one.name == "container") return put_text(Fact::kContainer, &one);
  }
}

// What the values of an event say beyond its type.
void FactReader::judge(const Summary& summary, const Record* headline) {
  EventClass is = is_call(headline) ? call_class(call_) : record_class(headline == nullptr ? 0 : headline->type);
  if (is_call(headline) && call_.starts_with("open") && is.category == "file") {
    const interpret::ObjectPart* const access = summary.find(Part::kAccess);
    if (summary.find(Part::kCreated) != nullptr)
      is.type = "creation";
    else if (access != nullptr && access->text.find("write") != std::string_view::npos)
      is.type = "change";
  }
  if (const interpret::ObjectPart* const signal = summary.find(Part::kSignal); is_call(headline) && signal != nullptr) {
    scratch_.clear();
    interpret::append_part(*event_, *signal, scratch_);
    if (is_fatal(scratch_)) is.type = "end";
  }
  if (is_call(headline) && call_ == "ptrace" &&
      (summary.action.starts_with("attached") || summary.action.starts_with("changed"))) {
    is.type = "change";
    is.severity = 3;
  }
  if (headline != nullptr && headline->type == type::kAvc) {
    const auto apparmor = apparmor_result(*event_, *headline);
    const bool is_denied = apparmor ? *apparmor == "DENIED" : headline->tokens.avc_result == "denied";
    if (is_denied) is = {.category = "intrusion_detection", .type = "denied", .severity = 2};
  }
  if (headline != nullptr && headline->type == type::kBpf) {
    const Field* const op = event_->find(*headline, field::kOp);
    if (op != nullptr && op->value == "LOAD") is = {.category = is.category, .type = "start", .severity = 2};
  }
  if (is.category.starts_with("authentication") && summary.success == false)
    is.severity = std::max<std::uint8_t>(is.severity, 2);
  facts_.severity = is.severity;
  std::string& category = facts_[Fact::kCategory];
  category = is.category;
  category += '/';
  category += is.type;
}

const EventFacts& FactReader::read(const DecodedEvent& event) {
  event_ = &event;
  for (std::string& text : facts_.texts) text.clear();
  const correlate::Event& source = event.source();
  const Summary summary = interpret::summarise(event);
  const Record* const headline = headline_of(event);
  call_ = interpret::call_name(event);
  correlate::append_id(source.id, facts_[Fact::kId]);
  // A stamp beyond that is a corrupt one.
  constexpr std::uint64_t kMostSeconds = 253402300799;  // of the year 9999
  if (event.incomplete() != correlate::Incomplete::kMalformed && source.id.seconds <= kMostSeconds)
    append_number(source.id.seconds * 1000 + source.id.millis % 1000, facts_[Fact::kMillis]);
  put(Fact::kNode, source.node_or(context_.node));
  put_class(headline);
  judge(summary, headline);
  put(Fact::kAction, summary.action);
  put(Fact::kOutcome, !summary.success ? "unknown" : *summary.success ? "success" : "failure");
  std::uint32_t error = 0;
  if (summary.exit != nullptr) put(Fact::kExit, summary.exit->value);
  if (summary.exit != nullptr && summary.success != true && summary.exit->value.starts_with('-') &&
      interpret::parse_decimal(summary.exit->value.substr(1), error) && error <= 4095)
    put(Fact::kReason, tables::errno_name(static_cast<int>(error)));
  put_who(summary);
  put_account(summary, headline);
  put_processes(summary);
  put_file(summary);
  put_network(summary, headline);
  put_command(summary);
  put_container();
  if (event.key() != nullptr) {
    tables::for_each_shown_key(interpret::decoded(*event.key(), scratch_), [this](std::string_view key) {
      std::string& keys = facts_[Fact::kKeys];
      if (!keys.empty()) keys += ',';
      keys += key;
    });
  }
  put_text(Fact::kTerminal, summary.terminal);
  sentence_.append(event, summary, facts_[Fact::kSentence]);
  put(Fact::kIncomplete, correlate::incomplete_text(event.incomplete()));
  facts_.kind = summary.kind;
  facts_.is_login = headline != nullptr && headline->type == type::kUserLogin;
  facts_.is_logout = headline != nullptr && headline->type == type::kUserLogout;
  return facts_;
}

}  // namespace naudit::formats
