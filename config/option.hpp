// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// Options as tables: one row a key, from which nauditd.yaml is read, checked and printed, and from which its JSON
// Schema and its page are written (tests/output/option_docs_test.cpp). A kind of sink and a format each keep a plain
// struct, whose member initializers are the defaults, and a table beside it:
//
//   return {.rows = {{"path", path(&FileOptions::path), "The file.", {.example = "/var/log/naudit/events.json"}},
//                    {"rotate.size", size(nested(&FileOptions::rotate, &Rotate::size)), "A new file starts at …"}},
//           .check = check};
//
// A key with a dot lies in a map: `rotate: {size: …}`. A flag that has the name of such a map switches it: `tls: true`
// or `tls: {…}`. A text that has its name stands in its place: `filter: key == exec` or `filter: {…}`. Tables are made
// once, on the main thread, and never change.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "config/any_options.hpp"
#include "config/values.hpp"

namespace naudit::config {

// What a value may be, for who describes it.
struct Shape {
  enum class Kind : std::uint8_t { kText, kPath, kFlag, kNumber, kSize, kDuration, kChoice, kList, kMap, kPattern };
  Kind kind = Kind::kText;
  std::uint64_t least = 0, most = 0;             // of numbers, bytes, milliseconds; both 0: any
  std::span<const std::string_view> words = {};  // of a choice, or of a list of them
  std::string_view pattern = {};                 // ECMA regular expression of a text with a form of its own
};

// Names that somebody else gives, each with a text.
using TextMap = std::map<std::string, std::string>;
// A value as the file would hold it: nothing (an empty text, an empty list), a scalar, a list, a map.
using Printed = std::variant<std::monostate, std::string, std::vector<std::string>, TextMap>;

// Reads, prints and describes one member of Options. A value that is wrong leaves it as it is and adds a problem.
template <typename Options>
struct Value {
  using Of = Options;
  Shape shape;
  std::function<void(const YAML::Node&, Options&, Reading&)> read;
  std::function<Printed(const Options&)> print;
};

// What few rows need to say.
struct OptionNotes {
  std::string_view example = {};    // the key must be there, for example so
  std::string_view otherwise = {};  // the default in words, where it is not a value: "the system's"
  bool exclusive = false;           // no two sinks may have the same
};

template <typename Options>
struct Option {
  std::string_view key;
  Value<Options> value;
  std::string_view help;  // whole sentences in Markdown, without the range of the value, which is added
  OptionNotes notes = {};
};

// A member inside a member, for the tables.
template <typename Options, typename Section, typename Member>
struct Nested {
  Section Options::* section;
  Member Section::* member;
  Member& operator()(Options& options) const { return options.*section.*member; }
  const Member& operator()(const Options& options) const { return options.*section.*member; }
};
template <typename Options, typename Section, typename Member>
Nested<Options, Section, Member> nested(Section Options::* section, Member Section::* member) {
  return {section, member};
}

template <typename Member>
struct OwnerOf;
template <typename Options, typename Member>
struct OwnerOf<Member Options::*> {
  using Type = Options;
};
template <typename Options, typename Section, typename Member>
struct OwnerOf<Nested<Options, Section, Member>> {
  using Type = Options;
};
template <typename Value>
struct EnumIn {
  using Type = Value;
};
template <typename Value>
struct EnumIn<std::optional<Value>> {
  using Type = Value;
};
template <typename Value>
using EnumOf = typename EnumIn<Value>::Type;

template <typename Member>
using Owner = typename OwnerOf<Member>::Type;

// `read` takes (node, member, reading), `print` the member.
template <typename Member, typename Read, typename Print>
Value<Owner<Member>> value(Shape shape, Member member, Read read, Print print) {
  using Options = Owner<Member>;
  return {shape,
          [member, read](const YAML::Node& node, Options& out, Reading& reading) {
            read(node, std::invoke(member, out), reading);
          },
          [member, print](const Options& options) -> Printed { return print(std::invoke(member, options)); }};
}

Printed printed_text(const std::string& text);
Printed printed_flag(bool flag);
Printed printed_size(std::uint64_t size);
Printed printed_duration(Milliseconds duration);

template <typename Member>
auto text(Member member) {
  return value(
      {Shape::Kind::kText}, member,
      [](const YAML::Node& node, std::string& out, Reading& reading) { read_text(node, out, reading.problems); },
      printed_text);
}
template <typename Member>
auto path(Member member) {
  return value({Shape::Kind::kPath}, member, read_path, printed_text);
}
template <typename Member>
auto flag(Member member) {
  return value(
      {Shape::Kind::kFlag}, member,
      [](const YAML::Node& node, bool& out, Reading& reading) { read_bool(node, out, reading.problems); },
      printed_flag);
}
template <typename Member>
auto number(Member member, std::uint32_t least, std::uint32_t most) {
  return value(
      {Shape::Kind::kNumber, least, most}, member,
      [least, most](const YAML::Node& node, auto& out, Reading& reading) {
        read_number(node, least, most, out, reading);
      },
      [](const auto& number) -> Printed { return std::to_string(number); });
}
template <typename Member>
auto size(Member member, std::uint64_t least = 0, std::uint64_t most = 0) {
  return value(
      {Shape::Kind::kSize, least, most}, member,
      [least, most](const YAML::Node& node, std::uint64_t& out, Reading& reading) {
        if (most == 0) return read_size(node, out, reading.problems);
        read_size_between(node, least, most, out, reading);
      },
      printed_size);
}
template <typename Member>
auto duration(Member member, Milliseconds least, Milliseconds most) {
  return value(
      {Shape::Kind::kDuration, static_cast<std::uint64_t>(least.count()), static_cast<std::uint64_t>(most.count())},
      member,
      [least, most](const YAML::Node& node, Milliseconds& out, Reading& reading) {
        read_duration_between(node, least, most, out, reading);
      },
      printed_duration);
}
// An enumerator by its word; an std::optional one has none until the file says so.
template <typename Member, std::size_t kCount>
auto choice(Member member, const std::array<std::string_view, kCount>& words) {
  return value(
      {.kind = Shape::Kind::kChoice, .words = words}, member,
      [&words](const YAML::Node& node, auto& out, Reading& reading) {
        const int index = read_choice(node, words, reading.problems);
        if (index >= 0) out = static_cast<EnumOf<std::remove_reference_t<decltype(out)>>>(index);
      },
      [&words](const auto& chosen) -> Printed {
        const std::optional<EnumOf<std::remove_cvref_t<decltype(chosen)>>> one = chosen;
        if (!one) return {};
        return std::string(word_of(*one, words));
      });
}
template <typename Member>
auto list(Member member) {
  return value(
      {Shape::Kind::kList}, member,
      [](const YAML::Node& node, std::vector<std::string>& out, Reading& reading) {
        read_list(node, out, reading.problems);
      },
      [](const std::vector<std::string>& list) -> Printed {
        if (list.empty()) return {};
        return list;
      });
}
// Some enumerators by their words: a list, one word, or `none`.
template <typename Member, std::size_t kCount>
auto choices(Member member, const std::array<std::string_view, kCount>& words) {
  return value(
      {.kind = Shape::Kind::kList, .words = words}, member,
      [&words](const YAML::Node& node, auto& out, Reading& reading) { read_choices(node, words, out, reading); },
      [&words](const auto& chosen) -> Printed {
        std::vector<std::string> list;
        for (const auto one : chosen) list.emplace_back(word_of(one, words));
        if (list.empty()) return std::string(kNoWords);
        return list;
      });
}
template <typename Member>
auto text_map(Member member) {
  return value({Shape::Kind::kMap}, member, read_text_map, [](const TextMap& map) -> Printed {
    if (map.empty()) return {};
    return map;
  });
}
// A text with a form of its own.
template <typename Member, typename Read, typename Print>
auto pattern(Member member, std::string_view pattern, Read read, Print print) {
  return value({.kind = Shape::Kind::kPattern, .pattern = pattern}, member, read, print);
}

struct Sink;
class OptionTable;

// What the file says of a sink, for options whose default depends on others.
struct Written {
  const Sink& sink;                               // its common part
  bool one_event_a_request;                       // what its format wants
  std::function<bool(std::string_view key)> has;  // a first word: "tls"
};
// Says what is wrong with a key.
using Report = std::function<void(std::string_view key, std::string message)>;

template <typename Options>
struct OptionSpec {
  std::vector<Option<Options>> rows;
  // Sets what the file leaves to other keys.
  void (*complete)(Options&, const Written&) = nullptr;
  // What no single value shows: values that contradict each other, or that are missing beside another one. Pure.
  void (*check)(const Options&, const Sink&, const Report&) = nullptr;
};

// The rows that several kinds share stand in a base of their options.
template <typename Options, typename Base>
  requires std::is_base_of_v<Base, Options>
void add_shared(std::vector<Option<Options>>& rows, const std::vector<Option<Base>>& shared) {
  for (const Option<Base>& row : shared)
    rows.push_back({row.key, {row.value.shape, row.value.read, row.value.print}, row.help, row.notes});
}

// A row without its type, for whoever goes over all of them; `options` has to be of the table's.
struct OptionRow {
  std::string_view key;
  std::string_view help;
  OptionNotes notes;
  Shape shape;
  std::function<void(const YAML::Node&, void* options, Reading&)> read;
  std::function<Printed(const void* options)> print;

