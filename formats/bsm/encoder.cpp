// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/bsm/encoder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "base/hex.hpp"
#include "formats/bsm/argument_names.hpp"
#include "formats/bsm/errno.hpp"
#include "formats/bsm/event_number.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

// The number only if it is written in the one usual way, so that the token gives the same text back.
template <typename Number>
bool parse_usual(std::string_view text, Number& out) noexcept {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits[0] == '0' && text.size() > 1)) return false;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && last == end;
}

// "0100644", "0": as the kernel writes %#o.
bool parse_mode(std::string_view text, std::uint32_t& out) noexcept {
  if (text.empty() || text[0] != '0' || text.size() > 11) return false;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, out, 8);
  return error == std::errc{} && last == end && (text.size() == 1 || text[1] != '0');
}

// "fd:00", major and minor in hexadecimal, into the 32 bits that Linux gives to programs for them (new_encode_dev).
bool parse_device(std::string_view text, std::uint32_t& out) noexcept {
  constexpr std::uint32_t kMostMajor = 0xFFF, kMostMinor = 0xFFFFF;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon < 2 || text.size() - colon < 3) return false;
  const auto number = [](std::string_view digits, std::uint32_t most) -> std::optional<std::uint32_t> {
    std::uint64_t value = 0;
    const bool is_usual = digits.size() == 2 || digits[0] != '0';
    if (!is_usual || digits.size() > 5 || !interpret::parse_hex(digits, value) || value > most) return std::nullopt;
    return static_cast<std::uint32_t>(value);
  };
  const auto major = number(text.substr(0, colon), kMostMajor);
  const auto minor = number(text.substr(colon + 1), kMostMinor);
  if (!major || !minor) return false;
  out = (*minor & 0xFFU) | (*major << 8U) | ((*minor & ~0xFFU) << 12U);
  return true;
}

bool fits_string(std::string_view text) noexcept {
  return text.size() <= BsmRecord::kMostString && text.find('\0') == std::string_view::npos;
}

// A name that a record does not know.
bool is_null(const Field& one) noexcept {
  return one.spelling == interpret::Spelling::kBare && one.value == "(null)";
}

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// argc, a0, a1[2], a1_len: what the tokens of an exec hold.
bool is_exec_field(const Field& one) noexcept {
  if (one.id == field::kArgc) return true;
  std::string_view name = one.name;
  if (!name.starts_with('a')) return false;
  name.remove_prefix(1);
  if (name.ends_with("_len")) name.remove_suffix(4);
  if (name.ends_with(']')) {
    const std::size_t open = name.find('[');
    if (open == std::string_view::npos || !is_digits(name.substr(open + 1, name.size() - open - 2))) return false;
    name = name.substr(0, open);
  }
  return is_digits(name);
}

BsmIpc ipc_kind(std::string_view call) noexcept {
  if (call.starts_with("msg")) return BsmIpc::kMessages;
  if (call.starts_with("sem")) return BsmIpc::kSemaphores;
  if (call.starts_with("shm")) return BsmIpc::kMemory;
  return BsmIpc::kNone;
}

std::uint16_t port_of(std::string_view bytes) noexcept {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(bytes[2]) << 8U) |
                                    static_cast<unsigned char>(bytes[3]));
}

