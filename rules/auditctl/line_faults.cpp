// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/line_faults.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "rules/auditctl/option_scanner.hpp"
#include "rules/rule/fault.hpp"
#include "rules/rule/field_value.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr const char* kQuotes =
    "quotes are part of the text here: leave them out, and write a blank as '\\ ' (YAML has quotes)";

// An option with the words that it stands in.
struct Written {
  std::string_view name, argument;
  std::size_t word = 0;           // of the option
  std::size_t argument_word = 0;  // of its argument, and the byte of that word where it begins
  std::size_t argument_at = 0;
};

bool holds(const std::string& word, std::string_view part) {
  const std::less_equal<const char*> before;
  return before(word.data(), part.data()) && before(part.data() + part.size(), word.data() + word.size());
}

// Options stand in the order of their words, so each word is looked at a few times only.
std::vector<Written> options_of(std::span<const std::string> words) {
  std::vector<Written> all;
  OptionScanner scanner(words);
  std::size_t from = 0;
  while (const auto option = scanner.next()) {
    Written one{.name = option->name, .argument = option->argument};
    while (from < words.size() && !holds(words[from], option->word)) ++from;
    one.word = from;
    one.argument_word = from;
    for (std::size_t i = from; option->argument.data() != nullptr && i < words.size() && i <= from + 1; ++i) {
      if (!holds(words[i], option->argument)) continue;
      one.argument_word = i;
      one.argument_at = static_cast<std::size_t>(option->argument.data() - words[i].data());
      break;
    }
    all.push_back(one);
  }
  return all;
}

bool has_quote(std::string_view word) {
  return word.find_first_of("\"'") != std::string_view::npos;
}

// A watch may end with a slash, whatever it turns out to be.
std::string watch_objection(std::string_view path) {
  if (has_quote(path) && !path.starts_with('/')) return base::in_quotes(path) + " does not start with /: " + kQuotes;
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path == "/" ? std::string() : path_objection(FieldId::kPath, path);
}

class Finder {
 public:
  Finder(std::span<const std::string> words, const Command& command, const Environment& environment)
      : words_(words), command_(command), environment_(environment), options_(options_of(words)) {}

  std::vector<LineFault> run() {
    if (!command_.failed) {
      for (const Step& step : command_.steps)
        if (const auto* add = std::get_if<step::AddRule>(&step)) kernel(add->rule.rule);
      return std::move(faults_);
    }
    bool told = false;
    for (const Written& option : options_) {
      // What auditctl has taken is right; where it stopped something is wrong, if only the order of the words.
      const std::size_t before = faults_.size();
      if (option.name.size() == 1) look(option);
      if (option.word < command_.error_word) faults_.resize(before);
      if (option.word == command_.error_word) told = told || faults_.size() > before;
      constexpr std::size_t kMost = 20;
      if (faults_.size() >= kMost) break;
    }
    if (!told) faults_.insert(faults_.begin(), at_stop());
    return std::move(faults_);
  }

 private:
  void add(const Written& option, std::size_t at, std::string message) {
    faults_.push_back({option.argument_word, option.argument_at + at, std::move(message)});
  }

  // auditctl's own words, or what follows from the words that belong to no option.
  [[nodiscard]] LineFault at_stop() const {
    if (command_.error == "parameter passed without an option given" || command_.error.empty())
      if (auto fault = stray_word()) return *fault;
    if (command_.error.starts_with("Option ")) return {command_.error_word, 0, bad_option()};
    if (command_.error == "List must be given before field")
      return {command_.error_word, 0, "-a, with the list, has to stand in front of -F"};
    if (command_.error.starts_with("Error: syscall auditing")) {
      const std::string list = list_ ? " of the list " + std::string(list_name(*list_)) : "";
      return {command_.error_word, 0, "a rule" + list + " takes no system calls (-S); only exit and io_uring do"};
    }
    std::string text = command_.error.empty() ? "this is no rule and no option of auditctl" : command_.error;
    while (text.ends_with('\n')) text.pop_back();
    return {command_.error_word, 0, std::move(text)};
  }

  // An option that is none, or that lacks what has to stand behind it.
  [[nodiscard]] std::string bad_option() const {
    const std::string& word = words_[std::min(command_.error_word, words_.size() - 1)];
    const bool last = command_.error_word + 1 >= words_.size();
    const bool known =
        word.size() == 2 && std::string_view("CefrbaAdSFmRwWkpq").find(word[1]) != std::string_view::npos;
    if (last && (known || word == "--signal" || word == "--backlog_wait_time"))
      return word + " needs something behind it";
    return "there is no option " + base::in_quotes(word) +
           hint_word(word, {"--loginuid-immutable", "--signal", "--backlog_wait_time", "--reset-lost",
                            "--reset_backlog_wait_time_actual", "--help"});
  }

