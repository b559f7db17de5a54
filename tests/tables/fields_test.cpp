// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/fields.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

TEST_CASE("every field is found by its name, and the list is sorted") {
  for (FieldId id = 1; id < kFieldCount; ++id) {
    INFO(field_info(id).name);
    CHECK(find_field(field_info(id).name) == id);
    if (id > 1) CHECK(field_info(static_cast<FieldId>(id - 1)).name < field_info(id).name);
  }
}

TEST_CASE("a name that is not a field's is not found, however close it is") {
  CHECK(find_field("") == 0);
  CHECK(find_field(std::string_view{}) == 0);
  CHECK(find_field("a") == 0);
  CHECK(find_field("AUID") == 0);
  CHECK(find_field("a1[0]") == 0);
  CHECK(find_field(std::string(100000, 'a')) == 0);
  CHECK(find_field(std::string_view("\0\0\0", 3)) == 0);
  for (FieldId id = 1; id < kFieldCount; ++id) {
    const std::string name(field_info(id).name);
    for (std::size_t i = 0; i < name.size(); ++i) {
      for (const char c : {'\0', 'x', '-', '\xFF'}) {
        std::string changed = name;
        changed[i] = c;
        const FieldId found = find_field(changed);
        CHECK(field_info(found).name == (found == 0 ? std::string() : changed));
      }
      const FieldId shorter = find_field(std::string_view(name).substr(0, i));
      CHECK(field_info(shorter).name == (shorter == 0 ? std::string() : name.substr(0, i)));
    }
  }
}

TEST_CASE("a look-up stays within the name it is given") {
  // The sanitizer build checks it: the bytes behind the view do not exist.
  for (FieldId id = 1; id < kFieldCount; ++id) {
    const std::vector<char> exact(field_info(id).name.begin(), field_info(id).name.end());
    CHECK(find_field(std::string_view(exact.data(), exact.size())) == id);
  }
}

TEST_CASE("constants stand for the names they carry") {
  CHECK(field_info(field::kAuid).name == "auid");
  CHECK(field_info(field::kOldAuid).name == "old-auid");
  CHECK(field_info(field::kOldAuidUnderscore).name == "old_auid");
  CHECK(field_info(field::kA0).name == "a0");
  CHECK(field_info(field::kCapFrootid).name == "cap_frootid");
  CHECK(field_info(field::kProctitle).name == "proctitle");
}

TEST_CASE("fields have the class that says how their values are written") {
  const auto kind = [](std::string_view name) { return field_info(find_field(name)).kind; };
  CHECK(kind("auid") == FieldClass::kUid);
  CHECK(kind("ogid") == FieldClass::kGid);
  CHECK(kind("exe") == FieldClass::kEncoded);
  CHECK(kind("key") == FieldClass::kKeys);
  CHECK(kind("a3") == FieldClass::kArgument);
  CHECK(kind("exit") == FieldClass::kExit);
  CHECK(kind("res") == FieldClass::kResult);
  CHECK(kind("success") == FieldClass::kSuccess);
  CHECK(kind("cap_fp") == FieldClass::kCapabilities);
  CHECK(kind("cap_fe") == FieldClass::kNumber);
  CHECK(kind("mode") == FieldClass::kMode);
  CHECK(kind("dev") == FieldClass::kPlain);
  CHECK(kind("inode") == FieldClass::kNumber);
  CHECK(kind("saddr") == FieldClass::kSockaddr);
  CHECK(kind("uring_op") == FieldClass::kUringOp);
  CHECK(kind("no such field") == FieldClass::kPlain);
  CHECK(field_info(0).name.empty());
  CHECK(field_info(0xFFFF).name.empty());
}

}  // namespace
}  // namespace naudit::tables
