// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/doctor/readings.hpp"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/sock_diag.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <initializer_list>

#include "base/json.hpp"

namespace naudit::ctl {
namespace {

using base::json_member;
using base::json_number;
using base::json_real;
using base::json_text;
using rapidjson::Value;

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n";
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos;
       at = text.find_first_not_of(kBlanks, at)) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename Struct>
std::optional<Struct> read_struct(std::string_view bytes) {
  if (bytes.size() < sizeof(Struct)) return std::nullopt;
  Struct value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// What stands behind a header of `length` bytes in all, with its padding.
std::string_view behind(std::string_view bytes, std::size_t length) {
  return bytes.substr(std::min<std::size_t>(NLMSG_ALIGN(length), bytes.size()));
}

SocketMemory memory_of(std::string_view message) {
  const auto head = read_struct<netlink_diag_msg>(message);
  if (!head) return {};
  SocketMemory memory{.inode = head->ndiag_ino, .receive_buffer = 0};
  std::string_view rest = behind(message, sizeof *head);
  while (const auto attribute = read_struct<nlattr>(rest)) {
    if (attribute->nla_len < sizeof(nlattr) || attribute->nla_len > rest.size()) break;
    const std::string_view value = rest.substr(sizeof(nlattr), attribute->nla_len - sizeof(nlattr));
    constexpr std::size_t kAt = SK_MEMINFO_RCVBUF * sizeof(std::uint32_t);
    if ((attribute->nla_type & NLA_TYPE_MASK) == NETLINK_DIAG_MEMINFO && value.size() >= kAt + sizeof(std::uint32_t))
      memory.receive_buffer = *read_struct<std::uint32_t>(value.substr(kAt)) / 2;
    rest = behind(rest, attribute->nla_len);
  }
  return memory;
}

}  // namespace

BootWords read_boot_words(std::string_view command_line) {
  constexpr std::string_view kAudit = "audit=", kBacklog = "audit_backlog_limit=";
  BootWords found;
  for (const std::string_view word : words_of(command_line)) {
    if (word.starts_with(kAudit)) {
      const std::string_view value = word.substr(kAudit.size());
      found.audit = value != "0" && value != "off";
    }
    if (word.starts_with(kBacklog)) found.backlog_limit = number<std::uint64_t>(word.substr(kBacklog.size()));
  }
  return found;
}

std::vector<std::uint64_t> read_listeners(std::string_view table) {
  constexpr std::size_t kProtocol = 1, kGroups = 3, kInode = 9, kColumns = 10;
  constexpr int kHex = 16;
  constexpr std::uint32_t kReadLog = 1U << (AUDIT_NLGRP_READLOG - 1);
  std::vector<std::uint64_t> inodes;
  while (!table.empty()) {
    const std::string_view line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(table.size(), line.size() + 1));
    const std::vector<std::string_view> columns = words_of(line);
    if (columns.size() < kColumns || number<int>(columns[kProtocol]) != NETLINK_AUDIT) continue;
    const auto groups = number<std::uint32_t>(columns[kGroups], kHex);
    const auto inode = number<std::uint64_t>(columns[kInode]);
    if (groups && inode && (*groups & kReadLog) != 0) inodes.push_back(*inode);
  }
  return inodes;
}

std::optional<std::uint64_t> socket_inode(std::string_view link) {
  constexpr std::string_view kHead = "socket:[";
  if (!link.starts_with(kHead) || !link.ends_with(']')) return std::nullopt;
  return number<std::uint64_t>(link.substr(kHead.size(), link.size() - kHead.size() - 1));
}

