// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/constants.hpp"

#include <algorithm>
#include <span>

#include "tables/name_table.hpp"

namespace naudit::tables {
namespace {

constexpr NameRow kBpfCommands[] = {
#include "tables/generated/bpf_commands.inc"
};
constexpr NameRow kCapabilities[] = {
#include "tables/generated/capabilities.inc"
};
constexpr NameRow kClocks[] = {
#include "tables/generated/clocks.inc"
};
constexpr NameRow kEpollOperations[] = {
#include "tables/generated/epoll_operations.inc"
};
constexpr NameRow kFcntlCommands[] = {
#include "tables/generated/fcntl_commands.inc"
};
constexpr NameRow kFilterLists[] = {{0, "user"},    {1, "task"},       {4, "exit"},
                                    {5, "exclude"}, {6, "filesystem"}, {7, "io_uring"}};
constexpr NameRow kIpProtocols[] = {
#include "tables/generated/ip_protocols.inc"
};
// linux/netfilter.h, NFPROTO_*
constexpr NameRow kNetfilterFamilies[] = {{0, "unspecified"}, {1, "inet"},   {2, "ipv4"},  {3, "arp"},
                                          {5, "netdev"},      {7, "bridge"}, {10, "ipv6"}, {12, "decnet"}};
constexpr NameRow kPersonalities[] = {
#include "tables/generated/personalities.inc"
};
constexpr NameRow kPrctlOptions[] = {
#include "tables/generated/prctl_options.inc"
};
constexpr NameRow kPtraceRequests[] = {
#include "tables/generated/ptrace_requests.inc"
};
constexpr NameRow kResourceLimits[] = {
#include "tables/generated/rlimits.inc"
};
constexpr NameRow kSchedulers[] = {
#include "tables/generated/schedulers.inc"
};
constexpr NameRow kSeekOrigins[] = {
#include "tables/generated/seek_origins.inc"
};
constexpr NameRow kSignals[] = {
#include "tables/generated/signals.inc"
};
constexpr NameRow kSocketLevels[] = {
#include "tables/generated/socket_levels.inc"
};
// socket(2); linux/net.h, which is not exported
constexpr NameRow kSocketTypes[] = {{1, "SOCK_STREAM"},    {2, "SOCK_DGRAM"}, {3, "SOCK_RAW"},    {4, "SOCK_RDM"},
                                    {5, "SOCK_SEQPACKET"}, {6, "SOCK_DCCP"},  {10, "SOCK_PACKET"}};

static_assert(strictly_sorted(kBpfCommands) && strictly_sorted(kCapabilities) && strictly_sorted(kClocks) &&
              strictly_sorted(kEpollOperations) && strictly_sorted(kFcntlCommands) && strictly_sorted(kFilterLists) &&
              strictly_sorted(kIpProtocols) && strictly_sorted(kNetfilterFamilies) && strictly_sorted(kPersonalities) &&
              strictly_sorted(kPrctlOptions) && strictly_sorted(kPtraceRequests) && strictly_sorted(kResourceLimits) &&
              strictly_sorted(kSchedulers) && strictly_sorted(kSeekOrigins) && strictly_sorted(kSignals) &&
              strictly_sorted(kSocketLevels) && strictly_sorted(kSocketTypes));

std::span<const NameRow> rows_of(Constants kind) noexcept {
  switch (kind) {
    case Constants::kBpfCommand:
      return kBpfCommands;
    case Constants::kCapability:
      return kCapabilities;
    case Constants::kClock:
      return kClocks;
    case Constants::kEpollOperation:
      return kEpollOperations;
    case Constants::kFcntlCommand:
      return kFcntlCommands;
    case Constants::kFilterList:
      return kFilterLists;
    case Constants::kIpProtocol:
      return kIpProtocols;
    case Constants::kNetfilterFamily:
      return kNetfilterFamilies;
    case Constants::kPersonality:
      return kPersonalities;
    case Constants::kPrctlOption:
      return kPrctlOptions;
    case Constants::kPtraceRequest:
      return kPtraceRequests;
    case Constants::kResourceLimit:
      return kResourceLimits;
    case Constants::kScheduler:
      return kSchedulers;
    case Constants::kSeekOrigin:
      return kSeekOrigins;
    case Constants::kSignal:
      return kSignals;
    case Constants::kSocketLevel:
      return kSocketLevels;
    case Constants::kSocketType:
      return kSocketTypes;
  }
  return {};
}

std::string_view find(std::span<const NameRow> rows, std::uint64_t number) noexcept {
  const auto found = std::lower_bound(rows.begin(), rows.end(), number,
                                      [](const NameRow& row, std::uint64_t wanted) { return row.number < wanted; });
  return found == rows.end() || found->number != number ? std::string_view{} : found->name;
}

}  // namespace

std::string_view constant_name(Constants kind, std::uint64_t number) noexcept {
  const std::string_view name = find(rows_of(kind), number);
  return name.empty() && kind == Constants::kSocketLevel ? find(kIpProtocols, number) : name;
}

std::string_view seccomp_action_name(std::uint32_t code) noexcept {
  switch (code & 0xFFFF0000U) {
    case 0x00000000U:  // the thread
    case 0x80000000U:  // the process
      return "kill";
    case 0x00030000U:
      return "trap";
    case 0x00050000U:
      return "errno";
    case 0x7FC00000U:
      return "user-notify";
    case 0x7FF00000U:
      return "trace";
    case 0x7FFC0000U:
      return "log";
    case 0x7FFF0000U:
      return "allow";
    default:
      return {};
  }
}

}  // namespace naudit::tables
