// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/syntax.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "rules/auditctl/option_scanner.hpp"
#include "rules/rule/builder.hpp"
#include "rules/rule/names.hpp"

namespace naudit::rules {
namespace {

// What auditctl does after an option.
enum class Flow : std::uint8_t {
  kOn,    // reads the next one
  kStop,  // reads no more, and complains about words that are left
  kDone,  // reads no more, and does not
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct ListAndAction {
  List list;
  Action action;
};

// "always,exit" in either order, one comma.
std::optional<ListAndAction> list_and_action(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || text.find(',', comma + 1) != std::string_view::npos) return std::nullopt;
  const std::string_view first = text.substr(0, comma);
  const std::string_view second = text.substr(comma + 1);
  auto list = list_by_name(first);
  auto action = action_by_name(second);
  if (!list) {
    list = list_by_name(second);
    action = action_by_name(first);
    // Only the form "list,possible" was ever eaten.
    if (action == Action::kPossible) return std::nullopt;
  }
  if (!list || !action) return std::nullopt;
  return ListAndAction{*list, *action};
}

class Parser {
 public:
  Parser(std::span<const std::string> words, const Environment& environment)
      : words_(words), scanner_(words), builder_(environment) {}

  Command run() {
    Flow flow = Flow::kOn;
    while (flow == Flow::kOn) {
      const auto option = scanner_.next();
      if (!option) break;
      command_.error_word = static_cast<std::size_t>(
          std::find_if(words_.begin(), words_.end(),
                       [&option](const std::string& word) { return word.data() == option->word.data(); }) -
          words_.begin());
      flow = take(*option);
      for (std::string& warning : builder_.take_warnings()) command_.steps.push_back(step::Warn{std::move(warning)});
      if (command_.failed) {
        // auditctl puts the keys together also when it has failed, and says it if it cannot.
        if (builder_.has_keys() && !builder_.has_anchor()) command_.also = kKeyNeedsAnchor;
        return std::move(command_);
      }
    }
    if (flow == Flow::kDone) return std::move(command_);
    // After the last option getopt has moved the words that are no option to the end.
    const std::size_t rest = flow == Flow::kStop ? words_.size() - scanner_.position() : scanner_.operands();
    if (flow == Flow::kStop ? scanner_.position() == 0 : rest == words_.size())
      command_.failed = true;
    else if (rest > skipped_)
      fail("parameter passed without an option given");
    else
      finish();
    return std::move(command_);
  }

 private:
  enum class RuleChange : std::uint8_t { kNone, kAdd, kDelete };

  Flow fail(std::string message) {
    command_.failed = true;
    command_.error = std::move(message);
    return Flow::kDone;
  }

  Flow check(const Parsed<void>& result) { return result ? Flow::kOn : fail(result.error()); }

  template <typename T>
  Flow stop_after(T what) {
    command_.steps.push_back(std::move(what));
    return Flow::kStop;
  }

  template <typename T>
  Flow done_after(T what) {
    command_.steps.push_back(std::move(what));
    return Flow::kDone;
  }

