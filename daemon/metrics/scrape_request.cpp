// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/metrics/scrape_request.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>

#include "daemon/metrics/exposition.hpp"

namespace naudit::daemon {

namespace http = boost::beast::http;

struct ScrapeRequest::Parser {
  http::request_parser<http::empty_body> parser;
};

ScrapeRequest::ScrapeRequest() : parser_(std::make_unique<Parser>()) {
  parser_->parser.header_limit(kMostBytes);
}

ScrapeRequest::~ScrapeRequest() = default;

ScrapeRequest::Wants ScrapeRequest::take(std::string_view bytes) {
  if (wants_ != Wants::kMore) return wants_;
  input_ += bytes;
  wants_ = read();
  return wants_;
}

ScrapeRequest::Wants ScrapeRequest::read() {
  boost::system::error_code error;
  auto& parser = parser_->parser;
  // One call reads the first line, or the headers.
  while (!parser.is_header_done()) {
    const std::size_t taken = parser.put(boost::asio::buffer(input_), error);
    input_.erase(0, taken);
    if (error == http::error::need_more) return input_.size() > kMostBytes ? Wants::kTooMuch : Wants::kMore;
    if (error == http::error::header_limit) return Wants::kTooMuch;
    // What a body would be too long for is no matter: nobody reads it.
    if (error && !parser.is_header_done()) return Wants::kNotHttp;
  }
  const auto& request = parser.get();
  is_head_ = request.method() == http::verb::head;
  if (request.method() != http::verb::get && !is_head_) return Wants::kOtherMethod;
  const std::string_view target(request.target().data(), request.target().size());
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/metrics") return Wants::kMetrics;
  return path == "/" ? Wants::kRoot : Wants::kNothingHere;
}

std::string scrape_answer(ScrapeRequest::Wants wants, bool is_head, std::string_view text) {
  using Wants = ScrapeRequest::Wants;
  constexpr std::string_view kPlain = "text/plain; charset=utf-8";
  const auto answer = [is_head](std::string_view status, std::string_view type, std::string_view body,
                                std::string_view more = {}) {
    return fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n{}Connection: "
        "close\r\n\r\n{}",
        status, type, body.size(), more, is_head ? std::string_view() : body);
  };
  switch (wants) {
    case Wants::kMetrics:
      return answer("200 OK", Exposition::kContentType, text);
    case Wants::kRoot:
      return answer("200 OK", kPlain, "nauditd: its metrics are at /metrics\n");
    case Wants::kNothingHere:
      return answer("404 Not Found", kPlain, "there is only /metrics\n");
    case Wants::kOtherMethod:
      return answer("405 Method Not Allowed", kPlain, "only GET and HEAD\n", "Allow: GET, HEAD\r\n");
    case Wants::kTooMuch:
      return answer("431 Request Header Fields Too Large", kPlain, "the headers are too long\n");
    case Wants::kNotHttp:
    case Wants::kMore:
      break;
  }
  return answer("400 Bad Request", kPlain, "this is no HTTP request\n");
}

}  // namespace naudit::daemon
