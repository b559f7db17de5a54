// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <vector>

#include "netlink/request_socket.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// The rules in the kernel, as what loads, lists and deletes them sees them; tests put a list in its place.
// Not thread-safe. Each call may block, see netlink::RequestSocket. The errors are the kernel's: EEXIST (the rule is
// there), ENOENT (no such rule, or the parent of a watched path is missing), EINVAL, EPERM (locked, or no right).
class KernelRules {
 public:
  KernelRules() = default;
  KernelRules(const KernelRules&) = delete;
  KernelRules& operator=(const KernelRules&) = delete;
  virtual ~KernelRules() = default;

  // In the kernel's order: list by list, and within a list in the order of evaluation.
  virtual netlink::Result<std::vector<Rule>> list() = 0;
  virtual netlink::Result<void> add(const Rule& rule) = 0;
  virtual netlink::Result<void> remove(const Rule& rule) = 0;
};

// The kernel's settings that a rule set may hold; as above.
class KernelSettings {
 public:
  KernelSettings() = default;
  KernelSettings(const KernelSettings&) = delete;
  KernelSettings& operator=(const KernelSettings&) = delete;
  virtual ~KernelSettings() = default;

  virtual netlink::Result<netlink::KernelStatus> status() = 0;
  virtual netlink::Result<netlink::KernelFeatures> features() = 0;
  virtual netlink::Result<void> set(const netlink::StatusChange& change) = 0;
  virtual netlink::Result<void> set_loginuid_immutable() = 0;
};

// Both through the request socket, which must outlive them.
class SocketSettings final : public KernelSettings {
 public:
  explicit SocketSettings(netlink::RequestSocket& requests) noexcept : requests_(requests) {}

  netlink::Result<netlink::KernelStatus> status() override { return requests_.status(); }
  netlink::Result<netlink::KernelFeatures> features() override { return requests_.features(); }
  netlink::Result<void> set(const netlink::StatusChange& change) override { return requests_.set(change); }
  netlink::Result<void> set_loginuid_immutable() override { return requests_.set_loginuid_immutable(); }

 private:
  netlink::RequestSocket& requests_;
};

class SocketRules final : public KernelRules {
 public:
  explicit SocketRules(netlink::RequestSocket& requests) noexcept : requests_(requests) {}

  // std::errc::bad_message if the kernel lists something that is no rule.
  netlink::Result<std::vector<Rule>> list() override;
  netlink::Result<void> add(const Rule& rule) override;
  netlink::Result<void> remove(const Rule& rule) override;

 private:
  netlink::RequestSocket& requests_;
};

}  // namespace naudit::rules
