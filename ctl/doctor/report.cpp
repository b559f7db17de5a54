// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/doctor/report.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "ctl/client/columns.hpp"
#include "rules/advice/report.hpp"

namespace naudit::ctl {
namespace {

constexpr int kVersion = 1;  // of the JSON
constexpr std::array<Level, 3> kGravestFirst = {Level::kCritical, Level::kWarning, Level::kNote};

std::string_view result_text(const Outcome& outcome) {
  switch (outcome.result) {
    case Result::kWell:
      return "well";
    case Result::kFound:
      return level_text(std::ranges::max_element(outcome.findings, {}, &Finding::level)->level);
    case Result::kUnknown:
      return "not-looked-at";
    case Result::kUnrelated:
      return "does-not-apply";
  }
  return "";
}

std::size_t count_of(std::span<const Verdict> verdicts, Result result) {
  return static_cast<std::size_t>(
      std::ranges::count_if(verdicts, [&](const Verdict& one) { return one.outcome.result == result; }));
}

std::size_t count_of(std::span<const Verdict> verdicts, Level level) {
  std::size_t count = 0;
  for (const Verdict& one : verdicts)
    count += static_cast<std::size_t>(std::ranges::count(one.outcome.findings, level, &Finding::level));
  return count;
}

base::Style style_of(Level level) {
  return level == Level::kCritical  ? base::Style::kWrong
         : level == Level::kWarning ? base::Style::kWarning
                                    : base::Style::kNote;
}

void append_finding(std::string& text, const Check& check, const Finding& finding, const base::Layout& layout) {
  const std::string_view level = level_text(finding.level);
  constexpr std::size_t kIndent = 2;
  text += base::styled(level, style_of(finding.level), layout.colour) + ": ";
  text += rules::wrapped(fmt::format("{} [{}]", base::shown(finding.what), check.id), kIndent, layout.width,
                         level.size() + 2);
  text += '\n';
  text += "  " + rules::wrapped(check.why, kIndent, layout.width, kIndent) + '\n';
  constexpr std::string_view kFix = "  fix: ";
  // A command stays in one line, so that it can be copied.
  for (const std::string& one : finding.fix)
    text += (&one == finding.fix.data() ? std::string(kFix) : std::string(kFix.size(), ' ')) + base::shown(one) + '\n';
}

std::string verdict_line(std::span<const Verdict> verdicts) {
  std::string text;
  const auto add = [&text](std::size_t count, std::string_view words) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, words);
  };
  add(count_of(verdicts, Level::kCritical), "critical");
  add(count_of(verdicts, Level::kWarning), count_of(verdicts, Level::kWarning) == 1 ? "warning" : "warnings");
  add(count_of(verdicts, Level::kNote), count_of(verdicts, Level::kNote) == 1 ? "note" : "notes");
  if (text.empty()) text = "nothing found";
  return text + fmt::format("; of {}: {} well, {} not looked at, {} not applying here",
                            base::count_text(verdicts.size(), "check"), count_of(verdicts, Result::kWell),
                            count_of(verdicts, Result::kUnknown), count_of(verdicts, Result::kUnrelated));
}

}  // namespace

std::vector<Verdict> examine(const Facts& facts, std::span<const std::string> ids) {
  std::vector<Verdict> verdicts;
  for (const Check& check : all_checks())
    if (ids.empty() || std::ranges::find(ids, check.id) != ids.end()) verdicts.push_back({&check, check.look(facts)});
  return verdicts;
}

ExitStatus exit_status(std::span<const Verdict> verdicts) {
  if (count_of(verdicts, Level::kCritical) > 0) return ExitStatus::kCritical;
  if (count_of(verdicts, Level::kWarning) > 0) return ExitStatus::kWarning;
  return count_of(verdicts, Result::kUnknown) > 0 ? ExitStatus::kUnknown : ExitStatus::kWell;
}

std::string_view status_text(ExitStatus status) noexcept {
  constexpr std::array<std::string_view, 4> kTexts = {"well", "warning", "critical", "unknown"};
  return kTexts.at(static_cast<std::size_t>(status));
}

std::string doctor_text(std::span<const Verdict> verdicts, const base::Layout& layout) {
  std::string text;
  for (const Level level : kGravestFirst)
    for (const Verdict& one : verdicts)
      for (const Finding& finding : one.outcome.findings)
        if (finding.level == level) {
          append_finding(text, *one.check, finding, layout);
          text += '\n';
        }
  // Together what has the same reason.
  std::vector<std::string> reasons;
  std::map<std::string, std::string> checks;
  for (const Verdict& one : verdicts) {
    if (one.outcome.result != Result::kUnknown) continue;
    std::string& ids = checks[one.outcome.why];
    if (ids.empty()) reasons.push_back(one.outcome.why);
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", one.check->id);
  }
  for (const std::string& why : reasons)
    text +=
        rules::wrapped(fmt::format("not looked at: {}: {}", checks[why], base::shown(why)), 2, layout.width, 0) + '\n';
  if (!reasons.empty()) text += '\n';
  return text + rules::wrapped(verdict_line(verdicts), 2, layout.width, 0) + '\n';
}

