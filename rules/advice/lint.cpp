// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/lint.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "rules/advice/collector.hpp"
#include "rules/advice/cost.hpp"
#include "rules/advice/discards.hpp"
#include "rules/advice/subsume.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/perm_mask.hpp"
#include "rules/rule/places.hpp"
#include "rules/rule/rule.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr double kTooMany = 100;  // events a second, by the estimate

bool narrows(const Field& field) {
  return field.id != FieldId::kKey && field.id != FieldId::kArch;
}

bool is_anchored(const Rule& rule) {
  return rule.find(FieldId::kPath) != nullptr || rule.find(FieldId::kDir) != nullptr;
}

std::string arch_word(tables::ArchWord arch, tables::ArchWord native) {
  if (arch == native) return "b64";
  return arch == tables::arch_compat(native) ? "b32" : std::string(tables::arch_name(arch));
}

// "a", "a and b", "a, b and 3 more"
template <typename Text>
std::string listed(const std::vector<Text>& words, std::size_t most = 5) {
  std::string text;
  const std::size_t shown = words.size() > most + 1 ? most : words.size();
  for (std::size_t i = 0; i < shown; ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + std::string(words[i]);
  if (shown < words.size()) text += " and " + std::to_string(words.size() - shown) + " more";
  return text;
}

std::string key_text(const Rule& rule) {
  return listed(rule.keys());
}

// The paths of the rules that are not what the author takes them for: not there, links, scripts. Told by kind, not by
// path.
class PathLinter {
 public:
  PathLinter(const Environment& environment, LintOptions options, AdviceCollector& advice)
      : environment_(environment), options_(options), advice_(advice) {}

  void look(const WantedRule& wanted, const Field& field) {
    ++named_;
    if (field.text.find_first_of("*?") != std::string::npos && !is_there(field.text)) {
      return advice_.add(
          wanted.place, "no-such-path",
          "there are no wildcards: the kernel takes " + base::in_quotes(field.text) + " for the name of one file",
          field.id == FieldId::kExe ? "name each program" : "name the directory by dir=, or each file");
    }
    if (!is_there(field.text)) return missing_[kind_of(field.id)].push_back({field.text, wanted.place});
    if (const std::string target = environment_.link_target ? environment_.link_target(field.text) : std::string();
        !target.empty())
      return links_[field.id == FieldId::kExe ? 1 : 0].push_back({field.text + " → " + target, wanted.place});
    if (field.id != FieldId::kExe || !environment_.interpreter) return;
    const std::string interpreter = environment_.interpreter(field.text);
    if (interpreter.empty()) return;
    advice_.add(wanted.place, "never-fits",
                field.text + " is a script: to the kernel the program is its interpreter, " + interpreter +
                    ", so that exe never fits",
                "watch for the script's file being executed: path=" + field.text + " with perm=x (execute)");
  }

  void finish() {
    static constexpr std::array<const char*, 3> kWhat = {"", "program", "directory"};
    static constexpr std::array<const char*, 3> kThen = {
        "it is watched once it is made, if its directory is there when the rule is loaded",
        "the rule cannot fit until it is there, and the kernel refuses the rule without its directory",
        "the kernel refuses the rule, and nothing is loaded; with --lenient the others are"};
    for (std::size_t kind = 0; kind < missing_.size(); ++kind)
      tell(missing_.at(kind), "no-such-path", kWhat.at(kind), "not here", kThen.at(kind));
    tell(links_[0], "symlink", "path", "a symbolic link", "the kernel watches the link itself: name what it points to");
    tell(links_[1], "symlink", "program", "a symbolic link",
         "no process runs the link itself, so the rule never fits: name what it points to");
  }

 private:
  struct Found {
    std::string path;
    base::Place place;
  };

  [[nodiscard]] bool is_there(const std::string& path) const {
    return !environment_.exists || environment_.exists(path);
  }

  static std::size_t kind_of(FieldId id) { return id == FieldId::kExe ? 1 : id == FieldId::kDir ? 2 : 0; }

  void tell(const std::vector<Found>& found, std::string_view check, std::string_view what, std::string_view is,
            const std::string& then) {
    if (found.empty()) return;
    std::vector<std::string> paths;
    for (const Found& one : found)
      if (std::ranges::find(paths, one.path) == paths.end()) paths.push_back(one.path);
    if (paths.size() == 1 || options_.every_path) {
      for (const Found& one : found) advice_.add(one.place, check, one.path + " is " + std::string(is), then);
      return;
    }
    constexpr std::size_t kShown = 3;
    std::string plural(what);
    if (plural.ends_with('y'))
      plural.replace(plural.size() - 1, 1, "ies");
    else
      plural += 's';
    const std::string are = is.starts_with("a ") ? std::string(is.substr(2)) + "s" : std::string(is);
    const std::string message = std::to_string(paths.size()) + " of the " + std::to_string(named_) +
                                " paths in these rules are " +
                                (is.starts_with("a ") || what.empty() ? are : plural + " that are " + are) + ": " +
                                listed(paths, kShown) + (paths.size() > kShown + 1 ? " (--paths lists them)" : "");
    for (const Found& one : found) advice_.add_to(std::string(what) + '\n' + then, one.place, check, message, then);
  }

  const Environment& environment_;
  LintOptions options_;
  AdviceCollector& advice_;
  std::size_t named_ = 0;
  std::array<std::vector<Found>, 3> missing_;
  std::array<std::vector<Found>, 2> links_;
};

// Advice on one rule by itself.
class RuleLinter {
 public:
  RuleLinter(const Environment& environment, AdviceCollector& advice) : environment_(environment), advice_(advice) {}

  void look(const WantedRule& wanted) {
    const Rule& rule = wanted.rule;
    const bool conditions = std::ranges::any_of(rule.fields, narrows);
    if (rule.list == List::kTask && rule.action == Action::kNever && !conditions) {
      advise(wanted, "never-task",
             "'never,task' turns system call auditing off for every new process: no other rule will fire", "remove it");
    }
    if (rule.list == List::kExit) exit_rule(wanted, conditions);
    if (is_impossible(rule)) {
      advise(wanted, "never-fits", "no event can fit: its conditions exclude each other, or ask for a number below 0",
             exit_hint(rule));
    }
  }

 private:
  void advise(const WantedRule& rule, std::string_view check, std::string message, std::string remedy) {
    advice_.add(rule.place, check, std::move(message), std::move(remedy));
  }

  static std::string exit_hint(const Rule& rule) {
    const bool asks_below = std::ranges::any_of(
        rule.fields, [](const Field& one) { return one.id == FieldId::kExit && one.op == Operator::kLess; });
    return asks_below ? "the kernel compares without a sign: write success=0 for exit<0" : "";
  }

  void exit_rule(const WantedRule& wanted, bool conditions) {
    const Rule& rule = wanted.rule;
    const bool all = rule.syscalls.is_all();
    const bool has_arch = rule.find(FieldId::kArch) != nullptr;
    if (!all && !has_arch) {
      advise(wanted, "no-arch", "no arch: the same numbers are other system calls to 32-bit programs",
             "write one rule with arch=b64 and one with arch=b32");
    }
    if (!all) {
      unknown_calls(wanted);
      calls_beside_permissions(wanted);
    }
    if (rule.action != Action::kAlways) return;
    if (all && !conditions) {
      const auto arch = rule.arch();
      advise(wanted, "all-calls",
             "records every system call of every " +
                 (arch ? std::string(tables::arch_name(*arch)) + " program" : std::string("process")) +
                 ": more than a machine can bear",
             "name the calls, and whose");
      return;
    }
    const bool anchored = is_anchored(rule);
    if (all && anchored && !has_arch) {
      if (!wanted.every_call_is_meant) slow_watch(wanted);
    } else if (all && !anchored && rule.find(FieldId::kExe) == nullptr && rule.find(FieldId::kPid) == nullptr) {
      advise(wanted, "all-calls", "looks at every system call of every process, which costs each of them",
             "name the calls");
    } else if (const Cost cost = estimate(rule); cost.events >= kTooMany) {
      advise(wanted, "wide",
             "too wide: makes " + events_text(cost.events) +
                 " on a busy server, by a rough estimate (--cost has each rule)",
             narrower(rule));
    }
  }

  static std::string narrower(const Rule& rule) {
    if (rule.find(FieldId::kAuid) == nullptr) return "narrow it by whose calls matter: auid>=1000, auid!=unset";
    if (rule.find(FieldId::kSuccess) == nullptr && rule.find(FieldId::kExit) == nullptr)
      return "narrow it by the outcome (success=0), the place (dir=) or the program (exe=)";
    return "narrow it by the place (dir=) or the program (exe=), or leave out frequent calls";
  }

  // The kernel asks for both: the call has to be named, and to be one by which a file is read, written and so on.
  void calls_beside_permissions(const WantedRule& wanted) {
    const Rule& rule = wanted.rule;
    const Field* const perm = rule.find(FieldId::kPerm);
    if (perm == nullptr || perm->op != Operator::kEqual) return;
    const tables::ArchWord arch = rule.arch().value_or(environment_.native);
    if (!tables::has_syscalls(arch)) return;
    const SyscallMask fitting = perm_fitting(perm->value, arch);
    std::vector<std::string_view> beside, recorded;
    for (const std::uint32_t number : rule.syscalls.numbers()) {
      const std::string_view name = tables::syscall_name(arch, number);
      if (!name.empty()) (fitting.test(number) ? recorded : beside).push_back(name);
    }
    if (beside.empty()) return;
    const std::string keys = key_text(rule);
    const bool records = rule.action == Action::kAlways;
    std::string message = "by " + listed(beside) + " nothing is " + done(perm->value) +
                          ", so perm=" + perm_letters(perm->value) + " never fits " +
                          (beside.size() == 1 ? "it" : "them");
    if (recorded.empty())
      message += "; the rule " + std::string(records ? "records" : "leaves out") + " nothing";
    else
      message += "; the rule " + std::string(records ? "records" : "leaves out") + " every " + listed(recorded) +
                 " that fits" + (keys.empty() || !records ? "" : ", under the key " + keys);
    advise(wanted, "never-fits", std::move(message),
           "leave out perm to have the named calls, or the calls to have the permission");
  }

  static std::string done(std::uint32_t permissions) {
    std::vector<std::string_view> words;
    if ((permissions & kPermRead) != 0) words.emplace_back("read");
    if ((permissions & kPermWrite) != 0) words.emplace_back("written");
    if ((permissions & kPermExecute) != 0) words.emplace_back("executed");
    if ((permissions & kPermAttributes) != 0) words.emplace_back("changed in its attributes");
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
      text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + std::string(words[i]);
    return text;
  }

  // Told once: sets of hundreds of watches are common.
  void slow_watch(const WantedRule& wanted) {
    advice_.add_to(
        "", wanted.place, "slow-watch",
        "slow form: without an arch the kernel looks at it in every system call, with one only in those that can "
        "touch a file",
        "write " + fast_form(wanted.rule) + ", and the same with arch=b32" + left_out_of_b32(wanted.rule) +
            "; 'watch' in YAML does all of it");
  }

  // auditctl's calls for perm are not all that the kernel's own test for perm knows of 32-bit programs.
  [[nodiscard]] std::string left_out_of_b32(const Rule& rule) const {
    if (environment_.native != tables::kArchX86_64) return {};
    const Field* const perm = rule.find(FieldId::kPerm);
    std::string calls;
    for (const std::string_view name : perm_extra_names(perm != nullptr ? perm->value : kPermAll))
      calls += (calls.empty() ? "" : ",") + std::string(name);
    return calls.empty() ? "" : " and -S " + calls + ", which perm leaves out there";
  }

  [[nodiscard]] std::string fast_form(Rule rule) const {
    const Field* const perm = rule.find(FieldId::kPerm);
    rule.syscalls = SyscallMask::all();
    if (perm == nullptr) rule.fields.insert(rule.fields.begin(), {FieldId::kPerm, Operator::kEqual, kPermAll, {}});
    rule.fields.insert(rule.fields.begin(), {FieldId::kArch, Operator::kEqual, environment_.native, {}});
    std::string line = rule_line(rule, environment_.native);
    // auditctl 4 fills in the calls itself.
    if (const std::size_t at = line.find(" -S all"); at != std::string::npos) line.erase(at, 7);
    return line;
  }

  void unknown_calls(const WantedRule& wanted) {
    const tables::ArchWord arch = wanted.rule.arch().value_or(environment_.native);
    if (!tables::has_syscalls(arch)) return;
    std::vector<std::string> numbers;
    for (const std::uint32_t number : wanted.rule.syscalls.numbers())
      if (tables::syscall_name(arch, number).empty()) numbers.push_back(std::to_string(number));
    if (numbers.empty()) return;
    advise(wanted, "no-such-call",
           "no system call of " + std::string(tables::arch_name(arch)) + " that is known here has the number " +
               listed(numbers),
           std::string("if it is meant for another arch, write arch=") +
               (arch == environment_.native ? "b32" : arch_word(environment_.native, environment_.native)));
  }

  const Environment& environment_;
  AdviceCollector& advice_;
};

// Comparing each rule with all before it costs its square; beyond this nobody reads the advice.
constexpr std::size_t kMostCompared = 2000;

// What a program does that reads a file of events or sends it on.
constexpr std::string_view kReaderCalls[] = {"read", "open", "openat", "write", "send", "sendto", "sendmsg", "connect"};

bool narrows_who(const Field& field) {
  return field_row(field.id).is(kSaysWho);
}

bool is_call_list(const Rule& rule) {
  return rule.list == List::kExit || rule.list == List::kIoUring;
}

// The part of lint() that looks at a rule among the others: never reached, without effect, better as one, losing a part
// to another, making events of those who read events. Owner: lint(), for one set. Pure.
class SetLinter {
 public:
  SetLinter(std::span<const WantedRule> rules, tables::ArchWord native, AdviceCollector& advice)
      : rules_(rules), native_(native), advice_(advice) {}

  void finish() {
    tell_hidden();
    tell_groups();
    tell_takers();
  }

  // Rules must be looked at in their order.
  void look(std::size_t index) {
    if (index >= kMostCompared) return;
    takes_from_later(index);
    if (unreached(index)) return;
    without_effect(index);
    mergeable(index);
    feedback(index);
  }

 private:
  void advise(const WantedRule& rule, std::string_view check, std::string message, std::string remedy) {
    advice_.add(rule.place, check, std::move(message), std::move(remedy));
  }

  static constexpr std::size_t kMostTakers = 8;
  static constexpr std::size_t kApart = 2;  // more pairs or groups than that are one advice

  static std::string line_of(const base::Place& place, const std::string& file) {
    return place.file == file ? "line " + std::to_string(place.line) : place.text();
  }

  void tell_hidden() {
    constexpr const char* kRemedy = "remove it, or put it in front of that one";
    if (hidden_.size() <= kApart) {
      for (const Hidden& hidden : hidden_) {
        const std::string message = "never reached: the rule in " + line_of(hidden.by, hidden.places[0].file) +
                                    " matches before all that it matches";
        for (const base::Place& place : hidden.places) advice_.add(place, "unreached", message, kRemedy);
      }
      return;
    }
    const std::string& file = hidden_[0].places[0].file;
    std::vector<std::string> pairs;
    std::size_t count = 0;
    for (const Hidden& hidden : hidden_) {
      count += hidden.places.size();
      pairs.push_back(places_text(hidden.places, file) + " by " + line_of(hidden.by, file));
    }
    advice_.add(hidden_[0].places[0], "unreached",
                std::to_string(count) +
                    " rules are never reached, since an earlier one matches all that they match: " + listed(pairs, 10),
                "remove them, or put each in front of the one that hides it");
  }

  void tell_takers() {
    constexpr std::size_t kTold = 5;
    const auto key_of = [](const Taker& taker) {
      return taker.own.empty() ? "no key" : "the key " + listed(taker.own);
    };
    if (takers_.size() <= kTold) {
      for (const Taker& taker : takers_) {
        for (const base::Place& place : taker.places) {
          advice_.add_to(key_of(taker), place, "takes-part",
                         "takes a part of what later rules match: an event that fits both has " + key_of(taker) +
                             " and not " + listed(taker.keys, 3),
                         "give it their keys too, or put it behind them");
        }
      }
      return;
    }
    const std::string& file = takers_[0].places[0].file;
    std::vector<std::string> texts;
    for (const Taker& taker : takers_)
      texts.push_back(key_of(taker) + " (" + places_text(taker.places, file) + ") and not " + listed(taker.keys, 2));
    std::string text;
    for (std::size_t i = 0; i < texts.size() && i < kMostTakers; ++i) text += (i == 0 ? "" : "; ") + texts[i];
    if (texts.size() > kMostTakers) text += "; and " + std::to_string(texts.size() - kMostTakers) + " more";
    advice_.add(takers_[0].places[0], "takes-part",
                "the rules of " + std::to_string(takers_.size()) +
                    " keys take a part of what later rules match: an event that fits both has " + text,
                "give each the keys of the later rules too, or put it behind them");
  }

  void tell_groups() {
    constexpr const char* kRemedy = "one rule with the calls of all costs every system call less";
    if (groups_.empty()) return;
    if (groups_.size() <= kApart) {
      for (const auto& [first, places] : groups_)
        for (const base::Place& place : places)
          advice_.add_to(std::to_string(first), place, "mergeable", "has the conditions and the key of other rules",
                         kRemedy);
      return;
    }
    const base::Place& first = groups_.begin()->second.front();
    std::vector<std::string> texts;
    for (const auto& [ignored, places] : groups_) texts.push_back(places_text(places, first.file));
    advice_.add(first, "mergeable",
                std::to_string(texts.size()) + " groups of rules have the same conditions and key: " + listed(texts, 5),
                kRemedy);
  }

  bool unreached(std::size_t index) {
    const WantedRule& wanted = rules_[index];
    const auto before = rules_.first(index);
    const auto hider =
        std::ranges::find_if(before, [&wanted](const WantedRule& other) { return covers(other.rule, wanted.rule); });
    if (hider == before.end()) return false;
    // There every match counts, and the order does not.
    if (wanted.rule.list == List::kExclude) {
      advise(wanted, "no-effect",
             "needless: the rule in " + line_of(hider->place, wanted.place.file) + " leaves out all that it leaves out",
             "remove it");
      return true;
    }
    const auto known = std::ranges::find_if(hidden_, [&hider](const Hidden& one) { return one.by == hider->place; });
    Hidden& hidden = known != hidden_.end() ? *known : hidden_.emplace_back(Hidden{hider->place, {}});
    if (hidden.places.empty() || hidden.places.back() != wanted.place) hidden.places.push_back(wanted.place);
    return true;
  }

  // The kernel takes the first rule that fits, and its key. Told once for a key, with the keys that miss something.
  void takes_from_later(std::size_t index) {
    const WantedRule& wanted = rules_[index];
    const Rule& rule = wanted.rule;
    if (rule.action != Action::kAlways || !is_call_list(rule)) return;
    const std::vector<std::string> own = rule.keys();
    std::vector<std::string> keys;
    for (const WantedRule& later : rules_.subspan(index + 1, std::min(rules_.size(), kMostCompared) - index - 1)) {
      if (later.rule.action != Action::kAlways || later.place == wanted.place) continue;
      const std::vector<std::string> theirs = later.rule.keys();
      if (theirs.empty() || theirs == own || std::ranges::find(keys, theirs.front()) != keys.end()) continue;
      if (!takes_part(rule, later.rule) || covers(rule, later.rule)) continue;
      keys.push_back(theirs.front());
    }
    if (keys.empty()) return;
    const auto found = std::ranges::find(takers_, own, &Taker::own);
    Taker& taker = found != takers_.end() ? *found : takers_.emplace_back(Taker{own, {}, {}});
    taker.places.push_back(wanted.place);
    for (std::string& key : keys)
      if (std::ranges::find(taker.keys, key) == taker.keys.end()) taker.keys.push_back(std::move(key));
  }

  // A rule that leaves out does so for the rules behind it.
  void without_effect(std::size_t index) {
    const WantedRule& wanted = rules_[index];
    if (wanted.rule.action != Action::kNever || !is_call_list(wanted.rule)) return;
    const auto behind = rules_.subspan(index + 1);
    const bool has_effect = std::ranges::any_of(behind, [&wanted](const WantedRule& other) {
      return other.rule.action == Action::kAlways && may_overlap(wanted.rule, other.rule);
    });
    if (has_effect) return;
    advise(wanted, "no-effect", "leaves out nothing: no rule behind it records what it matches",
           "put it in front of the rules that it shall restrict");
  }

  void mergeable(std::size_t index) {
    const WantedRule& wanted = rules_[index];
    const Rule& rule = wanted.rule;
    if (!is_call_list(rule) || rule.syscalls.is_all()) return;
    if (rule.find(FieldId::kPerm) != nullptr) return;  // its calls follow from the permissions
    if (rule.action == Action::kNever) {
      same_conditions_.clear();  // what is merged must not jump over it
      return;
    }
    Rule any_calls = rule;
    any_calls.syscalls = {};
    const auto [first, is_first] = same_conditions_.try_emplace(identity(any_calls), index);
    const WantedRule& other = rules_[first->second];
    if (is_first || other.place == wanted.place) return;
    std::vector<base::Place>& group = groups_[first->second];
    if (group.empty()) group.push_back(other.place);
    if (group.back() != wanted.place) group.push_back(wanted.place);
  }

  void feedback(std::size_t index) {
    const WantedRule& wanted = rules_[index];
    const Rule& rule = wanted.rule;
    if (rule.list != List::kExit || rule.action != Action::kAlways) return;
    if (std::ranges::any_of(rule.fields, narrows_who)) return;
    const tables::ArchWord arch = rule.arch().value_or(native_);
    std::vector<std::string_view> names;
    for (const std::string_view name : kReaderCalls) {
      const auto number = tables::syscall_number(arch, name);
      if (number && rule.syscalls.test(*number)) names.push_back(name);
    }
    const bool is_excluded = std::ranges::any_of(rules_.first(index), [&rule](const WantedRule& other) {
      return other.rule.action == Action::kNever && may_overlap(other.rule, rule) &&
             std::ranges::any_of(other.rule.fields, narrows_who);
    });
    if (names.empty() || is_excluded) return;
    advice_.add_to("", wanted.place, "feedback",
                   "records " + listed(names) +
                       " of every program, also of one that reads or forwards the events, and so "
                       "makes events of events (the kernel leaves out nauditd itself)",
                   "put '-a never,exit -F exe=' with that program's path in front");
  }

  std::span<const WantedRule> rules_;
  tables::ArchWord native_;
  AdviceCollector& advice_;
  std::unordered_map<std::string, std::size_t> same_conditions_;  // the first rule with them
  struct Hidden {
    base::Place by;
    std::vector<base::Place> places;
  };
  std::vector<Hidden> hidden_;
  std::map<std::size_t, std::vector<base::Place>> groups_;  // of mergeable rules, by the first
  struct Taker {
    std::vector<std::string> own, keys;
    std::vector<base::Place> places;
  };
  std::vector<Taker> takers_;
};

}  // namespace

