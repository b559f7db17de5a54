// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// The only include of Catch2 in the tree.
#include <catch2/catch.hpp>  // IWYU pragma: export
