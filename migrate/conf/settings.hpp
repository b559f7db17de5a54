// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace naudit::migrate {

// What a TOML or YAML file of another program says, as flat settings: "auditlog.size", "outputs[0].path". So that each
// reader asks for the keys that it knows and tells about all others, whatever the file's syntax. A value; one thread.
class Settings {
 public:
  struct Setting {
    std::string key;
    std::vector<std::string> values;  // one, unless it is a list of scalars
    base::Place place;
    std::vector<base::Place> places = {};  // of each of a list's values, where the syntax tells
    bool taken = false;

    // Its only value, or the first one; empty if there is none.
    [[nodiscard]] const std::string& first() const;
    // "key = value", for messages; a long value is cut.
    [[nodiscard]] std::string said() const;
  };

  explicit Settings(std::string name) : name_(std::move(name)) {}
  void add(Setting setting) { all_.push_back(std::move(setting)); }
  // Into the order of the file.
  void sort();
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  // Marks it as dealt with. Null if it is not there; the last one counts.
  const Setting* take(std::string_view key);
  // Its first value, or `otherwise`.
  std::string text(std::string_view key, std::string_view otherwise = {});
  // YAML's and TOML's words for yes.
  bool is_on(std::string_view key, bool otherwise);
  std::vector<std::string> list(std::string_view key);
  // Those below "key." and "key[", in the order of the file; they are marked, too.
  std::vector<const Setting*> below(std::string_view key);
  // The keys "key[0]", "key[1]" … that have something.
  [[nodiscard]] std::vector<std::string> items(std::string_view key) const;
  // What nobody has asked for.
  [[nodiscard]] std::vector<const Setting*> rest() const;

 private:
  std::string name_;
  std::vector<Setting> all_;
};

// Any bytes. Throw base::Error with file, line and column: what is not of the syntax, what is nested deeper than a
// configuration is, more than 1 MiB. Pure.
Settings read_toml(const std::string& text, const std::string& name);
Settings read_yaml(const std::string& text, const std::string& name);

}  // namespace naudit::migrate
