// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/http_server.hpp"

#include <array>
#include <chrono>
#include <utility>

namespace naudit::tests {
namespace {

bool read_more(LoopbackServer::Stream& stream, std::string& input) {
  std::array<char, 16384> buffer{};
  const std::size_t size = stream.read(buffer.data(), buffer.size());
  input.append(buffer.data(), size);
  return size > 0;
}

std::size_t content_length(const std::string& head) {
  constexpr std::string_view kField = "Content-Length: ";
  const std::size_t at = head.find(kField);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + kField.size()));
}

}  // namespace

HttpServer::HttpServer(std::deque<Answer> script, const std::optional<LoopbackServer::Tls>& tls, std::uint16_t port)
    : script_(std::move(script)), server_(tls, port, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

HttpServer::HttpServer(Respond respond)
    : respond_(std::move(respond)),
      server_(std::nullopt, 0, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  server_.stop();
}

void HttpServer::serve(LoopbackServer::Stream& stream) {
  std::size_t connection = 0;
  {
    const std::lock_guard lock(mutex_);
    connection = connections_++;
  }
  std::string input;
  while (serve_one(stream, input, connection)) {
  }
}

std::optional<HttpServer::Answer> HttpServer::next() {
  const std::lock_guard lock(mutex_);
  if (script_.empty() && respond_) return std::nullopt;
  if (script_.empty()) return Answer{};
  Answer answer = std::move(script_.front());
  script_.pop_front();
  return answer;
}

bool HttpServer::serve_one(LoopbackServer::Stream& stream, std::string& input, std::size_t connection) {
  std::size_t end = 0;
  while ((end = input.find("\r\n\r\n")) == std::string::npos)
    if (!read_more(stream, input)) return false;
  Request request{input.substr(0, end + 4), {}, connection};
  input.erase(0, end + 4);
  const std::optional<Answer> scripted = next();
  const bool reads_body = !scripted || scripted->step != Step::kCloseAfterHead;
  const std::size_t length = content_length(request.head);
  while (reads_body && input.size() < length)
    if (!read_more(stream, input)) return false;
  if (reads_body) {
    request.body = input.substr(0, length);
    input.erase(0, length);
  }
  const Answer answer = scripted ? *scripted : respond_(request);
  {
    std::unique_lock lock(mutex_);
    requests_.push_back(std::move(request));
    changed_.notify_all();
    if (answer.step == Step::kStall) changed_.wait(lock, [this] { return stopping_; });
  }
  if (answer.step == Step::kCloseMidReply) stream.write("HTTP/1.1 20");
  if (answer.step != Step::kReply && answer.step != Step::kCutBody) return false;
  const std::string_view body = answer.body;
  const bool whole = answer.step == Step::kReply;
  return stream.write("HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n" + answer.headers +
                      "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" +
                      std::string(whole ? body : body.substr(0, body.size() / 2))) &&
         whole;
}

bool HttpServer::wait_for_requests(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return requests_.size() >= count; });
}

std::vector<HttpServer::Request> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace naudit::tests
