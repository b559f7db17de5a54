// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/sockaddr.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/hex.hpp"
#include "tables/socket_families.hpp"

namespace naudit::interpret {
namespace {

// The bytes of one address. A read past the end gives zero bytes; each family checks its length first all the same.
class Bytes {
 public:
  Bytes(std::string_view data, std::endian order) : data_(data), order_(order) {}

  [[nodiscard]] std::size_t size() const { return data_.size(); }
  [[nodiscard]] std::uint8_t byte(std::size_t at) const {
    return at < data_.size() ? static_cast<std::uint8_t>(data_[at]) : std::uint8_t{0};
  }
  [[nodiscard]] std::uint16_t net16(std::size_t at) const {
    return static_cast<std::uint16_t>(byte(at) << 8U | byte(at + 1));
  }
  [[nodiscard]] std::uint32_t net32(std::size_t at) const { return std::uint32_t{net16(at)} << 16U | net16(at + 2); }
  [[nodiscard]] std::uint16_t host16(std::size_t at) const {
    return order_ == std::endian::big ? net16(at) : static_cast<std::uint16_t>(byte(at + 1) << 8U | byte(at));
  }
  [[nodiscard]] std::uint32_t host32(std::size_t at) const {
    if (order_ == std::endian::big) return net32(at);
    return std::uint32_t{host16(at + 2)} << 16U | host16(at);
  }
  [[nodiscard]] std::string_view from(std::size_t at) const { return data_.substr(std::min(at, data_.size())); }
  // A text of at most size bytes that a NUL ends.
  [[nodiscard]] std::string_view text(std::size_t at, std::size_t size) const {
    const std::string_view whole = from(at).substr(0, size);
    return whole.substr(0, whole.find('\0'));
  }

 private:
  std::string_view data_;
  std::endian order_;
};

// Writes into the room's text; what does not fit is left out, which no family's longest form does.
class Writer {
 public:
  explicit Writer(SockaddrRoom& room) : begin_(room.text.data()), at_(begin_), end_(begin_ + room.text.size()) {}

  Writer& put(char c) {
    if (at_ < end_) *at_++ = c;
    return *this;
  }
  Writer& put(std::string_view text) {
    for (const char c : text) put(c);
    return *this;
  }
  Writer& decimal(std::uint32_t value) {
    at_ = std::to_chars(at_, end_, value).ptr;
    return *this;
  }
  Writer& hex(std::uint8_t value) {
    constexpr char kDigits[] = "0123456789abcdef";
    return put(kDigits[value >> 4U]).put(kDigits[value & 0x0FU]);
  }
  Writer& mac(const Bytes& bytes, std::size_t at, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) put(':');
      hex(bytes.byte(at + i));
    }
    return *this;
  }
  [[nodiscard]] std::string_view text() const { return {begin_, static_cast<std::size_t>(at_ - begin_)}; }

 private:
  char* begin_;
  char* at_;
  char* end_;
};

// linux/in.h; the kernel takes no shorter one than 16 bytes, yet all that counts stands in the first 8.
bool inet(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 8) return false;
  out.port = bytes.net16(2);
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) writer.put('.');
    writer.decimal(bytes.byte(4 + i));
  }
  out.address = writer.text();
  return true;
}

// linux/in6.h. RFC 2133 had no scope: 24 bytes.
bool inet6(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 24) return false;
  out.port = bytes.net16(2);
  char text[INET6_ADDRSTRLEN];
  if (inet_ntop(AF_INET6, bytes.from(8).data(), text, sizeof text) == nullptr) return false;
  out.address = writer.put(std::string_view(text)).text();
  if (bytes.host32(24) != 0) out.interface = bytes.host32(24);
  return true;
}

// linux/un.h, unix(7). Programs that pass the whole structure's size make NULs a part of an abstract name.
bool local(const Bytes& bytes, Sockaddr& out) {
  if (bytes.size() < 3) return false;
  out.abstract = bytes.byte(2) == 0;
  if (out.abstract) {
    const std::string_view name = bytes.from(3);
    out.path = name.substr(0, name.find_last_not_of('\0') + 1);
    if (out.path.empty()) out.abstract = false;
  } else {
    out.path = bytes.text(2, bytes.size());
  }
  return true;
}

// linux/netlink.h
bool netlink(const Bytes& bytes, Sockaddr& out) {
  if (bytes.size() < 12) return false;
  out.pid = bytes.host32(4);
  out.groups = bytes.host32(8);
  return true;
}

