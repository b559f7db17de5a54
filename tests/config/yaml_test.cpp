// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <yaml-cpp/yaml.h>

#include "config/yaml/document.hpp"
#include "config/yaml/places.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::config;
using namespace naudit::base;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;

namespace {

struct Values {
  std::string text = "unset";
  bool flag = false;
  std::int64_t number = 7;
  std::uint64_t size = 7;
  std::chrono::milliseconds time{7};
  std::vector<std::string> list;
  int choice = 7;
};

// Reads one of each kind and gives back the problems, one a line.
std::string read(const std::string& yaml, Values& values) {
  Problems problems("f.yaml");
  const YAML::Node root = parse_yaml(yaml, "f.yaml");
  read_map(root, "the file",
           {{"text", [&](const auto& node) { read_text(node, values.text, problems); }},
            {"flag", [&](const auto& node) { read_bool(node, values.flag, problems); }},
            {"number", [&](const auto& node) { read_integer(node, 0, 100, values.number, problems); }},
            {"size", [&](const auto& node) { read_size(node, values.size, problems); }},
            {"time", [&](const auto& node) { read_duration(node, values.time, problems); }},
            {"list", [&](const auto& node) { read_list(node, values.list, problems); }},
            {"choice", [&](const auto& node) { values.choice = read_choice(node, {"heal", "report"}, problems); }}},
           problems);
  try {
    problems.throw_if_any();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string problems_of(const std::string& yaml) {
  Values values;
  return read(yaml, values);
}

}  // namespace

TEST_CASE("each kind of value is read", "[yaml]") {
  Values values;
  CHECK(read("text: some words\nflag: yes\nnumber: 42\nsize: 8KiB\ntime: 250ms\nlist: [a, 'b c']\nchoice: report\n",
             values)
            .empty());
  CHECK(values.text == "some words");
  CHECK(values.flag);
  CHECK(values.number == 42);
  CHECK(values.size == 8192);
  CHECK(values.time == 250ms);
  CHECK(values.list == std::vector<std::string>{"a", "b c"});
  CHECK(values.choice == 1);
}

TEST_CASE("a list of one may be written as one word", "[yaml]") {
  Values values;
  CHECK(read("list: one", values).empty());
  CHECK(values.list == std::vector<std::string>{"one"});
}

TEST_CASE("an empty file and an empty section are empty maps", "[yaml]") {
  CHECK(problems_of("").empty());
  CHECK(problems_of("# only a comment\n").empty());
  CHECK(problems_of("---\n").empty());
}

TEST_CASE("an unknown key is reported at its place with the nearest known key", "[yaml]") {
  CHECK(problems_of("flag: true\nnubmer: 3\n") ==
        "f.yaml:2:1: unknown key 'nubmer' in the file; did you mean 'number'?");
  CHECK_THAT(problems_of("wholly_different: 3\n"), Contains("known are: text, flag, number"));
}

TEST_CASE("a key that is there twice is reported", "[yaml]") {
  CHECK(problems_of("flag: true\nflag: false\n") == "f.yaml:2:1: the key 'flag' is there twice; remove one");
}

TEST_CASE("every problem of a file is reported in one run, in the order of the lines", "[yaml]") {
  Values values;
  const std::string text =
      read("time: 5\nsize: lots\nnumber: 101\nflag: maybe\nlist: {a: b}\nchoice: heel\ntext: [x]\n", values);
  CHECK(text ==
        "f.yaml:1:7: expected a duration with its unit, like 250ms, 2s, 5m or 1h, not '5'\n"
        "f.yaml:2:7: expected a size with its unit, like 64MiB, 512KiB or 1GiB, not 'lots'\n"
        "f.yaml:3:9: expected a whole number from 0 to 100, not '101'\n"
        "f.yaml:4:7: expected true or false, not 'maybe'\n"
        "f.yaml:5:7: expected a list, like [one, two], not a map\n"
        "f.yaml:6:9: expected one of heal, report, not 'heel'; did you mean 'heal'?\n"
        "f.yaml:7:7: expected text, not a list");
  CHECK(values.text == "unset");
  CHECK(values.number == 7);
  CHECK(values.size == 7);
  CHECK(values.time == 7ms);
  CHECK(values.list.empty());
  CHECK(values.choice == -1);
}

TEST_CASE("a key without a value is a problem, not an empty text", "[yaml]") {
  CHECK_THAT(problems_of("text:\n"), Contains("expected text, not nothing"));
  CHECK_THAT(problems_of("size:\n"), Contains("not nothing"));
}

TEST_CASE("a file that is no map is reported", "[yaml]") {
  CHECK_THAT(problems_of("- a\n- b\n"), StartsWith("f.yaml:1:1: expected the file as a map, like 'text: …'"));
  CHECK_THAT(problems_of("just words\n"), Contains("not 'just words'"));
  CHECK_THAT(problems_of("{[a]: b}\n"), Contains("expected a key"));
}

TEST_CASE("aliases and merge keys work, and own keys win over merged ones", "[yaml]") {
  Values values;
  CHECK(read("list: [a]\n<<: {text: merged, number: 5}\nnumber: 6\n", values).empty());
  CHECK(values.text == "merged");
  CHECK(values.number == 6);
  CHECK(read("text: &t hello\nlist: [*t, *t]\n", values).empty());
  CHECK(values.list == std::vector<std::string>{"hello", "hello"});
  CHECK(read("<<: [{number: 1}, {number: 2, flag: on}]\n", values).empty());
  CHECK(values.number == 1);
  CHECK_THAT(problems_of("<<: 3\n"), Contains("expected a map to merge"));
  CHECK_THAT(problems_of("'<<': {number: 1}\n"), Contains("unknown key '<<'"));
}

TEST_CASE("what is not YAML is reported at its place", "[yaml]") {
  CHECK_THROWS_WITH(parse_yaml("a: [1, 2\nb: 3\n", "f.yaml"),
                    Equals("f.yaml:1:4: is not YAML: the '[' that opens here has no ']' before line 2"));
  CHECK_THROWS_WITH(parse_yaml("a: *nobody\n", "f.yaml"), StartsWith("f.yaml:1:4: is not YAML here"));
  CHECK_THROWS_WITH(parse_yaml("\tkey: x\n", "f.yaml"), StartsWith("f.yaml:1:"));
}

TEST_CASE("what has no end is told where it begins, also when the file ends in it", "[yaml]") {
  const auto open_at = [](const std::string& place, const std::string& what) {
    return StartsWith("f.yaml:" + place + ": is not YAML: the " + what + " that opens here has no ");
  };
  // The parser would take the rest of the file for the value.
  CHECK_THROWS_WITH(parse_yaml("a:\n  - b: \"one\n    c: two\n", "f.yaml"), open_at("2:8", "quote \""));
  CHECK_THROWS_WITH(parse_yaml("a:\n  - b: 'one\n    c: two\n", "f.yaml"), open_at("2:8", "quote '"));
  CHECK_THROWS_WITH(parse_yaml("a: 'it''s\n", "f.yaml"), open_at("1:4", "quote '"));
  CHECK_THROWS_WITH(parse_yaml("a: \"one\\\"\n", "f.yaml"), open_at("1:4", "quote \""));
  CHECK_THROWS_WITH(parse_yaml("a: [x, \"y]\n", "f.yaml"), open_at("1:8", "quote \""));
  CHECK_THROWS_WITH(parse_yaml("a: {b: 'y}\nc: d\n", "f.yaml"), open_at("1:8", "quote '"));
  CHECK_THROWS_WITH(parse_yaml("a: !!str &x 'one\nb: 2\n", "f.yaml"), open_at("1:13", "quote '"));
  CHECK_THROWS_WITH(parse_yaml("a: \"one", "f.yaml"), open_at("1:4", "quote \""));
  // Closed by a quote that belongs to something else.
  CHECK_THROWS_WITH(parse_yaml("a:\n  - b: \"one\n    c: [x] # \"\n", "f.yaml"), open_at("2:8", "quote \""));
  CHECK_THROWS_WITH(parse_yaml("a: \"one\nb: \"two\"\n", "f.yaml"), open_at("1:4", "quote \""));
  CHECK_THROWS_WITH(parse_yaml("a: [1, [2, 3]\n", "f.yaml"), open_at("1:4", "'['"));
  CHECK_THROWS_WITH(parse_yaml("a: {b: 1,\n", "f.yaml"), open_at("1:4", "'{'"));
  CHECK_THROWS_WITH(parse_yaml("a: {b: [1\n", "f.yaml"), open_at("1:8", "'['"));
}

TEST_CASE("a quoted text may have lines that are indented as its part", "[yaml]") {
  CHECK_NOTHROW(parse_yaml("a:\n  - b: \"one\n\n      two: 'x'\"\n    c: 'it''s\n     d'\n", "f.yaml"));
  CHECK_NOTHROW(
      parse_yaml("\xef\xbb\xbf"
                 "a: &x\n  b: \"one\n   two\"\n",
                 "f.yaml"));
  CHECK_NOTHROW(parse_yaml("a: [\"one\n  two\", three]\n", "f.yaml"));
  CHECK_NOTHROW(parse_yaml("a: don't\nb: x 'y\nc: |\n  \"z\n# it's\n", "f.yaml"));
}

TEST_CASE("a line that is indented wrongly is told with the columns that fit", "[yaml]") {
  CHECK_THROWS_WITH(parse_yaml("a:\n  - b: 1\n   c: 2\n", "f.yaml"),
                    StartsWith("f.yaml:3:4: is not YAML here: this goes on with nothing above it; expected a line that "
                               "begins in column 1, 3 or 5"));
  CHECK_THROWS_WITH(parse_yaml("a:\n  - b: 1\n     c: 2\n", "f.yaml"),
                    StartsWith("f.yaml:3:") && Contains("is the line indented deeper than the key above it"));
}

TEST_CASE("bytes that no editor shows are refused", "[yaml]") {
  CHECK_THROWS_WITH(parse_yaml(std::string("a: 1\nb: \0", 9), "f"), StartsWith("f:2:4: has a control character"));
  // yaml-cpp would take this byte for the end of the file and drop the rest without a word.
  CHECK_THROWS_WITH(parse_yaml("a: 1\n\x04"
                               "b: 2\n",
                               "f"),
                    StartsWith("f:2:1: has a control character"));
  CHECK_THROWS_WITH(parse_yaml("a: \xff\n", "f"), StartsWith("f:1:4: is not UTF-8"));
  CHECK_THROWS_WITH(parse_yaml("a: \xc0\x80\n", "f"), Contains("is not UTF-8"));
  CHECK_NOTHROW(
      parse_yaml("\xef\xbb\xbf"
                 "a: Grüße €\n",
                 "f"));
}

TEST_CASE("lines may end as they do on Windows", "[yaml]") {
  Values values;
  CHECK(read("text: some words\r\nnumber: 42\r\n", values).empty());
  CHECK(values.text == "some words");
  CHECK(values.number == 42);
}

TEST_CASE("deep nesting, endless aliases and second documents are refused", "[yaml]") {
  CHECK_NOTHROW(parse_yaml(std::string(64, '[') + std::string(64, ']'), "f"));
  CHECK_THROWS_WITH(parse_yaml(std::string(65, '[') + std::string(65, ']'), "f"), Contains("64 levels"));
  CHECK_THROWS_WITH(parse_yaml(std::string(1'000'000, '['), "f"), Contains("64 levels"));
  CHECK_THROWS_WITH(parse_yaml(std::string(1'000'000, '{'), "f"), Contains("64 levels"));
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'k'; ++name) {
    laughs += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) laughs += std::string(i > 0 ? ", *" : "*") + static_cast<char>(name - 1);
    laughs += "]\n";
  }
  CHECK_THROWS_WITH(parse_yaml(laughs, "f"), Contains("more than a million values"));
  CHECK_THROWS_WITH(parse_yaml("a: &a [*a]\n", "f"), StartsWith("f:1:8: this alias stands inside"));
  CHECK_THROWS_WITH(parse_yaml("a: 1\n---\nb: 2\n", "f"), Contains("more than one YAML document"));
}