std::string Advice::also() const {
  return more.empty() ? std::string() : places_text(more, place.file);
}

std::string Advice::text() const {
  std::string text = message + (remedy.empty() ? "" : "; " + remedy);
  if (!more.empty()) text += " (also " + also() + ")";
  return base::Problem{place, text + " [" + std::string(check) + "]"}.text();
}

std::vector<Advice> lint(std::span<const WantedRule> rules, const Environment& environment, LintOptions options) {
  AdviceCollector advice;
  RuleLinter linter(environment, advice);
  PathLinter paths(environment, options, advice);
  SetLinter set(rules, environment.native, advice);
  look_at_discards(rules, advice);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    linter.look(rules[i]);
    for (const Field& field : rules[i].rule.fields)
      if (is_path(field.id)) paths.look(rules[i], field);
    set.look(i);
  }
  paths.finish();
  set.finish();
  std::vector<Advice> all = advice.take();
  // In the order of the rules; those of one rule as they were found.
  std::map<std::string, std::size_t> files;
  for (std::size_t i = 0; i < rules.size(); ++i) files.try_emplace(rules[i].place.file, i);
  std::ranges::stable_sort(all, [&files](const Advice& a, const Advice& b) {
    const std::size_t first = files[a.place.file], second = files[b.place.file];
    return first != second ? first < second : a.place.line < b.place.line;
  });
  return all;
}

bool is_loss(const Advice& advice) noexcept {
  constexpr std::string_view kLosses[] = {"never-task", "discards", "unreached", "takes-part", "never-fits"};
  return std::ranges::find(kLosses, advice.check) != std::end(kLosses);
}

}  // namespace naudit::rules
