// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// What docs/ says of sinks and sources is what their option tables say: those of docs/nauditd.schema.json, and the
// tables of docs/configuration.md. UPDATE_GOLDEN=1 build/dev/tests/output_test "docs *" writes both anew; then run
// tools/generate-manual for the man page.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "base/units.hpp"
#include "config/sinks.hpp"
#include "config/sources.hpp"
#include "config/vocabulary.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"

namespace naudit::output {
namespace {

using config::OptionRow;
using config::OptionTable;
using config::Printed;
using config::Shape;
using Rows = std::vector<std::pair<std::string, const OptionRow*>>;  // each with its whole key

std::string read_doc(const std::string& name) {
  std::ifstream file(NAUDIT_SOURCE_DIR "/docs/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Compares, or writes when the environment asks for it.
void check_doc(const std::string& name, const std::string& wanted) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  if (update) std::ofstream(NAUDIT_SOURCE_DIR "/docs/" + name) << wanted;
  INFO("UPDATE_GOLDEN=1 build/dev/tests/output_test \"docs *\" writes docs/" << name << ", then tools/generate-manual");
  CHECK(naudit::tests::difference(wanted, read_doc(name)) == "");
}

std::string range(const Shape& shape) {
  if (shape.least == 0 && shape.most == 0) return {};
  const auto text = [&](std::uint64_t value) {
    if (shape.kind == Shape::Kind::kSize) return base::size_text(value);
    if (shape.kind == Shape::Kind::kDuration) return base::duration_text(config::Milliseconds(value));
    return std::to_string(value);
  };
  return ' ' + text(shape.least) + " to " + text(shape.most) + '.';
}

// The default as a person reads it: in words, or the value itself.
std::string default_text(const OptionRow& row, const void* defaults, std::string_view quote) {
  if (!row.notes.otherwise.empty()) return std::string(row.notes.otherwise);
  const Printed value = row.print(defaults);
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) {
    std::string list;
    for (const std::string& word : *words) (list += list.empty() ? "" : ", ").append(quote).append(word).append(quote);
    return list;
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return "none";
  return std::string(quote) + *text + std::string(quote);
}

std::string help_text(const OptionRow& row) {
  return std::string(row.help) + range(row.shape);
}

// What the common table cannot know: the names of all formats.
std::string format_help() {
  std::string text;
  for (const config::FormatKind& format : kinds().formats)
    text.append("`").append(format.name).append("`: ").append(format.help).append(". ");
  return text + "All of them: [formats.md](formats.md).";
}

std::string type_help() {
  std::string text;
  for (const config::SinkKind& kind : kinds().sinks)
    text.append(text.empty() ? "`" : ", `").append(kind.name).append("`");
  return text + '.';
}

std::string table_line(const std::string& key, const std::string& fallback, const std::string& help,
                       const std::string& section = "sinks.") {
  return "| `" + section + key + "` | " + fallback + " | " + help + " |\n";
}

std::string table_line(const OptionRow& row, const void* defaults, const std::string& prefix = "") {
  const std::string fallback = row.notes.example.empty() ? default_text(row, defaults, "`") : "must be there";
  const std::string key = prefix + std::string(row.key);
  return table_line(key, fallback, key == "format" ? format_help() : help_text(row));
}

constexpr std::string_view kTableHead = "| key | default | meaning |\n|---|---|---|\n";

std::string common_tables() {
  std::string text(kTableHead);
  const config::Sink defaults;
  for (const OptionRow& row : config::common_options().rows()) {
    text += table_line(row, &defaults);
    if (row.key == "name") text += table_line("type", "must be there", type_help());
    if (row.key != "format") continue;
    for (const config::FormatKind& format : kinds().formats) {
      const auto options = format.options.make();
      for (const OptionRow& own : format.options.rows())
        text += table_line(own, options.get(), std::string(format.name) + '.');
    }
  }
  return text;
}

std::string source_table() {
  std::string text(kTableHead);
  const config::Source defaults;
  for (const OptionRow& row : config::source_options().rows())
    text += table_line(std::string(row.key),
                       row.notes.example.empty() ? default_text(row, &defaults, "`") : "must be there", help_text(row),
                       "sources.");
  return text;
}

// The types that have this row, and not only one of that key.
std::vector<std::string_view> owners(const OptionRow& wanted) {
  std::vector<std::string_view> names;
  for (const config::SinkKind& kind : kinds().sinks) {
    const auto is_it = [&](const OptionRow& row) { return row.key == wanted.key && row.help == wanted.help; };
    if (std::ranges::any_of(kind.options.rows(), is_it)) names.push_back(kind.name);
  }
  return names;
}

// A part for each type, and one for each group of types that share keys.
std::string type_tables() {
  std::string text, shared;
  std::vector<std::vector<std::string_view>> told;
  for (const config::SinkKind& kind : kinds().sinks) {
    const auto defaults = kind.options.make();
    std::string own;
    std::map<std::string, std::string> groups;
    for (const OptionRow& row : kind.options.rows()) {
      const auto types = owners(row);
      if (types.size() == 1) {
        own += table_line(row, defaults.get());
      } else if (types.front() == kind.name) {
        std::string title;
        for (const std::string_view type : types)
          title.append(title.empty() ? "`type: " : " and `type: ").append(type).append("`");
        groups[title] += table_line(row, defaults.get());
      }
    }
    text.append("\n### `type: ").append(kind.name).append("`\n\n").append(kind.help).append("\n");
    if (!own.empty()) text.append("\n").append(kTableHead).append(own);
    for (const auto& [title, lines] : groups)
      shared.append("\n### ").append(title).append("\n\n").append(kTableHead).append(lines);
  }
  return text + shared;
}

// JSON Schema, built member by member.
class SchemaWriter {
 public:
  explicit SchemaWriter(rapidjson::Document& document) : memory_(document.GetAllocator()) {}

  rapidjson::Value sinks() {
    rapidjson::Value types(rapidjson::kArrayType), choices(rapidjson::kArrayType);
    for (const config::SinkKind& kind : kinds().sinks) {
      types.PushBack(text(kind.name), memory_);
      rapidjson::Value condition(rapidjson::kObjectType), choice(rapidjson::kObjectType);
      add(condition, "properties", member("type", member("const", text(kind.name))));
      add(choice, "if", std::move(condition));
      add(choice, "then", member("$ref", text("#/$defs/" + std::string(kind.name) + "_sink")));
      choices.PushBack(choice, memory_);
    }
    rapidjson::Value sink(rapidjson::kObjectType), required(rapidjson::kArrayType);
    required.PushBack("name", memory_).PushBack("type", memory_);
    add(sink, "type", text("object"));
    add(sink, "required", std::move(required));
    rapidjson::Value type = member("enum", std::move(types));
    add(type, "description", text("where events go"));
    add(sink, "properties", member("type", std::move(type)));
    add(sink, "allOf", std::move(choices));
    return sink;
  }

  rapidjson::Value source() {
    rapidjson::Value properties(rapidjson::kObjectType), required(rapidjson::kArrayType);
    const config::Source defaults;
    add_table(properties, required, config::source_options(), &defaults);
    rapidjson::Value source(rapidjson::kObjectType);
    add(source, "type", text("object"));
    add(source, "additionalProperties", rapidjson::Value(false));
    add(source, "required", std::move(required));
    add(source, "properties", std::move(properties));
    return source;
  }

  rapidjson::Value sink(const config::SinkKind& kind) {
    rapidjson::Value properties(rapidjson::kObjectType), required(rapidjson::kArrayType);
    add(properties, "type", member("const", text(kind.name)));
    required.PushBack("type", memory_);
    const config::Sink common;
    add_table(properties, required, config::common_options(), &common);
    for (const config::FormatKind& format : kinds().formats) {
      if (format.options.empty()) continue;
      rapidjson::Value inner(rapidjson::kObjectType), none(rapidjson::kArrayType);
      add_table(inner, none, format.options, format.options.make().get());
      rapidjson::Value options = map_of(std::move(inner));
      add(options, "description", text("how the format " + std::string(format.name) + " is written"));
      add(properties, format.name, std::move(options));
    }
    add_table(properties, required, kind.options, kind.options.make().get());
    rapidjson::Value sink(rapidjson::kObjectType);
    add(sink, "type", text("object"));
    add(sink, "description", text(kind.help));
    add(sink, "additionalProperties", rapidjson::Value(false));
    add(sink, "required", std::move(required));
    add(sink, "properties", std::move(properties));
    return sink;
  }

 private:
  rapidjson::Value text(std::string_view text) {
    return {text.data(), static_cast<rapidjson::SizeType>(text.size()), memory_};
  }
  void add(rapidjson::Value& object, std::string_view name, rapidjson::Value value) {
    object.AddMember(text(name), value, memory_);
  }
  rapidjson::Value member(std::string_view name, rapidjson::Value value) {
    rapidjson::Value object(rapidjson::kObjectType);
    add(object, name, std::move(value));
    return object;
  }
  rapidjson::Value list_of(std::initializer_list<std::string_view> words) {
    rapidjson::Value list(rapidjson::kArrayType);
    for (const std::string_view word : words) list.PushBack(text(word), memory_);
    return list;
  }
  rapidjson::Value enumeration(std::span<const std::string_view> words) {
    rapidjson::Value list(rapidjson::kArrayType);
    for (const std::string_view word : words) list.PushBack(text(word), memory_);
    return member("enum", std::move(list));
  }
  rapidjson::Value words_or_none(std::span<const std::string_view> words) {
    rapidjson::Value one = enumeration(words), list = member("type", text("array"));
    one["enum"].PushBack(text(config::kNoWords), memory_);
    add(list, "items", enumeration(words));
    rapidjson::Value either(rapidjson::kArrayType);
    either.PushBack(one, memory_).PushBack(list, memory_);
    return member("anyOf", std::move(either));
  }
  rapidjson::Value map_of(rapidjson::Value properties) {
    rapidjson::Value map = member("type", list_of({"object", "null"}));
    add(map, "additionalProperties", rapidjson::Value(false));
    add(map, "properties", std::move(properties));
    return map;
  }

  void add_table(rapidjson::Value& properties, rapidjson::Value& required, const OptionTable& table,
                 const void* defaults) {
    for (const OptionRow& row : table.rows())
      if (!row.notes.example.empty()) required.PushBack(text(row.key), memory_);
    for (const config::OptionSection& section : table.sections()) {
      if (section.members.empty()) {
        add(properties, section.name, described(*section.self, defaults));
        continue;
      }
      rapidjson::Value inner(rapidjson::kObjectType);
      for (const OptionRow* row : section.members) add(inner, row->inner(), described(*row, defaults));
      rapidjson::Value map = map_of(std::move(inner));
      if (section.self == nullptr) {
        add(properties, section.name, std::move(map));
        continue;
      }
      rapidjson::Value either(rapidjson::kArrayType);
      either.PushBack(shape(*section.self), memory_).PushBack(map, memory_);
      rapidjson::Value value = member("anyOf", std::move(either));
      add(value, "description", description(*section.self, defaults));
      add(properties, section.name, std::move(value));
    }
  }

  rapidjson::Value description(const OptionRow& row, const void* defaults) {
    std::string whole = help_text(row);
    if (row.notes.example.empty()) whole += " Default: " + default_text(row, defaults, "") + '.';
    std::erase(whole, '`');
    return text(whole);
  }

  rapidjson::Value described(const OptionRow& row, const void* defaults) {
    rapidjson::Value value = shape(row);
    add(value, "description", description(row, defaults));
    return value;
  }

  rapidjson::Value shape(const OptionRow& row) {
    const bool is_required = !row.notes.example.empty();
    rapidjson::Value value(rapidjson::kObjectType);
    switch (row.shape.kind) {
      case Shape::Kind::kFlag:
        return member("type", text("boolean"));
      case Shape::Kind::kNumber:
        add(value, "type", text("integer"));
        add(value, "minimum", rapidjson::Value(row.shape.least));
        add(value, "maximum", rapidjson::Value(row.shape.most));
        return value;
      case Shape::Kind::kSize:
        return reference("size");
      case Shape::Kind::kDuration:
        return reference("duration");
      case Shape::Kind::kList:
        return row.shape.words.empty() ? reference("list") : words_or_none(row.shape.words);
      case Shape::Kind::kMap:
        add(value, "type", text("object"));
        add(value, "additionalProperties", member("type", list_of({"string", "number", "boolean"})));
        return value;
      case Shape::Kind::kChoice:
        return enumeration(row.shape.words);
      case Shape::Kind::kPattern:
        add(value, "type", text("string"));
        add(value, "pattern", text(row.shape.pattern));
        return value;
      case Shape::Kind::kText:
      case Shape::Kind::kPath:
        add(value, "type", text("string"));
        if (is_required || row.shape.kind == Shape::Kind::kPath) add(value, "minLength", rapidjson::Value(1));
        return value;
    }
    return value;
  }

  // Draft 2020-12 lets a description stand beside it.
  rapidjson::Value reference(std::string_view definition) {
    return member("$ref", text("#/$defs/" + std::string(definition)));
  }

  rapidjson::Document::AllocatorType& memory_;
};

// The checked-in schema with its sinks replaced.
std::string schema_text() {
  const std::string now = read_doc("nauditd.schema.json");
  rapidjson::Document document;
  document.Parse(now.data(), now.size());
  REQUIRE_FALSE(document.HasParseError());
  rapidjson::Value& definitions = document["$defs"];
  SchemaWriter writer(document);
  rapidjson::Value kept(rapidjson::kObjectType);
  for (const char* name : {"size", "duration", "list"})
    kept.AddMember(rapidjson::Value(name, document.GetAllocator()), definitions[name], document.GetAllocator());
  kept.AddMember("source", writer.source(), document.GetAllocator());
  kept.AddMember("sink", writer.sinks(), document.GetAllocator());
  for (const config::SinkKind& kind : kinds().sinks) {
    const std::string name = std::string(kind.name) + "_sink";
    kept.AddMember(rapidjson::Value(name.c_str(), document.GetAllocator()), writer.sink(kind), document.GetAllocator());
  }
  definitions = kept;
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> printer(buffer);
  printer.SetIndent(' ', 2);
  document.Accept(printer);
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

}  // namespace

TEST_CASE("docs have the schema of sinks that the option tables give") {
  check_doc("nauditd.schema.json", schema_text());
}

TEST_CASE("docs have the tables of sinks and sources that the option tables give") {
  std::string now = read_doc("configuration.md");
  const std::size_t sources = now.find("\n## `sources`");
  const std::size_t table = now.find("| key | default |", sources);
  const std::size_t behind = now.find("\n## `sinks`", sources);
  REQUIRE(sources != std::string::npos);
  REQUIRE(table < behind);
  REQUIRE(behind != std::string::npos);
  now.replace(table, behind - table, source_table());
  const std::size_t section = now.find("\n## `sinks`");
  const std::size_t begin = now.find("| key | default |", section);
  const std::size_t end = now.find("\n## `daemon`", section);
  REQUIRE(section != std::string::npos);
  REQUIRE(begin < end);
  REQUIRE(end != std::string::npos);
  check_doc("configuration.md", now.substr(0, begin) + common_tables() + type_tables() + now.substr(end));
}

}  // namespace naudit::output
