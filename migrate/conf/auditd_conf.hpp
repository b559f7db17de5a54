// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace naudit::migrate {

// A file of auditd's family, "keyword = value" a line: auditd.conf, plugins.d/*.conf, audisp-remote.conf,
// audisp-json.conf. A value; keywords are in lower case, as none of these programs tells the cases apart.
class AuditdConf {
 public:
  struct Setting {
    std::string key, value;
    int line = 0;
  };

  AuditdConf() = default;
  // Any bytes. Reads more than auditd does: tabs and a '=' without blanks around it, lines of any length. A line that
  // is no setting is a problem.
  AuditdConf(std::string_view text, std::string name);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::vector<Setting>& settings() const noexcept { return settings_; }
  [[nodiscard]] const std::vector<base::Problem>& problems() const noexcept { return problems_; }

  // The last one counts, as for auditd. Null if the keyword is not there.
  [[nodiscard]] const Setting* find(std::string_view key) const noexcept;
  // In lower case; `otherwise` if the keyword is not there.
  [[nodiscard]] std::string word(std::string_view key, std::string_view otherwise) const;
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] base::Place place(const Setting& setting) const { return {name_, setting.line, 1}; }

 private:
  std::string name_;
  std::vector<Setting> settings_;
  std::vector<base::Problem> problems_;
};

}  // namespace naudit::migrate
