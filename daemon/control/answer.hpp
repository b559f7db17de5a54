// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::daemon {

// The answers of the control socket, a line each (docs/control-socket.md). Pure.

// {"ok":true}
std::string ok_answer();
// {"ok":true,"<name>":<json>}; json is a whole JSON value on one line.
std::string ok_answer(std::string_view name, std::string_view json);
// {"ok":false,"error":"<text>"}; the text may have several lines and any bytes.
std::string error_answer(std::string_view text);

}  // namespace naudit::daemon
