// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/sockaddr_text.hpp"

#include <sys/socket.h>

#include <charconv>

namespace naudit::interpret {
namespace {

void append_number(std::string& out, std::uint32_t number) {
  char digits[10];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_part(std::string& out, std::string_view name, const std::optional<std::uint32_t>& number) {
  if (!number) return;
  (out += name) += '=';
  append_number(out, *number);
  out += ' ';
}

std::string_view complaint(std::uint16_t family) {
  switch (family) {
    case AF_INET:
    case AF_UNIX:
      return "sockaddr len too short ";
    case AF_INET6:
      return "sockaddr6 len too short ";
    case AF_NETLINK:
    case AF_PACKET:
    case AF_VSOCK:
    case AF_AX25:
    case AF_IPX:
    case AF_APPLETALK:
    case AF_ATMPVC:
    case AF_X25:
    case AF_LLC:
    case AF_ALG:
    case AF_CAN:
    case AF_QIPCRTR:
    case AF_XDP:
      return "len too short ";
    default:
      return "(unsupported) ";
  }
}

}  // namespace

void append_sockaddr(std::string& out, const Sockaddr& address) {
  if (address.family_name.empty()) {
    out += "unknown-family(";
    append_number(out, address.family);
    out += ')';
    return;
  }
  ((out += "{ saddr_fam=") += address.family_name) += ' ';
  if (!address.complete) {
    (out += complaint(address.family)) += '}';
    return;
  }

  switch (address.family) {
    case AF_UNIX:
      ((out += "path=") += address.path) += ' ';
      break;
    case AF_NETLINK:
      out += "nlnk-fam=16 ";
      append_part(out, "nlnk-pid", address.pid);
      break;
    case AF_AX25:
      ((out += "call=") += address.address) += ' ';
      break;
    default:
      if (!address.address.empty()) {
        (out += "laddr=") += address.address;
        if (address.family == AF_INET6 && address.interface) {
          out += '%';
          append_number(out, *address.interface);
        }
        out += ' ';
      }
      append_part(out, "cid", address.cid);
      append_part(out, "node", address.node);
      append_part(out, "lport", address.port);
      append_part(out, "proto", address.protocol);
      if (address.family != AF_INET6) append_part(out, "int", address.interface);
      append_part(out, "queue", address.queue);
      append_part(out, "vpi", address.vpi);
      append_part(out, "vci", address.vci);
  }
  out += '}';
}

}  // namespace naudit::interpret
