// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include "ctl/doctor/gather.hpp"
#include "ctl/doctor/readings.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

// Fixed numbers of the kernel (include/linux/proc_ns.h, PROC_PID_INIT_INO and PROC_USER_INIT_INO).
constexpr ino_t kInitialPid = 0xEFFFFFFC, kInitialUser = 0xEFFFFFFD;

constexpr const char* kSocketUnit = "systemd-journald-audit.socket";
// Where units are, the strongest first (systemd.unit(5)).
constexpr std::array kUnitFolders = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
                                     "/usr/lib/systemd/system", "/lib/systemd/system"};

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

JournaldSocket journald_socket() {
  std::error_code error;
  // Where systemd is not the init, nobody opens its sockets (sd_booted(3)).
  if (!fs::exists("/run/systemd/system", error)) return JournaldSocket::kAbsent;
  for (const char* const folder : kUnitFolders) {
    const fs::path unit = fs::path(folder) / kSocketUnit;
    const auto kind = fs::symlink_status(unit, error);
    if (error || !fs::exists(kind)) continue;
    if (fs::is_symlink(kind) && fs::read_symlink(unit, error) == "/dev/null") return JournaldSocket::kMasked;
    for (const char* const wanting : kUnitFolders)
      for (const char* const target : {"sockets.target.wants", "systemd-journald.service.wants"})
        if (fs::exists(fs::symlink_status(fs::path(wanting) / target / kSocketUnit, error))) return JournaldSocket::kOn;
    return JournaldSocket::kOff;
  }
  return JournaldSocket::kAbsent;
}

// The marks that container managers leave (systemd's CONTAINER_INTERFACE, docker, podman).
std::string container() {
  if (std::string kind = first_line("/run/systemd/container"); !kind.empty()) return kind;
  std::error_code error;
  if (fs::exists("/run/.containerenv", error)) return "podman";
  // Only root can read it; behind each variable stands a NUL.
  std::ifstream file("/proc/1/environ", std::ios::binary);
  for (std::string variable; std::getline(file, variable, '\0');)
    if (constexpr std::string_view kName = "container="; variable.starts_with(kName))
      return variable.substr(kName.size());
  if (fs::exists("/.dockerenv", error)) return "docker";
  return {};
}

Known<Surroundings> surroundings() {
  struct stat pid{}, user{};
  if (::stat("/proc/self/ns/pid", &pid) != 0 || ::stat("/proc/self/ns/user", &user) != 0)
    return Known<Surroundings>::unknown("/proc/self/ns cannot be read");
  return Surroundings{.initial_pid_namespace = pid.st_ino == kInitialPid,
                      .initial_user_namespace = user.st_ino == kInitialUser,
                      .container = container()};
}

// With the third line LOCAL it is not UTC (hwclock(8), adjtime file).
bool rtc_is_local() {
  std::ifstream file("/etc/adjtime");
  for (std::string line; std::getline(file, line);)
    if (line == "LOCAL") return true;
  return false;
}

Clock clock() {
  Clock found;
  timex query{};
  if (const int state = ::adjtimex(&query); state >= 0)
    found.synchronised = state != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
  const std::string rtc = first_line("/sys/class/rtc/rtc0/since_epoch");
  if (!rtc.empty() && rtc.find_first_not_of("0123456789") == std::string::npos && rtc.size() < 18 && !rtc_is_local())
    found.rtc_ahead = std::chrono::seconds(std::stoll(rtc) - static_cast<long long>(std::time(nullptr)));
  return found;
}

template <typename Number>
Known<Number> number_in(const char* path) {
  const std::string line = first_line(path);
  if (line.empty() || line.find_first_not_of("0123456789") != std::string::npos || line.size() > 18)
    return Known<Number>::unknown(std::string(path) + " cannot be read");
  return static_cast<Number>(std::stoull(line));
}

}  // namespace

void gather_machine(Facts& facts) {
  if (std::ifstream file("/proc/cmdline"); file)
    facts.boot = read_boot_words(std::string(std::istreambuf_iterator<char>(file), {}));
  else
    facts.boot.set_unknown("/proc/cmdline cannot be read");
  facts.journald = journald_socket();
  facts.surroundings = surroundings();
  facts.login_id = number_in<std::uint32_t>("/proc/self/loginuid");
  facts.rmem_max = number_in<std::uint64_t>("/proc/sys/net/core/rmem_max");
  facts.clock = clock();
}

}  // namespace naudit::ctl
