// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/message.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <sstream>

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/write.hpp>

namespace naudit::output {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint32_t kHeadMost = 16U << 10;
constexpr std::uint64_t kBodyMost = std::uint64_t{16} << 20;

}  // namespace

std::string request_head(const HttpRequestHead& head) {
  http::request<http::empty_body> request{http::verb::post, head.target, 11};
  request.set(http::field::host, head.host);
  request.set(http::field::user_agent, "nauditd/" NAUDIT_VERSION);
  request.set(http::field::content_type, head.content_type);
  request.set(http::field::content_length, std::to_string(head.length));
  if (!head.token.empty()) request.set(http::field::authorization, "Bearer " + head.token);
  std::ostringstream text;
  text << request.base();
  return text.str();
}

struct HttpReply::State {
  using Parser = http::response_parser<http::buffer_body>;

  std::unique_ptr<Parser> parser;
  std::string input;  // what the parser could not use yet: the beginning of a head or of a chunk's
  std::string body;
  std::uint64_t body_size = 0;
  std::array<char, 4096> scratch{};
  bool started = false;
  bool surplus = false;

  void reset() {
    parser = std::make_unique<Parser>();
    parser->header_limit(kHeadMost);
    // Counted here, so that a long body does not hide the status; none would refuse every length in Beast 1.74.
    parser->body_limit(std::numeric_limits<std::uint64_t>::max());
    parser->eager(true);
  }

  void offer_scratch() {
    auto& target = parser->get().body();
    target.data = scratch.data();
    target.size = scratch.size();
    target.more = true;
  }

  void keep_body() {
    const std::size_t got = scratch.size() - parser->get().body().size;
    body_size += got;
    body.append(scratch.data(), std::min(got, kBodyKept - std::min(kBodyKept, body.size())));
  }
};

HttpReply::HttpReply() : state_(std::make_unique<State>()) {
  state_->reset();
}
HttpReply::~HttpReply() = default;

HttpReply::Progress HttpReply::feed(std::string_view bytes) {
  State& state = *state_;
  state.started = state.started || !bytes.empty();
  state.input.append(bytes);
  while (!state.input.empty()) {
    if (state.parser->is_done()) {
      // 1xx announces the real reply (RFC 9110, section 15.2).
      if (status() >= 200) break;
      state.reset();
    }
    state.offer_scratch();
    beast::error_code error;
    const std::size_t used = state.parser->put(boost::asio::buffer(state.input), error);
    state.keep_body();
    state.input.erase(0, used);
    if (state.body_size > kBodyMost) return Progress::kBroken;
    if (error == http::error::need_more) return Progress::kMore;
    if (error && error != http::error::need_buffer) return Progress::kBroken;
    if (used == 0 && !error && !state.parser->is_done()) return Progress::kMore;
  }
  if (!state.parser->is_done() || status() < 200) return Progress::kMore;
  state.surplus = !state.input.empty();
  return Progress::kDone;
}

HttpReply::Progress HttpReply::end() {
  State& state = *state_;
  if (state.parser->is_done()) return status() >= 200 ? Progress::kDone : Progress::kBroken;
  if (!state.parser->got_some()) return Progress::kBroken;
  state.offer_scratch();
  beast::error_code error;
  state.parser->put_eof(error);
  state.surplus = true;
  return !error && state.parser->is_done() && status() >= 200 ? Progress::kDone : Progress::kBroken;
}

bool HttpReply::started() const noexcept {
  return state_->started;
}
bool HttpReply::has_head() const noexcept {
  return state_->parser->is_header_done() && status() >= 200;
}
int HttpReply::status() const noexcept {
  return static_cast<int>(state_->parser->get().result_int());
}
std::string HttpReply::reason() const {
  const auto reason = state_->parser->get().reason();
  return {reason.data(), reason.size()};
}
std::string HttpReply::retry_after() const {
  const auto value = state_->parser->get()[http::field::retry_after];
  return {value.data(), value.size()};
}
const std::string& HttpReply::body_start() const noexcept {
  return state_->body;
}
bool HttpReply::keep_alive() const noexcept {
  return state_->parser->is_done() && state_->parser->keep_alive() && !state_->surplus;
}

}  // namespace naudit::output
