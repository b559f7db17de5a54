// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/option.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "config/kinds.hpp"

namespace naudit::config {

Printed printed_text(const std::string& text) {
  if (text.empty()) return {};
  return text;
}

Printed printed_flag(bool flag) {
  return std::string(flag ? "true" : "false");
}

Printed printed_size(std::uint64_t size) {
  return base::size_text(size);
}

Printed printed_duration(Milliseconds duration) {
  return base::duration_text(duration);
}

std::vector<OptionSection> OptionTable::sections() const {
  std::vector<OptionSection> sections;
  for (const OptionRow& row : rows_) {
    auto section = std::ranges::find(sections, row.section(), &OptionSection::name);
    if (section == sections.end())
      section = sections.insert(section, {.name = row.section(), .self = nullptr, .members = {}});
    if (row.inner().empty())
      section->self = &row;
    else
      section->members.push_back(&row);
  }
  return sections;
}

bool OptionTable::has(std::string_view section) const {
  return std::ranges::find(rows_, section, &OptionRow::section) != rows_.end();
}

void read_section(const OptionSection& section, const YAML::Node& node, void* options, Reading& reading) {
  if (section.self != nullptr) {
    if (section.members.empty() || node.IsScalar()) return section.self->read(node, options, reading);
    if (node.IsMap() && section.self->shape.kind == Shape::Kind::kFlag)
      section.self->read(YAML::Node("true"), options, reading);
  }
  std::vector<Key> keys;
  for (const OptionRow* row : section.members)
    keys.push_back(
        {row->inner(), [row, options, &reading](const YAML::Node& value) { row->read(value, options, reading); }});
  read_map(node, section.name, keys, reading.problems);
}

void read_options(const OptionTable& table, const YAML::Node& node, std::string_view what, void* options,
                  Reading& reading) {
  std::vector<Key> keys;
  for (const OptionSection& section : table.sections())
    keys.push_back({section.name, [section, options, &reading](const YAML::Node& value) {
                      read_section(section, value, options, reading);
                    }});
  read_map(node, what, keys, reading.problems);
}

const SinkKind* Kinds::sink(std::string_view name) const {
  const auto found = std::ranges::find(sinks, name, &SinkKind::name);
  return found == sinks.end() ? nullptr : &*found;
}

const FormatKind* Kinds::format(std::string_view name) const {
  const auto found = std::ranges::find(formats, name, &FormatKind::name);
  return found == formats.end() ? nullptr : &*found;
}

}  // namespace naudit::config