bool is_zeros(std::string_view bytes) noexcept {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

void append_bsm_file_token(const EncoderOptions& /*options*/, const FileOfEvents& file, std::string& out) {
  append_bsm_file(static_cast<std::uint32_t>(std::min<std::uint64_t>(file.seconds, kBsmUnset)), file.millis, file.path,
                  out);
}

void BsmEncoder::encode(const DecodedEvent& event, std::string& out) {
  begin(event);
  const bool is_readable = event.source().incomplete != correlate::Incomplete::kMalformed;
  if (is_readable) {
    read_subject();
    read_return();
  }
  record_.begin(head_, out);
  if (is_readable) {
    put_exec();
    put_directory();
    for (const DecodedRecord& record : event.records())
      if (record.type == type::kPath) put_path(record);
    put_arguments();
    put_sockets();
    put_ipc();
    put_targets();
  }
  put_texts();
  record_.end();
}

void BsmEncoder::begin(const DecodedEvent& event) {
  event_ = &event;
  const correlate::Event& source = event.source();
  names_.begin(event);
  call_record_ = event.find(type::kSyscall);
  if (call_record_ == nullptr) call_record_ = event.find(type::kUringop);
  call_ = bsm_call_name(event);
  std::size_t fields = 0;
  fields_ = nullptr;
  for (const DecodedRecord& record : event.records()) {
    const interpret::Tokens& tokens = record.tokens;
    fields = std::max<std::size_t>({fields, tokens.first + tokens.count, tokens.claim_first + tokens.claim_count});
    if (fields_ != nullptr) continue;
    if (tokens.count > 0)
      fields_ = event.fields(record).data() - tokens.first;
    else if (tokens.claim_count > 0)
      fields_ = event.claim(record).data() - tokens.claim_first;
  }
  held_.assign(fields, 0);
  node_ = source.node_or(context_.node);
  head_ = BsmHead();
  head_.event = options_.event_numbers == BsmEventNumbers::kMapped ? bsm_event_number(event, call_) : kBsmNoEvent;
  head_.seconds = static_cast<std::uint32_t>(std::min<std::uint64_t>(source.id.seconds, kBsmUnset));
  head_.millis = source.id.millis;
  head_.sequence = source.id.serial;
  if (node_.size() <= BsmRecord::kMostZone && fits_string(node_)) head_.zone = node_;
}

bool BsmEncoder::take_number(const DecodedRecord& record, tables::FieldId id, std::uint32_t& out) {
  const Field* const one = event_->find(record, id);
  std::uint32_t number = 0;
  if (one == nullptr || !parse_usual(one->value, number)) return false;
  out = number;
  hold(one);
  return true;
}

void BsmEncoder::read_subject() {
  const auto records = event_->records();
  const auto names_somebody = [this](const DecodedRecord& record) {
    return std::ranges::any_of(event_->fields(record), [](const Field& one) {
      return one.id == field::kAuid || one.id == field::kUid || one.id == field::kPid;
    });
  };
  const DecodedRecord* record = call_record_;
  if (record == nullptr) {
    const auto found = std::ranges::find_if(records, names_somebody);
    if (found == records.end()) return;
    record = &*found;
  }
  BsmProcess& subject = head_.subject;
  for (const auto& [id, number] : {std::pair{field::kAuid, &subject.auid},
                                   {field::kEuid, &subject.euid},
                                   {field::kEgid, &subject.egid},
                                   {field::kUid, &subject.ruid},
                                   {field::kGid, &subject.rgid},
                                   {field::kPid, &subject.pid},
                                   {field::kSes, &subject.session}})
    head_.has_subject |= take_number(*record, id, *number);
  const Field* address = event_->find_claim(*record, field::kAddr);
  if (address == nullptr) address = event_->find(*record, field::kAddr);
  in_addr bytes{};
  if (address == nullptr || address->value.size() >= INET_ADDRSTRLEN) return;
  scratch_ = address->value;
  if (inet_pton(AF_INET, scratch_.c_str(), &bytes) == 1)
    std::copy_n(reinterpret_cast<const unsigned char*>(&bytes), subject.address.size(), subject.address.begin());
}

void BsmEncoder::read_return() {
  const Field* const exit = call_record_ == nullptr ? nullptr : event_->find(*call_record_, field::kExit);
  const auto success = event_->success();
  std::int64_t value = 0;
  const bool is_number = exit != nullptr && parse_usual(exit->value, value);
  head_.has_return = success.has_value() || is_number;
  if (!head_.has_return) return;
  constexpr std::int64_t kMostErrno = 4095;
  const bool is_error = is_number && value < 0 && value >= -kMostErrno;
  if (success ? !*success : is_error)
    head_.status = is_error ? bsm_errno(static_cast<std::uint64_t>(-value)) : kBsmUnknownErrno;
  if (head_.status != 0) head_.modifier |= kBsmFailure;
  head_.value = static_cast<std::uint32_t>(value);
  using Limits = std::numeric_limits<std::int32_t>;
  if (is_number && value >= Limits::min() && value <= Limits::max()) hold(exit);
  const Field* const told = call_record_ == nullptr ? nullptr : event_->find(*call_record_, field::kSuccess);
  if (told != nullptr && told->value == (head_.status == 0 ? "yes" : "no")) hold(told);
}

void BsmEncoder::put_exec() {
  if (event_->find(type::kExecve) == nullptr) return;
  const interpret::Execve& execve = event_->execve();
  // What is behind a gap, or cannot be written as it is, is told by the texts alone.
  std::size_t known = 0;
  while (known < execve.size() && !execve.is_missing(known) && !execve.is_cut(known) && fits_string(execve[known]))
    ++known;
  put_exec_arguments(known);
  if (known < execve.size() || !execve.is_whole()) return;
  for (const DecodedRecord& record : event_->records()) {
    if (record.type != type::kExecve) continue;
    for (const Field& one : event_->fields(record))
      if (is_exec_field(one)) hold(&one);
  }
}

void BsmEncoder::put_exec_arguments(std::size_t count) {
  const interpret::Execve& execve = event_->execve();
  constexpr std::size_t kMost = BsmRecord::kMostToken - 5;
  arguments_.clear();
  std::uint32_t held = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (held == BsmRecord::kMostArguments || arguments_.size() + execve[i].size() + 1 > kMost) {
      record_.exec_arguments(held, arguments_);
      arguments_.clear();
      held = 0;
    }
    arguments_ += execve[i];
    arguments_ += '\0';
    ++held;
  }
  if (held > 0) record_.exec_arguments(held, arguments_);
}

