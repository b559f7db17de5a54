// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/sockaddr.hpp"

#include <string>
#include <utility>

#include "interpret/meaning/sockaddr_text.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

constexpr std::string_view kInet = "0200005001020304",
                           kInet6 = "0A0001BB00000007FE80000000000000000000000000000103000000";

std::string text_of(std::string_view hex) {
  SockaddrRoom room;
  const auto address = decode_sockaddr(hex, room);
  std::string out;
  if (address) append_sockaddr(out, *address);
  return out;
}

TEST_CASE("an inet address has a dotted address and a port") {
  SockaddrRoom room;
  const auto address = decode_sockaddr(kInet, room);
  REQUIRE(address);
  CHECK(address->family == 2);
  CHECK(address->family_name == "inet");
  CHECK(address->complete);
  CHECK(address->address == "1.2.3.4");
  CHECK(address->port == 80U);
  CHECK_FALSE(address->interface);
}

TEST_CASE("an inet6 address has its scope beside it") {
  SockaddrRoom room;
  const auto address = decode_sockaddr(kInet6, room);
  REQUIRE(address);
  CHECK(address->family_name == "inet6");
  CHECK(address->address == "fe80::1");
  CHECK(address->port == 443U);
  CHECK(address->interface == 3U);
  CHECK(decode_sockaddr(kInet6.substr(0, 48), room)->complete);
  CHECK_FALSE(decode_sockaddr(kInet6.substr(0, 46), room)->complete);
}

TEST_CASE("a local address is a path, an abstract name or nothing") {
  SockaddrRoom room;
  auto address = decode_sockaddr("01002F72756E2F782E736F636B006A756E6B", room);
  CHECK(address->family_name == "local");
  CHECK(address->path == "/run/x.sock");
  CHECK_FALSE(address->abstract);

  address = decode_sockaddr("01002F61", room);  // no NUL at the end
  CHECK(address->path == "/a");

  address = decode_sockaddr("01000061620063000000", room);
  CHECK(address->path == std::string_view("ab\0c", 4));
  CHECK(address->abstract);

  address = decode_sockaddr("010000000000", room);
  CHECK(address->complete);
  CHECK(address->path.empty());
  CHECK_FALSE(address->abstract);

  address = decode_sockaddr("0100", room);
  CHECK_FALSE(address->complete);
}

TEST_CASE("a netlink address has a port id and groups") {
  SockaddrRoom room;
  const auto address = decode_sockaddr("10000000D204000011000000", room);
  CHECK(address->family_name == "netlink");
  CHECK(address->pid == 1234U);
  CHECK(address->groups == 17U);
}

TEST_CASE("numbers in host order follow the arch of the record, those in network order do not") {
  SockaddrRoom room;
  CHECK(byte_order(tables::kArchX86_64) == std::endian::little);
  CHECK(byte_order(tables::kArchS390x) == std::endian::big);
  auto address = decode_sockaddr(
      "0010000000000"
      "4D200000011",
      room, byte_order(tables::kArchS390x));
  CHECK(address->family_name == "netlink");
  CHECK(address->pid == 1234U);
  CHECK(address->groups == 17U);
  address = decode_sockaddr("0002005001020304", room, std::endian::big);
  CHECK(address->address == "1.2.3.4");
  CHECK(address->port == 80U);
}

TEST_CASE("the rarer families tell what they hold") {
  SockaddrRoom room;
  auto address = decode_sockaddr("1100080002000000010000060102030405060000", room);
  CHECK(address->family_name == "packet");
  CHECK(address->protocol == 0x0800U);
  CHECK(address->interface == 2U);
  CHECK(address->address == "01:02:03:04:05:06");

  address = decode_sockaddr("28000000000400000200000000000000", room);
  CHECK(address->family_name == "vsock");
  CHECK(address->port == 1024U);
  CHECK(address->cid == 2U);

  address = decode_sockaddr("03009C826AA0404002", room);
  CHECK(address->family_name == "ax25");
  CHECK(address->address == "NA5P-1");

  address = decode_sockaddr("04004000DEADBEEF0102030405060400", room);
  CHECK(address->family_name == "ipx");
  CHECK(address->port == 0x4000U);
  CHECK(address->address == "deadbeef:01:02:03:04:05:06");

  address = decode_sockaddr("08000000030001002A000000", room);
  CHECK(address->family_name == "atmpvc");
  CHECK(address->interface == 3U);
  CHECK(address->vpi == 1U);
  CHECK(address->vci == 42U);

  address = decode_sockaddr("090031323334353637383930000000000000", room);
  CHECK(address->family_name == "x25");
  CHECK(address->address == "1234567890");

  address = decode_sockaddr("2A0000000400000001000000", room);
  CHECK(address->family_name == "qipcrtr");
  CHECK(address->node == 4U);
  CHECK(address->port == 1U);

  address = decode_sockaddr("2C0000000400000001000000", room);
  CHECK(address->family_name == "xdp");
  CHECK(address->interface == 4U);
  CHECK(address->queue == 1U);
}

TEST_CASE("addresses are written as ausearch -i writes them") {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"02000050010203040000000000000000", "{ saddr_fam=inet laddr=1.2.3.4 lport=80 }"},
      {"02000050", "{ saddr_fam=inet sockaddr len too short }"},
      {kInet6, "{ saddr_fam=inet6 laddr=fe80::1%3 lport=443 }"},
      {"0A0001BB0000000701010101010101010101", "{ saddr_fam=inet6 sockaddr6 len too short }"},
      {"01002F72756E2F782E736F636B00", "{ saddr_fam=local path=/run/x.sock }"},
      {"010000616273", "{ saddr_fam=local path=abs }"},
      {"0100", "{ saddr_fam=local sockaddr len too short }"},
      {"0100000000000000", "{ saddr_fam=local path= }"},
      {"10000000D204000011000000", "{ saddr_fam=netlink nlnk-fam=16 nlnk-pid=1234 }"},
      {"10000000D2040000", "{ saddr_fam=netlink len too short }"},
      {"090031323334353637383930000000000000", "{ saddr_fam=x25 laddr=1234567890 }"},
      {"28000000000400000200000000000000", "{ saddr_fam=vsock cid=2 lport=1024 }"},
      {"1F000000000000000000", "{ saddr_fam=bluetooth (unsupported) }"},
      {"63000000", "unknown-family(99)"},
      {"0000000000000000", "{ saddr_fam=unspec }"},
  };
  for (const auto& [hex, text] : pairs) CHECK(text_of(hex) == text);
}

TEST_CASE("what is no address is refused, and no length of one is read past its end") {
  SockaddrRoom room;
  for (const char* text : {"", "02", "020", "02000", "zz00", "0200zz", "(null)"})
    CHECK_FALSE(decode_sockaddr(text, room));
  CHECK_FALSE(decode_sockaddr("0100" + std::string(300, '6') + "zz", room));
  for (int family = 0; family < 50; ++family) {
    for (std::size_t size = 0; size < 140; ++size) {
      const std::string hex = {"0123456789ABCDEF"[family / 16], "0123456789ABCDEF"[family % 16], '0', '0'};
      const auto address = decode_sockaddr(hex + std::string(size * 2, 'F'), room);
      REQUIRE(address);
      CHECK(address->family == family);
    }
  }
}

}  // namespace
}  // namespace naudit::interpret
