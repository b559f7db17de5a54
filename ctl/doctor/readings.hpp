// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include "ctl/doctor/facts.hpp"

// Texts and answers as facts. All pure: any bytes are taken, what is not understood is left out.
namespace naudit::ctl {

// /proc/cmdline. Of a word that stands there twice the last one counts (kernel/audit.c, audit_enable: what it does not
// know means "on").
BootWords read_boot_words(std::string_view command_line);

// The inodes of the sockets in /proc/net/netlink that are in the group AUDIT_NLGRP_READLOG (net/netlink/af_netlink.c,
// netlink_native_seq_show: sk, Eth, Pid, Groups, Rmem, Wmem, Dump, Locks, Drops, Inode).
std::vector<std::uint64_t> read_listeners(std::string_view table);

// "socket:[4711]", as a link in /proc/PID/fd has it.
std::optional<std::uint64_t> socket_inode(std::string_view link);

// The answers of nauditd to status and rule_stats (docs/control-socket.md).
DaemonFact read_daemon(const rapidjson::Value& status);
std::vector<KeyFact> read_keys(const rapidjson::Value& rule_stats);
// The latest record time that rule_stats tells, in milliseconds since 1970; nothing: no event yet.
std::optional<std::int64_t> latest_event(const rapidjson::Value& rule_stats);
// "2026-11-30T19:02:03.123Z", RFC 3339 in UTC.
std::optional<std::int64_t> read_time(std::string_view text);

// The receive buffer of the socket with this inode, in one answer of sock_diag(7) for AF_NETLINK with memory: half of
// what the kernel says, which counts its own bookkeeping (socket(7), SO_RCVBUF).
struct SocketMemory {
  std::uint64_t inode = 0;
  std::uint64_t receive_buffer = 0;
};
// Of the messages of one datagram; `ended` is set when it holds the end of the answer, or an error.
std::vector<SocketMemory> read_socket_memory(std::string_view datagram, bool& ended);

}  // namespace naudit::ctl
