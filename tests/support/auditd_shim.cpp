// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// Preloaded into Debian's auditd: stands in for the kernel's audit socket, gives the records of a file to the daemon
// once it has registered, and names the users. So auditd's own text of any record can be had without a kernel, without
// root and without touching the machine's auditing.
//   NAUDIT_SHIM_RECORDS  the file; for each record two native words, type and size, and then its bytes
//   NAUDIT_SHIM_PID      where auditd's pid file goes
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace {

std::array<int, 2> ends = {-1, -1};  // auditd's, ours

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

void send(std::uint16_t type, std::uint32_t sequence, const void* payload, std::size_t size, std::size_t length) {
  nlmsghdr head{};
  head.nlmsg_len = static_cast<std::uint32_t>(length);
  head.nlmsg_type = type;
  head.nlmsg_seq = sequence;
  std::vector<char> message(sizeof head + size);
  std::memcpy(message.data(), &head, sizeof head);
  if (size > 0) std::memcpy(message.data() + sizeof head, payload, size);
  if (write(ends[1], message.data(), message.size()) < 0) std::perror("auditd_shim: write");
}

void reply(std::uint16_t type, const nlmsghdr& to, const void* payload, std::size_t size) {
  send(type, to.nlmsg_seq, payload, size, sizeof(nlmsghdr) + size);
}

// As the kernel sends records: the length in the header is that of the payload alone.
void give_records() {
  std::FILE* const file = std::fopen(std::getenv("NAUDIT_SHIM_RECORDS"), "rb");
  if (file == nullptr) return;
  std::array<std::uint32_t, 2> head{};
  while (std::fread(head.data(), sizeof head, 1, file) == 1) {
    std::vector<char> text(head[1]);
    if (head[1] > 0 && std::fread(text.data(), text.size(), 1, file) != 1) break;
    send(static_cast<std::uint16_t>(head[0]), 0, text.data(), text.size(), text.size());
  }
  std::fclose(file);
}

void answer(const nlmsghdr& request, const char* payload) {
  if ((request.nlmsg_flags & NLM_F_ACK) != 0) {
    nlmsgerr acknowledged{};
    acknowledged.msg = request;
    reply(NLMSG_ERROR, request, &acknowledged, sizeof acknowledged);
  }
  if (request.nlmsg_type == AUDIT_GET) {
    audit_status status{};
    status.enabled = 1;
    reply(AUDIT_GET, request, &status, sizeof status);
  } else if (request.nlmsg_type == AUDIT_SIGNAL_INFO) {
    const std::array<std::uint32_t, 2> nobody{};
    reply(AUDIT_SIGNAL_INFO, request, nobody.data(), sizeof nobody);
  } else if (request.nlmsg_type == AUDIT_SET) {
    audit_status status{};
    std::memcpy(&status, payload, std::min<std::size_t>(sizeof status, request.nlmsg_len - sizeof request));
    if ((status.mask & AUDIT_STATUS_PID) != 0 && status.pid != 0) std::thread(give_records).detach();
  }
}

}  // namespace

extern "C" {

int socket(int domain, int type, int protocol) noexcept {
  if (domain != AF_NETLINK || protocol != NETLINK_AUDIT)
    return next<decltype(socket)>("socket")(domain, type, protocol);
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return -1;
  return ends[0];
}

// Of `tcp_listen_port` auditd says nothing of where: on this machine only.
int bind(int fd, const sockaddr* address, socklen_t size) noexcept {
  sockaddr_storage own{};
  std::memcpy(&own, address, std::min<std::size_t>(size, sizeof own));
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 loopback{};
    std::memcpy(&loopback, &own, sizeof loopback);
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &loopback.sin6_addr);
    std::memcpy(&own, &loopback, sizeof loopback);
  } else if (address->sa_family == AF_INET) {
    sockaddr_in loopback{};
    std::memcpy(&loopback, &own, sizeof loopback);
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::memcpy(&own, &loopback, sizeof loopback);
  }
  return next<int(int, const sockaddr*, socklen_t)>("bind")(fd, reinterpret_cast<const sockaddr*>(&own), size);
}

ssize_t sendto(int fd, const void* bytes, size_t size, int flags, const sockaddr* to, socklen_t length) {
  if (fd != ends[0] || fd < 0) return next<decltype(sendto)>("sendto")(fd, bytes, size, flags, to, length);
  nlmsghdr head{};
  std::memcpy(&head, bytes, sizeof head);
  answer(head, static_cast<const char*>(bytes) + sizeof head);
  return static_cast<ssize_t>(size);
}

ssize_t recvfrom(int fd, void* bytes, size_t size, int flags, sockaddr* from, socklen_t* length) {
  const ssize_t got = next<decltype(recvfrom)>("recvfrom")(fd, bytes, size, flags, nullptr, nullptr);
  if (fd == ends[0] && from != nullptr) {
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    std::memcpy(from, &kernel, sizeof kernel);
    *length = sizeof kernel;
  }
  return got;
}

// What auditd would refuse to run without, or would write where it does not belong.

int audit_can_control() {
  return 1;
}

int fstat(int fd, struct stat* out) noexcept {
  const int result = next<int(int, struct stat*)>("fstat")(fd, out);
  out->st_uid = 0;
  return result;
}

// Its files would have to be root's.
int chown(const char* /*path*/, uid_t /*user*/, gid_t /*group*/) noexcept {
  return 0;
}

int fchown(int /*fd*/, uid_t /*user*/, gid_t /*group*/) noexcept {
  return 0;
}

int open(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const unsigned mode = (flags & O_CREAT) != 0 ? va_arg(rest, unsigned) : 0;
  va_end(rest);
  const bool is_pid = std::strcmp(path, "/var/run/auditd.pid") == 0;
  return next<decltype(open)>("open")(is_pid ? std::getenv("NAUDIT_SHIM_PID") : path, flags, mode);
}

int unlink(const char* path) noexcept {
  const bool is_pid = std::strcmp(path, "/var/run/auditd.pid") == 0;
  return next<decltype(unlink)>("unlink")(is_pid ? std::getenv("NAUDIT_SHIM_PID") : path);
}

// The same users and groups on every machine: those of tests/support/pipeline.hpp, and some that are hard to write.

passwd* getpwuid(uid_t uid) {
  static passwd entry;
  switch (uid) {
    case 0:
      entry.pw_name = const_cast<char*>("root");
      break;
    case 1000:
      entry.pw_name = const_cast<char*>("jo");
      break;
    case 1002:
      entry.pw_name = const_cast<char*>("EXAMPLE\\jo ann");
      break;
    case 1003:
      entry.pw_name = const_cast<char*>("j\xC3\xB6rg");
      break;
    default:
      return nullptr;
  }
  entry.pw_uid = uid;
  return &entry;
}

group* getgrgid(gid_t gid) {
  static group entry;
  const passwd* const user = getpwuid(gid);
  if (user == nullptr) return nullptr;
  entry.gr_name = gid == 1000 ? const_cast<char*>("staff") : user->pw_name;
  entry.gr_gid = gid;
  return &entry;
}
}
