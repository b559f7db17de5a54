// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/kinds.hpp"
#include "migrate/conf/import.hpp"
#include "migrate/conf/settings.hpp"
#include "migrate/conf/text.hpp"
#include "rules/rule/environment.hpp"

namespace naudit::migrate {

// What other programs' configurations become: nauditd.yaml and rule files, as far as they are written. Owner: one
// migration; one thread. Touches nothing.
class Draft {
 public:
  struct RuleFile {
    std::string name;  // "50-base.yaml", in rules.d
    std::string yaml;
  };

  // `found`: the names of all sources that are there; `kinds` has to outlive it.
  Draft(const config::Kinds& kinds, rules::Environment machine, std::vector<std::string> found);

  [[nodiscard]] ConfigText& config() noexcept { return config_; }
  [[nodiscard]] bool has(std::string_view source) const;
  // Rule files stay where they are, as nauditd reads auditctl's, too: what scanners look at goes on to be what counts.
  void keep_rules() noexcept { keeps_rules_ = true; }
  [[nodiscard]] bool keeps_rules() const noexcept { return keeps_rules_; }
  // A source that is there and, as another one says, not in use.
  void set_off(std::string source) { off_.insert(std::move(source)); }
  [[nodiscard]] bool is_off(const std::string& source) const { return off_.contains(source); }

  // Lines of auditctl become a file of this name in rules.d. What they set of the kernel goes to `kernel`. `moved` says
  // where a problem of a line really stands, if the text is part of another file.
  using Move = std::function<base::Problem(base::Problem)>;
  void add_rules(const std::string& text, const std::string& name, std::string file, AuditdInstallation::Kernel& kernel,
                 const Move& moved = {});
  void note(std::vector<base::Problem> problems);
  void note(const base::Place& place, std::string text) { config_.note(place, std::move(text)); }
  // All that is left of the settings: "key = value: why", by the longest of these beginnings.
  struct Why {
    std::string_view begin, reason;
    bool needless = false;
  };
  void note_rest(const Settings& settings, std::initializer_list<Why> reasons, std::string_view program);
  // The lines that end nauditd.yaml.
  void append(std::string lines) { appendix_ += lines; }
  // Without sinks there are none, and not the default one.
  void set_all_sinks() noexcept { all_sinks_ = true; }

  // The whole; afterwards the draft is used up. Throws base::Error if the loader refuses it, which is a fault of
  // nauditd.
  struct Done {
    std::string yaml;
    std::vector<RuleFile> rules;
    std::vector<base::Problem> notes;   // what has no equivalent
    std::vector<base::Problem> errors;  // lines of rules that auditctl would refuse, left as comments
    std::size_t rule_count = 0;
  };
  Done finish();

 private:
  const config::Kinds& kinds_;
  rules::Environment machine_;
  std::vector<std::string> found_;
  std::set<std::string> off_;
  ConfigText config_;
  std::string appendix_;
  bool all_sinks_ = false;
  bool keeps_rules_ = false;
  Done done_;
};

}  // namespace naudit::migrate
