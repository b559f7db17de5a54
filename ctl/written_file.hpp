// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::ctl {

// Puts a whole file in place: written beside it, synced, then renamed, so that whoever reads sees the old one or the
// new one. A symbolic link stays and its target is replaced. Throws config::Error that says why not.
void write_file(const std::string& path, std::string_view text, unsigned mode);

}  // namespace naudit::ctl
