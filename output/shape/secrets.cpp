// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/secrets.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace naudit::output::shape {
namespace {

// What a secret is called, at the end of a longer name: DB_PASSWORD, accessToken, --http-passwd. The short words have
// to begin where a part of the name does: `compass` is none.
constexpr std::string_view kCalled =
    R"((?:[a-z0-9_.-]*(?:password|passwd|passphrase|passcode|passwort|secret|token|credentials?|)"
    R"((?:api|access|auth|account|encryption|private|secret|shared|signing|storage)[_-]?key(?:[_-]?id)?)|)"
    R"((?:[a-z0-9_.-]*[_.-])?(?:pass|pwd|pw|psk)))";
// A value inside a text: in quotes, which may be escaped, or up to a blank.
constexpr std::string_view kValue =
    R"((\\*"(?:[^"\\\x00]|\\[^\x00])*|\\*'(?:[^'\\\x00]|\\[^\x00])*|[^\s\x00"'\\][^\s\x00]*|\\[^\s\x00]*))";

std::vector<std::string> builtin() {
  const std::string called(kCalled), value(kValue);
  const std::string header =
      R"((?:(?:proxy-)?authorization|(?:set-)?cookie|x-[a-z0-9-]*(?:key|token|auth|secret)[a-z0-9-]*)[ \t]*:[ \t]*)";
  std::vector<std::string> patterns = {
      // An argument of its own: the next one, or what stands behind the sign, blanks included.
      R"((?:^|\x00)--?)" + called + R"(\x00([^\x00]+))",
      R"((?:^|\x00)[-/]*)" + called + R"([ \t]*[:=]([^\x00]+))",
      R"((?:^|\x00)(?:set|config|put)\x00(?:-[^\x00]*\x00)*)" + called + R"(\x00([^\x00]+))",
      // Inside a text: shell -c '…', JSON, an URL's query, a connection string, the command line of sudo.
      R"((?:[\s"'(;&|]|^)--?)" + called + R"([ \t]+)" + value,
      called + R"(\\*["']?\s*[:=]\s*)" + value,
      // Headers: up to the end of the argument, or of the quote around it.
      R"((?:^|\x00|\x00-H|\x00--header=))" + header + R"(([^\x00]+))",
      header + R"(([^\x00\r\n"']+))",
      R"(\b(?:bearer|basic|negotiate)[ \t]+([a-z0-9+/=._~-]{6,}))",
      // scheme://user:password@host
      R"([a-z][a-z0-9+.-]*://[^\s\x00/?#:@]*:([^\s\x00/?#]*)@)",
      // Keys that are known by their looks.
      R"(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----([^\x00]+))",
      R"((?-i)\b((?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{4,}))",
      R"((?-i)\b(gh[pousr]_[A-Za-z0-9]+|github_pat_\w+|gl(?:pat|dt|rt|ft|soat)-[\w.-]+|xox[a-z]-[\w-]+|sk-[\w-]{8,}|)"
      R"(sk_(?:live|test)_\w+|AIza[\w-]{8,}|ya29\.[\w-]+|eyJ[\w-]{6,}\.[\w.-]*|npm_\w{8,}|pypi-[\w-]{8,}|hvs\.[\w-]+|)"
      R"(SG\.[\w-]{6,}[\w.-]*|dop_v1_\w+|AGE-SECRET-KEY-[0-9A-Z]+))",
  };
  // Programs whose short options take a secret. `-p` of some has it attached only.
  struct Program {
    std::string_view names, options;
    bool attached_only = false;
  };
  constexpr Program kPrograms[] = {
      {"mysql(?:admin|binlog|check|dump|import|pump|sh|show|slap)?|mariadb(?:-[a-z-]+)?|mycli|7z[ar]?|rar|unrar", "-p",
       true},
      {"sshpass|mongo(?:sh|dump|restore|export|import)?|rabbitmqadmin|psexec", "-p"},
      {R"((?:docker|podman|buildah|skopeo|nerdctl|oc|helm(?:[\x00\s]registry)?)[\x00\s]login)", "-p"},
      {"zip|unzip|mosquitto_(?:pub|sub|rr)|ipmitool|cqlsh", "-P"},
      {"redis-cli|snmp(?:get|walk|set|bulkwalk|trap)", "-a|-A|-X"},
      {"ldap(?:add|compare|delete|exop|modify|modrdn|passwd|search|whoami)", "-w|-s|-a"},
      {"sqlcmd|bcp|tsql|isql", "-P"},
      {"openssl", "-passin|-passout|-pass|-k|-K"},
  };
  for (const Program& program : kPrograms) {
    const std::string start = R"((?-i)(?:^|[\x00\s/"';&|(])(?:)" + std::string(program.names) + ')';
    const std::string option = "(?:" + std::string(program.options) + ')';
    // The program's own arguments, and a line that a shell is given.
    patterns.push_back(start + R"(\x00(?:[^\x00]*\x00)*?)" + option +
                       (program.attached_only ? R"(([^\x00]+))" : R"((?:\x00([^\x00]+)|([^\x00]+)))"));
    patterns.push_back(start + R"([ \t](?:[^\x00]*?[ \t])??)" + option +
                       (program.attached_only ? R"(([^\s\x00]+))" : R"([ \t]*([^\s\x00]+))"));
  }
  // NAME:PASSWORD, NAME%PASSWORD behind an option.
  for (const std::string_view option : {"-u", "-U", "--user", "--proxy-user"})
    patterns.push_back(R"((?-i)(?:^|[\x00\s/"';&|(])curl[\x00\s](?:(?s:.*?)[\x00\s])??)" + std::string(option) +
                       R"((?:[\x00=]|[ \t]*)["']?[^\x00\s:]*:(?:([^\x00\s]+)))");
  patterns.push_back(
      R"((?-i)(?:^|[\x00\s/"';&|(])(?:smbclient|rpcclient|smbget|smbmap|net|wmic)[\x00\s](?:(?s:.*?)[\x00\s])??)"
      R"((?:-U|--user)(?:[\x00=]|[ \t]*)["']?[^\x00\s%]*%([^\x00\s]+))");
  patterns.push_back(
      R"((?-i)(?:^|[\x00\s/"';&|(])htpasswd[\x00\s](?:(?s:.*?)[\x00\s])??-[a-zA-Z]*b[a-zA-Z]*[\x00\s](?s:(.+)))");
  for (std::string& pattern : patterns) pattern.insert(0, "(?i)");
  return patterns;
}

RE2::Options options() {
  RE2::Options options(RE2::Latin1);
  options.set_log_errors(false);
  options.set_dot_nl(true);
  return options;
}

}  // namespace

std::optional<PatternMistake> pattern_mistake(const config::Redact& wanted) {
  for (std::size_t i = 0; i < wanted.patterns.size(); ++i) {
    const std::string shown = base::in_quotes(wanted.patterns[i]);
    const RE2 pattern(wanted.patterns[i], options());
    if (!pattern.ok()) return PatternMistake{i, shown + " is no regular expression of RE2: " + pattern.error()};
    if (RE2::PartialMatch("", pattern))
      return PatternMistake{
          i, shown + " matches an empty text, and so everywhere; '+' in place of '*' asks for something"};
  }
  return std::nullopt;
}

Secrets::Secrets(const config::Redact& wanted) {
  std::string any;
  const auto add = [&](const std::string& pattern) {
    auto one = std::make_unique<const RE2>(pattern, options());
    any.append(any.empty() ? "(?:" : "|(?:").append(pattern).append(")");
    patterns_.push_back(std::move(one));
  };
  if (wanted.builtin)
    for (const std::string& pattern : builtin()) {
      add(pattern);
      if (!patterns_.back()->ok()) throw base::Error("a pattern of nauditd's own: " + patterns_.back()->error());
    }
  if (const auto mistake = pattern_mistake(wanted)) throw base::Error("redact: " + mistake->message);
  for (const std::string& pattern : wanted.patterns) add(pattern);
  RE2::Options quick = options();
  quick.set_never_capture(true);
  any_ = std::make_unique<const RE2>(any, quick);
}

Secrets::~Secrets() = default;
Secrets::Secrets(Secrets&&) noexcept = default;
Secrets& Secrets::operator=(Secrets&&) noexcept = default;

void Secrets::find_one(const re2::RE2& pattern, std::string_view text, std::vector<Range>& out) const {
  constexpr int kMostGroups = 16;
  std::array<re2::StringPiece, kMostGroups> groups;
  const int count = std::min(pattern.NumberOfCapturingGroups() + 1, kMostGroups);
  const re2::StringPiece whole(text.data(), text.size());
  std::size_t from = 0;
  while (from <= text.size() && pattern.Match(whole, from, text.size(), RE2::UNANCHORED, groups.data(), count)) {
    for (int i = count > 1 ? 1 : 0; i < count; ++i) {
      const re2::StringPiece& group = groups.at(static_cast<std::size_t>(i));
      if (group.data() == nullptr || group.empty()) continue;
      const auto begin = static_cast<std::size_t>(group.data() - text.data());
      out.push_back({begin, begin + group.size()});
    }
    const auto end = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
    from = std::max(end, from + 1);
  }
}

void Secrets::find(std::string_view text, std::vector<Range>& out) const {
  // A set that is too large to be one automaton says nothing about the text: then each is asked.
  if (any_->ok() && !RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *any_)) return;
  const std::size_t first = out.size();
  for (const auto& pattern : patterns_) find_one(*pattern, text, out);
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, out.end(),
            [](const Range& a, const Range& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::size_t last = first;
  for (std::size_t i = first; i < out.size(); ++i)
    if (i == first)
      continue;
    else if (out[i].begin <= out[last].end)
      out[last].end = std::max(out[last].end, out[i].end);
    else
      out[++last] = out[i];
  if (out.size() > first) out.resize(last + 1);
}

}  // namespace naudit::output::shape
