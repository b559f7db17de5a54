// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/subcalls.hpp"

#include <array>

namespace naudit::tables {
namespace {

constexpr std::array<std::string_view, 21> kSocketCalls = {
    "",           "socket",  "bind",    "connect",  "listen",   "accept",   "getsockname", "getpeername",
    "socketpair", "send",    "recv",    "sendto",   "recvfrom", "shutdown", "setsockopt",  "getsockopt",
    "sendmsg",    "recvmsg", "accept4", "recvmmsg", "sendmmsg"};

constexpr std::array<std::string_view, 25> kIpcCalls = {
    "",       "semop",  "semget", "semctl", "semtimedop", "", "", "", "",      "",      "",       "msgsnd", "msgrcv",
    "msgget", "msgctl", "",       "",       "",           "", "", "", "shmat", "shmdt", "shmget", "shmctl"};

}  // namespace

std::string_view subcall_name(std::string_view call, std::uint64_t number) noexcept {
  if (call == "socketcall") return number < kSocketCalls.size() ? kSocketCalls[number] : std::string_view{};
  if (call == "ipc") return number < kIpcCalls.size() ? kIpcCalls[number] : std::string_view{};
  return {};
}

}  // namespace naudit::tables
