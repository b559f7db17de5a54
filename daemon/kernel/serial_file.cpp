// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/serial_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/written_file.hpp"

namespace naudit::daemon {
namespace {

constexpr std::size_t kLongestBoot = 36;  // a UUID
constexpr std::size_t kWidth = 128;       // all of it in one page, so that a kill leaves no half of a line

// What stands behind "name=" up to the next blank.
std::optional<std::string_view> value_of(std::string_view text, std::string_view name) {
  const std::string start = fmt::format(" {}=", name);
  const std::size_t at = text.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + start.size());
  return text.substr(0, text.find_first_of(" \n"));
}

bool read_number(std::string_view text, std::string_view name, std::uint32_t& out) {
  const auto value = value_of(text, name);
  if (!value) return false;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), out);
  return error == std::errc{} && end == value->data() + value->size();
}

}  // namespace

std::string run_state_text(const RunState& state) {
  std::string text = fmt::format("serials boot={} ended={}", state.boot, state.ended ? "yes" : "no");
  if (state.unregistered) text += " unregistered=yes";
  if (state.has_come) text += fmt::format(" settled={} next={}", state.settled, state.next);
  text.resize(kWidth - 1, ' ');
  return text + '\n';
}

std::optional<RunState> parse_run_state(std::string_view text) {
  const auto boot = value_of(text, "boot");
  const auto ended = value_of(text, "ended");
  if (text.size() != kWidth || !text.starts_with("serials ") || !boot || !ended || (*ended != "yes" && *ended != "no"))
    return std::nullopt;
  if (boot->size() > kLongestBoot) return std::nullopt;
  RunState state{.boot = std::string(*boot), .ended = *ended == "yes"};
  state.unregistered = value_of(text, "unregistered") == "yes";
  state.has_come = read_number(text, "settled", state.settled) && read_number(text, "next", state.next);
  if (!state.has_come) state.settled = state.next = 0;
  return state;
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  file >> id;
  return id;
}

std::string serial_path(const std::string& state_directory) {
  return state_directory + "/serials";
}

std::optional<RunState> SerialFile::read(std::string& problem) const {
  const base::OwnFile own = base::open_own_file(path_, base::OwnUse::kRead);
  problem = own.problem;
  if (!own.file) return std::nullopt;
  std::string text(kWidth + 1, '\0');
  const ssize_t size = ::pread(own.file.get(), text.data(), text.size(), 0);
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  return parse_run_state(text);
}

std::string SerialFile::write(const RunState& state, std::uint64_t turn) {
  const std::lock_guard lock(mutex_);
  if (turn < last_turn_) return {};
  last_turn_ = turn;
  const base::OwnFile own = base::open_own_file(path_, base::OwnUse::kWrite);
  if (!own.file) return own.problem;
  const std::string text = run_state_text(state);
  if (::pwrite(own.file.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return std::generic_category().message(errno);
  return {};
}

}  // namespace naudit::daemon
