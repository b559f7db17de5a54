// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A server that sends and sends, on the loopback interface. Up to the first NUL the input goes out once, what is behind
// it again and again. However much that is, the client holds a bounded part of it, and the request ends.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "output/sinks/http/client.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // NOLINT(bugprone-reserved-identifier)
#define NAUDIT_COUNTS_ALLOCATED
#endif
#endif

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kVolume = std::size_t{4} << 20U;    // of a connection
constexpr std::size_t kMostHeld = std::size_t{1} << 20U;  // libcurl's own buffers among it

std::size_t held() {
#ifdef NAUDIT_COUNTS_ALLOCATED
  return __sanitizer_get_current_allocated_bytes();
#else
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

struct Server {
  explicit Server(boost::asio::io_context& loop)
      : acceptor(loop, {boost::asio::ip::address_v4::loopback(), 0}), endpoint(acceptor.local_endpoint()) {}

  void serve() {
    acceptor.async_accept([this](const error_code& error, tcp::socket peer) {
      if (error) return;
      send_first(std::make_shared<tcp::socket>(std::move(peer)));
      serve();
    });
  }
  void send_first(const std::shared_ptr<tcp::socket>& peer) {
    peer->async_read_some(boost::asio::buffer(request), [this, peer](const error_code& error, std::size_t) {
      if (!error) send(peer, first, kVolume);
    });
  }
  void send(const std::shared_ptr<tcp::socket>& peer, std::string_view text, std::size_t left) {
    boost::asio::async_write(*peer, boost::asio::buffer(text.data(), text.size()),
                             [this, peer, left](const error_code& error, std::size_t size) {
                               most_held = std::max(most_held, held());
                               if (error || again.empty() || left <= size) return;
                               send(peer, again, left - std::max<std::size_t>(size, 1));
                             });
  }

  tcp::acceptor acceptor;
  tcp::endpoint endpoint;
  std::string_view first;
  std::string again;
  std::string request = std::string(4096, '\0');
  std::size_t most_held = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  boost::asio::io_context loop;
  Server server(loop);
  server.first = input.substr(0, input.find('\0'));
  const std::string_view again = input.substr(std::min(server.first.size() + 1, size));
  while (!again.empty() && server.again.size() < 65536) server.again += again;
  const std::size_t before = held();
  server.serve();
  bool is_done = false;
  {
    HttpClient client(loop, {.url = {false, {"127.0.0.1", server.endpoint.port()}, "/"},
                             .tls = nullptr,
                             .server_name = {},
                             .content_type = "application/json",
                             .header_kept = {},
                             .timeout = std::chrono::milliseconds{2000},
                             .proxy = std::nullopt});
    client.send({{"{}"}, nullptr, "", {}}, {}, [&is_done](const HttpOutcome&) { is_done = true; });
    while (!is_done)
      if (loop.run_one() == 0) __builtin_trap();
  }
  if (server.most_held > before && server.most_held - before > kMostHeld) __builtin_trap();
  return 0;
}
