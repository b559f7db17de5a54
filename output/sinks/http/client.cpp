// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/client.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>

namespace naudit::output {

HttpClient::HttpClient(boost::asio::io_context& loop, Connection::Options options)
    : loop_(loop), options_(std::move(options)), timer_(loop) {}

void HttpClient::send(std::vector<std::string_view> pieces, std::shared_ptr<const void> owner, Done done) {
  pieces_ = std::move(pieces);
  owner_ = std::move(owner);
  done_ = std::move(done);
  reply_ = std::make_unique<HttpReply>();
  reused_ = connection_ != nullptr;
  if (reused_)
    start_write();
  else
    connect();
}

void HttpClient::connect() {
  const std::weak_ptr<HttpClient> weak = weak_from_this();
  Connection::Handlers handlers;
  handlers.on_open = [weak] {
    if (const auto self = weak.lock()) self->start_write();
  };
  handlers.on_written = [weak] {
    if (const auto self = weak.lock()) self->written_ = true;
  };
  handlers.on_read = [weak](std::string_view bytes) {
    if (const auto self = weak.lock()) self->on_read(bytes);
  };
  handlers.on_broken = [weak](const std::string& why) {
    if (const auto self = weak.lock()) self->on_broken(why);
  };
  connection_ = Connection::open(loop_, options_, attempts_++, std::move(handlers));
}

void HttpClient::start_write() {
  written_ = false;
  timer_.expires_after(options_.timeout);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    if (error) return;
    if (const auto self = weak.lock()) self->on_timeout();
  });
  connection_->write(pieces_, owner_);
}

void HttpClient::on_timeout() {
  // A wait that was renewed in the meantime may still report the old one's end.
  if (!done_ || timer_.expiry() > std::chrono::steady_clock::now()) return;
  HttpOutcome outcome;
  outcome.error =
      endpoint_text(options_.endpoint) + " did not answer within " + std::to_string(options_.timeout.count()) + " ms";
  finish(outcome, false);
}

void HttpClient::on_read(std::string_view bytes) {
  if (!done_) return drop();  // nobody asked
  switch (reply_->feed(bytes)) {
    case HttpReply::Progress::kMore:
      return;
    case HttpReply::Progress::kDone:
      // A reply before the end of the request (a 413) leaves a connection that is of no more use.
      return finish(replied(), written_ && reply_->keep_alive());
    case HttpReply::Progress::kBroken:
      break;
  }
  HttpOutcome outcome = reply_->has_head() ? replied() : HttpOutcome{};
  outcome.error = endpoint_text(options_.endpoint) + " sent what is no HTTP reply";
  finish(outcome, false);
}

void HttpClient::on_broken(const std::string& why) {
  connection_.reset();
  if (!done_) return;  // an idle connection that the server no longer wants
  timer_.cancel();
  if (std::exchange(reused_, false) && !reply_->started()) return connect();
  // With a whole head the server has decided, whatever became of the body.
  HttpOutcome outcome;
  if (reply_->end() == HttpReply::Progress::kDone || reply_->has_head()) outcome = replied();
  outcome.error = why;
  finish(outcome, false);
}

HttpOutcome HttpClient::replied() const {
  return {reply_->status(), reply_->reason(), reply_->retry_after(), reply_->body_start(), {}};
}

void HttpClient::finish(const HttpOutcome& outcome, bool keep) {
  timer_.cancel();
  if (!keep) drop();
  owner_.reset();
  pieces_.clear();
  const Done done = std::exchange(done_, {});
  done(outcome);
}

void HttpClient::drop() {
  if (connection_) connection_->close();
  connection_.reset();
}

void HttpClient::close() {
  timer_.cancel();
  done_ = {};
  drop();
}

}  // namespace naudit::output
