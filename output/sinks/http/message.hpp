// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace naudit::output {

// HTTP/1.1 as bytes: the head of a request, the parts of a reply. Pure. Beast is behind it, in the .cpp and nowhere
// else.
struct HttpRequestHead {
  std::string target;
  std::string host;  // with the port, if it is not the scheme's own
  std::string content_type;
  std::string token;  // bearer; empty: none
  std::uint64_t length = 0;
};

// "POST … \r\n\r\n"
std::string request_head(const HttpRequestHead& head);

// Reads one reply, however it is cut into pieces. Of the body only the beginning is kept; a head of more than 16 KiB or
// a body of more than 16 MiB is "broken".
class HttpReply {
 public:
  static constexpr std::size_t kBodyKept = 200;

  enum class Progress : std::uint8_t { kMore, kDone, kBroken };

  HttpReply();
  HttpReply(const HttpReply&) = delete;
  HttpReply& operator=(const HttpReply&) = delete;
  ~HttpReply();

  Progress feed(std::string_view bytes);
  // The connection ended: that may be the end of the body.
  Progress end();

  [[nodiscard]] bool started() const noexcept;   // at least one byte came
  [[nodiscard]] bool has_head() const noexcept;  // the members below mean something
  [[nodiscard]] int status() const noexcept;
  [[nodiscard]] std::string reason() const;
  [[nodiscard]] std::string retry_after() const;
  [[nodiscard]] const std::string& body_start() const noexcept;
  // The connection can carry another request: the server says so, and nothing came after the reply.
  [[nodiscard]] bool keep_alive() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naudit::output
