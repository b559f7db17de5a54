// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace naudit::formats {

// Modifier bits of a header (bsm/audit_record.h, PAD_*).
inline constexpr std::uint16_t kBsmFailure = 0x8000;

// A user or group that is not known, or not set; praudit prints -1.
inline constexpr std::uint32_t kBsmUnset = 0xFFFFFFFF;

// What a subject or a process token says.
struct BsmProcess {
  std::uint32_t auid = kBsmUnset, euid = kBsmUnset, egid = kBsmUnset, ruid = kBsmUnset, rgid = kBsmUnset;
  std::uint32_t pid = kBsmUnset, session = kBsmUnset;
  std::array<unsigned char, 4> address{};  // of the terminal; zeros: none is known
};

struct BsmAttributes {
  std::uint32_t mode = 0, uid = 0, gid = 0, file_system = 0;
  std::uint64_t node = 0;  // the inode
  std::uint32_t device = 0;
};

enum class BsmIpc : std::uint8_t { kNone, kMessages = 1, kSemaphores = 2, kMemory = 3 };

// What is the same in all records of one event.
struct BsmHead {
  std::uint16_t event = 0;
  std::uint16_t modifier = 0;
  std::uint32_t seconds = 0, millis = 0;
  std::uint32_t sequence = 0;
  std::string_view zone;  // the machine; empty: none is named
  bool has_subject = false, has_return = false;
  BsmProcess subject;
  std::uint8_t status = 0;  // BSM's errno
  std::uint32_t value = 0;  // what the call returned
};

// Writes the tokens of one event as a BSM record (bsm/audit_record.h and libbsm's bsm_token.c of OpenBSM): header32,
// seq, what is put in, zonename, subject32, return32, trailer; all numbers big-endian, every string ended by a NUL.
// What does not fit into the 32767 bytes that kernels and readers take goes on in further records with the same head,
// each with a text "part=2", "part=3" …
//
// No token is larger than kMostToken; who puts in more than that has to cut it. Appends to one string; one thread.
class BsmRecord {
 public:
  static constexpr std::size_t kMostRecord = 32767;
  static constexpr std::size_t kMostToken = 32000;
  static constexpr std::size_t kMostString = kMostToken - 4;  // id, length, NUL
  static constexpr std::size_t kMostZone = 255;
  // libbsm keeps so much of a socket's path, and reads on behind it at the wrong place if there is more.
  static constexpr std::size_t kMostSocketPath = 103;
  // praudit prints no more of one token.
  static constexpr std::size_t kMostArguments = 128;

  // `head` and `out` outlive end(); a zone of more than kMostZone bytes is left out.
  void begin(const BsmHead& head, std::string& out);
  void end();

  // Strings have at most kMostString bytes and no NUL.
  void text(std::string_view text);
  void text(std::string_view prefix, std::string_view name, std::string_view value);  // "PREFIXname=value"
  void path(std::string_view path);
  void attributes(const BsmAttributes& attributes);
  // The shorter of the two tokens that holds the value.
  void argument(std::uint8_t number, std::uint64_t value, std::string_view name);
  void process(const BsmProcess& process);
  void ipc(BsmIpc kind, std::uint32_t id);
  void ipc_permissions(std::uint32_t uid, std::uint32_t gid, std::uint32_t mode);
  void socket_inet(std::uint16_t port, std::span<const char, 4> address);
  void socket_inet6(std::uint16_t port, std::span<const char, 16> address);
  void socket_unix(std::string_view path);  // at most kMostSocketPath bytes
  // `arguments` are `count` strings, each with its NUL.
  void exec_arguments(std::uint32_t count, std::string_view arguments);

 private:
  void open();
  void close();
  void make_room(std::size_t token);
  void put_string(std::uint8_t id, std::string_view text);
  void put_process(std::uint8_t id, const BsmProcess& process);

  const BsmHead* head_ = nullptr;
  std::string* out_ = nullptr;
  std::size_t start_ = 0;   // of this record in out_
  std::size_t ending_ = 0;  // what close() will add
  std::uint32_t part_ = 0;
};

// Appends a file token, which stands first and last in a trail.
void append_bsm_file(std::uint32_t seconds, std::uint32_t millis, std::string_view path, std::string& out);

}  // namespace naudit::formats