// linux/if_packet.h
bool packet(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 12) return false;
  out.protocol = bytes.net16(2);
  out.interface = bytes.host32(4);
  const std::size_t length = std::min<std::size_t>({bytes.byte(11), std::size_t{8}, bytes.size() - 12});
  out.address = writer.mac(bytes, 12, length).text();
  return true;
}

// linux/vm_sockets.h
bool vsock(const Bytes& bytes, Sockaddr& out) {
  if (bytes.size() < 12) return false;
  out.port = bytes.host32(4);
  out.cid = bytes.host32(8);
  return true;
}

// linux/ax25.h: a call sign is six letters shifted left by one and a byte with the station's number.
bool ax25(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 9) return false;
  for (std::size_t i = 2; i < 8; ++i) {
    const char letter = static_cast<char>(bytes.byte(i) >> 1U);
    if (letter > ' ' && letter < 0x7F) writer.put(letter);
  }
  const std::uint32_t station = (bytes.byte(8) >> 1U) & 0x0FU;
  if (station != 0) writer.put('-').decimal(station);
  out.address = writer.text();
  return true;
}

// linux/ipx.h of kernels that had it
bool ipx(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 14) return false;
  out.port = bytes.net16(2);
  for (std::size_t i = 4; i < 8; ++i) writer.hex(bytes.byte(i));
  out.address = writer.put(':').mac(bytes, 8, 6).text();
  return true;
}

// linux/atalk.h
bool appletalk(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 7) return false;
  out.port = bytes.byte(2);
  out.address = writer.decimal(bytes.net16(4)).put('.').decimal(bytes.byte(6)).text();
  return true;
}

// linux/atm.h
bool atmpvc(const Bytes& bytes, Sockaddr& out) {
  if (bytes.size() < 12) return false;
  out.interface = bytes.host16(4);
  out.vpi = bytes.host16(6);
  out.vci = bytes.host32(8);
  return true;
}

// linux/llc.h
bool llc(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 14) return false;
  out.port = bytes.byte(7);
  out.address = writer.mac(bytes, 8, 6).text();
  return true;
}

// linux/if_alg.h
bool alg(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  if (bytes.size() < 25) return false;
  out.address = writer.put(bytes.text(2, 14)).put(':').put(bytes.text(24, 64)).text();
  return true;
}

bool decode_family(const Bytes& bytes, Writer& writer, Sockaddr& out) {
  switch (out.family) {
    case AF_UNSPEC:
      return true;
    case AF_INET:
      return inet(bytes, writer, out);
    case AF_INET6:
      return inet6(bytes, writer, out);
    case AF_UNIX:
      return local(bytes, out);
    case AF_NETLINK:
      return netlink(bytes, out);
    case AF_PACKET:
      return packet(bytes, writer, out);
    case AF_VSOCK:
      return vsock(bytes, out);
    case AF_AX25:
      return ax25(bytes, writer, out);
    case AF_IPX:
      return ipx(bytes, writer, out);
    case AF_APPLETALK:
      return appletalk(bytes, writer, out);
    case AF_ATMPVC:
      return atmpvc(bytes, out);
    case AF_X25:  // linux/x25.h
      out.address = bytes.text(2, 16);
      return bytes.size() >= 18;
    case AF_LLC:
      return llc(bytes, writer, out);
    case AF_ALG:
      return alg(bytes, writer, out);
    case AF_CAN:  // linux/can.h
      out.interface = bytes.host32(4);
      return bytes.size() >= 8;
    case AF_QIPCRTR:  // linux/qrtr.h
      out.node = bytes.host32(4);
      out.port = bytes.host32(8);
      return bytes.size() >= 12;
    case AF_XDP:  // linux/if_xdp.h
      out.interface = bytes.host32(4);
      out.queue = bytes.host32(8);
      return bytes.size() >= 12;
    default:
      return false;
  }
}

}  // namespace

std::optional<Sockaddr> decode_sockaddr(std::string_view hex, SockaddrRoom& room, std::endian order) noexcept {
  if (hex.size() < 4 || hex.size() % 2 != 0) return std::nullopt;
  const std::string_view used = hex.substr(0, room.bytes.size() * 2);
  if (!base::decode_hex(used, room.bytes.data()) ||
      (used.size() < hex.size() && !base::is_hex(hex.substr(used.size())))) {
    return std::nullopt;
  }

  const Bytes bytes({room.bytes.data(), used.size() / 2}, order);
  Writer writer(room);
  Sockaddr out;
  out.family = bytes.host16(0);
  out.family_name = tables::socket_family_name(out.family);
  out.complete = decode_family(bytes, writer, out);
  return out;
}

}  // namespace naudit::interpret
