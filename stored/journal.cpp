// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/journal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include <rapidjson/document.h>

#include "stored/syslog_header.hpp"
#include "tables/record_types.hpp"

namespace naudit::stored {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::uint64_t kMicros = 1'000'000;
constexpr std::int64_t kDay = 86'400;

template <typename Number>
std::optional<Number> number(std::string_view text) noexcept {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::uint64_t little(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

// Takes "NAME value" or "NAME\n", eight bytes of size, value and a newline off the front. False if it is not whole.
bool take_field(std::string_view& rest, std::string_view& name, std::string_view& value) noexcept {
  const std::size_t end = rest.find('\n');
  if (end == npos) return false;
  const std::string_view line = rest.substr(0, end);
  if (const std::size_t equals = line.find('='); equals != npos) {
    name = line.substr(0, equals);
    value = line.substr(equals + 1);
    rest.remove_prefix(end + 1);
    return true;
  }
  name = line;
  value = {};
  if (line.empty()) {
    rest.remove_prefix(1);
    return true;
  }
  constexpr std::size_t kSize = 8;
  if (rest.size() - end - 1 < kSize) return false;
  const std::uint64_t size = little(rest.substr(end + 1, kSize));
  if (size >= rest.size() || rest.size() - end - 1 - kSize < size + 1) return false;
  value = rest.substr(end + 1 + kSize, size);
  rest.remove_prefix(end + 1 + kSize + size + 1);
  return true;
}

// "SERVICE_START pid=1 …", "<audit-1130> pid=1 …": takes the type off the front. Nothing if it is neither.
std::optional<std::uint16_t> take_type(std::string_view& text, std::string_view& name) noexcept {
  const std::size_t end = std::min(text.find(' '), text.size());
  name = text.substr(0, end);
  std::optional<std::uint16_t> type;
  if (name.starts_with("<audit-") && name.ends_with('>')) {
    type = number<std::uint16_t>(name.substr(7, name.size() - 8));
    name = {};
  } else if (!name.empty() && std::ranges::all_of(name, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '[' || c == ']';
             })) {
    // What has no name in journald is called AUDIT1234 there.
    type = name.starts_with("AUDIT") ? number<std::uint16_t>(name.substr(5)) : tables::record_type(name);
    if (!type && number<std::uint16_t>(name)) return std::nullopt;
  }
  if (!type) return std::nullopt;
  text.remove_prefix(std::min(end + 1, text.size()));
  return type;
}

// "audit[31399]: ", "audit: ", "audit: type=1300 ": takes the program off the front.
bool take_program(std::string_view& text) noexcept {
  const std::size_t end = text.find(": ");
  if (end == npos) return false;
  std::string_view program = text.substr(0, end);
  if (!program.starts_with("audit")) return false;
  program.remove_prefix(5);
  const bool has_pid = program.starts_with('[') && program.ends_with(']') &&
                       number<std::uint32_t>(program.substr(1, program.size() - 2)).has_value();
  if (!program.empty() && !has_pid) return false;
  text.remove_prefix(end + 2);
  return true;
}

std::optional<std::int64_t> days(int year, unsigned month, unsigned day) noexcept {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// "19:55:36" and what follows: a fraction, a zone. Seconds of the day in UTC.
std::optional<std::int64_t> seconds_of(std::string_view clock) noexcept {
  if (clock.size() < 8) return std::nullopt;
  const auto hour = number<int>(clock.substr(0, 2));
  const auto minute = number<int>(clock.substr(3, 2));
  const auto second = number<int>(clock.substr(6, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::int64_t all = *hour * 3600 + *minute * 60 + *second;
  const std::size_t sign = clock.find_first_of("+-", 8);
  if (sign == npos) return all;
  std::string zone(clock.substr(sign + 1));
  std::erase(zone, ':');
  const auto offset = number<int>(zone);
  if (!offset || zone.size() != 4) return all;
  const std::int64_t east = *offset / 100 * 3600 + *offset % 100 * 60;
  return clock[sign] == '+' ? all - east : all + east;
}

// A stamp of syslog to seconds since 1970.
std::optional<std::int64_t> time_of(std::string_view stamp, std::int64_t today) noexcept {
  if (stamp.size() > 11 && stamp[4] == '-') {
    const auto year = number<int>(stamp.substr(0, 4));
    const auto month = number<unsigned>(stamp.substr(5, 2));
    const auto day = number<unsigned>(stamp.substr(8, 2));
    const auto clock = seconds_of(stamp.substr(11));
    const auto date = year && month && day ? days(*year, *month, *day) : std::nullopt;
    if (!clock || !date) return std::nullopt;
    return *date * kDay + *clock;
  }
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = kMonths.find(stamp.substr(0, 3));
  std::string_view rest = stamp.substr(std::min<std::size_t>(3, stamp.size()));
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const std::size_t space = std::min(rest.find(' '), rest.size());
  const auto day = number<unsigned>(rest.substr(0, space));
  const auto clock = seconds_of(rest.substr(std::min(space + 1, rest.size())));
  if (month == npos || month % 3 != 0 || !day || !clock) return std::nullopt;
  const std::chrono::year_month_day now{std::chrono::sys_days(std::chrono::days(today / kDay))};
  for (int back = 0; back < 8; ++back) {  // the 29th of February comes every eight years at the least
    const auto date = days(static_cast<int>(now.year()) - back, static_cast<unsigned>(month / 3 + 1), *day);
    // A day more, since its zone is not known.
    if (date && *date * kDay + *clock <= today + kDay) return *date * kDay + *clock;
  }
  return std::nullopt;
}

}  // namespace

void JournalEntry::Fields::clear() {
  for (std::string* const field : {&transport, &type, &id, &host, &stamp, &identifier, &message}) field->clear();
}

std::string* JournalEntry::Fields::named(std::string_view name) noexcept {
  const std::array<std::pair<std::string_view, std::string*>, 7> kNames{{{"_TRANSPORT", &transport},
                                                                         {"_AUDIT_TYPE", &type},
                                                                         {"_AUDIT_ID", &id},
                                                                         {"_HOSTNAME", &host},
                                                                         {"_SOURCE_REALTIME_TIMESTAMP", &stamp},
                                                                         {"SYSLOG_IDENTIFIER", &identifier},
                                                                         {"MESSAGE", &message}}};
  for (const auto& [known, field] : kNames)
    if (known == name) return field;
  return nullptr;
}

bool JournalEntry::read_json(std::string_view line) {
  fields_.clear();
  if (line.starts_with('\x1e')) line.remove_prefix(1);
  rapidjson::Document entry;
  entry.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
  if (entry.HasParseError() || !entry.IsObject()) return false;
  for (const auto& [key, value] : entry.GetObject()) {
    std::string* const field = fields_.named({key.GetString(), key.GetStringLength()});
    if (field == nullptr) continue;
    if (value.IsString()) {
      field->assign(value.GetString(), value.GetStringLength());
    } else if (value.IsArray()) {  // bytes that are no text
      field->clear();
      for (const auto& byte : value.GetArray()) {
        if (!byte.IsUint() || byte.GetUint() > 0xFF) return false;
        *field += static_cast<char>(byte.GetUint());
      }
    }
  }
  return take();
}

bool JournalEntry::read_export(std::string_view entry) {
  fields_.clear();
  std::string_view name;
  std::string_view value;
  while (!entry.empty() && take_field(entry, name, value))
    if (std::string* const field = fields_.named(name)) field->assign(value);
  return take();
}

bool JournalEntry::take() {
  record_ = {};
  if (fields_.transport == "audit") return take_audit();
  // The kernel's own messages are the console's form of a record; auditd's plugin sends its lines.
  const bool is_plugin = fields_.identifier == "audispd" || fields_.identifier == "audisp-syslog";
  std::string_view message = fields_.message;
  if (fields_.transport == "kernel") {
    if (!message.starts_with("audit: ")) return false;
    message.remove_prefix(7);
  } else if (!is_plugin) {
    return false;
  }
  if (!message.starts_with("type=") && !message.starts_with("node=")) return false;
  LogLine line(message);
  if (!line.next(record_)) return false;
  if (record_.node.empty()) record_.node = fields_.host;
  return true;
}

bool JournalEntry::take_audit() {
  const auto serial = number<std::uint32_t>(fields_.id);
  const auto stamp = number<std::uint64_t>(fields_.stamp);
  std::string_view message = fields_.message;
  std::string_view name;
  const auto said = take_type(message, name);
  const auto type = fields_.type.empty() ? said : number<std::uint16_t>(fields_.type);
  if (!serial || !stamp || !type || *type == 0) return false;
  correlate::EventId id;
  id.seconds = *stamp / kMicros;
  id.millis = static_cast<std::uint32_t>(*stamp % kMicros / 1000);
  id.serial = *serial;
  text_ = "audit(";
  correlate::append_id(id, text_);
  text_ += "): ";
  text_ += message;
  record_.type = *type;
  record_.text = text_;
  record_.node = fields_.host;
  return true;
}

bool is_journal_json(std::string_view line) noexcept {
  if (line.starts_with('\x1e')) line.remove_prefix(1);
  if (!line.starts_with('{')) return false;
  for (const std::string_view member : {"\"_TRANSPORT\"", "\"__REALTIME_TIMESTAMP\"", "\"_AUDIT_ID\""})
    if (line.find(member) != npos) return true;
  return false;
}

std::size_t journal_entry_size(std::string_view bytes, bool at_end) noexcept {
  std::string_view rest = bytes;
  std::string_view name = " ";
  std::string_view value;
  while (!name.empty())
    if (!take_field(rest, name, value)) return at_end ? bytes.size() : 0;
  return bytes.size() - rest.size();
}

bool JournalShort::begins_event(std::uint16_t type, std::string_view who, std::int64_t second) const noexcept {
  if (!is_open_ || who != who_ || second != second_ || tables::record_traits(type).single) return true;
  return has_syscall_ && type == tables::type::kSyscall;
}

bool JournalShort::read(std::string_view line) {
  record_ = {};
  SyslogHeader header;
  if (!read_syslog_header(line, header)) return false;
  const auto second = time_of(header.stamp, today_);
  std::string_view text = line.substr(header.size);
  std::string_view name;
  const std::string_view who_from = line.substr(static_cast<std::size_t>(header.stamp.data() - line.data()));
  if (!second || *second < 0 || !take_program(text)) return false;
  const std::string_view who = who_from.substr(0, static_cast<std::size_t>(text.data() - who_from.data()));
  const auto type = take_type(text, name);
  if (!type || *type == 0 || text.empty()) return false;
  if (begins_event(*type, who, *second)) {
    ++serial_;
    has_syscall_ = false;
  }
  who_ = who;
  second_ = *second;
  has_syscall_ |= *type == tables::type::kSyscall;
  is_open_ = *type != tables::type::kProctitle && !tables::record_traits(*type).single;
  correlate::EventId id;
  id.seconds = static_cast<std::uint64_t>(*second);
  id.serial = serial_;
  text_ = "audit(";
  correlate::append_id(id, text_);
  text_ += "): ";
  text_ += text;
  host_ = header.host;
  record_.type = *type;
  record_.text = text_;
  record_.node = host_;
  record_.known = correlate::Incomplete::kNoSerial;
  return true;
}

}  // namespace naudit::stored