// Where the word "here" stands in the value of `a`, as the file has it.
std::string place_of_here(const std::string& yaml) {
  const YAML::Node root = parse_yaml(yaml, "f");
  const std::string value = root["a"].Scalar();
  return Places("f", root, yaml).inside("a", value, value.find("here")).text();
}

TEST_CASE("a place inside of a value is found however the value is written", "[yaml]") {
  CHECK(place_of_here("a: x here") == "f:1:6");
  CHECK(place_of_here("b: 1\na: here") == "f:2:4");
  CHECK(place_of_here("a: &x !!str one\n  two\n  and here\n") == "f:3:7");
  CHECK(place_of_here("a: 'it''s here'\n") == "f:1:11");
  CHECK(place_of_here("a: \"\\\"x\\\" \\u00e9 here\"\n") == "f:1:18");
  CHECK(place_of_here("a: \"one \\\n   two\n   here\"\n") == "f:3:4");
  CHECK(place_of_here("a: |\n  one\n  two here\nb: 1\n") == "f:3:7");
  CHECK(place_of_here("a: >-\n    one\n    two\n\n    x  here\n") == "f:5:8");
  // The end of a value, and what no text is known of.
  const YAML::Node root = parse_yaml("a: here\nb: 1\n", "f");
  CHECK(Places("f", root, "a: here\nb: 1\n").inside("a", "here", 4).text() == "f:1:8");
  CHECK(Places("f", root).inside("a", "here", 2).text() == "f:1:4");
}

TEST_CASE("the nearest word is one that a slip of the finger explains", "[yaml]") {
  const std::vector<std::string_view> known = {"rotate", "backlog_limit", "backlog_wait_time", "ca", "key"};
  CHECK(nearest("rotat", known) == "rotate");
  CHECK(nearest("backlog_limt", known) == "backlog_limit");
  CHECK(nearest("backlog", known) == "backlog_limit");
  CHECK(nearest("kye", known) == "key");
  CHECK(nearest("zebra", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest(std::string(100'000, 'a'), known).empty());
}