  // Before and behind the dot; a key without one has no inner part.
  [[nodiscard]] std::string_view section() const { return key.substr(0, key.find('.')); }
  [[nodiscard]] std::string_view inner() const {
    const std::size_t dot = key.find('.');
    return dot == std::string_view::npos ? std::string_view() : key.substr(dot + 1);
  }
};

// A first word with what stands under it.
struct OptionSection {
  std::string_view name;
  const OptionRow* self = nullptr;        // the key itself: a value, or the switch of the map
  std::vector<const OptionRow*> members;  // of its map
};

// The table of one kind, without the type of its options.
class OptionTable {
 public:
  OptionTable() = default;  // nothing to choose
  template <typename Options>
  OptionTable(OptionSpec<Options> spec)  // NOLINT(google-explicit-constructor): a table is what its specification says
      : make_([] { return std::make_shared<Options>(); }), seal_([](const std::shared_ptr<void>& draft) {
          return AnyOptions(std::static_pointer_cast<const Options>(draft));
        }) {
    for (Option<Options>& row : spec.rows) {
      rows_.push_back(
          {row.key, row.help, row.notes, row.value.shape,
           [read = row.value.read](const YAML::Node& node, void* options, Reading& reading) {
             read(node, *static_cast<Options*>(options), reading);
           },
           [print = row.value.print](const void* options) { return print(*static_cast<const Options*>(options)); }});
    }
    if (spec.complete != nullptr) {
      complete_ = [complete = spec.complete](void* options, const Written& written) {
        complete(*static_cast<Options*>(options), written);
      };
    }
    if (spec.check != nullptr) {
      check_ = [check = spec.check](const AnyOptions& options, const Sink& sink, const Report& report) {
        check(options.as<Options>(), sink, report);
      };
    }
  }

  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] const std::vector<OptionRow>& rows() const noexcept { return rows_; }
  [[nodiscard]] std::vector<OptionSection> sections() const;
  [[nodiscard]] bool has(std::string_view section) const;

  // Defaults to read into; null for an empty table.
  [[nodiscard]] std::shared_ptr<void> make() const { return make_ ? make_() : nullptr; }
  void complete(void* options, const Written& written) const {
    if (complete_) complete_(options, written);
  }
  [[nodiscard]] AnyOptions seal(const std::shared_ptr<void>& draft) const {
    return seal_ ? seal_(draft) : AnyOptions();
  }
  void check(const AnyOptions& options, const Sink& sink, const Report& report) const {
    if (check_) check_(options, sink, report);
  }

 private:
  std::vector<OptionRow> rows_;
  std::function<std::shared_ptr<void>()> make_;
  std::function<AnyOptions(const std::shared_ptr<void>&)> seal_;
  std::function<void(void*, const Written&)> complete_;
  std::function<void(const AnyOptions&, const Sink&, const Report&)> check_;
};

// Reads what stands behind the section's first word.
void read_section(const OptionSection& section, const YAML::Node& node, void* options, Reading& reading);
// Reads a map that has all of the table's keys and no others; `what` is its name in messages.
void read_options(const OptionTable& table, const YAML::Node& node, std::string_view what, void* options,
                  Reading& reading);

}  // namespace naudit::config
