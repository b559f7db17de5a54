// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/bsm_trail.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

namespace naudit::tests {
namespace {

using namespace bsm_token;  // NOLINT(google-build-using-namespace): the numbers of this very file

struct Wrong {
  std::string what;
};

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (const char c : take(size)) value = value << 8U | static_cast<unsigned char>(c);
    return value;
  }
  std::string_view take(std::size_t size) {
    if (left() < size) throw Wrong{"it ends within a token"};
    const std::string_view part = bytes_.substr(at_, size);
    at_ += size;
    return part;
  }
  // With a length before it, which counts the NUL.
  std::string string() {
    const std::uint64_t size = number(2);
    if (size == 0) throw Wrong{"a string without its NUL"};
    const std::string_view text = take(size);
    if (text.find('\0') != text.size() - 1) throw Wrong{"a string whose NUL is not its last byte"};
    return std::string(text.substr(0, text.size() - 1));
  }
  // Up to a NUL.
  std::string until_nul(std::size_t most) {
    const std::size_t end = bytes_.find('\0', at_);
    if (end == std::string_view::npos || end - at_ > most) throw Wrong{"a text without its NUL"};
    std::string text(take(end - at_));
    take(1);
    return text;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

void read_numbers(Bytes& bytes, std::initializer_list<std::size_t> sizes, BsmToken& token) {
  for (const std::size_t size : sizes) token.numbers.push_back(bytes.number(size));
}

void expect(bool is_so, const char* what) {
  if (!is_so) throw Wrong{what};
}

BsmToken read_token(Bytes& bytes) {
  BsmToken token;
  token.id = static_cast<std::uint8_t>(bytes.number(1));
  switch (token.id) {
    case kSequence:
      read_numbers(bytes, {4}, token);
      break;
    case kPath:
    case kText:
    case kZone:
      token.texts.push_back(bytes.string());
      break;
    case kAttributes32:
      read_numbers(bytes, {4, 4, 4, 4, 8, 4}, token);
      break;
    case kExecArguments: {
      read_numbers(bytes, {4}, token);
      expect(token.numbers[0] > 0 && token.numbers[0] <= 128, "a number of arguments that praudit does not print");
      for (std::uint64_t i = 0; i < token.numbers[0]; ++i) token.texts.push_back(bytes.until_nul(32767));
      break;
    }
    case kArgument32:
    case kArgument64:
      read_numbers(bytes, {1, token.id == kArgument32 ? std::size_t{4} : std::size_t{8}}, token);
      expect(token.numbers[0] >= 1 && token.numbers[0] <= 4, "an argument that a record does not have");
      token.texts.push_back(bytes.string());
      expect(!token.texts[0].empty(), "an argument without a name");
      break;
    case kIpc:
      read_numbers(bytes, {1, 4}, token);
      expect(token.numbers[0] >= 1 && token.numbers[0] <= 3, "an unknown kind of IPC");
      break;
    case kIpcPermissions:
      read_numbers(bytes, {4, 4, 4, 4, 4, 4, 4}, token);
      break;
    case kSubject32:
    case kProcess32:
      read_numbers(bytes, {4, 4, 4, 4, 4, 4, 4, 4}, token);
      token.texts.emplace_back(bytes.take(4));
      break;
    case kReturn32:
      read_numbers(bytes, {1, 4}, token);
      break;
    case kSocketInet:
    case kSocketInet6:
      read_numbers(bytes, {2, 2}, token);
      expect(token.numbers[0] == (token.id == kSocketInet ? 2U : 26U), "a family that is not the token's");
      token.texts.emplace_back(bytes.take(token.id == kSocketInet ? 4 : 16));
      break;
    case kSocketUnix:
      read_numbers(bytes, {2}, token);
      expect(token.numbers[0] == 1, "a family that is not the token's");
      token.texts.push_back(bytes.until_nul(103));
      expect(!token.texts[0].empty(), "a socket without a path");
      break;
    default:
      throw Wrong{fmt::format("a token {:#04x}", token.id)};
  }
  return token;
}

// In this order stand the kinds of tokens; what may stand anywhere between has no place.
int place_of(std::uint8_t id) {
  constexpr std::array kOrder = {kSequence, kZone, kSubject32, kReturn32};
  const auto* const found = std::ranges::find(kOrder, id);
  return found == kOrder.end() ? -1 : static_cast<int>(found - kOrder.begin());
}

BsmRead read_record(std::string_view all, std::size_t& size) {
  Bytes bytes(all);
  bytes.number(1);
  size = bytes.number(4);
  expect(size <= 32767, "a record that is too large");
  expect(size <= all.size(), "a record that is longer than the trail");
  expect(size >= 25, "a record that is too small");
  BsmRead record;
  record.bytes = all.substr(0, size);
  expect(bytes.number(1) == 11, "an unknown version");
  record.event = static_cast<std::uint16_t>(bytes.number(2));
  record.modifier = static_cast<std::uint16_t>(bytes.number(2));
  record.seconds = static_cast<std::uint32_t>(bytes.number(4));
  record.millis = static_cast<std::uint32_t>(bytes.number(4));
  expect(record.millis < 1000, "milliseconds of more than a second");
  Bytes body(all.substr(bytes.at(), size - bytes.at() - 7));
  int place = -1;
  while (body.left() > 0) {
    record.tokens.push_back(read_token(body));
    const int next = place_of(record.tokens.back().id);
    expect(next < 0 || next > place, "tokens out of their order, or twice");
    expect(next >= 0 || place <= 0, "a token behind the end of the record");
    if (next >= 0) place = next;
  }
  expect(!record.tokens.empty() && record.tokens[0].id == kSequence, "no sequence behind the header");
  Bytes trailer(all.substr(size - 7, 7));
  expect(trailer.number(1) == kTrailer && trailer.number(2) == 0xB105, "no trailer");
  expect(trailer.number(4) == size, "a trailer of another size");
  return record;
}

std::string shown_address(const std::string& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

std::string shown_token(const BsmToken& token) {
  const auto& n = token.numbers;
  const auto signed_id = [&](std::size_t i) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(n[i])); };
  switch (token.id) {
    case kSequence:
      return fmt::format("sequence,{}", n[0]);
    case kPath:
      return "path," + token.texts[0];
    case kText:
      return "text," + token.texts[0];
    case kZone:
      return "zone," + token.texts[0];
    case kAttributes32:
      return fmt::format("attribute,{:o},{},{},{},{},{}", n[0], n[1], n[2], n[3], n[4], n[5]);
    case kExecArguments:
      return fmt::format("exec arg,{}", fmt::join(token.texts, ","));
    case kArgument32:
    case kArgument64:
      return fmt::format("argument,{},{:#x},{}", n[0], n[1], token.texts[0]);
    case kIpc: {
      constexpr std::array kKinds = {"Message IPC", "Semaphore IPC", "Shared Memory IPC"};
      return fmt::format("IPC,{},{}", kKinds.at(n[0] - 1), n[1]);
    }
    case kIpcPermissions:
      return fmt::format("IPC permission,{},{},{},{},{:o},{},{}", signed_id(0), signed_id(1), signed_id(2),
                         signed_id(3), n[4], n[5], n[6]);
    case kSubject32:
    case kProcess32:
      return fmt::format("{},{},{},{},{},{},{},{},{},{}", token.id == kSubject32 ? "subject" : "process", signed_id(0),
                         signed_id(1), signed_id(2), signed_id(3), signed_id(4), n[5], n[6], n[7],
                         shown_address(token.texts[0]));
    case kReturn32:
      return n[0] == 0 ? fmt::format("return,success,{}", n[1]) : fmt::format("return,failure : {},{}", n[0], n[1]);
    case kSocketInet:
      return fmt::format("socket-inet,{},{},{}", n[0], n[1], shown_address(token.texts[0]));
    case kSocketInet6:
      return fmt::format("socket-inet6,{},{},{}", n[0], n[1], shown_address(token.texts[0]));
    case kSocketUnix:
      return fmt::format("socket-unix,{},{}", n[0], token.texts[0]);
    default:
      return fmt::format("{:#04x}", token.id);
  }
}

bool is_id(const std::optional<std::uint32_t>& wanted, std::uint64_t found) {
  return !wanted || *wanted == found;
}

// Users and groups of a subject or a process token.
bool selects_ids(const BsmSelection& selection, const BsmToken& token) {
  const auto& n = token.numbers;
  return is_id(selection.auid, n[0]) && is_id(selection.euid, n[1]) && is_id(selection.egid, n[2]) &&
         is_id(selection.ruid, n[3]) && is_id(selection.rgid, n[4]);
}

const std::optional<std::uint32_t>& ipc_id(const BsmSelection& selection, std::uint64_t kind) {
  if (kind == 1) return selection.message_queue;
  return kind == 2 ? selection.semaphores : selection.memory;
}

}  // namespace

