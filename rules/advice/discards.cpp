// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/discards.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "rules/advice/subsume.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/places.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr std::string_view kDiscards = "discards";

// Types of linux/audit.h that stand for their kind.
constexpr std::uint32_t kSyscall = 1300, kConfigChange = 1305, kEoe = 1320;

// What an event loses without the record, and the calls that write it; no calls: every one.
struct Part {
  std::uint32_t type;
  std::string_view lost;
  std::vector<std::string_view> calls;
};

const std::vector<Part>& parts() {
  static const std::vector<Part> all = {
      {kSyscall, "who did what with which result, and the key of the rule,", {}},
      {1302 /* PATH */, "the names of the files", {}},
      {1309 /* EXECVE */, "the arguments of the program", {"execve", "execveat"}},
      {1306 /* SOCKADDR */,
       "the address",
       {"connect", "bind", "accept", "accept4", "sendto", "recvfrom", "socketcall"}},
      {1330 /* KERN_MODULE */, "the name of the module", {"init_module", "finit_module", "delete_module"}},
      {1318 /* OBJ_PID */, "the process that the call was for", {"kill", "tkill", "tgkill", "ptrace"}},
  };
  return all;
}

bool may_write(const Rule& rule, const Part& part) {
  if (rule.list != List::kExit && rule.list != List::kIoUring) return false;
  if (rule.action != Action::kAlways) return false;
  if (part.calls.empty()) return true;
  const tables::ArchWord arch = rule.arch().value_or(tables::native_arch());
  return std::ranges::any_of(part.calls, [&](std::string_view name) {
    const auto number = tables::syscall_number(arch, name);
    return number && rule.syscalls.test(*number);
  });
}

// Which rules write the record: "the rules in lines 1 and 4".
std::string writers(std::span<const WantedRule> rules, const Part& part, const std::string& file) {
  constexpr std::size_t kMost = 5;
  std::vector<base::Place> places;
  for (const WantedRule& one : rules)
    if (may_write(one.rule, part) && std::ranges::find(places, one.place) == places.end()) places.push_back(one.place);
  if (places.empty()) return {};
  if (places.size() > kMost) return base::count_text(places.size(), "rule");
  const bool one = places.size() == 1;
  if (std::ranges::all_of(places, [&file](const base::Place& place) { return place.file == file; }))
    return (one ? "the rule in " : "the rules in ") + places_text(places, file);
  return (one ? "the rule at " : "the rules at ") + places_text(places, {});
}

// Whose records it leaves out, if not everybody's.
std::string whose(const Rule& rule) {
  const bool some = std::ranges::any_of(
      rule.fields, [](const Field& field) { return field.id != FieldId::kMsgtype && field.id != FieldId::kKey; });
  return some ? " that fits its other conditions" : "";
}

class Discards {
 public:
  Discards(std::span<const WantedRule> rules, const WantedRule& wanted, AdviceCollector& advice)
      : rules_(rules),
        wanted_(wanted),
        types_(record_types(wanted.rule)),
        whose_(whose(wanted.rule)),
        advice_(advice) {}

  void look() {
    const bool kernels = has_two({1300 /* SYSCALL */, 1302 /* PATH */, 1309 /* EXECVE */});
    const bool programs = has_two({1100 /* USER_AUTH */, 1105 /* USER_START */, 1112 /* USER_LOGIN */});
    if (types_.least == types_.most) return single();
    const bool narrowed = !whose_.empty();
    if (kernels && programs) {
      // Without msgtype it is about a person or a program, as its author wants.
      if (narrowed && wanted_.rule.find(FieldId::kMsgtype) == nullptr) return;
      return tell("leaves out every record" + whose_ + but() + ", whatever its place in the file", kWiden);
    }
    if (kernels)
      return tell("leaves out every record" + whose_ + range() + ": no rule of the exit list records anything", kWiden);
    if (programs)
      return tell("leaves out what programs report" + whose_ + range() + ": logins, sudo, changes of users", kWiden);
    single();
  }

 private:
  static constexpr const char* kWiden = "name the types that are not wanted, one msgtype= each";

  void tell(std::string message, std::string remedy) {
    advice_.add(wanted_.place, kDiscards, std::move(message), std::move(remedy));
  }

  // Not a single one that is meant by itself, and not all but one.
  [[nodiscard]] bool has_two(std::initializer_list<std::uint32_t> types) const {
    return std::ranges::count_if(types, [this](std::uint32_t type) { return types_.has(type); }) >= 2;
  }

  [[nodiscard]] std::string but() const {
    std::string names;
    for (const std::uint32_t type : types_.excluded)
      names += (names.empty() ? " but " : ", ") + tables::record_type_text(static_cast<std::uint16_t>(type));
    return names;
  }

  [[nodiscard]] std::string range() const {
    constexpr std::uint32_t kLast = 0xFFFF;
    if (types_.most >= kLast) return " of type " + std::to_string(types_.least) + " and above" + but();
    if (types_.least == 0) return " of type " + std::to_string(types_.most) + " and below" + but();
    return " of the types " + std::to_string(types_.least) + " to " + std::to_string(types_.most) + but();
  }

  // The types by themselves, of a small range too.
  void single() {
    for (const Part& part : parts()) {
      if (!types_.has(part.type)) continue;
      const std::string of = writers(rules_, part, wanted_.place.file);
      if (of.empty()) continue;
      tell("takes " + std::string(part.lost) + " out of every event of " + of + whose_,
           "leave out the events as a whole, by a rule 'never' in front of the one that records them");
    }
    if (types_.has(kEoe)) {
      constexpr std::uint32_t kProctitle = 1327;
      const bool neither = std::ranges::any_of(rules_, [](const WantedRule& one) {
        return one.rule.list == List::kExclude && record_types(one.rule).has(kProctitle);
      });
      tell("without EOE the kernel does not say where an event ends; nauditd takes PROCTITLE for its end" +
               std::string(neither ? ", which is left out, too: every event waits for a quiet time" : ""),
           "remove the rule");
    }
    if (types_.has(kConfigChange)) {
      tell("hides who changes the rules and settings of auditing, and nauditd notices it up to a minute later",
           "remove the rule");
    }
  }

  std::span<const WantedRule> rules_;
  const WantedRule& wanted_;
  TypeRange types_;
  std::string whose_;
  AdviceCollector& advice_;
};

}  // namespace

void look_at_discards(std::span<const WantedRule> rules, AdviceCollector& advice) {
  for (const WantedRule& wanted : rules)
    if (wanted.rule.list == List::kExclude && !is_impossible(wanted.rule)) Discards(rules, wanted, advice).look();
}

}  // namespace naudit::rules
