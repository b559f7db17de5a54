// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// What a sink of the product may be, for tests of folders that are given it.
#include "output/sinks/auditd_remote/options.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/plugin/options.hpp"
#include "output/sinks/syslog/options.hpp"
#include "output/sinks/tcp/options.hpp"
#include "output/sinks/unix/options.hpp"
