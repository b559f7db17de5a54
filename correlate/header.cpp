// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/header.hpp"

#include <charconv>
#include <cstring>

namespace naudit::correlate {
namespace {

// Reads decimal digits; at most `most` of them, at least one.
template <typename Number>
bool read_digits(const char*& at, const char* end, int most, Number& out) noexcept {
  std::uint64_t value = 0;
  int count = 0;
  while (at != end && count < most) {
    const auto digit = static_cast<unsigned>(*at - '0');
    if (digit > 9) break;
    value = value * 10 + digit;
    ++at;
    ++count;
  }
  out = static_cast<Number>(value);
  return count > 0 && value <= static_cast<std::uint64_t>(static_cast<Number>(~Number{0}));
}

bool read_serial(std::string_view text, const char*& at, Header& out) noexcept {
  const char* const end = text.data() + text.size();
  return read_digits(at, end, 10, out.id.serial) && at != end && *at++ == ')';
}

// What comes behind the closing parenthesis.
bool end_header(std::string_view text, const char* at, Header& out) noexcept {
  const char* const end = text.data() + text.size();
  // auditd's own "config changed" has no colon (src/auditd-reconfig.c).
  if (at != end && *at == ':')
    ++at;
  else if (at == end || *at != ' ')
    return false;
  if (at != end && *at == ' ') ++at;
  out.size = static_cast<std::uint32_t>(at - text.data());
  return true;
}

}  // namespace

void append_id(const EventId& id, std::string& out) {
  // Twice an event: a formatting library costs a twentieth of the whole encoding here.
  char text[48];
  char* at = std::to_chars(text, text + 20, id.seconds).ptr;
  *at++ = '.';
  *at++ = static_cast<char>('0' + id.millis / 100 % 10);
  *at++ = static_cast<char>('0' + id.millis / 10 % 10);
  *at++ = static_cast<char>('0' + id.millis % 10);
  *at++ = ':';
  at = std::to_chars(at, at + 10, id.serial).ptr;
  out.append(text, static_cast<std::size_t>(at - text));
}

bool parse_header(std::string_view text, Header& out) noexcept {
  constexpr std::string_view kStart = "audit(";
  if (text.size() < kStart.size() || std::memcmp(text.data(), kStart.data(), kStart.size()) != 0) return false;
  const char* at = text.data() + kStart.size();
  const char* const end = text.data() + text.size();

  if (!read_digits(at, end, 18, out.id.seconds) || at == end || *at++ != '.') return false;
  const char* const millis = at;
  if (!read_digits(at, end, 3, out.id.millis) || at - millis != 3 || at == end || *at++ != ':') return false;
  if (!read_serial(text, at, out)) return false;
  return end_header(text, at, out);
}

void HeaderReader::keep(std::string_view text, const Header& header) noexcept {
  stamp_ = 0;
  // Where no blank follows, the same beginning may go on in another way.
  if (header.size > start_.size() || text[header.size - 1] != ' ' || text[header.size - 2] != ':') return;
  std::memcpy(start_.data(), text.data(), header.size);
  stamp_ = text.substr(0, header.size - 2).rfind(':') + 1;
  last_ = header;
}

bool HeaderReader::read(std::string_view text, Header& out) noexcept {
  if (stamp_ != 0 && text.size() >= last_.size && std::memcmp(text.data(), start_.data(), stamp_) == 0) {
    if (std::memcmp(text.data() + stamp_, start_.data() + stamp_, last_.size - stamp_) == 0) {
      out = last_;
      return true;
    }
    const char* at = text.data() + stamp_;
    out.id = last_.id;
    if (read_serial(text, at, out) && end_header(text, at, out)) {
      keep(text, out);
      return true;
    }
  }
  if (!parse_header(text, out)) return false;
  keep(text, out);
  return true;
}

}  // namespace naudit::correlate
