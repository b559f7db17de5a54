// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// What MozDef's alerts go by. The first twelve are those of audisp-json; the others are nauditd's, for what it dropped.
enum class MozdefCategory : std::uint8_t {
  kExecve,
  kWrite,
  kRead,
  kAttribute,
  kChmod,
  kChown,
  kPtrace,
  kTime,
  kSocket,
  kListen,
  kPromiscuous,
  kAvcApparmor,
  kConnect,
  kBind,
  kAccept,
  kModule,
  kMount,
  kUser,   // from user space: logins, sudo, services …
  kOther,  // everything else
};
std::string_view mozdef_category_text(MozdefCategory category) noexcept;

// By the name of the system call on its own arch, or of the io_uring operation; socketcall by what is behind it. An
// open that may change or make a file is a write. Pure.
MozdefCategory mozdef_category(const interpret::DecodedEvent& event) noexcept;

// The record of an AppArmor message, whatever type it has; null if there is none. Pure.
const interpret::DecodedRecord* apparmor_record(const interpret::DecodedEvent& event) noexcept;

}  // namespace naudit::formats
