// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/bsm/record.hpp"

#include <algorithm>
#include <cstring>

namespace naudit::formats {
namespace {

// bsm/audit_record.h, AUT_*.
enum Token : std::uint8_t {
  kFile = 0x11,
  kTrailer = 0x13,
  kHeader32 = 0x14,
  kIpc = 0x22,
  kPath = 0x23,
  kSubject32 = 0x24,
  kProcess32 = 0x26,
  kReturn32 = 0x27,
  kText = 0x28,
  kArgument32 = 0x2D,
  kSequence = 0x2F,
  kIpcPermissions = 0x32,
  kExecArguments = 0x3C,
  kAttributes32 = 0x3E,
  kZoneName = 0x60,
  kArgument64 = 0x71,
  kSocketInet32 = 0x80,
  kSocketInet128 = 0x81,
  kSocketUnix = 0x82,
};

constexpr std::uint8_t kVersion = 11;  // of OpenBSM
constexpr std::uint16_t kTrailerMagic = 0xB105;
// BSM's own numbers of address families (bsm/audit_domain.h).
constexpr std::uint16_t kUnix = 1, kInet = 2, kInet6 = 26;

constexpr std::size_t kTrailerSize = 7, kSubjectSize = 37, kReturnSize = 6, kStringSize = 4;
constexpr std::size_t kSizeInHeader = 1;  // where the header has the record's size

template <typename Number>
void put(std::string& out, Number number) {
  std::array<char, sizeof(Number)> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * (bytes.size() - 1 - i)));
  out.append(bytes.data(), bytes.size());
}

void put(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint16_t>(text.size() + 1));
  out += text;
  out += '\0';
}

}  // namespace

void BsmRecord::begin(const BsmHead& head, std::string& out) {
  head_ = &head;
  out_ = &out;
  part_ = 0;
  const bool has_zone = !head.zone.empty() && head.zone.size() <= kMostZone;
  ending_ = (has_zone ? kStringSize + head.zone.size() : 0) + (head.has_subject ? kSubjectSize : 0) +
            (head.has_return ? kReturnSize : 0) + kTrailerSize;
  open();
}

void BsmRecord::open() {
  start_ = out_->size();
  put(*out_, std::uint8_t{kHeader32});
  put(*out_, std::uint32_t{0});
  put(*out_, kVersion);
  put(*out_, head_->event);
  put(*out_, head_->modifier);
  put(*out_, head_->seconds);
  put(*out_, head_->millis);
  put(*out_, std::uint8_t{kSequence});
  put(*out_, head_->sequence);
  if (++part_ > 1) put_string(kText, "part=" + std::to_string(part_));
}

void BsmRecord::close() {
  if (!head_->zone.empty() && head_->zone.size() <= kMostZone) put_string(kZoneName, head_->zone);
  if (head_->has_subject) put_process(kSubject32, head_->subject);
  if (head_->has_return) {
    put(*out_, std::uint8_t{kReturn32});
    put(*out_, head_->status);
    put(*out_, head_->value);
  }
  const auto size = static_cast<std::uint32_t>(out_->size() - start_ + kTrailerSize);
  put(*out_, std::uint8_t{kTrailer});
  put(*out_, kTrailerMagic);
  put(*out_, size);
  for (std::size_t i = 0; i < sizeof size; ++i)
    (*out_)[start_ + kSizeInHeader + i] = static_cast<char>(size >> (8 * (sizeof size - 1 - i)));
}

void BsmRecord::end() {
  close();
}

void BsmRecord::make_room(std::size_t token) {
  if (out_->size() - start_ + token + ending_ <= kMostRecord) return;
  close();
  open();
}

void BsmRecord::put_string(std::uint8_t id, std::string_view text) {
  put(*out_, id);
  put(*out_, text);
}

void BsmRecord::put_process(std::uint8_t id, const BsmProcess& process) {
  put(*out_, id);
  for (const std::uint32_t number : {process.auid, process.euid, process.egid, process.ruid, process.rgid, process.pid,
                                     process.session, std::uint32_t{0}})  // the last: the terminal's port
    put(*out_, number);
  out_->append(reinterpret_cast<const char*>(process.address.data()), process.address.size());
}

void BsmRecord::text(std::string_view text) {
  make_room(kStringSize + text.size());
  put_string(kText, text);
}