DaemonFact read_daemon(const Value& status) {
  DaemonFact fact;
  fact.pid = static_cast<pid_t>(json_number(status, "pid"));
  fact.mode = json_text(status, "mode");
  fact.registration = json_text(status, "registration");
  fact.config = json_text(status, "config");
  const Value& events = json_member(status, "events");
  fact.overruns = json_number(events, "overruns");
  fact.gap_events = json_number(events, "gap_events");
  if (const Value& sinks = json_member(status, "sinks"); sinks.IsArray())
    for (const Value& sink : sinks.GetArray()) {
      // A slow terminal at the other end of a `tail` is no trouble of the daemon's.
      if (json_text(sink, "type") == "tail") continue;
      fact.sinks.push_back({.name = std::string(json_text(sink, "name")),
                            .type = std::string(json_text(sink, "type")),
                            .state = std::string(json_text(sink, "state")),
                            .last_error = std::string(json_text(sink, "last_error")),
                            .dropped = json_number(sink, "events_dropped")});
    }
  if (const Value& rules = json_member(status, "rules"); rules.IsObject()) {
    fact.has_rules = true;
    fact.rules_wanted = json_number(rules, "wanted");
    fact.rules_missing = json_number(rules, "missing");
    const Value& locked = json_member(rules, "locked");
    fact.rules_locked = locked.IsBool() && locked.GetBool();
    fact.rules_error = json_text(rules, "error");
  }
  return fact;
}

std::vector<KeyFact> read_keys(const Value& rule_stats) {
  std::vector<KeyFact> facts;
  if (const Value& keys = json_member(rule_stats, "keys"); keys.IsArray())
    for (const Value& key : keys.GetArray())
      facts.push_back({.key = std::string(json_text(key, "key")),
                       .share = json_real(key, "share"),
                       .rate = json_real(key, "rate_1m")});
  return facts;
}

std::optional<std::int64_t> latest_event(const Value& rule_stats) {
  std::optional<std::int64_t> latest;
  const auto look = [&latest](const Value& counts) {
    const auto time = read_time(json_text(counts, "last_seen"));
    if (time && (!latest || *time > *latest)) latest = time;
  };
  look(json_member(rule_stats, "all"));
  if (const Value& keys = json_member(rule_stats, "keys"); keys.IsArray())
    for (const Value& key : keys.GetArray()) look(key);
  return latest;
}

std::optional<std::int64_t> read_time(std::string_view text) {
  // "2026-11-30T19:02:03.123Z"
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kShape.size() + 1 || !text.ends_with('Z')) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] != 'd' && text[i] != kShape[i]) return std::nullopt;
  std::array<int, 6> part{};
  constexpr std::array<std::size_t, 6> kAt = {0, 5, 8, 11, 14, 17}, kSize = {4, 2, 2, 2, 2, 2};
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto value = number<unsigned>(text.substr(kAt.at(i), kSize.at(i)));
    if (!value) return std::nullopt;
    part.at(i) = static_cast<int>(*value);
  }
  const std::chrono::year_month_day day{std::chrono::year{part[0]}, std::chrono::month{static_cast<unsigned>(part[1])},
                                        std::chrono::day{static_cast<unsigned>(part[2])}};
  if (!day.ok()) return std::nullopt;
  std::int64_t milliseconds = 0;
  if (std::string_view fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1); !fraction.empty()) {
    constexpr std::size_t kDigits = 3;
    if (fraction[0] != '.' || fraction.size() < kDigits + 1) return std::nullopt;
    const auto value = number<unsigned>(fraction.substr(1, kDigits));
    if (!value) return std::nullopt;
    milliseconds = *value;
  }
  const auto time = std::chrono::sys_days(day) + std::chrono::hours(part[3]) + std::chrono::minutes(part[4]) +
                    std::chrono::seconds(part[5]);
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() + milliseconds;
}

std::vector<SocketMemory> read_socket_memory(std::string_view datagram, bool& ended) {
  std::vector<SocketMemory> sockets;
  while (const auto head = read_struct<nlmsghdr>(datagram)) {
    if (head->nlmsg_len < sizeof(nlmsghdr) || head->nlmsg_len > datagram.size()) break;
    if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR) ended = true;
    if (head->nlmsg_type == SOCK_DIAG_BY_FAMILY)
      sockets.push_back(memory_of(datagram.substr(sizeof(nlmsghdr), head->nlmsg_len - sizeof(nlmsghdr))));
    datagram = behind(datagram, head->nlmsg_len);
  }
  return sockets;
}

}  // namespace naudit::ctl
