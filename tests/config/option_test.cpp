// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/option.hpp"

#include "config/loader.hpp"
#include "config/print.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::config;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

enum class Colour : std::uint8_t { kRed, kBlue };
constexpr std::array<std::string_view, 2> kColours = {"red", "blue"};

struct Shared {
  std::uint32_t number = 7;
  friend bool operator==(const Shared&, const Shared&) = default;
};
struct Lamp {
  bool on = false;
  std::string file;
  std::uint64_t size = 4 * kKiB;
  friend bool operator==(const Lamp&, const Lamp&) = default;
};
// One member of each kind of value.
struct TestOptions : Shared {
  std::string text;
  Milliseconds wait{250};
  Colour colour = Colour::kRed;
  std::optional<Colour> maybe;
  std::vector<std::string> list;
  Lamp lamp;
  friend bool operator==(const TestOptions&, const TestOptions&) = default;
};

Kinds test_kinds() {
  OptionSpec<TestOptions> spec{
      .rows =
          {
              {"text", text(&TestOptions::text), "A text.", {.example = "abc", .exclusive = true}},
              {"wait", duration(&TestOptions::wait, 1ms, 1min), "A wait."},
              {"colour", choice(&TestOptions::colour, kColours), "A colour."},
              {"maybe", choice(&TestOptions::maybe, kColours), "A colour, or none."},
              {"list", list(&TestOptions::list), "A list."},
              {"lamp", flag(nested(&TestOptions::lamp, &Lamp::on)), "On, or how."},
              {"lamp.file", path(nested(&TestOptions::lamp, &Lamp::file)), "A path."},
              {"lamp.size", size(nested(&TestOptions::lamp, &Lamp::size), kKiB, kMiB), "A size."},
          },
      .complete =
          [](TestOptions& options, const Written& written) {
            if (!written.has("wait") && written.one_event_a_request) options.wait = 1ms;
          },
      .check =
          [](const TestOptions& options, const Sink&, const Report& report) {
            if (options.lamp.on && options.lamp.file.empty()) report("lamp", "'file' is missing");
          },
  };
  add_shared(spec.rows, std::vector<Option<Shared>>{{"number", number(&Shared::number, 1, 9), "A number."}});
  struct Style {
    bool bold = false;
    bool operator==(const Style&) const = default;
  };
  Kinds kinds;
  kinds.sinks = {{"test", "A test.", spec},
                 {"other", "Nothing to choose.", OptionTable()},
                 {"bytes", "Any bytes.", OptionTable(), true}};
  kinds.formats = {{"json", "plain", OptionTable(), false},
                   {"fancy", "with options", OptionSpec<Style>{.rows = {{"bold", flag(&Style::bold), "Bold."}}}, true},
                   {"frames", "no lines", OptionTable(), false, true}};
  return kinds;
}

Sink sink_of(const std::string& keys) {
  return parse("sinks: [{name: a, type: test, " + keys + "}]\n", "/etc/f.yaml", test_kinds()).config.sinks.at(0);
}

