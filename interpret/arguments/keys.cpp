// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/keyctl.h>

#include "interpret/arguments/special.hpp"

namespace naudit::interpret {
namespace {

// Which of a1 to a3 are keys or keyrings, as a mask of their places; their special ones have names.
unsigned keys_of(std::uint32_t command) noexcept {
  constexpr unsigned kFirst = 1U << 1U, kSecond = 1U << 2U, kThird = 1U << 3U;
  switch (command) {
    case KEYCTL_GET_KEYRING_ID:
    case KEYCTL_UPDATE:
    case KEYCTL_REVOKE:
    case KEYCTL_CHOWN:
    case KEYCTL_SETPERM:
    case KEYCTL_DESCRIBE:
    case KEYCTL_CLEAR:
    case KEYCTL_SEARCH:
    case KEYCTL_READ:
    case KEYCTL_INSTANTIATE:
    case KEYCTL_INSTANTIATE_IOV:
    case KEYCTL_REJECT:
    case KEYCTL_SET_TIMEOUT:
    case KEYCTL_ASSUME_AUTHORITY:
    case KEYCTL_GET_SECURITY:
    case KEYCTL_INVALIDATE:
    case KEYCTL_RESTRICT_KEYRING:
    case KEYCTL_WATCH_KEY:
      return kFirst;
    case KEYCTL_LINK:
    case KEYCTL_UNLINK:
      return kFirst | kSecond;
    case KEYCTL_NEGATE:
      return kFirst | kThird;
    case KEYCTL_MOVE:
      return kFirst | kSecond | kThird;
    case KEYCTL_GET_PERSISTENT:
      return kSecond;
    default:
      return 0;
  }
}

}  // namespace

Form append_keyctl(std::string& out, const ArgumentPlace& place) {
  const std::uint32_t command = place.word_at(0);
  if (command == KEYCTL_SET_REQKEY_KEYRING && place.index == 1)
    return append_constant(out, tables::Constants::kKeyringDefault, place.word());
  const bool is_key = (keys_of(command) >> place.index & 1U) != 0;
  return is_key ? append_constant(out, tables::Constants::kKeyring, place.word()) : Form::kNone;
}

std::optional<NameId> keyctl_id(const ArgumentPlace& place) {
  const std::uint32_t command = place.word_at(0);
  const bool user =
      (command == KEYCTL_CHOWN && place.index == 2) || (command == KEYCTL_GET_PERSISTENT && place.index == 1);
  const bool group = command == KEYCTL_CHOWN && place.index == 3;
  if (user) return NameId{NameId::Kind::kUser, place.word()};
  if (group) return NameId{NameId::Kind::kGroup, place.word()};
  return std::nullopt;
}

}  // namespace naudit::interpret
