// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/dialer.hpp"
#include "output/sinks/net/worker.hpp"

namespace naudit::output {

// A sink whose server answers: a connection to one of several hosts, made again whenever it ends, a session on it, and
// a time by which the next answer has to come. A protocol is what derives from it. On the loop's thread.
class SessionWorker : public NetworkWorker {
 protected:
  SessionWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings settings, SinkHost host,
                std::uint64_t seed);

  // What the protocol does: the connection is open; it has read something; the session is up and nothing is being
  // written, so that something can be sent; the connection has ended, and what was not confirmed is to be sent again.
  virtual void greet() = 0;
  virtual void take(std::string_view bytes) = 0;
  virtual void send(Clock::time_point now) = 0;
  virtual void restart() = 0;
  // The last words before an end in order, if there are any.
  virtual void say_goodbye() {}
  // What has not come in time, behind the server's name: "has not answered within 1s".
  [[nodiscard]] virtual std::string overdue() const = 0;
  // Something is sent and not confirmed.
  [[nodiscard]] virtual bool is_waiting() const = 0;
  // Counts what is still in hand as lost.
  virtual void give_up() = 0;
  // False: there is nothing to connect for.
  [[nodiscard]] virtual bool may_connect() { return true; }
  // When send() is to be called at the latest, though nothing has happened; max: never.
  [[nodiscard]] virtual Clock::time_point send_at() const { return Clock::time_point::max(); }
  // Why a connection has broken, where the session knows more than its end.
  [[nodiscard]] virtual std::string explain(const std::string& why) const { return why; }

  // The session is up.
  void become_ready();
  // An answer has to come by then; max: none.
  void expect_by(Clock::time_point deadline) noexcept { deadline_ = deadline; }
  // It works, but this is amiss; empty: nothing but that it is not the first host.
  void tell_flaw(const std::string& phrase, const std::string& why);
  // The server has taken something: the next connection begins without a pause.
  void confirmed() { dialer_.worked(); }
  // Behind what is being written.
  void write(std::shared_ptr<const std::string> bytes);
  // Ends the connection and tells why; the next one comes in time.
  void fail(std::string phrase, const std::string& why, SinkCore::ErrorIs is = SinkCore::ErrorIs::kCause);
  [[nodiscard]] bool is_connected() const noexcept { return connection_ != nullptr; }
  [[nodiscard]] bool is_ready() const noexcept { return is_ready_; }
  [[nodiscard]] std::string server() const { return dialer_.host(); }

 private:
  Clock::time_point work(Clock::time_point now) final;
  void end() final;
  void connect();
  void disconnect();
  [[nodiscard]] Clock::time_point renew_at() const;

  Dialer dialer_;
  std::shared_ptr<Connection> connection_;
  Clock::time_point ready_at_{};
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point retry_at_ = Clock::time_point::min();
  bool is_ready_ = false;
  bool is_writing_ = false;
  std::string later_;  // to be written behind what is being written
};

}  // namespace naudit::output
