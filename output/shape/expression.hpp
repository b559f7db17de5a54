// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "interpret/names/scope.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/shape/condition.hpp"
#include "output/shape/tokens.hpp"

namespace naudit::output::shape {

// An expression as it is written: conditions, joined. Only while a filter is made.
struct Tree {
  enum class Kind : std::uint8_t { kAll, kAny, kNot, kCondition };
  Kind kind = Kind::kAll;  // all of nothing is true, any of nothing is not
  std::vector<Tree> parts = {};
  Condition condition = {};
};

// The numbers that users have on this machine, by their names.
using UserNumbers = std::map<std::string, std::uint32_t>;

// Reads text such as
//
//   key in (exec, priv) and not user == "backup" and exe startswith "/usr/"
//
//   either    = both { "or" both }
//   both      = negated { "and" negated }
//   negated   = "not" negated | "(" either ")" | condition
//   condition = NAME | NAME RELATION value | NAME ["not"] "in" "(" value { "," value } ")"
//   RELATION  = "==" "!=" "<" "<=" ">" ">=" startswith endswith contains matches like
//
// docs/sinks.md says what each means. Pure; any text; never deeper than kDeepest, nor with more than kMostConditions
// conditions.
tl::expected<Tree, Mistake> parse(std::string_view text, const UserNumbers& users);
inline constexpr std::size_t kDeepest = 64;
inline constexpr std::size_t kMostConditions = 1000;

// The words that it compares with `==`, `!=` and `in` where one of these is what it is about. Empty for what is no
// expression.
std::vector<std::string> words_in(std::string_view text, std::initializer_list<About> abouts);

// A tree made flat: conditions in the order in which they are asked, each with where to go on for its answer. Asking
// takes no memory and no recursion, and ends at the first condition that decides.
//
// Immutable; any thread.
class Program {
 public:
  // Lets everything pass.
  Program() = default;
  explicit Program(const Tree& tree, interpret::NamesScope scope = {});

  [[nodiscard]] bool passes(const interpret::DecodedEvent& event) const {
    std::uint32_t at = start_;
    while (at < steps_.size()) {
      const Step& step = steps_[at];
      at = holds(step.condition, event, scope_) ? step.if_so : step.if_not;
    }
    return at == kPasses;
  }
  [[nodiscard]] bool passes_all() const noexcept { return start_ == kPasses; }

 private:
  static constexpr std::uint32_t kPasses = ~std::uint32_t{0};
  static constexpr std::uint32_t kFails = kPasses - 1;
  struct Step {
    Condition condition;
    std::uint32_t if_so, if_not;
  };

  std::uint32_t add(const Tree& tree, std::uint32_t if_so, std::uint32_t if_not);

  std::vector<Step> steps_;
  std::uint32_t start_ = kPasses;
  interpret::NamesScope scope_;
};

}  // namespace naudit::output::shape