  [[nodiscard]] std::optional<LineFault> stray_word() const {
    std::vector<bool> taken(words_.size(), false);
    for (const Written& option : options_) {
      if (option.word < taken.size()) taken[option.word] = true;
      if (option.argument_word < taken.size()) taken[option.argument_word] = true;
    }
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (taken[i]) continue;
      const std::string& word = words_[i];
      if (word.starts_with('#')) return LineFault{i, 0, "a comment needs a line of its own"};
      if (i == 0 && (word.ends_with(':') || word == "-"))
        return LineFault{i, 0, "this looks like YAML: its file has to end in .yaml"};
      if (std::ranges::any_of(words_, has_quote))
        return LineFault{i, 0, base::in_quotes(word) + " stands without an option; " + kQuotes};
      const bool behind_path = i > 0 && words_[i - 1].find('/') != std::string::npos;
      return LineFault{i, 0,
                       base::in_quotes(word) + " stands without an option" +
                           (behind_path ? "; if it goes on with what stands before it, write the blank as '\\ '" : "")};
    }
    return std::nullopt;
  }

  void look(const Written& option) {
    switch (option.name[0]) {
      case 'a':
      case 'A':
      case 'd':
        return list(option);
      case 'F':
        return condition(option);
      case 'C':
        return comparison_of(option);
      case 'S':
        return calls(option);
      case 'w':
      case 'W':
        if (std::string why = watch_objection(option.argument); !why.empty()) add(option, 0, std::move(why));
        return;
      case 'e':
      case 'f':
        if (option.argument != "0" && option.argument != "1" && option.argument != "2")
          add(option, 0, "-" + std::string(option.name) + " is 0, 1 or 2, not " + base::in_quotes(option.argument));
        return;
      case 'r':
      case 'b':
        if (option.argument.empty() || option.argument[0] < '0' || option.argument[0] > '9')
          add(option, 0, "-" + std::string(option.name) + " is a number, not " + base::in_quotes(option.argument));
        return;
      case 'p':
        if (option.argument.size() > 4 || !perm_by_letters(option.argument))
          add(option, 0, "-p takes up to four letters of r, w, x and a, not " + base::in_quotes(option.argument));
        return;
      default:
        return;
    }
  }

  void list(const Written& option) {
    const std::string_view text = option.argument;
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos || text.find(',', comma + 1) != std::string_view::npos) {
      return add(
          option, 0,
          "expected a list and an action with a comma between them, like always,exit, not " + base::in_quotes(text));
    }
    const std::string_view known[] = {"user", "task", "exit", "exclude", "filesystem", "io_uring", "always", "never"};
    if (comma == 0 || comma + 1 == text.size())
      return add(option, 0, base::in_quotes(text) + " lacks its list or action; no blank may stand beside the comma");
    bool has_list = false, has_action = false;
    for (const auto& [at, word] :
         {std::pair{std::size_t{0}, text.substr(0, comma)}, std::pair{comma + 1, text.substr(comma + 1)}}) {
      if (const auto one = list_by_name(word)) {
        list_ = *one;
        has_list = true;
      } else if (action_by_name(word)) {
        has_action = true;
      } else if (word == "entry") {
        return add(option, at, "the kernel has no list entry any more; write exit");
      } else {
        return add(option, at,
                   base::in_quotes(word) + " is no list and no action" +
                       hint_word(word, {std::begin(known), std::end(known)}));
      }
    }
    if (!has_list || !has_action)
      add(option, 0,
          base::in_quotes(text) + (has_list ? " are two lists" : " are two actions") +
              "; one list and one action are needed");
  }

  void condition(const Written& option) {
    const std::string_view text = option.argument;
    const auto expression = split_expression(text);
    if (!expression) {
      const std::size_t next = option.argument_word + 1;
      const bool apart = next < words_.size() && !words_[next].empty() &&
                         std::string_view("=!<>&").find(words_[next][0]) != std::string_view::npos;
      return add(option, 0,
                 "expected a condition like auid>=1000, not " + base::in_quotes(text) +
                     (apart ? "; no blank may stand around the operator" : ""));
    }
    if (text.starts_with("key=")) return;
    const auto field = field_by_name(expression->name);
    const std::size_t name_end = expression->name.size();
    if (!field) {
      if (text.find("&gt;") != std::string_view::npos || text.find("&lt;") != std::string_view::npos)
        return add(option, name_end, "'&gt;' and '&lt;' are HTML: write > and <");
      if (has_quote(expression->name)) return add(option, 0, base::in_quotes(text) + ": " + kQuotes);
      return add(option, 0, no_such_field(base::trimmed(expression->name)));
    }
    if (*field == FieldId::kArch)
      if (const auto arch = parse_arch(expression->value, environment_)) arch_ = *arch;
    if (const auto parsed = parse_field(*expression, list_.value_or(List::kExit), environment_, Grammar::kAuditctl);
        !parsed) {
      if (auto fault = fault_of_operator(text.substr(name_end)))
        return add(option, name_end, std::move(fault->message));
      const auto value_at = static_cast<std::size_t>(expression->value.data() - text.data());
      if (has_quote(expression->value))
        return add(option, value_at, base::in_quotes(expression->value) + ": " + kQuotes);
      if (auto fault = fault_of_value(field_row(*field), expression->value, environment_))
        return add(option, value_at + fault->at, std::move(fault->message));
      return add(option, 0, parsed.error());
    }
    if (std::string why = kernel_objection({*field, expression->op, 0, std::string(expression->value)}, List::kExit);
        is_path(*field) && !why.empty())
      add(option, 0, std::move(why));
  }

  void comparison_of(const Written& option) {
    const std::string_view text = option.argument;
    if (parse_comparison(text, list_.value_or(List::kUser), Grammar::kAuditctl)) return;
    const std::size_t at = std::min(text.find_first_of("!=<>&"), text.size());
    const std::string_view left = text.substr(0, at);
    const std::string_view right = text.substr(std::min(text.find_first_not_of("!=<>&", at), text.size()));
    for (const std::string_view name : {left, right})
      if (!name.empty() && !field_by_name(name))
        return add(option, static_cast<std::size_t>(name.data() - text.data()), no_such_field(name));
    if (text.find_first_of("<>&") != std::string_view::npos)
      return add(option, at, "two fields are compared by = or != only");
    const auto one = field_by_name(left), other = field_by_name(right);
    if (one && other && !comparison(*one, *other)) return add(option, 0, no_such_comparison(*one, right));
  }

  void calls(const Written& option) {
    if (list_ && *list_ != List::kExit && *list_ != List::kIoUring) return;
    std::string_view rest = option.argument;
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find(','));
      const auto at = static_cast<std::size_t>(name.data() - option.argument.data());
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      if (name.empty() || base::same_word(name, "all")) continue;
      const std::string word = base::lower(name);
      if (list_ == List::kIoUring) {
        if (!tables::uring_op(word) && !is_whole_number(word)) add(option, at, no_such_uring_op(name));
        continue;
      }
      const tables::ArchWord arch = arch_.value_or(environment_.native);
      if (tables::syscall_number(arch, word)) continue;
      const bool number = !word.empty() && word[0] >= '0' && word[0] <= '9';
      if (!number)
        add(option, at, no_such_syscall(name, {arch}, environment_));
      else if (std::strtoul(word.c_str(), nullptr, 0) >= SyscallMask::kBits)
        add(option, at,
            base::in_quotes(name) + " is beyond the numbers of calls, which are below " +
                std::to_string(SyscallMask::kBits));
    }
  }

  // The word in which the field was written.
  [[nodiscard]] std::pair<std::size_t, std::size_t> place_of(const Field& field) const {
    for (const Written& option : options_) {
      if (option.name == "w" && (field.id == FieldId::kPath || field.id == FieldId::kDir))
        return {option.argument_word, option.argument_at};
      if (option.name != "F") continue;
      const auto expression = split_expression(option.argument);
      if (!expression || field_by_name(expression->name) != field.id) continue;
      if (has_text(field.id) && expression->value != field.text) continue;
      return {option.argument_word, option.argument_at};
    }
    return {0, 0};
  }

  void kernel(const Rule& rule) {
    for (const Field& field : rule.fields) {
      std::string why = kernel_objection(field, rule.list);
      if (why.empty()) continue;
      const auto [word, at] = place_of(field);
      if (has_quote(field.text) && is_path(field.id))
        why = base::in_quotes(field.text) + " does not start with /: " + kQuotes;
      faults_.push_back({word, at, std::move(why)});
    }
    if (!faults_.empty()) return;
    if (std::string why = kernel_objection(rule); !why.empty()) faults_.push_back({0, 0, std::move(why)});
  }

  std::span<const std::string> words_;
  const Command& command_;
  const Environment& environment_;
  std::vector<Written> options_;
  std::vector<LineFault> faults_;
  std::optional<List> list_;
  std::optional<tables::ArchWord> arch_;
};

}  // namespace

std::vector<LineFault> line_faults(std::span<const std::string> words, const Command& command,
                                   const Environment& environment) {
  return Finder(words, command, environment).run();
}

std::vector<LineFault> line_doubts(std::span<const std::string> words) {
  std::vector<LineFault> doubts;
  for (const Written& option : options_of(words)) {
    if (option.name != "F") continue;
    const auto expression = split_expression(option.argument);
    if (!expression || field_by_name(expression->name) != FieldId::kExit) continue;
    if (std::string doubt = doubt_of_exit(expression->op, expression->value); !doubt.empty())
      doubts.push_back({option.argument_word, option.argument_at, std::move(doubt)});
  }
  return doubts;
}

}  // namespace naudit::rules
