// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "base/descriptor.hpp"
#include "ctl/doctor/gather.hpp"
#include "ctl/doctor/readings.hpp"
#include "netlink/holder.hpp"
#include "netlink/request_socket.hpp"
#include "rules/kernel/kernel_rules.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{3};

// Why the kernel does not answer us.
std::string reason(const Facts& facts, const std::error_code& error) {
  if (error == std::errc::operation_not_permitted)
    return facts.is_root ? "CAP_AUDIT_CONTROL, and the host's pid namespace, are needed to ask the kernel"
                         : "only root can ask the kernel";
  if (error == std::errc::connection_refused) return "the kernel's audit does not answer in this user namespace";
  if (error == std::errc::protocol_not_supported) return "this kernel has no audit";
  return "the kernel does not answer: " + error.message();
}

Process process_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(file, name);
  return {.pid = pid, .name = name};
}

// Which processes have each of the sockets; those whose descriptors we may not see are not in it.
std::map<std::uint64_t, std::vector<Process>> holders_of_sockets() {
  std::map<std::uint64_t, std::vector<Process>> holders;
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end; process.increment(error)) {
    const std::string name = process->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code closed;
    for (fs::directory_iterator file(process->path() / "fd", closed); !closed && file != end; file.increment(closed)) {
      std::error_code gone;
      const auto inode = socket_inode(fs::read_symlink(file->path(), gone).string());
      if (inode) holders[*inode].push_back(process_of(static_cast<pid_t>(std::stol(name))));
    }
  }
  return holders;
}

// Each socket of NETLINK_AUDIT with its receive buffer; why not, if the kernel does not tell.
Known<std::vector<SocketMemory>> socket_memory() {
  using List = Known<std::vector<SocketMemory>>;
  const auto failed = [](std::string_view what) {
    return List::unknown(fmt::format("{}: {}", what, std::generic_category().message(errno)));
  };
  const base::Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!socket) return failed("the kernel tells no sizes of sockets (sock_diag)");
  const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  struct {
    nlmsghdr head;
    netlink_diag_req body;
  } request{};
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = AF_NETLINK;
  request.body.sdiag_protocol = NETLINK_AUDIT;
  request.body.ndiag_show = NDIAG_SHOW_MEMINFO;
  if (::send(socket.get(), &request, sizeof request, 0) < 0) return failed("the kernel tells no sizes of sockets");
  std::vector<SocketMemory> all;
  std::array<char, 32768> buffer{};
  for (bool ended = false; !ended;) {
    const ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return failed("the kernel tells no sizes of sockets");
    const auto part = read_socket_memory({buffer.data(), static_cast<std::size_t>(size)}, ended);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace

void gather_kernel(Facts& facts, bool first) {
  auto requests = netlink::RequestSocket::open(kPatience);
  const auto status = requests ? requests->status() : tl::unexpected(requests.error());
  if (!status) {
    const std::string why = reason(facts, status.error());
    facts.kernel.set_unknown(why);
    if (first) facts.kernel_before.set_unknown(why);
    facts.holder.set_unknown(why);
    facts.rules.set_unknown(why);
    return;
  }
  facts.kernel = *status;
  if (first) facts.kernel_before = *status;
  const auto pid = static_cast<pid_t>(status->pid);
  facts.holder = netlink::is_alive(pid) ? process_of(pid) : Process();
  const auto rules = rules::SocketRules(*requests).list();
  facts.rules = rules ? *rules : Known<std::vector<rules::Rule>>::unknown(reason(facts, rules.error()));
}

void gather_listeners(Facts& facts) {
  std::ifstream file("/proc/net/netlink");
  if (!file) {
    facts.listeners.set_unknown("/proc/net/netlink cannot be read");
    facts.receive_buffer.set_unknown("/proc/net/netlink cannot be read");
    return;
  }
  const std::string table(std::istreambuf_iterator<char>(file), {});
  const auto holders = holders_of_sockets();
  std::vector<Listener> listeners;
  for (const std::uint64_t inode : read_listeners(table)) {
    const auto found = holders.find(inode);
    listeners.push_back({.inode = inode, .holders = found == holders.end() ? std::vector<Process>() : found->second});
  }
  facts.listeners = std::move(listeners);

  const auto memory = socket_memory();
  facts.receive_buffer.set_unknown(!facts.daemon ? facts.daemon.why()
                                   : memory      ? "whose sockets these are can be told to root only"
                                                 : memory.why());
  if (!memory || !facts.daemon) return;
  // The event socket is the one with the largest buffer: the others have the kernel's default.
  for (const SocketMemory& one : *memory) {
    const auto found = holders.find(one.inode);
    if (found == holders.end()) continue;
    for (const Process& process : found->second)
      if (process.pid == facts.daemon->pid && (!facts.receive_buffer || *facts.receive_buffer < one.receive_buffer))
        facts.receive_buffer = one.receive_buffer;
  }
}

}  // namespace naudit::ctl