std::vector<const BsmToken*> BsmRead::all(std::uint8_t id) const {
  std::vector<const BsmToken*> found;
  for (const BsmToken& token : tokens)
    if (token.id == id) found.push_back(&token);
  return found;
}

const BsmToken* BsmRead::find(std::uint8_t id) const {
  const auto found = all(id);
  return found.empty() ? nullptr : found.front();
}

std::vector<std::string> BsmRead::texts() const {
  std::vector<std::string> found;
  for (const BsmToken* const token : all(kText)) found.push_back(token->texts[0]);
  return found;
}

std::uint32_t BsmRead::sequence() const {
  return static_cast<std::uint32_t>(find(kSequence)->numbers[0]);
}

BsmTrail read_bsm(std::string_view bytes) {
  BsmTrail trail;
  const std::size_t all = bytes.size();
  try {
    while (!bytes.empty()) {
      std::size_t size = 0;
      if (static_cast<std::uint8_t>(bytes[0]) == kFile) {
        Bytes token(bytes);
        token.take(1 + 4);
        expect(token.number(4) < 1000, "milliseconds of more than a second");
        trail.files.push_back(token.string());
        size = token.at();
      } else if (static_cast<std::uint8_t>(bytes[0]) == kHeader32) {
        trail.records.push_back(read_record(bytes, size));
      } else {
        throw Wrong{"neither a header nor a file token"};
      }
      bytes.remove_prefix(size);
    }
  } catch (const Wrong& wrong) {
    trail.wrong = fmt::format("{} (at or behind byte {})", wrong.what, all - bytes.size());
  }
  return trail;
}

