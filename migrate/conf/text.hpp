// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/kinds.hpp"
#include "migrate/conf/auditd_conf.hpp"

namespace naudit::migrate {

// nauditd.yaml as it is put together from auditd's files: lines below section headings, sinks, and what could not be
// taken over. Owner: one import.
class AuditdText {
 public:
  explicit AuditdText(const config::Kinds& kinds) : kinds_(kinds) {}

  // "key: value  # why" below a section ("" = none), if the loader takes it, else a note at the place.
  void set(const std::string& section, const std::string& key, const std::string& value, const std::string& why,
           const base::Place& place);

  struct Line {
    std::string key, value, why;
  };
  // A sink; one that the loader refuses becomes a comment, and a note tells why.
  void sink(const std::vector<Line>& lines, const base::Place& place);

  // Something that a person should know: told, and in a comment.
  void note(const base::Place& place, std::string text);
  // Something that changes nothing; what has the same reason stands together.
  void needless(const std::string& what, const std::string& reason);

  [[nodiscard]] bool has_format(std::string_view format) const;
  // The whole file. Without a sink the list is empty, or, when not `all_sinks`, not there, which means the default one.
  [[nodiscard]] std::string text(bool all_sinks) const;
  std::vector<base::Problem> take_notes() { return std::move(notes_); }

 private:
  [[nodiscard]] std::string objection(const std::string& yaml) const;

  const config::Kinds& kinds_;
  std::vector<std::string> sections_;  // in the order of their first line
  std::map<std::string, std::string> lines_;
  std::string sinks_;
  bool has_sink_ = false;
  std::vector<base::Problem> notes_;
  struct Needless {
    std::string reason, what;
  };
  std::vector<Needless> needless_;
};

}  // namespace naudit::migrate
