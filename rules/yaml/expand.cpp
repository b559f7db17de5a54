// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/yaml/expand.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <span>

#include "base/text.hpp"
#include "config/yaml/document.hpp"
#include "rules/auditctl/file.hpp"
#include "rules/auditctl/line_faults.hpp"
#include "rules/auditctl/syntax.hpp"
#include "rules/rule/builder.hpp"
#include "rules/rule/fault.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

using base::Place;

constexpr std::string_view kAnyArch = "any";

bool is_number(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

// The keys that multiply a rule, besides arch and those of a path, in the order of the kernel rule's fields.
constexpr std::string_view kMultiplying[] = {"exe", "types", "filesystem"};

using Choices = std::vector<std::optional<YamlTarget>>;

// One for each word of the key; nothing if it has none.
Choices choices(const YamlRule& rule, std::string_view key) {
  Choices all;
  for (const YamlWord& word : rule.*yaml_words(key))
    all.push_back(YamlTarget{field_by_yaml_key(key)->id, word.text, word.place});
  if (all.empty()) all.emplace_back(std::nullopt);
  return all;
}

Choices arch_choices(const YamlRule& rule, const Environment& environment) {
  if (rule.arches.size() == 1 && rule.arches[0].text == kAnyArch) return {std::nullopt};
  if (!rule.arches.empty() || (rule.syscalls.empty() && !is_short_form(rule))) return choices(rule, "arch");
  // Each ABI of the machine, by the word that auditctl knows, too.
  const auto compat = tables::arch_compat(environment.native);
  const bool is_64_bit = parse_arch("b64", environment).has_value();
  Choices all{YamlTarget{FieldId::kArch, is_64_bit ? "b64" : "b32", rule.place}};
  if (compat && tables::has_syscalls(*compat)) all.push_back(YamlTarget{FieldId::kArch, "b32", rule.place});
  return all;
}

// The kernel takes no path with a slash at its end. It takes a directory with one, and a rule of auditctl with
// dir=/etc/ is another one than that with dir=/etc.
std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

Choices path_choices(const YamlRule& rule, const Environment& environment) {
  Choices all;
  for (const YamlWord& word : rule.watch) {
    const bool directory = environment.is_directory && environment.is_directory(without_slash(word.text));
    all.push_back(YamlTarget{directory ? FieldId::kDir : FieldId::kPath, without_slash(word.text), word.place, &word});
  }
  for (const YamlWord& word : rule.paths)
    all.push_back(YamlTarget{FieldId::kPath, without_slash(word.text), word.place});
  for (const YamlWord& word : rule.dirs) all.push_back(YamlTarget{FieldId::kDir, word.text, word.place});
  if (all.empty()) all.emplace_back(std::nullopt);
  return all;
}

// One of each list, in every combination; false when `use` has said so.
bool combine(std::span<const Choices> lists, YamlCombination& combination,
             const std::function<bool(const YamlCombination&)>& use) {
  if (lists.empty()) return use(combination);
  for (const auto& choice : lists.front()) {
    if (choice) combination.targets.push_back(*choice);
    const bool goes_on = combine(lists.subspan(1), combination, use);
    if (choice) combination.targets.pop_back();
    if (!goes_on) return false;
  }
  return true;
}

// What to write instead of "wa", "w", "attr" and the like.
std::string hint_permission(std::string_view word) {
  if (const auto bits = perm_by_letters(word); bits && !word.empty()) {
    std::string list;
    for (const std::string_view known : permission_words(*bits)) {
      if (!list.empty()) list += ", ";
      list += known;
    }
    return "; write it out: [" + list + "]";
  }
  if (std::string list = hint_list(word); !list.empty()) return list;
  return hint_word(word, permission_words(kPermAll));
}

class Expansion {
 public:
  Expansion(const YamlRule& rule, const Environment& environment, RuleSet& set, config::Problems& problems)
      : rule_(rule), environment_(environment), set_(set), problems_(problems) {}

  void run() {
    if (rule_.auditctl) return take_line();
    if (!choose_list() || !choose_permissions() || !check_combination()) return;
    check_syscalls(arch_choices(rule_, environment_));
    if (failed_) return;
    for_each_combination(rule_, environment_, [this](const YamlCombination& combination) {
      make(combination);
      return !failed_;  // one report a mistake, not one a combination
    });
  }

 private:
  // Where a field of the rule was written; several of one kind may stand there, the first is told.
  const Place& place_of(FieldId id) const {
    const auto found = std::ranges::find(places_, id, &FieldPlace::id);
    return found == places_.end() ? rule_.place : found->place;
  }

  void problem(const Place& place, std::string message) {
    problems_.add(place, std::move(message));
    failed_ = true;
  }

  // A rule that is written as auditctl's line, and so has all its parts there.
  void take_line() {
    const YamlWord& line = *rule_.auditctl;
    if (!is_auditctl_only(rule_))
      return problem(line.place, "'auditctl' is a whole rule; only 'description' may stand beside it");
    const auto lines = read_rule_lines(line.text);
    if (lines.size() != 1) return problem(line.place, "expected one rule of auditctl, like '-a always,exit -S mount'");
    Command command = parse_auditctl(lines[0].words, environment_);
    std::vector<LineFault> faults = line_faults(lines[0].words, command, environment_);
    for (LineFault& fault : faults) problem(line.place, std::move(fault.message));
    if (!faults.empty()) return;
    for (LineFault& doubt : line_doubts(lines[0].words)) set_.note(line.place, std::move(doubt.message));
    for (Step& step : command.steps) {
      if (auto* warning = std::get_if<step::Warn>(&step)) {
        if (!is_told_by_advice(warning->text)) set_.note(line.place, std::move(warning->text));
      } else if (auto* add = std::get_if<step::AddRule>(&step)) {
        add->rule.place = rule_.place;
        add->rule.description = rule_.description;
        set_.add(std::move(add->rule));
      } else {
        return problem(line.place, "only a rule may stand here: -a, -A or -w");
      }
    }
  }

  bool choose_list() {
    if (!rule_.filesystems.empty()) list_ = List::kFilesystem;
    if (!rule_.io_uring.empty()) list_ = List::kIoUring;
    if (!rule_.types.empty()) list_ = List::kExclude;
    if (rule_.list) {
      const auto list = list_by_name(rule_.list->text);
      if (!list) {
        problem(rule_.list->place, "expected one of exit, task, user, exclude, filesystem, io_uring, not " +
                                       base::in_quotes(rule_.list->text));
        return false;
      }
      list_ = *list;
    }
    if (rule_.action) {
      const auto action = action_by_name(rule_.action->text);
      if (!action || *action == Action::kPossible) {
        problem(rule_.action->place, "expected always or never, not " + base::in_quotes(rule_.action->text));
        return false;
      }
      action_ = *action;
    } else if (list_ == List::kFilesystem) {
      problem(rule_.place, "a filesystem rule needs its action: never (leave these out) or always");
      return false;
    }
    return true;
  }

  bool choose_permissions() {
    for (const YamlWord& word : rule_.permissions) {
      const auto bits = permission_by_word(word.text);
      if (bits) {
        permissions_ |= *bits;
      } else {
        problem(word.place, "expected read, write, execute or attributes, not " + base::in_quotes(word.text) +
                                hint_permission(word.text));
      }
    }
    if (permissions_ == 0 && !rule_.watch.empty()) permissions_ = kPermAll;
    return !failed_;
  }

  bool check_combination() {
    if (!rule_.watch.empty() && !rule_.syscalls.empty())
      problem(rule_.place, "a rule has either watch or syscalls; use path or dir together with syscalls");
    if (!rule_.watch.empty() && list_ != List::kExit) problem(rule_.place, "a watch belongs to the exit list");
    if (!rule_.io_uring.empty() && !rule_.syscalls.empty())
      problem(rule_.place, "a rule has either syscalls or io_uring operations");
    if (!rule_.syscalls.empty() && list_ != List::kExit)
      problem(rule_.place, "syscalls belong to the exit list, not to " + std::string(list_name(list_)));
    return !failed_;
  }

  bool knows(const std::optional<YamlTarget>& arch, const std::string& name) const {
    if (is_number(name) || name == "all") return true;
    const auto word = arch ? parse_arch(arch->value, environment_) : Parsed<tables::ArchWord>(environment_.native);
    return word && tables::syscall_number(*word, name).has_value();
  }

  void check_syscalls(const Choices& arches) {
    for (const auto& arch : arches) {
      if (!arch) continue;
      if (const auto word = parse_arch(arch->value, environment_); !word)
        problem(arch->place, base::in_quotes(arch->value) + " is no arch; use b64, b32 or a machine's name");
    }
    if (failed_) return;
    for (const YamlWord& word : rule_.syscalls) {
      if (bad_number(word)) continue;
      if (std::none_of(arches.begin(), arches.end(), [&](const auto& arch) { return knows(arch, word.text); }))
        problem(word.place, no_such_syscall(word.text, words_of(arches), environment_));
    }
    for (const YamlWord& word : rule_.io_uring)
      if (!bad_number(word) && !is_number(word.text) && word.text != "all" && !tables::uring_op(word.text))
        problem(word.place, no_such_uring_op(word.text));
  }

  // A word that begins as a number has to be one, and of a call that a rule has a bit for.
  bool bad_number(const YamlWord& word) {
    if (!is_number(word.text)) return false;
    const bool whole = is_whole_number(word.text);
    if (whole && std::strtoul(word.text.c_str(), nullptr, 0) < SyscallMask::kBits) return false;
    problem(word.place, base::in_quotes(word.text) + (whole ? " is beyond the numbers of calls, which are below " +
                                                                  std::to_string(SyscallMask::kBits)
                                                            : std::string(" is neither a number nor a name")));
    return true;
  }

  std::vector<tables::ArchWord> words_of(const Choices& arches) const {
    std::vector<tables::ArchWord> words;
    for (const auto& arch : arches)
      if (const auto word = arch ? parse_arch(arch->value, environment_) : environment_.native) words.push_back(*word);
    return words;
  }

  // The names that the arch has, as a comma list; notes the others.
  std::string syscalls_of(const std::optional<YamlTarget>& arch) {
    std::string list;
    for (const YamlWord& word : rule_.syscalls) {
      if (knows(arch, word.text)) {
        list += (list.empty() ? "" : ",") + word.text;
      } else if (!rule_.arches.empty()) {
        set_.note(word.place, base::in_quotes(word.text) + " does not exist on " + arch->value +
                                  "; the rule for that arch is loaded without it");
      }
    }
    for (const YamlWord& word : rule_.io_uring) list += (list.empty() ? "" : ",") + word.text;
    return list;
  }

  bool check(const Parsed<void>& result, const Place& place) {
    if (!result) problem(place, result.error());
    return result.has_value();
  }

  void make(const YamlCombination& combination) {
    RuleBuilder builder(environment_);
    places_.clear();
    builder.follow_kernel();
    builder.set_list(list_, action_, false);
    const std::optional<YamlTarget>& arch = combination.arch;
    if (arch && !add_target(builder, *arch)) return;
    std::string syscalls = syscalls_of(arch);
    for (const std::string_view name : calls_of_short_form(rule_, arch, environment_))
      syscalls += (syscalls.empty() ? "" : ",") + std::string(name);
    if (syscalls.empty() && !rule_.syscalls.empty()) return;  // an ABI that has none of them
    if (!syscalls.empty() && !check(builder.add_syscalls(syscalls), rule_.place)) return;
    bool has_permissions = false;
    for (const YamlTarget& target : combination.targets) {
      places_.push_back({target.field, target.place});
      if (!add_target(builder, target)) return;
      if (target.field != FieldId::kPath && target.field != FieldId::kDir) continue;
      if (!add_permissions(builder)) return;
      has_permissions = true;
    }
    if (!has_permissions && !add_permissions(builder)) return;
    // Every wrong condition is told, not only the first.
    for (const YamlWord& word : rule_.where) add_condition(builder, word);
    if (failed_) return;
    key_bytes_ = 0;
    for (const YamlWords* words : {&rule_.keys, &rule_.tags}) {
      for (const YamlWord& word : *words)
        if (!add_key(builder, word)) return;
    }
    finish(builder);
  }

  bool add_key(RuleBuilder& builder, const YamlWord& word) {
    key_bytes_ += word.text.size() + (key_bytes_ > 0 ? 1 : 0);
    if (key_bytes_ <= kMaxKeyLength) return check(builder.add_key(word.text), word.place);
    problem(word.place, "the keys and tags of a rule have " + std::to_string(key_bytes_) +
                            " bytes up to here, with one between two of them; the kernel takes " +
                            std::to_string(kMaxKeyLength) + ", so shorten them or leave some out");
    return false;
  }

  bool add_target(RuleBuilder& builder, const YamlTarget& target) {
    if (const auto fault = fault_of_value(field_row(target.field), target.value, environment_)) {
      problem(target.place, fault->message);
      return false;
    }
    return check(builder.add_field({field_name(target.field), Operator::kEqual, target.value}), target.place);
  }

  bool add_permissions(RuleBuilder& builder) {
    return permissions_ == 0 ||
           check(builder.add_field({"perm", Operator::kEqual, perm_letters(permissions_)}), rule_.place);
  }

  // The place of a byte of the word, as far as its line tells: an escape in quotes moves it.
  static Place place_in(const YamlWord& word, std::size_t at) {
    Place place = word.place;
    if (place.column > 0) place.column += static_cast<int>(at) + (word.quoted ? 1 : 0);
    return place;
  }

  bool add_condition(RuleBuilder& builder, const YamlWord& word) {
    const std::string_view whole = word.text;
    const std::string_view text = base::trimmed(whole);
    const auto offset = [whole](std::string_view part) { return static_cast<std::size_t>(part.data() - whole.data()); };
    std::size_t end = 0;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    const std::string_view name = text.substr(0, end);
    const std::string_view rest = base::trimmed(text.substr(end));
    const auto field = field_by_name(name);
    if (!name.empty() && !rest.empty() && (!field || *field == FieldId::kFieldCompare)) {
      problem(place_in(word, offset(text)), no_such_field(name));
      return false;
    }
    if (const auto fault = fault_of_operator(rest); fault && !name.empty()) {
      problem(place_in(word, offset(rest)), fault->message);
      return false;
    }
    const auto op = operator_at(rest);
    const std::string_view value = op ? base::trimmed(rest.substr(op->length)) : std::string_view();
    if (!op || !field || value.empty()) {
      problem(word.place, "expected a condition like 'auid >= 1000', not " + base::in_quotes(word.text));
      return false;
    }
    if (*field == FieldId::kArch || *field == FieldId::kKey) {
      problem(word.place, base::in_quotes(name) + " has a place of its own in a rule; it is no condition");
      return false;
    }
    places_.push_back({*field, word.place});
    if (const auto other = field_by_name(value); other && !has_text(*field)) {
      if (comparison(*field, *other)) {
        return check(
            builder.add_comparison(std::string(name) + std::string(operator_text(op->op)) + std::string(value)),
            word.place);
      }
      const bool is_value = !fault_of_value(field_row(*field), value, environment_);
      if (!is_value) {
        problem(place_in(word, offset(value)), no_such_comparison(*field, value));
        return false;
      }
    }
    if (const auto fault = fault_of_value(field_row(*field), value, environment_)) {
      problem(place_in(word, offset(value) + fault->at), fault->message);
      return false;
    }
    if (*field == FieldId::kExit)
      if (std::string doubt = doubt_of_exit(op->op, value); !doubt.empty()) set_.note(word.place, std::move(doubt));
    return check(builder.add_field({name, op->op, value}), word.place);
  }

  void finish(RuleBuilder& builder) {
    auto wanted = builder.finish();
    if (!wanted) return problem(rule_.place, wanted.error());
    for (const Field& field : wanted->rule.fields)
      for (std::string& why : std::array{kernel_objection(field, list_), pointless(field)})
        if (!why.empty()) return problem(place_of(field.id), std::move(why));
    if (std::string why = kernel_objection(wanted->rule); !why.empty()) return problem(rule_.place, std::move(why));
    wanted->place = rule_.place;
    wanted->description = rule_.description;
    wanted->every_call_is_meant = rule_.arches.size() == 1 && rule_.arches[0].text == kAnyArch;
    for (const YamlWord& tag : rule_.tags) wanted->tags.push_back(tag.text);
    set_.add(std::move(*wanted));
  }

  const YamlRule& rule_;
  const Environment& environment_;
  RuleSet& set_;
  config::Problems& problems_;
  List list_ = List::kExit;
  Action action_ = Action::kAlways;
  std::uint32_t permissions_ = 0;
  struct FieldPlace {
    FieldId id;
    Place place;
  };
  std::vector<FieldPlace> places_;  // of the rule in hand
  std::size_t key_bytes_ = 0;
  bool failed_ = false;
};

}  // namespace