std::string doctor_json(std::span<const Verdict> verdicts) {
  base::JsonWriter json;
  json.begin_object();
  json.member("version", kVersion);
  json.member("status", status_text(exit_status(verdicts)));
  json.member("exit_code", static_cast<int>(exit_status(verdicts)));
  json.begin_object("counts");
  for (const Level level : kGravestFirst) json.member(level_text(level), count_of(verdicts, level));
  json.member("well", count_of(verdicts, Result::kWell));
  json.member("not_looked_at", count_of(verdicts, Result::kUnknown));
  json.member("does_not_apply", count_of(verdicts, Result::kUnrelated));
  json.end_object();
  json.begin_list("checks");
  for (const Verdict& one : verdicts) {
    json.begin_object();
    json.member("id", one.check->id);
    json.member("title", one.check->title);
    json.member("result", result_text(one.outcome));
    if (!one.outcome.why.empty()) json.member("reason", one.outcome.why);
    json.begin_list("findings");
    for (const Finding& finding : one.outcome.findings) {
      json.begin_object();
      json.member("level", level_text(finding.level));
      json.member("what", finding.what);
      json.member("why", one.check->why);
      json.begin_list("fix");
      for (const std::string& line : finding.fix) json.value(line);
      json.end_list();
      json.end_object();
    }
    json.end_list();
    json.end_object();
  }
  json.end_list();
  json.end_object();
  return json.take() + '\n';
}

std::string list_text(const base::Layout& layout) {
  std::vector<std::vector<std::string>> rows = {{"CHECK", "AT MOST", "WHAT IS LOOKED AT"}};
  for (const Check& check : all_checks())
    rows.push_back({std::string(check.id), std::string(level_text(check.level)), std::string(check.title)});
  std::string text;
  for (std::string line : in_columns(rows, rows[0].size())) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? base::styled(line, base::Style::kPlace, layout.colour) : line) + '\n';
  }
  return text;
}

std::string explain_text(const Check& check, const base::Layout& layout) {
  std::string text = base::styled(fmt::format("{}: {}", check.id, check.title), base::Style::kPlace, layout.colour);
  text += fmt::format("\n\n{}\n\n{}\n\n", rules::wrapped(check.why, 0, layout.width, 0),
                      rules::wrapped(check.about, 0, layout.width, 0));
  return text + fmt::format("At most: {}.\n", level_text(check.level));
}

std::string doctor_page() {
  std::string text = R"(# The doctor

`nauditctl doctor` looks at the kernel's audit, at nauditd, its sinks and disks, and at what else on this machine takes part in
auditing. It changes nothing. What is wrong comes first, each with the reason why it matters and what to do; then what could not be
looked at, and why; then how many checks are well. It works before nauditd was ever started, beside another audit daemon, in
a container, and for an ordinary user, who is told what only root can see.

    nauditctl doctor                     # all checks; counters are read twice, a second apart
    nauditctl doctor --json              # the same for programs
    nauditctl doctor --only lost --only sinks
    nauditctl doctor --list              # the checks
    nauditctl doctor --explain stall     # one of them

A finding looks like this:

```
warning: Only 64 records may wait in the kernel (backlog_limit) [backlog]
  When the queue is full, programs wait or records are lost.
  fix: nauditctl -b 8192
```

## Exit status

As plugins of Nagios, Icinga and their like have it, so that it can be one: `nauditctl doctor --json` every few minutes.

| code | meaning |
|---|---|
| 0 | all is well; there may be notes, and checks that do not apply here |
| 1 | a warning |
| 2 | something critical: events are not recorded or are being lost, or programs are being held up |
| 3 | nothing found, and something could not be looked at; or the command line is wrong |

## JSON

One object on one line. Members may be added in later versions; `version` changes when one is taken away or gets another meaning.

| member | meaning |
|---|---|
| `version` | 1 |
| `status`, `exit_code` | `well` 0, `warning` 1, `critical` 2, `unknown` 3 |
| `counts` | findings by level: `critical`, `warning`, `note`; checks: `well`, `not_looked_at`, `does_not_apply` |
| `checks[]` | `id`, `title`, `result`, `findings`, and for the last two results `reason` |
| `checks[].result` | `well`; the gravest finding: `critical`, `warning`, `note`; `not-looked-at`; `does-not-apply` |
| `checks[].findings[]` | `level`, `what`, `why`, and `fix`: a list of commands, or of what to change where |

## Checks

These are the rows of `ctl/doctor/check.cpp`; this page is made from them.

)";
  text += "| check | at most | what is looked at |\n|---|---|---|\n";
  for (const Check& check : all_checks())
    text += fmt::format("| [`{0}`](#{0}) | {1} | {2} |\n", check.id, level_text(check.level), check.title);
  for (const Check& check : all_checks()) text += fmt::format("\n### {}\n\n{} {}\n", check.id, check.about, check.why);
  return text;
}

}  // namespace naudit::ctl
