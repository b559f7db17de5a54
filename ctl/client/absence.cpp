// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/absence.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <systemd/sd-bus.h>

#include "netlink/holder.hpp"
#include "netlink/request_socket.hpp"

namespace naudit::ctl {
namespace {

constexpr std::uint64_t kPatience = 1'000'000;  // microseconds
constexpr const char* kSystemd = "org.freedesktop.systemd1";
// systemd escapes the point (sd_bus_path_encode(3)).
constexpr const char* kUnit = "/org/freedesktop/systemd1/unit/nauditd_2eservice";

std::string property(sd_bus& bus, const char* interface, const char* name) {
  char* text = nullptr;
  if (sd_bus_get_property_string(&bus, kSystemd, kUnit, interface, name, nullptr, &text) < 0) return {};
  const std::unique_ptr<char, decltype(&std::free)> owner(text, &std::free);
  return text;
}

std::string failed_unit() {
  sd_bus* opened = nullptr;
  if (sd_bus_open_system(&opened) < 0) return {};
  const std::unique_ptr<sd_bus, decltype(&sd_bus_flush_close_unref)> bus(opened, &sd_bus_flush_close_unref);
  sd_bus_set_method_call_timeout(bus.get(), kPatience);
  if (property(*bus, "org.freedesktop.systemd1.Unit", "ActiveState") != "failed") return {};
  std::string result = property(*bus, "org.freedesktop.systemd1.Service", "Result");
  std::int32_t status = 0;
  if (sd_bus_get_property_trivial(bus.get(), kSystemd, kUnit, "org.freedesktop.systemd1.Service", "ExecMainStatus",
                                  nullptr, 'i', &status) >= 0 &&
      result == "exit-code")
    result += fmt::format(", status {}", status);
  return result.empty() ? "failed" : result;
}

std::string holder() {
  auto requests = netlink::RequestSocket::open();
  if (!requests) return {};
  const auto status = requests->status();
  if (!status || status->pid == 0) return {};
  const auto pid = static_cast<pid_t>(status->pid);
  return netlink::is_alive(pid) ? netlink::describe_process(pid) : std::string();
}

}  // namespace

Absence look_for_absence() {
  return {.holder = holder(), .unit_result = failed_unit()};
}

std::string absence_text(const Absence& absence) {
  std::string text;
  if (!absence.holder.empty()) {
    text += fmt::format("; {} is this machine's audit daemon", absence.holder);
    if (absence.holder.ends_with("(auditd)")) text += ", stop it first: systemctl stop auditd";
  }
  if (!absence.unit_result.empty())
    return text + fmt::format("; its unit nauditd.service has failed ({}); 'journalctl -u nauditd' says why",
                              absence.unit_result);
  return text + "; start it with: systemctl start nauditd";
}

}  // namespace naudit::ctl