  Flow take(const OptionScanner::Option& option) {
    if (option.name.empty()) return fail("Option " + std::string(option.word) + " is invalid");
    if (option.name.size() > 1) return take_long(option);
    const std::string argument(option.argument);
    switch (option.name[0]) {
      case 'h':
        return stop_after(step::Usage{});
      case 'i':
        return stop_after(step::IgnoreErrors{false});
      case 'c':
        return stop_after(step::IgnoreErrors{true});
      case 's':
        return status();
      case 'l':
        return list();
      case 'D':
        return delete_all();
      case 'v':
        return stop_after(step::Version{});
      case 't':
        return done_after(step::Trim{});
      case 'e':
        return level(argument, "Enable", &netlink::StatusChange::enabled);
      case 'f':
        return level(argument, "Failure", &netlink::StatusChange::failure);
      case 'r':
        return amount(argument, "Rate", "rate", &netlink::StatusChange::rate_limit);
      case 'b':
        return amount(argument, "Backlog", "backlog", &netlink::StatusChange::backlog_limit);
      case 'a':
        return rule_list(argument, "Append", RuleChange::kAdd, false);
      case 'A':
        return rule_list(argument, "Add", RuleChange::kAdd, true);
      case 'd':
        return rule_list(argument, "Delete", RuleChange::kDelete, false);
      case 'S':
        return check(builder_.add_syscalls(argument));
      case 'F':
        return builder_.has_list() ? check(builder_.add_field(argument)) : fail("List must be given before field");
      case 'C':
        return check(builder_.add_comparison(argument));
      case 'm':
        return message(argument);
      case 'R':
        return fail("Error - nested rule files not supported");
      case 'w':
        return watch(argument, RuleChange::kAdd);
      case 'W':
        return watch(argument, RuleChange::kDelete);
      case 'k':
        if (!builder_.has_list() || !builder_.has_anchor())
          return fail("key option needs a watch or syscall given prior to it");
        return check(builder_.add_key(argument));
      case 'p':
        if (!builder_.has_list()) return fail("permission option needs a watch given prior to it");
        return check(builder_.set_permissions(argument));
      default:
        return equivalent(argument);
    }
  }

  Flow take_long(const OptionScanner::Option& option) {
    const std::string argument(option.argument);
    if (option.name == "help") return take({"h", {}, option.word});
    if (option.name == "loginuid-immutable") return stop_after(step::LoginuidImmutable{});
    if (option.name == "reset-lost") return stop_after(step::ResetLost{});
    if (option.name == "reset_backlog_wait_time_actual") return done_after(step::ResetWaitTime{});
    if (option.name == "backlog_wait_time")
      return amount(argument, "Backlog_wait_time", "backlog_wait_time", &netlink::StatusChange::backlog_wait_time);
    return stop_after(step::SignalDaemon{argument});
  }

  // auditctl looks at the words that follow -s, -l and -D only when the option is a word of its own.
  [[nodiscard]] std::string_view follower() const {
    return scanner_.position() < words_.size() ? std::string_view(words_[scanner_.position()]) : std::string_view();
  }

  Flow status() {
    if (words_.size() > 2) return fail("Too many options for status command");
    bool interpret = false;
    if (words_.size() == 2 && scanner_.position() == 1) {
      if (follower() != "-i") return fail("Only -i option is allowed");
      interpret = true;
      skipped_ = 1;
    }
    return stop_after(step::ShowStatus{interpret, true});
  }

  Flow list() {
    if (words_.size() > 3) return fail("Wrong number of options for list request");
    step::ListRules list;
    if (words_.size() == 2) {
      if (follower() != "-i") return fail("Only -k or -i options are allowed");
      list.interpret = true;
      skipped_ = 1;
    } else if (words_.size() == 3) {
      if (follower() != "-k") return fail("Only -k or -i options are allowed");
      list.key = words_[2];
      skipped_ = 2;
    }
    return stop_after(std::move(list));
  }

  Flow delete_all() {
    if (words_.size() > 3 || words_.size() == 2) return fail("Wrong number of options for Delete all request");
    step::DeleteAll all;
    if (words_.size() == 3) {
      if (follower() != "-k") return fail("Only the -k option is allowed");
      all.key = words_[2];
      skipped_ = 2;
    }
    return stop_after(std::move(all));
  }

  Flow level(const std::string& text, std::string_view what, std::optional<std::uint32_t> netlink::StatusChange::* to) {
    if (text != "0" && text != "1" && text != "2") return fail(std::string(what) + " must be 0, 1, or 2 was " + text);
    return set(to, static_cast<std::uint32_t>(text[0] - '0'));
  }

