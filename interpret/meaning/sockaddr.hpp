// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tables/arch.hpp"

namespace naudit::interpret {

// The room that decode_sockaddr works in. The kernel never logs more than a sockaddr_storage.
struct SockaddrRoom {
  std::array<char, 128> bytes;
  std::array<char, 96> text;
};

// What a socket address says. Only what the family has is set; the texts point into the SockaddrRoom or to constant
// data. Text from outside: a path is any bytes, and not always UTF-8.
struct Sockaddr {
  std::uint16_t family = 0;
  std::string_view family_name;  // "inet", "local"; empty if the family has no name
  bool complete = false;         // false: shorter than the family needs, or a family whose layout is not known here

  // inet, inet6: the address. packet, llc: the hardware address. ax25: the call sign. ipx: net:node. x25: the number.
  // appletalk: net.node. alg: type:name.
  std::string_view address;
  std::string_view path;  // local; an abstract name without its leading NUL and without the NULs that fill it up
  bool abstract = false;  // local

  std::optional<std::uint32_t> port;       // inet, inet6, vsock, qipcrtr, appletalk; ipx: the socket; llc: the SAP
  std::optional<std::uint32_t> interface;  // index: inet6 (its scope, if not 0), packet, can, xdp, atmpvc
  std::optional<std::uint32_t> protocol;   // packet: the Ethernet type
  std::optional<std::uint32_t> pid;        // netlink: the port id
  std::optional<std::uint32_t> groups;     // netlink
  std::optional<std::uint32_t> cid;        // vsock
  std::optional<std::uint32_t> node;       // qipcrtr
  std::optional<std::uint32_t> queue;      // xdp
  std::optional<std::uint32_t> vpi, vci;   // atmpvc
};

// The byte order of the records of an arch: bit 30 of the word says little.
constexpr std::endian byte_order(tables::ArchWord arch) noexcept {
  return (arch & 0x40000000U) != 0 ? std::endian::little : std::endian::big;
}

// Reads the saddr field of a SOCKADDR record: hexadecimal digits, in the byte order of the machine that wrote them.
// Nothing if it is not hexadecimal or too short for a family. Pure, any thread.
std::optional<Sockaddr> decode_sockaddr(std::string_view hex, SockaddrRoom& room,
                                        std::endian order = std::endian::little) noexcept;

}  // namespace naudit::interpret
