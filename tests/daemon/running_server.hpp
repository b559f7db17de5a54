// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "daemon/control/actions.hpp"
#include "daemon/control/server.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::tests {

// A daemon that does nothing but remember. The server calls it on its loop's thread, the test looks from its own.
class FakeDaemon final : public daemon::ControlActions {
 public:
  void status(const daemon::Peer& /*who*/, daemon::Reply reply) override { reply(R"({"version":"test"})"); }
  void metrics(const daemon::Peer& /*who*/, daemon::Reply reply) override {
    reply(R"("# HELP up Is it.\n# TYPE up gauge\nup{sink=\"a\\\\b\"} 1\n")");
  }
  void rule_stats(const daemon::Peer& /*who*/, daemon::Reply reply) override { reply(R"({"keys":[]})"); }
  void reload(const daemon::Peer& who, daemon::Reply reply) override;
  void rotate(const daemon::Peer& /*who*/, daemon::Reply /*reply*/) override {
    throw std::runtime_error("no sink to rotate");
  }
  void add_tail(const daemon::Peer& who, std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter,
                daemon::Reply reply) override;
  void remove_tail(const output::Sink* sink) override;

  void set_reload_problems(std::string text) {
    const std::lock_guard lock(mutex_);
    reload_problems_ = std::move(text);
  }
  // From now on a reload is answered by whoever takes its reply, on the loop's thread.
  void hold_reload() {
    const std::lock_guard lock(mutex_);
    is_reload_held_ = true;
  }
  daemon::Reply wait_for_reload() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return held_reload_ != nullptr; });
    return std::exchange(held_reload_, nullptr);
  }
  std::shared_ptr<output::Sink> tail() const {
    const std::lock_guard lock(mutex_);
    return tail_;
  }
  // Who asked for the last reload or tail.
  daemon::Peer who() const {
    const std::lock_guard lock(mutex_);
    return who_;
  }
  config::Filter filter() const {
    const std::lock_guard lock(mutex_);
    return filter_;
  }
  std::shared_ptr<output::Sink> wait_for_tail() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return tail_ != nullptr; });
    return tail_;
  }
  void wait_until_no_tail() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return tail_ == nullptr; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::string> reload_problems_;
  bool is_reload_held_ = false;
  daemon::Reply held_reload_;
  std::shared_ptr<output::Sink> tail_;
  config::Filter filter_;
  daemon::Peer who_;
};

// A control server in a directory of its own, on a thread of its own.
class RunningServer {
 public:
  explicit RunningServer(daemon::ControlLimits limits = {})
      : path_(directory_.file("run/control.sock")), server_(std::in_place, loop_, path_, daemon_, limits) {
    thread_ = std::thread([this] { loop_.run(); });
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer() {
    stop();
    work_.reset();
    thread_.join();
  }

  // On the loop's thread; waits for its end.
  void stop() {
    std::promise<void> done;
    boost::asio::post(loop_, [&] {
      server_.reset();
      done.set_value();
    });
    done.get_future().wait();
  }
  // On the loop's thread.
  void run(std::function<void()> function) { boost::asio::post(loop_, std::move(function)); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  FakeDaemon& daemon() noexcept { return daemon_; }

 private:
  TempDir directory_;
  std::string path_;
  FakeDaemon daemon_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ = boost::asio::make_work_guard(loop_);
  std::optional<daemon::ControlServer> server_;
  std::thread thread_;
};

// A client that blocks, for ten seconds at most.
class Client {
 public:
  explicit Client(const std::string& path);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { hang_up(); }

  void send(std::string_view bytes) const;
  // The next line with its newline; empty at the end of the stream. Throws if nothing comes.
  std::string line();
  std::string ask(const std::string& request) {
    send(request + '\n');
    return line();
  }
  void end_sending() const;
  void hang_up();

 private:
  int fd_;
  std::string input_;
};

}  // namespace naudit::tests