  Flow amount(const std::string& text, std::string_view what, std::string_view lower,
              std::optional<std::uint32_t> netlink::StatusChange::* to) {
    if (text.empty() || !is_digit(text[0])) return fail(std::string(what) + " must be a numeric value was " + text);
    errno = 0;
    const unsigned long value = std::strtoul(text.c_str(), nullptr, 0);
    if (errno != 0) return fail("Error converting " + std::string(lower));
    return set(to, static_cast<std::uint32_t>(value));
  }

  Flow set(std::optional<std::uint32_t> netlink::StatusChange::* to, std::uint32_t value) {
    step::SetStatus set;
    set.change.*to = value;
    command_.steps.push_back(set);
    status_changed_ = true;
    return Flow::kOn;
  }

  Flow rule_list(const std::string& text, const std::string& what, RuleChange change, bool prepend) {
    if (change_ == RuleChange::kNone && builder_.has_syscalls() && text.find("task") != std::string::npos) {
      return fail(change == RuleChange::kAdd ? "Syscall auditing requested for task list"
                                             : "Error: syscall auditing being added to task list");
    }
    if (change_ != RuleChange::kNone) {
      // The message of -a carries a newline of its own.
      if (!watch_) {
        return fail(std::string("Multiple rule insert/delete operations are not allowed") +
                    (what == "Append" ? "\n" : ""));
      }
      return fail(what + " rule - bad keyword " + text);
    }
    const auto parsed = list_and_action(text);
    if (!parsed) return fail(what + " rule - bad keyword " + text);
    if (parsed->action == Action::kPossible) {
      return done_after(
          step::Warn{(change == RuleChange::kAdd ? std::string("Append") : what) + " rule - possible is deprecated"});
    }
    change_ = change;
    if (change == RuleChange::kDelete) builder_.set_deletion();
    builder_.set_list(parsed->list, parsed->action, prepend);
    return Flow::kOn;
  }

  Flow watch(const std::string& path, RuleChange change) {
    if (change_ != RuleChange::kNone) return fail("watch option can't be given with a syscall");
    if (change == RuleChange::kDelete) builder_.set_deletion();
    if (const auto set = builder_.set_watch(path); !set) return fail(set.error());
    change_ = change;
    watch_ = true;
    return Flow::kOn;
  }

  Flow message(const std::string& text) {
    if (words_.size() > 2) return fail("The -m option must be only the only option and takes 1 parameter");
    for (const char c : text)
      if (static_cast<unsigned char>(c) < 0x20) return fail("Illegal character in audit event");
    return done_after(step::UserMessage{text});
  }

  Flow equivalent(const std::string& text) {
    if (builder_.has_syscalls()) return fail("Syscall auditing requested for make equivalent");
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos || comma + 1 == text.size() || text.find(',', comma + 1) != std::string::npos)
      return fail("Error parsing equivalent parts");
    return done_after(step::MakeEquivalent{text.substr(0, comma), text.substr(comma + 1)});
  }

  void finish() {
    if (change_ == RuleChange::kNone) {
      if (builder_.has_syscalls())
        fail("Error - no list specified");
      else if (status_changed_)
        command_.steps.push_back(step::ShowStatus{false, false});
      return;
    }
    auto rule = builder_.finish();
    for (std::string& warning : builder_.take_warnings()) command_.steps.push_back(step::Warn{std::move(warning)});
    if (!rule)
      fail(rule.error());
    else if (change_ == RuleChange::kAdd)
      command_.steps.push_back(step::AddRule{std::move(*rule)});
    else
      command_.steps.push_back(step::DeleteRule{std::move(*rule)});
  }

  std::span<const std::string> words_;
  OptionScanner scanner_;
  RuleBuilder builder_;
  Command command_;
  RuleChange change_ = RuleChange::kNone;
  bool watch_ = false;
  bool status_changed_ = false;
  std::size_t skipped_ = 0;  // words behind -s, -l and -D that were read with them
};

}  // namespace

Command parse_auditctl(std::span<const std::string> words, const Environment& environment) {
  return Parser(words, environment).run();
}

}  // namespace naudit::rules
