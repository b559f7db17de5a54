// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/socket.h>

#include "interpret/arguments/special.hpp"
#include "tables/socket_families.hpp"

namespace naudit::interpret {

using tables::Constants;
using tables::Flags;

namespace {

// Levels whose options have a table of their own, but for those of IP.
std::optional<Constants> options_of(std::uint32_t level) noexcept {
  switch (level) {
    case SOL_SOCKET:
      return Constants::kSocketOption;
    case 6:
      return Constants::kTcpOption;
    case 17:   // UDP
    case 136:  // UDPLite
      return Constants::kUdpOption;
    case AF_VSOCK:
      return Constants::kVsockOption;
    case 132:
      return Constants::kSctpOption;
    case SOL_PACKET:
      return Constants::kPacketOption;
    case SOL_NETLINK:
      return Constants::kNetlinkOption;
    case SOL_TIPC:
      return Constants::kTipcOption;
    case SOL_ALG:
      return Constants::kAlgorithmOption;
    case SOL_TLS:
      return Constants::kTlsOption;
    case SOL_XDP:
      return Constants::kXdpOption;
    case 284:
      return Constants::kMptcpOption;
    default:
      return std::nullopt;
  }
}

// Netfilter's options have the numbers of some of IP's own, and mean something else in getsockopt and setsockopt.
Form append_ip_option(std::string& out, std::uint32_t option, Constants own, Constants netfilter) {
  const Form form = append_constant(out, netfilter, option);
  return form == Form::kNone ? append_constant(out, own, option) : form;
}

std::uint32_t swapped(std::uint32_t word) noexcept {
  return (word >> 8U & 0xFFU) | (word & 0xFFU) << 8U;
}

}  // namespace

Form append_socket_domain(std::string& out, std::uint32_t domain) {
  return domain == AF_UNSPEC ? Form::kNone : append_name(out, tables::socket_family_name(domain));
}

Form append_socket_type(std::string& out, const ArgumentPlace& place) {
  constexpr std::uint32_t kTypeMask = 0xF;
  const std::uint32_t word = place.word();
  return append_constant_and_bits(out, Constants::kSocketType, word & kTypeMask, Flags::kSocket, word & ~kTypeMask);
}

Form append_socket_protocol(std::string& out, const ArgumentPlace& place) {
  const std::uint32_t protocol = place.word();
  switch (place.word_at(0)) {
    case AF_INET:
    case AF_INET6:
      return append_constant(out, Constants::kIpProtocol, protocol);
    case AF_NETLINK:
      return append_constant(out, Constants::kNetlinkProtocol, protocol);
    case AF_PACKET: {
      constexpr tables::ArchWord kLittleEndian = 0x40000000;
      const bool swap = (place.arch & kLittleEndian) != 0;
      return append_constant(out, Constants::kEthernetProtocol, swap ? swapped(protocol) : protocol);
    }
    case AF_CAN:
      return append_constant(out, Constants::kCanProtocol, protocol);
    case AF_BLUETOOTH:
      return append_constant(out, Constants::kBluetoothProtocol, protocol);
    default:
      return Form::kNone;
  }
}

Form append_socket_option(std::string& out, const ArgumentPlace& place, bool set) {
  const std::uint32_t level = place.word_at(1), option = place.word();
  if (level == 0)
    return append_ip_option(out, option, Constants::kIpOption, set ? Constants::kIpTablesSet : Constants::kIpTablesGet);
  if (level == 41) {
    return append_ip_option(out, option, Constants::kIpv6Option,
                            set ? Constants::kIp6TablesSet : Constants::kIp6TablesGet);
  }
  if (const auto options = options_of(level)) return append_constant(out, *options, option, place.arch);
  if (option != 1) return Form::kNone;
  return append_name(out, level == 58 ? "ICMPV6_FILTER" : level == SOL_RAW ? "ICMP_FILTER" : "");
}

}  // namespace naudit::interpret
