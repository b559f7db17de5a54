// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/accounts.hpp"

#include <grp.h>
#include <pwd.h>

#include <cstring>

#include "tests/support/catch.hpp"

namespace naudit::base {
namespace {

// A name service with one user: an entry of that many bytes, in the shape of getpwnam_r.
struct OneUser {
  std::size_t bytes = 0;
  int interruptions = 0;
  int calls = 0;

  int operator()(const char* name, passwd* entry, char* buffer, std::size_t size, passwd** found) {
    ++calls;
    *found = nullptr;
    if (interruptions > 0) {
      --interruptions;
      return EINTR;
    }
    if (std::strcmp(name, "jo") != 0) return 0;
    if (size < bytes) return ERANGE;
    std::memset(buffer, 'x', bytes);
    std::strcpy(buffer, "jo");
    entry->pw_name = buffer;
    entry->pw_uid = 1000;
    *found = entry;
    return 0;
  }
};

std::optional<std::string> ask(OneUser& users, const char* name) {
  return account<passwd>([&users](auto... arguments) { return users(arguments...); }, name,
                         [](const passwd& entry) { return std::string(entry.pw_name); });
}

TEST_CASE("a small entry is found at the first call") {
  OneUser users{.bytes = 40};
  CHECK(ask(users, "jo") == "jo");
  CHECK(users.calls == 1);
}

TEST_CASE("an entry that is larger than the buffer is asked for again") {
  for (const std::size_t bytes : {std::size_t{4097}, std::size_t{20'000}, std::size_t{1'500'000}, kLastAccountBuffer}) {
    OneUser users{.bytes = bytes};
    CHECK(ask(users, "jo") == "jo");
    CHECK(users.calls > 1);
  }
}

TEST_CASE("an entry beyond every buffer is nobody, after few calls") {
  OneUser users{.bytes = kLastAccountBuffer + 1};
  CHECK_FALSE(ask(users, "jo"));
  CHECK(users.calls < 10);
}

TEST_CASE("nobody of that name is nobody") {
  OneUser users{.bytes = 40};
  CHECK_FALSE(ask(users, "max"));
  CHECK(users.calls == 1);
}

TEST_CASE("a look-up that a signal interrupts is made again, though not for ever") {
  OneUser users{.bytes = 40, .interruptions = 3};
  CHECK(ask(users, "jo") == "jo");
  OneUser never{.bytes = 40, .interruptions = 1'000'000};
  CHECK_FALSE(ask(never, "jo"));
}

TEST_CASE("the accounts of this machine are found by name and by number") {
  CHECK(user_id("root") == 0);
  CHECK(group_id("root") == 0);
  CHECK(user_name(0) == "root");
  CHECK(group_name(0) == "root");
  CHECK_FALSE(user_id("no such user"));
  CHECK_FALSE(group_id("no such group"));
  CHECK_FALSE(user_name(3'999'999'999U));
  CHECK_FALSE(group_name(3'999'999'999U));
}

}  // namespace
}  // namespace naudit::base
