// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/cef/encoder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/cef/text.hpp"

namespace naudit::formats {
namespace {

enum class Type : std::uint8_t { kText, kNumber, kLong, kPort };

struct Row {
  std::string_view key;
  Fact fact;
  Type type = Type::kText;
  std::size_t limit = kNoLimit;
  std::string_view label = {};  // of a key that has one
};

// In the order of the line. Types and limits are the dictionary's.
constexpr Row kRows[] = {
    {"rt", Fact::kMillis, Type::kLong},
    {"externalId", Fact::kId, Type::kText, 40},
    {"dvchost", Fact::kNode, Type::kText, 100},
    {"cat", Fact::kCategory, Type::kText, 1023},
    {"act", Fact::kAction, Type::kText, 63},
    {"outcome", Fact::kOutcome, Type::kText, 63},
    {"reason", Fact::kReason, Type::kText, 1023},
    {"suser", Fact::kLoginUser, Type::kText, 1023},
    {"suid", Fact::kLoginUserId, Type::kText, 1023},
    {"duser", Fact::kActedUser, Type::kText, 1023},
    {"duid", Fact::kActedUserId, Type::kText, 1023},
    {"dpriv", Fact::kEffectiveUser, Type::kText, 1023},
    {"src", Fact::kSource4},
    {"c6a2", Fact::kSource6, Type::kText, kNoLimit, "Source IPv6 Address"},
    {"shost", Fact::kSourceHost, Type::kText, 1023},
    {"spt", Fact::kSourcePort, Type::kPort},
    {"dst", Fact::kDestination4},
    {"c6a3", Fact::kDestination6, Type::kText, kNoLimit, "Destination IPv6 Address"},
    {"dpt", Fact::kDestinationPort, Type::kPort},
    {"proto", Fact::kProtocol, Type::kText, 31},
    {"deviceDirection", Fact::kDirection, Type::kNumber},
    {"sproc", Fact::kProgram, Type::kText, 1023},
    {"spid", Fact::kProgramPid, Type::kNumber},
    {"dproc", Fact::kOther, Type::kText, 1023},
    {"dpid", Fact::kOtherPid, Type::kNumber},
    {"fname", Fact::kFileName, Type::kText, 1023},
    {"filePath", Fact::kPath, Type::kText, 1023},
    {"oldFilePath", Fact::kOldPath, Type::kText, 1023},
    {"filePermission", Fact::kMode, Type::kText, 1023},
    {"fileId", Fact::kInode, Type::kText, 1023},
    {"fileType", Fact::kFileKind, Type::kText, 1023},
    {"cs1", Fact::kCommand, Type::kText, 4000, "Command"},
    {"cs2", Fact::kKeys, Type::kText, 4000, "Keys"},
    {"cs3", Fact::kTerminal, Type::kText, 4000, "TTY"},
    {"cs4", Fact::kParent, Type::kText, 4000, "ParentProcess"},
    {"cs5", Fact::kContainer, Type::kText, 4000, "Container"},
    {"cs6", Fact::kCwd, Type::kText, 4000, "Cwd"},
    {"cn1", Fact::kLoginNumber, Type::kLong, kNoLimit, "auid"},
    {"cn2", Fact::kSession, Type::kLong, kNoLimit, "session"},
    {"cn3", Fact::kExit, Type::kLong, kNoLimit, "exit"},
    {"flexString2", Fact::kIncomplete, Type::kText, 1023, "incomplete"},
    {"msg", Fact::kSentence, Type::kText, 1023},
};

template <typename Number>
bool is_number(std::string_view text, Number most) noexcept {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && last == end && number <= most;
}

bool has_type(std::string_view text, Type type) noexcept {
  switch (type) {
    case Type::kText:
      return true;
    case Type::kNumber:
      return is_number<std::int32_t>(text, std::numeric_limits<std::int32_t>::max());
    case Type::kLong:
      return is_number<std::int64_t>(text, std::numeric_limits<std::int64_t>::max());
    case Type::kPort:
      return is_number<std::uint32_t>(text, 65535);
  }
  return false;
}

constexpr std::string_view kBegin = "CEF:0|nauditd|nauditd|" NAUDIT_VERSION "|";

}  // namespace

int cef_severity(std::uint8_t severity) noexcept {
  static constexpr std::array<int, 6> kSeverities = {3, 3, 4, 6, 8, 10};
  return kSeverities[std::min<std::size_t>(severity, kSeverities.size() - 1)];
}

void CefEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const EventFacts& facts = facts_.read(event);
  out += kBegin;
  append_cef_header(facts[Fact::kClass], out);
  out += '|';
  head_ = facts[Fact::kAction];
  std::ranges::replace(head_, '-', ' ');
  append_cef_header(head_, out);
  out += '|';
  out += std::to_string(cef_severity(facts.severity));
  out += '|';
  cut_.clear();
  bool is_first = true;
  for (const Row& row : kRows) {
    const std::string& value = facts[row.fact];
    if (value.empty() || !has_type(value, row.type)) continue;
    if (!is_first) out += ' ';
    is_first = false;
    if (!row.label.empty()) {
      out += row.key;
      out += "Label=";
      out += row.label;
      out += ' ';
    }
    out += row.key;
    out += '=';
    if (!append_cef_value(value, row.limit, out)) continue;
    if (!cut_.empty()) cut_ += ',';
    cut_ += row.key;
  }
  if (!cut_.empty()) (out += " flexString1Label=truncated flexString1=") += cut_;
  out += '\n';
}

std::string cef_left_out(const LeftOut& what) {
  return fmt::format("{}NOTICE:left_out|events left out|6|cnt={} msg={} left out, the reader is too slow ({} to {})\n",
                     kBegin, what.events, base::count_text(what.events, "event"), what.first_id, what.last_id);
}

}  // namespace naudit::formats
