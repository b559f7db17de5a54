// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

#include "base/descriptor.hpp"
#include "output/sinks/unix/options.hpp"

namespace naudit::output {

// A listening unix socket at a path, with its permissions from the first moment on. It takes the place of a socket that
// nobody listens on any more, and of nothing else; the folder has to be safe (base/trusted_path.hpp). Goes with its
// name, as long as the name is still its own. One thread; blocks on the disk.
class Listener {
 public:
  // Nothing, and why in `problem`.
  static std::optional<Listener> open(const UnixOptions& options, gid_t group, std::string& problem);
  Listener(Listener&& other) noexcept
      : fd_(std::move(other.fd_)),
        path_(std::exchange(other.path_, {})),
        device_(other.device_),
        inode_(other.inode_) {}
  Listener& operator=(Listener&&) = delete;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  Listener(base::Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  base::Descriptor fd_;
  std::string path_;  // empty: moved from
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace naudit::output