std::string problems_of(const std::string& text) {
  try {
    parse(text, "/f.yaml", test_kinds());
  } catch (const naudit::base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a value stands for what its row says, and all else keeps its default") {
  const auto options = sink_of("text: x, wait: 2s, colour: blue, list: [1, 2], lamp: {file: f}, number: 3").options;
  const auto& read = options.as<TestOptions>();
  CHECK(read.text == "x");
  CHECK(read.wait == 2s);
  CHECK(read.colour == Colour::kBlue);
  CHECK_FALSE(read.maybe);
  CHECK(read.list == std::vector<std::string>{"1", "2"});
  CHECK(read.lamp == Lamp{true, "/etc/f", 4 * kKiB});
  CHECK(read.number == 3);
  CHECK(sink_of("text: x").options.as<TestOptions>().number == 7);
}

TEST_CASE("a flag that has the name of a map switches it") {
  CHECK_FALSE(sink_of("text: x").options.as<TestOptions>().lamp.on);
  CHECK_FALSE(sink_of("text: x, lamp: off").options.as<TestOptions>().lamp.on);
  CHECK(sink_of("text: x, lamp: {file: /f}").options.as<TestOptions>().lamp.on);
  CHECK_THAT(problems_of("sinks: [{name: a, type: test, text: x, lamp: maybe}]"), Contains("expected true or false"));
  CHECK_THAT(problems_of("sinks: [{name: a, type: test, text: x, lamp: [1]}]"), Contains("expected lamp as a map"));
}

TEST_CASE("a sink of lines refuses a binary format, and says which sinks take it") {
  CHECK(problems_of("sinks: [{name: a, type: bytes, format: frames}]").empty());
  CHECK(problems_of("sinks: [{name: a, type: other, format: frames}]") ==
        "/f.yaml:1:40: sinks of type other send text, and the format 'frames' is none; those that take it are bytes");
}

TEST_CASE("every problem of a sink names its place") {
  CHECK(problems_of("sinks:\n  - {name: a, type: test}\n") ==
        "/f.yaml:2:5: this sink has no 'text'; write one, like 'text: abc'");
  CHECK(problems_of("sinks:\n  - {name: a, type: test, text: x, lamp: {sise: 1}}\n") ==
        "/f.yaml:2:43: unknown key 'sise' in lamp; did you mean 'size'?");
  CHECK(problems_of("sinks:\n  - {name: a, type: test, text: x, lamp: true}\n") == "/f.yaml:2:42: 'file' is missing");
  CHECK(problems_of("sinks:\n  - {name: a, type: other, lamp: {size: 1KiB}}\n") ==
        "/f.yaml:2:34: 'lamp' has no meaning for a other sink, only for test");
  CHECK(problems_of("sinks:\n  - {name: a, type: other, format: plain}\n") ==
        "/f.yaml:2:36: there is no format 'plain'; the formats are json, fancy, frames");
  CHECK(problems_of("sinks:\n  - {name: a, type: other, fancy: {bold: true}}\n") ==
        "/f.yaml:2:35: 'fancy' has no meaning with the format 'json'; write 'format: fancy' or remove it");
  CHECK_THAT(problems_of("sinks: [{name: a, type: test, text: x}, {name: b, type: test, text: x}]"),
             Contains("two sinks write to 'x'"));
}

TEST_CASE("what the file leaves open may follow from the format") {
  CHECK(sink_of("text: x").options.as<TestOptions>().wait == 250ms);
  CHECK(sink_of("text: x, format: fancy").options.as<TestOptions>().wait == 1ms);
  CHECK(sink_of("text: x, format: fancy, wait: 2s").options.as<TestOptions>().wait == 2s);
}

TEST_CASE("what is printed is read back") {
  const Kinds kinds = test_kinds();
  for (const char* keys : {"text: x", "text: x, lamp: {file: /f, size: 8KiB}, maybe: blue, list: ['a, b', '']",
                           "text: 'yes', format: fancy, fancy: {bold: true}, number: 9"}) {
    Config config;
    config.sinks = {sink_of(keys)};
    const std::string text = print(config, kinds);
    INFO(text);
    CHECK(parse(text, "/f.yaml", kinds).config == config);
  }
}

TEST_CASE("options are equal when they are of one kind and hold the same") {
  AnyOptions one = TestOptions{};
  AnyOptions two = one;
  CHECK(one == two);
  two.edit<TestOptions>().text = "x";
  CHECK(one != two);
  CHECK(one.as<TestOptions>().text.empty());
  CHECK(one != AnyOptions(Lamp{}));
  CHECK(one != AnyOptions());
  CHECK(AnyOptions().as<Lamp>() == Lamp{});
  CHECK_THROWS_AS(one.as<Lamp>(), std::bad_cast);
}