void for_each_combination(const YamlRule& rule, const Environment& environment,
                          const std::function<bool(const YamlCombination&)>& use) {
  std::vector<Choices> lists{path_choices(rule, environment)};
  for (const std::string_view key : kMultiplying) lists.push_back(choices(rule, key));
  for (const auto& arch : arch_choices(rule, environment)) {
    YamlCombination combination{arch, {}};
    if (!combine(lists, combination, use)) return;
  }
}

bool is_short_form(const YamlRule& rule) noexcept {
  const bool other_list = !rule.filesystems.empty() || !rule.io_uring.empty() || !rule.types.empty() ||
                          (rule.list && rule.list->text != list_name(List::kExit));
  return !other_list && rule.arches.empty() && rule.syscalls.empty() &&
         (!rule.watch.empty() || !rule.permissions.empty());
}

std::vector<std::string_view> calls_of_short_form(const YamlRule& rule, const std::optional<YamlTarget>& arch,
                                                  const Environment& environment) {
  if (!is_short_form(rule) || !arch) return {};
  const auto word = parse_arch(arch->value, environment);
  if (!word) return {};
  std::uint32_t permissions = 0;
  for (const YamlWord& one : rule.permissions) permissions |= permission_by_word(one.text).value_or(0);
  std::vector<std::string_view> names = perm_extra_names(permissions == 0 ? kPermAll : permissions);
  std::erase_if(names, [&word](std::string_view name) { return !tables::syscall_number(*word, name); });
  return names;
}

void expand(const YamlRule& rule, const Environment& environment, RuleSet& set, config::Problems& problems) {
  Expansion(rule, environment, set, problems).run();
}

}  // namespace naudit::rules
