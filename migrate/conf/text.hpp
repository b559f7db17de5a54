// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "config/kinds.hpp"
#include "migrate/conf/auditd_conf.hpp"

namespace naudit::migrate {

// nauditd.yaml as it is put together from other programs' files: lines below section headings, sources, sinks, and what
// could not be taken over. Owner: one import.
class ConfigText {
 public:
  // `whose`: the programs' names, for the first line.
  explicit ConfigText(const config::Kinds& kinds, std::string whose = "auditd")
      : kinds_(kinds), whose_(std::move(whose)) {}

  // "key: value  # why" below a section ("" = none), if the loader takes it, else a note at the place. What two
  // programs say of one key stands as the first of them said it; the second one gets a note, unless it says the same.
  void set(const std::string& section, const std::string& key, const std::string& value, const std::string& why,
           const base::Place& place);

  struct Line {
    std::string key, value, why;
  };
  // An entry of `sinks`, whose first line is its name: a number is put behind one that is taken. What the loader
  // refuses becomes a comment, and a note tells why.
  void sink(std::vector<Line> lines, const base::Place& place);
  // The same of `sources`.
  void source(std::vector<Line> lines, const base::Place& place);

  // Something that a person should know: told, and in a comment.
  void note(const base::Place& place, std::string text);
  // Something that changes nothing; what has the same reason stands together.
  void needless(const std::string& what, const std::string& reason);

  [[nodiscard]] bool has_format(std::string_view format) const;
  // The whole file. Without a sink the list is empty, or, when not `all_sinks`, not there, which means the default one.
  [[nodiscard]] std::string text(bool all_sinks) const;
  std::vector<base::Problem> take_notes() { return std::move(notes_); }

 private:
  // A list of maps, as far as it is written.
  struct Entries {
    const char* key;
    std::string text = {};
    bool has_any = false;  // not only comments
    std::set<std::string> names = {};
  };

  [[nodiscard]] std::string objection(const std::string& yaml) const;
  void add(Entries& to, const char* what, std::vector<Line> lines, const base::Place& place);

  const config::Kinds& kinds_;
  std::string whose_;
  std::vector<std::string> sections_;  // in the order of their first line
  std::map<std::string, std::string> lines_;
  std::map<std::pair<std::string, std::string>, std::string> values_;  // by section and key
  Entries sources_{"sources"}, sinks_{"sinks"};
  std::vector<base::Problem> notes_;
  struct Needless {
    std::string reason, what;
  };
  std::vector<Needless> needless_;
};

// Another program's value within a map or list of YAML: a number or switch as it is, all else as a text.
std::string flow_scalar(const std::string& value);
std::string flow_list(const std::vector<std::string>& values);

}  // namespace naudit::migrate