// Most of a record is this: one growth for each, and a look for NULs that takes no branch for a byte.
void BsmRecord::text(std::string_view prefix, std::string_view name, std::string_view value) {
  const std::size_t size = prefix.size() + name.size() + 1 + value.size();
  make_room(kStringSize + size);
  const std::size_t at = out_->size();
  out_->resize(at + kStringSize + size);  // which ends in the NUL
  char* to = out_->data() + at;
  *to++ = static_cast<char>(kText);
  *to++ = static_cast<char>((size + 1) >> 8U);
  *to++ = static_cast<char>((size + 1) & 0xFFU);
  char* const text = to;
  to = std::ranges::copy(prefix, to).out;
  to = std::ranges::copy(name, to).out;
  *to++ = '=';
  std::ranges::copy(value, to);
  if (std::memchr(text, '\0', size) != nullptr) std::replace(text, text + size, '\0', ' ');
}

void BsmRecord::path(std::string_view path) {
  make_room(kStringSize + path.size());
  put_string(kPath, path);
}

void BsmRecord::attributes(const BsmAttributes& attributes) {
  constexpr std::size_t kSize = 29;
  make_room(kSize);
  put(*out_, std::uint8_t{kAttributes32});
  put(*out_, attributes.mode);
  put(*out_, attributes.uid);
  put(*out_, attributes.gid);
  put(*out_, attributes.file_system);
  put(*out_, attributes.node);
  put(*out_, attributes.device);
}

void BsmRecord::argument(std::uint8_t number, std::uint64_t value, std::string_view name) {
  const bool is_long = value > 0xFFFFFFFF;
  make_room(2 + sizeof value + kStringSize + name.size());
  put(*out_, std::uint8_t{is_long ? kArgument64 : kArgument32});
  put(*out_, number);
  if (is_long)
    put(*out_, value);
  else
    put(*out_, static_cast<std::uint32_t>(value));
  put(*out_, name);
}

void BsmRecord::process(const BsmProcess& process) {
  make_room(kSubjectSize);
  put_process(kProcess32, process);
}

void BsmRecord::ipc(BsmIpc kind, std::uint32_t id) {
  make_room(2 + sizeof id);
  put(*out_, std::uint8_t{kIpc});
  put(*out_, static_cast<std::uint8_t>(kind));
  put(*out_, id);
}

void BsmRecord::ipc_permissions(std::uint32_t uid, std::uint32_t gid, std::uint32_t mode) {
  constexpr std::size_t kSize = 29;
  make_room(kSize);
  put(*out_, std::uint8_t{kIpcPermissions});
  // Who made it, its sequence and its key are not told.
  for (const std::uint32_t number : {uid, gid, kBsmUnset, kBsmUnset, mode, std::uint32_t{0}, std::uint32_t{0}})
    put(*out_, number);
}

void BsmRecord::socket_inet(std::uint16_t port, std::span<const char, 4> address) {
  make_room(9);
  put(*out_, std::uint8_t{kSocketInet32});
  put(*out_, kInet);
  put(*out_, port);
  out_->append(address.data(), address.size());
}

void BsmRecord::socket_inet6(std::uint16_t port, std::span<const char, 16> address) {
  make_room(21);
  put(*out_, std::uint8_t{kSocketInet128});
  put(*out_, kInet6);
  put(*out_, port);
  out_->append(address.data(), address.size());
}

void BsmRecord::socket_unix(std::string_view path) {
  make_room(4 + path.size());
  put(*out_, std::uint8_t{kSocketUnix});
  put(*out_, kUnix);
  *out_ += path;
  *out_ += '\0';
}

void BsmRecord::exec_arguments(std::uint32_t count, std::string_view arguments) {
  make_room(5 + arguments.size());
  put(*out_, std::uint8_t{kExecArguments});
  put(*out_, count);
  *out_ += arguments;
}

void append_bsm_file(std::uint32_t seconds, std::uint32_t millis, std::string_view path, std::string& out) {
  path = path.substr(0, BsmRecord::kMostString);
  put(out, std::uint8_t{kFile});
  put(out, seconds);
  put(out, millis);
  put(out, path.substr(0, path.find('\0')));
}

}  // namespace naudit::formats
