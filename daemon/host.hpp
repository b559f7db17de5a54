// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "config/config.hpp"

// What this machine is called, and what it runs. Any thread.
namespace naudit::daemon {

std::string kernel_release();
std::string hostname();
// The canonical name by the resolver, or the plain host name. Waits for the name service as long as that likes.
std::string fully_qualified_hostname();
// What `node:` asks for; empty for none. Waits as fully_qualified_hostname() does, if that is asked for.
std::string node_name(const config::Node& node);

}  // namespace naudit::daemon
