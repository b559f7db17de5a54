// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/paths.hpp"

#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

std::string normal(std::string_view path) {
  std::string out = "x/..";  // what stands there before must stay
  append_normal_path(path, out);
  CHECK(out.starts_with("x/.."));
  return out.substr(4);
}

TEST_CASE("a path in its normal form") {
  const std::pair<const char*, const char*> rows[] = {
      {"/etc/passwd", "/etc/passwd"},
      {"/", "/"},
      {"//", "/"},
      {"", ""},
      {"/a//b/", "/a/b"},
      {"/a/./b", "/a/b"},
      {"/a/../b", "/b"},
      {"/../a", "/a"},
      {"/..", "/"},
      {"/a/..", "/"},
      {"a/..", "."},
      {"a/../..", ".."},
      {"../a", "../a"},
      {"../../a", "../../a"},
      {"../a/..", ".."},
      {"./a", "a"},
      {".", "."},
      {"..", ".."},
      {"/a/b/../../c", "/c"},
      {"/a/...", "/a/..."},
      {"/a/.hidden", "/a/.hidden"},
      {"a/b/../c", "a/c"},
      {"/a/b/.", "/a/b"},
      {"...", "..."},
  };
  for (const auto& [path, wanted] : rows) {
    INFO(path);
    CHECK(normal(path) == wanted);
    CHECK(normal(wanted) == wanted);
  }
}

TEST_CASE("a relative path belongs to the event's directory, unless it is relative to another one") {
  const auto path = [](const char* cwd, const std::string& name, bool as_is = false) {
    const EventOf of{{type::kCwd, std::string("cwd=") + cwd}, {type::kPath, "name=" + name}};
    const Field* const field = of.decoded.find(*of.decoded.find(type::kPath), tables::field::kName);
    std::string out;
    append_path(of.decoded, *field, as_is, out);
    return out;
  };
  CHECK(path(R"("/home/jo")", R"("notes")") == "/home/jo/notes");
  CHECK(path(R"("/")", R"("notes")") == "/notes");
  CHECK(path(R"("/home/jo")", R"("../eva/./x")") == "/home/eva/x");
  CHECK(path(R"("/home/jo")", R"("/etc//passwd")") == "/etc/passwd");
  CHECK(path(R"("/home/jo")", R"("")") == "/home/jo");
  CHECK(path("2F6120622F", R"("c")") == "/a b/c");
  CHECK(path(R"("/home/jo")", "2F612062") == "/a b");
  CHECK(path(R"("/home/jo")", "612062") == "/home/jo/a b");
  CHECK(path(R"("/home/jo")", R"("x/../y")", true) == "y");
}

TEST_CASE("a name that begins with the digits of a slash is relative when it is no digits") {
  const EventOf of{{type::kPath, R"(name="2F" x=2Fx)"}};
  const auto fields = of.decoded.fields(of.decoded.records().front());
  CHECK_FALSE(is_absolute(fields[0]));
  CHECK_FALSE(is_absolute(fields[1]));
}

}  // namespace
}  // namespace naudit::interpret
