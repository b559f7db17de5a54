// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/expression.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <ranges>
#include <utility>

#include "base/text.hpp"
#include "config/yaml/document.hpp"
#include "interpret/names/told_names.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::output::shape {
namespace {

struct Failure {
  Mistake mistake;
};

[[noreturn]] void fail(std::size_t at, std::string message) {
  throw Failure{{at, std::move(message)}};
}

constexpr std::pair<std::string_view, Relation> kRelations[] = {
    {"==", Relation::kIs},
    {"!=", Relation::kIs},
    {"<", Relation::kBelow},
    {"<=", Relation::kAtMost},
    {">", Relation::kAbove},
    {">=", Relation::kAtLeast},
    {"in", Relation::kIs},
    {"like", Relation::kLike},
    {"startswith", Relation::kStartsWith},
    {"endswith", Relation::kEndsWith},
    {"contains", Relation::kContains},
    {"matches", Relation::kMatches},
};
constexpr std::string_view kWordsOfLanguage[] = {"and",        "or",       "not",      "in",     "like",
                                                 "startswith", "endswith", "contains", "matches"};

bool is_of_language(const Token& token) {
  return token.kind == TokenKind::kWord &&
         std::ranges::find(kWordsOfLanguage, token.text) != std::end(kWordsOfLanguage);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view near = config::nearest(word, known);
  return near.empty() ? std::string() : "; did you mean " + base::in_quotes(near) + "?";
}

// "13", "-13", "0x10".
std::optional<std::int64_t> number_in(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = text.substr(is_hex ? 2 : 0);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, is_hex ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

bool is_syscall_somewhere(const std::string& name) {
  constexpr std::array kArches = {tables::kArchX86_64, tables::kArchI386, tables::kArchAarch64};
  return std::ranges::any_of(kArches, [&](auto arch) { return tables::syscall_number(arch, name).has_value(); });
}

std::vector<std::string_view> syscall_names() {
  std::vector<std::string_view> names;
  for (std::uint32_t number = 0; number < 1024; ++number)
    if (const auto name = tables::syscall_name(tables::kArchX86_64, number); !name.empty()) names.push_back(name);
  return names;
}

std::vector<std::string_view> type_names() {
  std::vector<std::string_view> names;
  for (std::uint16_t type = 1000; type < 3000; ++type)
    if (const auto name = tables::record_type_name(type); !name.empty()) names.push_back(name);
  return names;
}

std::vector<std::string_view> field_names() {
  std::vector<std::string_view> known;
  for (const Name& one : names()) known.push_back(one.name);
  for (tables::FieldId id = 1; id < tables::kFieldCount; ++id) known.push_back(tables::field_info(id).name);
  return known;
}

class Parser {
 public:
  Parser(std::string_view source, const UserNumbers& users) : source_(source), users_(users) {}

  Tree parse() {
    advance();
    if (token_.kind == TokenKind::kEnd) fail(0, "expected a condition here, like key == exec");
    Tree tree = either(0);
    if (token_.is(TokenKind::kSymbol, ")")) fail(token_.at, "there is no '(' for this ')'");
    if (token_.kind != TokenKind::kEnd) fail(token_.at, "expected 'and' or 'or' here, not " + shown(token_));
    return tree;
  }

 private:
  void advance() {
    auto token = next_token(source_, next_);
    if (!token) throw Failure{std::move(token.error())};
    token_ = *token;
  }
  bool take_word(std::string_view word) {
    if (!token_.is(TokenKind::kWord, word)) return false;
    advance();
    return true;
  }
  bool take_symbol(std::string_view symbol) {
    if (!token_.is(TokenKind::kSymbol, symbol)) return false;
    advance();
    return true;
  }
  static std::string shown(const Token& token) {
    return token.kind == TokenKind::kEnd ? std::string("the end") : base::in_quotes(token.text);
  }

  Tree either(std::size_t depth) { return joined(Tree::Kind::kAny, "or", depth, &Parser::both); }
  Tree both(std::size_t depth) { return joined(Tree::Kind::kAll, "and", depth, &Parser::negated); }
  Tree joined(Tree::Kind kind, std::string_view word, std::size_t depth, Tree (Parser::*part)(std::size_t)) {
    Tree first = (this->*part)(depth);
    if (!token_.is(TokenKind::kWord, word)) return first;
    Tree tree{.kind = kind};
    tree.parts.push_back(std::move(first));
    while (take_word(word)) tree.parts.push_back((this->*part)(depth));
    return tree;
  }

  Tree negated(std::size_t depth) {
    if (depth > kDeepest) fail(token_.at, "is nested more than " + std::to_string(kDeepest) + " levels deep here");
    if (take_word("not")) return negation(negated(depth + 1));
    const std::size_t bracket = token_.at;
    if (!take_symbol("(")) return condition();
    Tree tree = either(depth + 1);
    if (take_symbol(")")) return tree;
    if (token_.kind == TokenKind::kEnd) fail(bracket, "the '(' that opens here has no ')'");
    fail(token_.at, "expected 'and', 'or' or ')' here, not " + shown(token_));
  }

  static Tree negation(Tree tree) {
    Tree negated{.kind = Tree::Kind::kNot};
    negated.parts.push_back(std::move(tree));
    return negated;
  }

  Tree condition() {
    if (token_.kind != TokenKind::kWord || is_of_language(token_))
      fail(token_.at, "expected a condition here, like key == exec, not " + shown(token_));
    if (++conditions_ > kMostConditions)
      fail(token_.at, "has more than " + std::to_string(kMostConditions) + " conditions up to here");
    name_token_ = token_;
    Tree tree{.kind = Tree::Kind::kCondition};
    name_ = find_name(tree.condition);
    advance();
    const bool is_not = take_word("not");
    if (is_not && !token_.is(TokenKind::kWord, "in")) fail(token_.at, "expected 'in' behind this 'not'");
    const bool differs = is_not || token_.is(TokenKind::kSymbol, "!=");
    relate(tree.condition);
    return differs ? negation(std::move(tree)) : tree;
  }

  // Null: a field.
  const Name* find_name(Condition& condition) {
    const std::string_view word = token_.text;
    const auto known = std::ranges::find(names(), word, &Name::name);
    if (known != names().end()) {
      condition.about = known->about;
      return &*known;
    }
    condition.about = About::kField;
    const std::size_t dot = word.find('.');
    if (dot == std::string_view::npos) {
      condition.field = tables::find_field(word);
      if (condition.field == 0) unknown_name();
      return nullptr;
    }
    const std::string_view record = word.substr(0, dot);
    std::string_view field = word.substr(dot + 1);
    const bool is_claim = record == "claim";
    if (record != "field" && !is_claim) {
      const auto type = tables::record_type(record);
      if (!type || tables::record_type_key(*type) != record)
        fail(token_.at, "there is no record type " + base::in_quotes(record) +
                            "; write the type as in the format json (user_login.acct), or 'field' for any");
      condition.record_type = *type;
    }
    constexpr std::string_view kClaim = "claim.";
    const bool of_claim = record != "claim" && field.starts_with(kClaim);
    if (of_claim) field.remove_prefix(kClaim.size());
    if (field.empty()) fail(token_.at + dot, "expected the name of a field behind the dot");
    if (is_claim || of_claim)
      condition.in_kernel = false;
    else if (record != "field")
      condition.in_claim = false;
    condition.field = tables::find_field(field);
    if (condition.field == 0) condition.field_name = field;
    return nullptr;
  }

  [[noreturn]] void unknown_name() {
    std::string hint = did_you_mean(token_.text, field_names());
    if (hint.empty()) hint = "; a field that is not known here is written field." + std::string(token_.text);
    fail(token_.at, "there is no " + base::in_quotes(token_.text) + hint);
  }

  void relate(Condition& condition) {
    const bool ends = token_.kind == TokenKind::kEnd || token_.is(TokenKind::kSymbol, ")") ||
                      token_.is(TokenKind::kWord, "and") || token_.is(TokenKind::kWord, "or");
    if (ends) {
      condition.relation = Relation::kThere;
      return;
    }
    const auto relation = std::ranges::find(kRelations, token_.text, &std::pair<std::string_view, Relation>::first);
    if (relation == std::end(kRelations) || token_.kind == TokenKind::kText) {
      std::vector<std::string_view> known;
      for (const auto& [word, meaning] : kRelations) known.push_back(word);
      const std::string hint = did_you_mean(token_.text, known);
      fail(token_.at, "expected ==, !=, in, startswith, endswith, contains, matches, like or a comparison behind " +
                          base::in_quotes(name_token_.text) + ", not " + shown(token_) + hint);
    }
    condition.relation = relation->second;
    check_relation(condition.relation);
    const bool is_list = token_.is(TokenKind::kWord, "in");
    advance();
    if (!is_list) return operand(condition);
    if (!take_symbol("(")) fail(token_.at, "expected a list here, like (exec, priv), not " + shown(token_));
    do operand(condition);
    while (take_symbol(","));
    if (!take_symbol(")")) fail(token_.at, "expected ',' or ')' in this list, not " + shown(token_));
  }

  void check_relation(Relation relation) const {
    if (name_ == nullptr || relation == Relation::kIs) return;
    const bool is_size = relation >= Relation::kBelow && relation <= Relation::kAtLeast;
    if (is_size ? name_->is_number : name_->is_text) return;
    fail(token_.at, base::in_quotes(name_->name) + " is not compared with " + base::in_quotes(token_.text) +
                        "; use ==, != or in" + (name_->is_number ? ", <, <=, > or >=" : "") +
                        (name_->is_text ? ", startswith, endswith, contains, matches or like" : ""));
  }

  void operand(Condition& condition) {
    if (token_.kind == TokenKind::kEnd || token_.kind == TokenKind::kSymbol)
      fail(token_.at, "expected a value here, not " + shown(token_));
    if (is_of_language(token_))
      fail(token_.at, "expected a value here, not " + shown(token_) + "; a value that is such a word goes in quotes");
    read_value(condition);
    advance();
  }

  void read_value(Condition& condition) {
    const std::string word(token_.text);
    const bool is_size = condition.relation >= Relation::kBelow && condition.relation <= Relation::kAtLeast;
    if (condition.relation == Relation::kMatches) return read_pattern(condition);
    if (is_size) {
      const auto number = number_in(word);
      if (!number) fail(token_.at, "expected a whole number here, not " + base::in_quotes(word));
      condition.numbers.push_back(*number);
      return;
    }
    if (condition.relation != Relation::kIs) return condition.texts.push_back(word);
    switch (condition.about) {
      case About::kType:
        return read_type(condition, word);
      case About::kSyscall:
        return read_syscall(condition, word);
      case About::kUser:
      case About::kUid:
      case About::kAuid:
        return read_user(condition, word);
      case About::kSession:
        return read_session(condition, word);
      case About::kOutcome:
        return read_outcome(condition, word);
      case About::kField:
        // Their text is hexadecimal without this mark, so it says that a number is meant.
        if (word.starts_with("0x") && number_in(word)) condition.numbers.push_back(*number_in(word));
        break;
      default:
        break;
    }
    condition.texts.push_back(word);
  }

  void read_pattern(Condition& condition) const {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_dot_nl(true);
    auto pattern = std::make_shared<const RE2>(re2::StringPiece(token_.text.data(), token_.text.size()), options);
    if (!pattern->ok())
      fail(token_.at, "is no regular expression of RE2: " + pattern->error() +
                          "; see RE2's syntax: no look-around, "
                          "no back-references");
    condition.pattern = std::move(pattern);
  }

  void read_type(Condition& condition, const std::string& word) const {
    const auto type = tables::record_type(word);
    if (!type)
      fail(token_.at, "there is no record type " + base::in_quotes(word) +
                          (config::nearest(word, type_names()).empty() ? "; give a name such as SYSCALL or USER_LOGIN"
                                                                       : did_you_mean(word, type_names())));
    condition.numbers.push_back(*type);
  }

  void read_syscall(Condition& condition, const std::string& word) const {
    if (const auto number = number_in(word))
      condition.numbers.push_back(*number);
    else if (is_syscall_somewhere(word))
      condition.texts.push_back(word);
    else
      fail(token_.at, "there is no system call " + base::in_quotes(word) + did_you_mean(word, syscall_names()));
  }

  void read_user(Condition& condition, const std::string& word) {
    std::uint32_t uid = interpret::kUnsetId;
    if (word == "unset" || word == "-1" || interpret::parse_decimal(word, uid)) {
      condition.numbers.push_back(uid);
      return;
    }
    condition.texts.push_back(word);
    if (const auto known = users_.find(word); known != users_.end()) condition.local_users.push_back(known->second);
  }

  void read_session(Condition& condition, const std::string& word) const {
    std::uint32_t session = interpret::kUnsetId;
    if (word != "unset" && word != "-1" && !interpret::parse_decimal(word, session))
      fail(token_.at, base::in_quotes(word) + " is no login session; give its number (`ses`), or 'unset'");
    condition.numbers.push_back(session);
  }

  void read_outcome(Condition& condition, const std::string& word) const {
    if (word != "success" && word != "failure")
      fail(token_.at,
           "expected success or failure, not " + base::in_quotes(word) + did_you_mean(word, {"success", "failure"}));
    condition.numbers.push_back(word == "success" ? 1 : 0);
  }

  std::string_view source_;
  const UserNumbers& users_;
  std::size_t next_ = 0;
  Token token_, name_token_;
  const Name* name_ = nullptr;
  std::size_t conditions_ = 0;
};

void collect(const Tree& tree, std::initializer_list<About> abouts, std::vector<std::string>& out) {
  const Condition& one = tree.condition;
  if (tree.kind == Tree::Kind::kCondition && one.relation == Relation::kIs &&
      std::ranges::find(abouts, one.about) != abouts.end())
    out.insert(out.end(), one.texts.begin(), one.texts.end());
  for (const Tree& part : tree.parts) collect(part, abouts, out);
}

}  // namespace

tl::expected<Tree, Mistake> parse(std::string_view text, const UserNumbers& users) {
  try {
    return Parser(text, users).parse();
  } catch (Failure& failure) {
    return tl::make_unexpected(std::move(failure.mistake));
  }
}

std::vector<std::string> words_in(std::string_view text, std::initializer_list<About> abouts) {
  std::vector<std::string> words;
  if (const auto tree = parse(text, {})) collect(*tree, abouts, words);
  return words;
}

Program::Program(const Tree& tree, interpret::NamesScope scope) : scope_(std::move(scope)) {
  start_ = add(tree, kPasses, kFails);
}

// From the last condition to the first: where each goes on is known then.
std::uint32_t Program::add(const Tree& tree, std::uint32_t if_so, std::uint32_t if_not) {
  switch (tree.kind) {
    case Tree::Kind::kCondition:
      steps_.push_back({.condition = tree.condition, .if_so = if_so, .if_not = if_not});
      return static_cast<std::uint32_t>(steps_.size() - 1);
    case Tree::Kind::kNot:
      return add(tree.parts.front(), if_not, if_so);
    case Tree::Kind::kAll:
      for (const Tree& part : tree.parts | std::views::reverse) if_so = add(part, if_so, if_not);
      return if_so;
    case Tree::Kind::kAny:
      break;
  }
  for (const Tree& part : tree.parts | std::views::reverse) if_not = add(part, if_so, if_not);
  return if_not;
}

}  // namespace naudit::output::shape
