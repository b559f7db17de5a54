// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/event_head.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <utility>

namespace naudit::output {
namespace {

constexpr std::size_t kHeadOfLine = 512;  // node=, type= and msg=audit(…) of the first record stand in this

template <typename Number>
bool take_number(std::string_view& text, Number& number) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char wanted) noexcept {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

// "1700000001.001:7"
std::optional<std::int64_t> millis_of_id(std::string_view id) noexcept {
  constexpr std::uint64_t kMost = 1ULL << 40U;  // seconds: no overflow in milliseconds or nanoseconds below that
  std::uint64_t seconds = 0;
  std::uint32_t millis = 0;
  if (!take_number(id, seconds) || seconds > kMost || !take(id, '.') || !take_number(id, millis) || millis > 999 ||
      id.empty() || id.front() != ':')
    return std::nullopt;
  return static_cast<std::int64_t>(seconds * 1000 + millis);
}

// Goes over the text of one JSON object.
class Members {
 public:
  explicit Members(std::string_view text) noexcept : text_(text) {}

  // The inside of a string, behind its opening quote.
  bool string(std::string_view& inside) noexcept {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ >= text_.size()) return false;
    inside = text_.substr(begin, at_++ - begin);
    return true;
  }
  // An array of strings and numbers, behind its bracket.
  bool array(std::string_view& inside) noexcept {
    const std::size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] != ']'; ++at_) {
      std::string_view skipped;
      if (text_[at_] == '[' || text_[at_] == '{') return false;
      if (text_[at_] == '"') {
        ++at_;
        if (!string(skipped)) return false;
        --at_;
      }
    }
    if (at_ >= text_.size()) return false;
    inside = text_.substr(begin, at_++ - begin);
    return true;
  }
  std::string_view word() noexcept {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}') ++at_;
    return text_.substr(begin, at_ - begin);
  }
  // An object or array, behind its bracket; what it holds is skipped.
  bool object() noexcept {
    std::string_view skipped;
    for (std::size_t depth = 1; at_ < text_.size();) {
      const char c = text_[at_++];
      if (c == '"' && !string(skipped)) return false;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }
  bool is(char wanted) noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

using Row = std::pair<std::string_view, std::string_view EventHead::*>;
constexpr Row kMembers[] = {
    {"id", &EventHead::id},         {"time", &EventHead::time},       {"node", &EventHead::node},
    {"action", &EventHead::action}, {"outcome", &EventHead::outcome}, {"kind", &EventHead::kind},
    {"keys", &EventHead::keys},     {"how", &EventHead::exe},         {"@timestamp", &EventHead::time},
};
constexpr Row kSubject[] = {{"auid", &EventHead::auid},
                            {"uid", &EventHead::uid},
                            {"uid_name", &EventHead::uid_name},
                            {"ppid", &EventHead::ppid},
                            {"pid", &EventHead::pid}};
constexpr Row kObject[] = {{"path", &EventHead::path}, {"address", &EventHead::address}};

template <std::size_t kCount>
void set_member(EventHead& head, const Row (&rows)[kCount], std::string_view name, std::string_view value) noexcept {
  const auto* const row = std::ranges::find(rows, name, &Row::first);
  if (row != std::end(rows)) head.*row->second = value;
}

bool read_value(Members& members, std::string_view& value) noexcept {
  if (members.is('"')) return members.string(value);
  if (members.is('[')) return members.array(value);
  value = members.word();
  return true;
}

template <std::size_t kCount>
bool read_part(Members& members, const Row (&rows)[kCount], EventHead& head) noexcept {
  std::string_view name;
  std::string_view value;
  if (members.is('}')) return true;
  do {
    if (!members.is('"') || !members.string(name) || !members.is(':')) return false;
    if (members.is('{') || members.is('[')) {
      if (!members.object()) return false;
      continue;
    }
    if (!read_value(members, value)) return false;
    set_member(head, rows, name, value);
  } while (members.is(','));
  return members.is('}');
}

void read_object(std::string_view text, EventHead& head) noexcept {
  Members members(text);
  std::string_view name;
  std::string_view value;
  head.is_object = members.is('{');
  do {
    if (!members.is('"') || !members.string(name) || !members.is(':')) return;
    if (members.is('{')) {
      if (name == "records") return;
      const bool read = name == "subject"  ? read_part(members, kSubject, head)
                        : name == "object" ? read_part(members, kObject, head)
                                           : members.object();
      if (!read) return;
      continue;
    }
    if (!read_value(members, value)) return;
    if (name == "@timestamp") head.has_timestamp = true;
    if (name == "late" || (name == "complete" && value != "true")) head.whole = false;
    set_member(head, kMembers, name, value);
  } while (members.is(','));
}

void read_line(std::string_view text, EventHead& head) noexcept {
  constexpr std::string_view kNode = "node=";
  constexpr std::string_view kStamp = "audit(";
  constexpr std::size_t kDate = 24;
  text = text.substr(0, std::min(kHeadOfLine, text.find('\n')));
  if (text.starts_with(kNode)) {
    const std::string_view node = text.substr(kNode.size());
    head.node = node.substr(0, node.find(' '));
  }
  if (const std::size_t at = text.find(kStamp); at != std::string_view::npos) {
    const std::string_view stamp = text.substr(at + kStamp.size());
    const std::size_t end = stamp.find(')');
    if (end != std::string_view::npos && millis_of_id(stamp.substr(0, end))) head.id = stamp.substr(0, end);
  } else if (parse_utc_millis(text.substr(0, kDate))) {
    head.time = text.substr(0, kDate);
  }
}

}  // namespace

std::optional<std::int64_t> parse_utc_millis(std::string_view text) noexcept {
  using namespace std::chrono;
  int years = 0;
  unsigned months = 0;
  unsigned dates = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  if (text.size() < 20 || !take_number(text, years) || years < 1970 || years > 9999 || !take(text, '-') ||
      !take_number(text, months) || !take(text, '-') || !take_number(text, dates) ||
      !(take(text, 'T') || take(text, ' ')) || !take_number(text, hour) || !take(text, ':') ||
      !take_number(text, minute) || !take(text, ':') || !take_number(text, second))
    return std::nullopt;
  unsigned millis = 0;
  if (take(text, '.')) {
    unsigned digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1))
      if (digits++ < 3) millis = millis * 10 + static_cast<unsigned>(text.front() - '0');
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) millis *= 10;
  }
  const year_month_day date{year{years}, month{months}, day{dates}};
  if (text != "Z" || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto whole = sys_days{date}.time_since_epoch() + hours{hour} + minutes{minute} + seconds{second};
  return duration_cast<milliseconds>(whole).count() + millis;
}

EventHead read_event_head(std::string_view text) noexcept {
  EventHead head;
  if (text.starts_with('{'))
    read_object(text, head);
  else
    read_line(text, head);
  head.millis = millis_of_id(head.id);
  if (!head.millis) head.millis = parse_utc_millis(head.time);
  return head;
}

}  // namespace naudit::output
