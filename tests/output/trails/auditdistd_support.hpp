// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "output/sinks/auditdistd/options.hpp"
#include "output/sinks/auditdistd/sink.hpp"
#include "tests/output/brokers/broker_support.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/auditdistd_receiver.hpp"

namespace naudit::tests {

// False after a minute.
template <typename Condition>
bool wait_until(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

// The files of a folder by their names; what lies in folders below is left out.
inline std::map<std::string, std::string> files_in(const std::string& folder) {
  std::map<std::string, std::string> found;
  if (!std::filesystem::exists(folder)) return found;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) found.emplace(entry.path().filename().string(), read_file(entry.path()));
  return found;
}

// A sender of trails with what it needs, in folders of its own: "here" its trails, "there" the receiver's.
struct DistFixture {
  DistFixture() {
    std::filesystem::create_directory(there);
    write_file(password_file, "s3cret\n", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  AuditdistdReceiver::Options receiver() const {
    AuditdistdReceiver::Options options;
    options.folder = there;
    return options;
  }
  output::AuditdistdOptions options(const AuditdistdReceiver& receiver) const {
    output::AuditdistdOptions options;
    options.path = here;
    options.remote = receiver.remote();
    options.password_file = password_file;
    options.sender = "web1";
    options.sync = {config::SyncKind::kNone, {}};
    options.reconnect = 5ms;
    options.timeout = 30'000ms;
    return options;
  }
  static config::Sink config(const output::AuditdistdOptions& options) {
    return {.name = "bsd",
            .type = "auditdistd",
            .format = "json",
            .options = options,
            .format_options = {},
            .filter = {},
            .queue = {}};
  }
  std::unique_ptr<output::Sink> sink(const output::AuditdistdOptions& options,
                                     output::FileSystem& system = output::real_file_system()) {
    return output::make_auditdistd_sink(config(options), losses.handler(), 1, system);
  }
  // A trail that an earlier run has ended.
  void put(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(here);
    write_file(here + '/' + name, text, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  TempDir directory;
  const std::string here = directory.path() + "/here", there = directory.path() + "/there";
  const std::string password_file = directory.path() + "/password";
  LossLog losses;
};

}  // namespace naudit::tests
