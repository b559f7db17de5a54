// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/enriched_names.hpp"

#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

std::string found(std::string_view tail, std::string_view field, bool second = false) {
  EnrichedNames names;
  names.read(tail);
  std::string scratch;
  return std::string(names.find(field, second, scratch));
}

TEST_CASE("a name stands behind the field's name in upper case") {
  const std::string_view tail = R"(ARCH=x86_64 SYSCALL=openat AUID="jo" UID="root" OLD-AUID="unset")";
  CHECK(found(tail, "auid") == "jo");
  CHECK(found(tail, "uid") == "root");
  CHECK(found(tail, "arch") == "x86_64");
  CHECK(found(tail, "old-auid") == "unset");
  CHECK(found(tail, "gid").empty());
  CHECK(found(tail, "id").empty());
  CHECK(found("", "uid").empty());
}

TEST_CASE("names are found in any order") {
  EnrichedNames names;
  names.read(R"(AUID="a" UID="b" GID="c")");
  std::string scratch;
  CHECK(names.find("gid", false, scratch) == "c");
  CHECK(names.find("auid", false, scratch) == "a");
  CHECK(names.find("uid", false, scratch) == "b");
  CHECK(names.find("uid", false, scratch) == "b");
}

TEST_CASE("a tail beyond all measure has no names") {
  CHECK(found("UID=\"jo\" " + std::string(3000, 'A') + "=x", "uid") == "jo");
  CHECK(found("UID=\"jo\" " + std::string(5000, 'A') + "=x", "uid").empty());
}

TEST_CASE("the second of a name is another one, or none") {
  CHECK(found(R"(UID="a" AUID="b" UID="c")", "uid", true) == "c");
  CHECK(found(R"(UID="a" AUID="b")", "uid", true).empty());
}

TEST_CASE("a name may be hexadecimal; a cut one is none") {
  CHECK(found("UID=6A6F2073", "uid") == "jo s");
  CHECK(found("UID=6A6F207", "uid") == "6A6F207");
  CHECK(found("UID=\"jo", "uid").empty());
  CHECK(found("UID=\"", "uid").empty());
  CHECK(found("UID=", "uid").empty());
  CHECK(found("UID", "uid").empty());
  CHECK(found("  UID=a ", "uid") == "a");
}

}  // namespace
}  // namespace naudit::interpret
