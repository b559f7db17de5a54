// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <string>
#include <utility>

#include "tests/support/catch.hpp"

namespace naudit::tests {

// A file system of its own, which goes with it whatever happens. Takes root.
struct SmallDisk {
  SmallDisk(std::string folder, const char* options) : path(std::move(folder)) {
    std::filesystem::create_directory(path);
    REQUIRE(::mount("tmpfs", path.c_str(), "tmpfs", 0, options) == 0);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() { CHECK(::umount2(path.c_str(), MNT_DETACH) == 0); }

  const std::string path;
};

}  // namespace naudit::tests