void BsmEncoder::put_directory() {
  if (options_.cwd != BsmDirectory::kPath) return;
  for (const DecodedRecord& record : event_->records()) {
    if (record.type != type::kCwd) continue;
    const Field* const cwd = event_->find(record, field::kCwd);
    if (cwd == nullptr || is_null(*cwd)) continue;
    const std::string_view path = interpret::decoded(*cwd, scratch_);
    if (!fits_string(path)) continue;
    record_.path(path);
    hold(cwd);
  }
}

// The attributes of a file that has no name would be read as those of the path before.
void BsmEncoder::put_path(const DecodedRecord& record) {
  const Field* const name = event_->find(record, field::kName);
  if (name == nullptr || is_null(*name)) return;
  const std::string_view path = interpret::decoded(*name, scratch_);
  if (!fits_string(path)) return;
  record_.path(path);
  hold(name);

  BsmAttributes attributes;
  const std::array fields = {event_->find(record, field::kMode),  event_->find(record, field::kOuid),
                             event_->find(record, field::kOgid),  event_->find(record, field::kDev),
                             event_->find(record, field::kInode), event_->find(record, field::kRdev)};
  const auto& [mode, uid, gid, device, inode, rdev] = fields;
  if (mode == nullptr || uid == nullptr || gid == nullptr || device == nullptr || inode == nullptr) return;
  if (!parse_mode(mode->value, attributes.mode) || !parse_usual(uid->value, attributes.uid) ||
      !parse_usual(gid->value, attributes.gid) || !parse_device(device->value, attributes.file_system) ||
      !parse_usual(inode->value, attributes.node))
    return;
  const bool has_device = rdev != nullptr && parse_device(rdev->value, attributes.device);
  record_.attributes(attributes);
  for (const Field* const one : fields)
    if (one != nullptr && (one != rdev || has_device)) hold(one);
}

void BsmEncoder::put_arguments() {
  if (call_record_ == nullptr) return;
  const auto arch = event_->arch();
  const auto number = event_->syscall();
  const std::string_view name = arch && number ? tables::syscall_name(*arch, *number) : std::string_view();
  constexpr std::array kArguments = {field::kA0, field::kA1, field::kA2, field::kA3};
  for (unsigned i = 0; i < kArguments.size(); ++i) {
    const Field* const one = event_->find(*call_record_, kArguments.at(i));
    std::uint64_t value = 0;
    if (one == nullptr || !interpret::parse_hex(one->value, value)) continue;
    record_.argument(static_cast<std::uint8_t>(i + 1), value, bsm_argument_name(name, i));
    hold(one);
  }
}

