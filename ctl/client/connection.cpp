// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/connection.hpp"

#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "ctl/client/absence.hpp"

namespace naudit::ctl {
namespace {

using boost::system::error_code;

// The largest answers list rules: a kernel with 100,000 of them stays below this.
constexpr std::size_t kMostAnswer = std::size_t{64} << 20U;
constexpr std::size_t kDeepest = 32;
constexpr std::string_view kDefaultSocket = "/run/naudit/control.sock";

// Whoever writes or frees a document goes as deep as it is.
bool is_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (c == '\\' && in_string) ++i;
    if (in_string) continue;
    if ((c == '[' || c == '{') && ++depth > kDeepest) return true;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return false;
}

// Reads piece after piece; all handlers run within run().
class Stream {
 public:
  Stream(boost::asio::local::stream_protocol::socket& socket, const std::function<bool(std::string_view)>& take,
         const StreamTick& tick)
      : socket_(socket),
        take_(take),
        tick_(tick),
        signals_(socket.get_executor(), SIGINT, SIGTERM),
        timer_(socket.get_executor(), boost::asio::steady_timer::clock_type::now()),
        resized_(socket.get_executor()),
        input_(socket.get_executor()) {}

  bool run(boost::asio::io_context& loop) {
    signals_.async_wait([this](const error_code& error, int /*signal*/) {
      if (!error) stop();
    });
    read();
    if (tick_.every.count() > 0) wait();
    if (tick_.on_terminal) watch_terminal();
    if (tick_.at_once)
      boost::asio::post(socket_.get_executor(), [this] {
        if (socket_.is_open() && !tick_.call()) stop();
      });
    loop.restart();
    loop.run();
    return ended_by_daemon_;
  }

 private:
  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_), [this](const error_code& error, std::size_t size) {
      on_bytes(error, {buffer_.data(), size});
    });
  }

  void on_bytes(const error_code& error, std::string_view bytes) {
    if (!socket_.is_open()) return;
    if (error) {
      ended_by_daemon_ = true;
      return stop();
    }
    if (!take_(bytes)) return stop();
    read();
  }

  // From one due time to the next, so that the pauses do not add up.
  void wait() {
    timer_.expires_at(timer_.expiry() + tick_.every);
    timer_.async_wait([this](const error_code& error) {
      if (error || !socket_.is_open()) return;
      if (!tick_.call()) return stop();
      wait();
    });
  }

  void watch_terminal() {
    for (const int signal : {SIGHUP, SIGQUIT}) signals_.add(signal);
    resized_.add(SIGWINCH);
    // A descriptor of our own; standard input stays open.
    input_.assign(::dup(STDIN_FILENO));
    wait_for_size();
    wait_for_input();
  }
  void wait_for_size() {
    resized_.async_wait([this](const error_code& error, int /*signal*/) {
      if (error || !socket_.is_open()) return;
      if (!tick_.on_terminal()) return stop();
      wait_for_size();
    });
  }
  void wait_for_input() {
    input_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const error_code& error) {
      if (error || !socket_.is_open()) return;
      if (!tick_.on_terminal()) return stop();
      wait_for_input();
    });
  }

  void stop() {
    error_code ignored;
    signals_.cancel(ignored);
    resized_.cancel(ignored);
    input_.close(ignored);
    timer_.cancel();
    socket_.close(ignored);
  }

  boost::asio::local::stream_protocol::socket& socket_;
  const std::function<bool(std::string_view)>& take_;
  const StreamTick& tick_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set resized_;
  boost::asio::posix::stream_descriptor input_;
  std::array<char, 65536> buffer_{};
  bool ended_by_daemon_ = false;
};

}  // namespace

bool parse_answer(std::string_view text, rapidjson::Document& answer) {
  if (is_too_deep(text)) return false;
  answer.Parse(text.data(), text.size());
  return !answer.HasParseError() && answer.IsObject();
}

ControlClient::ControlClient(std::string path, std::chrono::milliseconds patience)
    : path_(std::move(path)), patience_(patience) {
  if (path_.empty() || path_.size() >= sizeof(sockaddr_un::sun_path))
    throw base::Error("--socket: " + base::in_quotes(path_) + " cannot be the path of a socket");
  error_code error;
  socket_.connect(Protocol::endpoint(path_), error);
  if (error) fail_to_connect(error);
}

void ControlClient::fail_to_connect(const error_code& error) const {
  const std::string at = base::in_quotes(path_);
  if (error == boost::system::errc::permission_denied || error == boost::system::errc::operation_not_permitted)
    throw base::Error("no permission to use the control socket " + at + "; run nauditctl as root, with sudo");
  if (error == boost::asio::error::connection_refused)
    throw base::Error("nauditd is not running: nobody listens at " + at + absence_text(look_for_absence()));
  if (error == boost::system::errc::no_such_file_or_directory)
    throw base::Error("nauditd is not running: there is no socket at " + at + absence_text(look_for_absence()));
  throw base::Error("cannot connect to the control socket " + at + ": " + error.message());
}

rapidjson::Document ControlClient::ask(std::string_view request) {
  error_code error;
  const std::array<boost::asio::const_buffer, 2> line = {boost::asio::buffer(request.data(), request.size()),
                                                         boost::asio::buffer("\n", 1)};
  // A daemon that refuses us hangs up without reading; why, it has told before.
  boost::asio::write(socket_, line, error);
  const std::string text = read_line();
  rapidjson::Document answer;
  if (!parse_answer(text, answer) || !answer.HasMember("ok") || !answer["ok"].IsBool())
    throw base::Error("what answers at " + base::in_quotes(path_) + " is no nauditd: " + base::in_quotes(text));
  if (!answer["ok"].GetBool()) {
    const auto why = answer.FindMember("error");
    throw base::Error(why != answer.MemberEnd() && why->value.IsString() ? why->value.GetString()
                                                                         : "nauditd refused without a reason");
  }
  return answer;
}

std::string ControlClient::read_line() {
  error_code result = boost::asio::error::timed_out;
  std::size_t size = 0;
  boost::asio::async_read_until(socket_, boost::asio::dynamic_buffer(input_, kMostAnswer), '\n',
                                [&result, &size](const error_code& error, std::size_t length) {
                                  result = error;
                                  size = length;
                                });
  loop_.restart();
  loop_.run_for(patience_);
  if (result == boost::asio::error::timed_out) {
    // The handler refers to this function's variables.
    error_code ignored;
    socket_.close(ignored);
    loop_.run();
    throw base::Error("nauditd does not answer: waited " + base::duration_text(patience_) + " at " +
                      base::in_quotes(path_) + "; its journal may say why: journalctl -u nauditd");
  }
  if (result == boost::asio::error::not_found)
    throw base::Error("what answers at " + base::in_quotes(path_) + " is no nauditd: its answer has no end");
  if (result) throw base::Error("nauditd hung up without an answer; see journalctl -u nauditd");
  std::string line = input_.substr(0, size - 1);
  input_.erase(0, size);
  return line;
}

bool ControlClient::stream(const std::function<bool(std::string_view)>& take, const StreamTick& tick) {
  // What came together with the answer.
  const std::string first = std::exchange(input_, {});
  if (!first.empty() && !take(first)) return false;
  return Stream(socket_, take, tick).run(loop_);
}

void add_socket_option(CLI::App& command, std::string& path) {
  path = kDefaultSocket;
  command.add_option("--socket", path, "The daemon's control socket")
      ->envname("NAUDIT_SOCKET")
      ->type_name("PATH")
      ->capture_default_str();
}

}  // namespace naudit::ctl
