// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/rsyslog.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>

#include "tests/support/listening_port.hpp"

namespace naudit::tests {
namespace {

namespace fs = std::filesystem;

constexpr int kPatience = 30'000;  // milliseconds
constexpr const char* kProgram = "/usr/sbin/rsyslogd";

std::string configuration(const std::string& folder, const std::optional<Rsyslog::Tls>& tls, bool with_relp) {
  std::string text = "global(workDirectory=\"" + folder + "\" maxMessageSize=\"256k\"";
  if (tls) {
    text += " defaultNetstreamDriver=\"gtls\" defaultNetstreamDriverCAFile=\"" + tls->authority +
            "\" defaultNetstreamDriverCertFile=\"" + tls->server.certificate + "\" defaultNetstreamDriverKeyFile=\"" +
            tls->server.key + "\"";
  }
  text += ")\nmodule(load=\"imtcp\"";
  if (tls) text += " streamDriver.mode=\"1\" streamDriver.authMode=\"x509/certvalid\"";
  text +=
      ")\nmodule(load=\"imudp\")\nmodule(load=\"imuxsock\" sysSock.use=\"off\")\n"
      "template(name=\"parts\" type=\"string\" string=\"%pri%|%protocol-version%|%timestamp:::date-rfc3339%|%hostname%|"
      "%app-name%|%procid%|%msgid%|%structured-data%|%msg%\\n\")\n"
      "ruleset(name=\"all\") { action(type=\"ompipe\" pipe=\"" +
      folder + "/parts\" template=\"parts\") }\n" +
      "input(type=\"imtcp\" port=\"0\" address=\"127.0.0.1\" ruleset=\"all\" listenPortFileName=\"" + folder +
      "/port\")\ninput(type=\"imudp\" port=\"0\" address=\"127.0.0.1\" ruleset=\"all\")\n" +
      "input(type=\"imuxsock\" socket=\"" + folder +
      "/log\" usePIDFromSystem=\"off\" ruleset=\"all\" rateLimit.interval=\"0\")\n";
  if (with_relp)
    text += "module(load=\"imrelp\")\ninput(type=\"imrelp\" port=\"0\" address=\"127.0.0.1\" ruleset=\"all\")\n";
  return text;
}

}  // namespace

Rsyslog::Rsyslog(const std::string& folder, const std::optional<Tls>& tls, bool with_relp) : socket_(folder + "/log") {
  if (!fs::exists(kProgram)) throw std::runtime_error("no rsyslogd; tools/install-deps installs it");
  const std::string parts = folder + "/parts";
  if (mkfifo(parts.c_str(), 0600) != 0) throw std::runtime_error("mkfifo failed");
  // For reading and writing, so that neither side has to wait for the other.
  output_ = base::Descriptor(open(parts.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  // rsyslogd does not wait for room in a pipe: it tries again half a minute later.
  constexpr int kPipe = 1 << 20;
  if (fcntl(output_.get(), F_SETPIPE_SZ, kPipe) < 0) throw std::runtime_error("no larger pipe to be had");
  std::ofstream(folder + "/rsyslog.conf") << configuration(folder, tls, with_relp);
  program_.emplace(std::vector<std::string>{kProgram, "-n", "-f", folder + "/rsyslog.conf", "-i", folder + "/pid"});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatience);
  while (tcp_port_ == 0 || udp_port_ == 0 || (with_relp && relp_port_ == 0) || !fs::exists(socket_)) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("rsyslogd does not start");
    std::ifstream(folder + "/port") >> tcp_port_;
    udp_port_ = listening_port(program_->pid(), Listening::kUdp);
    if (with_relp && tcp_port_ != 0) relp_port_ = listening_port(program_->pid(), Listening::kTcp, tcp_port_);
    std::this_thread::yield();
  }
}

std::vector<std::string> Rsyslog::lines(std::size_t count) {
  std::vector<std::string> lines;
  while (lines.size() < count) {
    const std::size_t end = input_.find('\n');
    if (end != std::string::npos) {
      lines.push_back(input_.substr(0, end));
      input_.erase(0, end + 1);
      continue;
    }
    pollfd waiting{.fd = output_.get(), .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kPatience) <= 0) break;
    std::array<char, 65536> buffer{};
    const ssize_t got = read(output_.get(), buffer.data(), buffer.size());
    if (got > 0) input_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return lines;
}

}  // namespace naudit::tests
