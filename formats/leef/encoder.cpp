// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/leef/encoder.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/cef/text.hpp"

namespace naudit::formats {
namespace {

struct Row {
  std::string_view key;
  Fact fact;
};

// QRadar's keys first, then ours for what it has none. In the order of the line.
constexpr Row kRows[] = {
    {"src", Fact::kSource4},
    {"src", Fact::kSource6},
    {"dst", Fact::kDestination4},
    {"dst", Fact::kDestination6},
    {"srcPort", Fact::kSourcePort},
    {"dstPort", Fact::kDestinationPort},
    {"proto", Fact::kProtocol},
    {"accountName", Fact::kActedUser},
    {"groupID", Fact::kGroupId},
    {"identHostName", Fact::kNode},
    {"resource", Fact::kPath},
    {"role", Fact::kEffectiveUser},
    {"policy", Fact::kKeys},
    {"id", Fact::kId},
    {"action", Fact::kAction},
    {"outcome", Fact::kOutcome},
    {"reason", Fact::kReason},
    {"sourceHost", Fact::kSourceHost},
    {"auid", Fact::kLoginNumber},
    {"uid", Fact::kUserId},
    {"session", Fact::kSession},
    {"exe", Fact::kProgram},
    {"pid", Fact::kProgramPid},
    {"parent", Fact::kParent},
    {"ppid", Fact::kParentPid},
    {"command", Fact::kCommand},
    {"oldResource", Fact::kOldPath},
    {"resourceMode", Fact::kMode},
    {"resourceInode", Fact::kInode},
    {"resourceType", Fact::kFileKind},
    {"tty", Fact::kTerminal},
    {"container", Fact::kContainer},
    {"cwd", Fact::kCwd},
    {"exit", Fact::kExit},
    {"incomplete", Fact::kIncomplete},
    {"msg", Fact::kSentence},
};

constexpr std::string_view kHead = "nauditd|nauditd|" NAUDIT_VERSION "|";

// Between the bars of the header, which cannot be escaped either.
constexpr char kBar = '|';

std::string delimiter_field(const LeefOptions& options) {
  return options.version == LeefVersion::kOne ? "|" : "|" + options.delimiter + "|";
}

}  // namespace

LeefEncoder::LeefEncoder(EncoderContext& context, const EncoderOptions& options)
    : facts_(context),
      delimiter_(leef_delimiter(options.as<LeefOptions>().delimiter)),
      begin_((options.as<LeefOptions>().version == LeefVersion::kOne ? "LEEF:1.0|" : "LEEF:2.0|") + std::string(kHead)),
      delimited_(delimiter_field(options.as<LeefOptions>())) {}

void LeefEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const EventFacts& facts = facts_.read(event);
  static constexpr std::array<std::string_view, 6> kSeverities = {"1", "1", "3", "5", "8", "10"};
  out += begin_;
  append_leef_text(facts[Fact::kClass], kBar, out);
  out += delimited_;
  const correlate::EventId& id = event.source().id;
  out += "devTime=";
  out += time_.text(id.seconds, id.millis);
  out += 'Z';
  const auto put = [&](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    out += delimiter_;
    out += key;
    out += '=';
    append_leef_text(value, delimiter_, out);
  };
  put("devTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSX");
  put("cat", facts[Fact::kCategory]);
  put("sev", kSeverities[std::min<std::size_t>(facts.severity, kSeverities.size() - 1)]);
  // Who acts: who has logged in, else whom the program lets in, else as whom the process runs.
  put("usrName", facts[facts[Fact::kLoginUser].empty() ? Fact::kActedUser : Fact::kLoginUser]);
  if (facts.is_login) put("isLoginEvent", "true");
  if (facts.is_logout) put("isLogoutEvent", "true");
  for (const Row& row : kRows) put(row.key, facts[row.fact]);
  out += '\n';
}

// In LEEF 1.0, which each reader of LEEF takes.
std::string leef_left_out(const LeftOut& what) {
  return fmt::format(
      "LEEF:1.0|{}NOTICE:left_out|cat=process/info\tsev=5\tevents={}\tmsg={} left out, the reader is too slow ({} to "
      "{})\n",
      kHead, what.events, base::count_text(what.events, "event"), what.first_id, what.last_id);
}

}  // namespace naudit::formats