void BsmEncoder::put_sockets() {
  for (const DecodedRecord& record : event_->records())
    if (record.type == type::kSockaddr) put_socket(record);
}

// What a token has no place for (a scope, bytes behind a path) is told by the text as well.
void BsmEncoder::put_socket(const DecodedRecord& record) {
  const Field* const saddr = event_->find(record, field::kSaddr);
  scratch_.clear();
  if (saddr == nullptr || !base::append_decoded_hex(scratch_, saddr->value) || scratch_.size() < 2) return;
  const std::string_view bytes = scratch_;
  const bool is_little = !event_->arch() || (*event_->arch() & 0x40000000U) != 0;
  const auto family = static_cast<unsigned char>(bytes[is_little ? 0 : 1]);
  if (bytes[is_little ? 1 : 0] != '\0') return;
  if (family == AF_INET && bytes.size() >= 8) {
    record_.socket_inet(port_of(bytes), std::span<const char, 4>(bytes.data() + 4, 4));
    if (bytes.size() == sizeof(sockaddr_in) && is_zeros(bytes.substr(8))) hold(saddr);
  } else if (family == AF_INET6 && bytes.size() >= 24) {
    record_.socket_inet6(port_of(bytes), std::span<const char, 16>(bytes.data() + 8, 16));
    if (bytes.size() == sizeof(sockaddr_in6) && is_zeros(bytes.substr(4, 4)) && is_zeros(bytes.substr(24))) hold(saddr);
  } else if (family == AF_UNIX) {
    const std::string_view path = bytes.substr(2, std::min(bytes.find('\0', 2), bytes.size()) - 2);
    if (path.empty() || path.size() > BsmRecord::kMostSocketPath) return;
    record_.socket_unix(path);
    if (is_zeros(bytes.substr(2 + path.size()))) hold(saddr);
  }
}

void BsmEncoder::put_ipc() {
  const BsmIpc kind = ipc_kind(call_);
  if (kind != BsmIpc::kNone && call_record_ != nullptr) {
    // A call that makes or finds one gives its id back; shmdt has only an address.
    const bool is_made = call_.ends_with("get");
    const auto number = event_->syscall();
    const bool is_behind_ipc = number && tables::syscall_name(*event_->arch(), *number) == "ipc";
    const Field* const id = event_->find(*call_record_, is_made         ? field::kExit
                                                        : is_behind_ipc ? field::kA1
                                                                        : field::kA0);
    std::uint64_t value = 0;
    const bool is_known = id != nullptr && (is_made ? event_->success() == true && parse_usual(id->value, value)
                                                    : interpret::parse_hex(id->value, value));
    if (is_known && call_ != "shmdt") record_.ipc(kind, static_cast<std::uint32_t>(value));
  }
  for (const DecodedRecord& record : event_->records()) {
    if (record.type != type::kIpc) continue;
    const Field* const uid = event_->find(record, field::kOuid);
    const Field* const gid = event_->find(record, field::kOgid);
    const Field* const mode = event_->find(record, field::kMode);
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    std::uint32_t permissions = 0;
    if (uid == nullptr || gid == nullptr || mode == nullptr || !parse_usual(uid->value, owner) ||
        !parse_usual(gid->value, group) || !parse_mode(mode->value, permissions))
      continue;
    record_.ipc_permissions(owner, group, permissions);
    for (const Field* const one : {uid, gid, mode}) hold(one);
  }
}

void BsmEncoder::put_targets() {
  for (const DecodedRecord& record : event_->records()) {
    if (record.type != type::kObjPid) continue;
    BsmProcess process;
    if (!take_number(record, field::kOpid, process.pid)) continue;
    take_number(record, field::kOauid, process.auid);
    take_number(record, field::kOuid, process.ruid);
    take_number(record, field::kOses, process.session);
    record_.process(process);
  }
}

}  // namespace naudit::formats
