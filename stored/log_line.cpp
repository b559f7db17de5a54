// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/log_line.hpp"

#include <algorithm>
#include <utility>

#include "formats/auditd/line.hpp"
#include "stored/syslog_header.hpp"
#include "tables/record_types.hpp"

namespace naudit::stored {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::string_view kStamp = "msg=audit(";
// What stands between joined records: a blank, or what rsyslog or JSON made of a newline.
constexpr std::string_view kNewlines[] = {"#012", "\\n"};

// Does it stand anywhere? Its last sign is rarer than its first by far.
bool contains_stamp(std::string_view text) noexcept {
  constexpr std::string_view kBefore = kStamp.substr(0, kStamp.size() - 1);
  for (std::size_t at = text.find('(', kBefore.size()); at != npos; at = text.find('(', at + 1))
    if (text.substr(at - kBefore.size(), kBefore.size()) == kBefore) return true;
  return false;
}

bool starts_record(std::string_view text) noexcept {
  if (text.starts_with("node=")) {
    const std::size_t end = text.find(' ');
    if (end == npos) return false;
    text.remove_prefix(end + 1);
  }
  constexpr std::string_view kType = "type=";
  if (!text.starts_with(kType)) return false;
  const std::size_t end = text.find(' ');
  if (end == npos || end == kType.size() || !text.substr(end + 1).starts_with(kStamp)) return false;
  correlate::Header header;
  return correlate::parse_header(text.substr(end + 1 + kStamp.size() - std::string_view("audit(").size()), header);
}

bool may_start(std::string_view text) noexcept {
  return text.starts_with("type=") || text.starts_with("node=");
}

}  // namespace

LogLine::LogLine(std::string_view line) noexcept : line_(line) {
  while (!line_.empty() && (line_.back() == '\n' || line_.back() == '\r' || line_.back() == '\0'))
    line_.remove_suffix(1);
  rest_ = line_;
}

bool LogLine::next(correlate::Input& out) noexcept {
  if (rest_.empty() && !is_first_) return false;
  const bool is_first = std::exchange(is_first_, false);
  if (is_first && !may_start(line_)) {
    SyslogHeader header;
    if (read_syslog_header(line_, header)) {
      host_ = header.host;
      const std::string_view message = line_.substr(header.size);
      const std::size_t stamp = message.find("audit(");
      std::size_t start = message.rfind("type=", stamp);
      if (stamp != npos && start != npos) {
        const std::size_t node = message.rfind("node=", start);
        if (node != npos && message.find(' ', node) + 1 == start) start = node;
        if (!is_before_record(message.substr(0, start))) {
          out = {};
          out.text = line_;
          rest_ = {};
          return false;
        }
      }
    }
  }
  const bool found = formats::parse_line(rest_, out);
  rest_ = {};
  if (!found) return false;
  if (out.node.empty()) out.node = host_;
  if (!contains_stamp(out.text)) return true;
  const std::size_t end = border(out.text, out.type);
  if (end == npos) return true;
  rest_ = out.text.substr(end);
  out.text = out.text.substr(0, end);
  for (const std::string_view newline : kNewlines)
    if (out.text.ends_with(newline)) out.text.remove_suffix(newline.size());
  if (out.text.ends_with(' ') || out.text.ends_with('\t')) out.text.remove_suffix(1);
  return true;
}

std::size_t LogLine::behind_last(Last& last) noexcept {
  if (!last.is_known) {
    const std::size_t at = line_.rfind(last.byte);
    last.at = at == npos ? line_.size() : at + 1;
    last.is_known = true;
  }
  return last.at;
}

// Where in the text of a record the next one begins; npos if none does.
std::size_t LogLine::border(std::string_view text, std::uint16_t type) noexcept {
  const auto offset = static_cast<std::size_t>(text.data() - line_.data());
  std::size_t at = 0;
  // The name of a table is written as it stands (kernel/auditsc.c, __audit_log_nfcfg); "family=" stands behind it.
  if (type == tables::type::kNetfilterCfg) {
    at = text.rfind(" family=");
    if (at == npos) return npos;
  }
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t') {
      ++at;
      continue;
    }
    const std::string_view rest = text.substr(at);
    if (at > 0 && may_start(rest) && starts_record(rest)) return at;
    std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    const bool is_claim = rest.starts_with("msg='");
    if (is_claim || text.substr(at, end - at).find("SADDR={") != npos) {
      const std::size_t behind = behind_last(is_claim ? apostrophe_ : brace_);
      if (behind <= offset + at) return npos;
      at = behind - offset;
      continue;
    }
    const std::size_t quote = text.substr(at, end - at).find("=\"");
    if (quote != npos) {
      const std::size_t close = text.find('"', at + quote + 2);
      if (close == npos) return npos;
      end = std::min(text.find_first_of(" \t", close), text.size());
      at = close;
    }
    for (const std::string_view newline : kNewlines) {
      const std::size_t found = text.substr(at, end - at).find(newline);
      if (found == npos) continue;
      const std::size_t next = at + found + newline.size();
      if (may_start(text.substr(next)) && starts_record(text.substr(next))) return next;
    }
    at = end;
  }
  return npos;
}

}  // namespace naudit::stored