std::string praudit_line(const BsmRead& record) {
  const std::time_t seconds = record.seconds;
  std::tm time{};
  gmtime_r(&seconds, &time);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S %Y", &time);
  std::string line = fmt::format("header,{},11,{},{},{}, + {} msec,", record.bytes.size(), record.event,
                                 record.modifier, std::string_view(text.data(), length), record.millis);
  for (const BsmToken& token : record.tokens) (line += shown_token(token)) += ',';
  return line + fmt::format("trailer,{},", record.bytes.size());
}

// As auditreduce goes over the tokens: one that does not match rejects the record, and what was asked for has to have
// been met by a token at all.
bool selects(const BsmSelection& selection, const BsmRead& record) {
  if (selection.event && *selection.event != record.event) return false;
  if (selection.after && record.seconds < *selection.after) return false;
  if (selection.before && record.seconds > *selection.before) return false;
  const bool has_class = !selection.events_of_class.empty();
  if (has_class && !selection.events_of_class.contains(record.event)) return false;
  bool has_ids = false;
  bool has_pid = false;
  bool has_object_pid = false;
  bool has_path = false;
  std::array<bool, 3> has_ipc{};
  bool has_zone = false;
  for (const BsmToken& token : record.tokens) {
    switch (token.id) {
      case kSubject32:
        if (!selects_ids(selection, token) || !is_id(selection.pid, token.numbers[5])) return false;
        has_ids = has_pid = true;
        break;
      case kProcess32:
        if (!selects_ids(selection, token) || !is_id(selection.object_pid, token.numbers[5])) return false;
        has_ids = has_object_pid = true;
        break;
      case kPath:
        if (!token.texts[0].starts_with(selection.file)) return false;
        has_path = true;
        break;
      case kIpc:
        if (!is_id(ipc_id(selection, token.numbers[0]), token.numbers[1])) return false;
        has_ipc.at(token.numbers[0] - 1) = true;
        break;
      case kReturn32:
        if (has_class && selection.success && *selection.success != (token.numbers[0] == 0)) return false;
        break;
      case kZone:
        if (!selection.zone.empty() && token.texts[0] != selection.zone) return false;
        has_zone = true;
        break;
      default:
        break;
    }
  }
  const bool wants_ids = selection.auid || selection.euid || selection.egid || selection.ruid || selection.rgid;
  return (!wants_ids || has_ids) && (!selection.pid || has_pid) && (!selection.object_pid || has_object_pid) &&
         (selection.file.empty() || has_path) && (!selection.message_queue || has_ipc[0]) &&
         (!selection.semaphores || has_ipc[1]) && (!selection.memory || has_ipc[2]) &&
         (selection.zone.empty() || has_zone);
}

}  // namespace naudit::tests
