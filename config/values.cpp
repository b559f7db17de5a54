// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/values.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/text.hpp"
#include "base/units.hpp"

namespace naudit::config {

void read_size_between(const YAML::Node& node, std::uint64_t least, std::uint64_t most, std::uint64_t& out,
                       Reading& reading) {
  std::uint64_t size = least;
  read_size(node, size, reading.problems);
  if (size < least || size > most) {
    reading.problems.add(node, "expected a size from " + base::size_text(least) + " to " + base::size_text(most) +
                                   ", not " + base::in_quotes(node.Scalar()));
    return;
  }
  if (node.IsScalar() && base::parse_size(node.Scalar())) out = size;
}

void read_duration_between(const YAML::Node& node, Milliseconds least, Milliseconds most, Milliseconds& out,
                           Reading& reading) {
  Milliseconds duration = least;
  read_duration(node, duration, reading.problems);
  if (duration < least || duration > most) {
    reading.problems.add(node, "expected a duration from " + base::duration_text(least) + " to " +
                                   base::duration_text(most) + ", not " + base::in_quotes(node.Scalar()));
    return;
  }
  if (node.IsScalar() && base::parse_duration(node.Scalar())) out = duration;
}

void read_path(const YAML::Node& node, std::string& out, Reading& reading) {
  std::string path = "/";
  read_text(node, path, reading.problems);
  if (path.empty()) return reading.problems.add(node, "expected a path, not an empty text");
  if (node.IsScalar()) out = resolved(path, reading);
}

void read_text_map(const YAML::Node& node, std::map<std::string, std::string>& out, Reading& reading) {
  if (node.IsNull()) return;
  if (!node.IsMap()) return reading.problems.add(node, "expected a map, like {name: value}");
  std::map<std::string, std::string> map;
  const std::size_t before = reading.problems.size();
  for (const auto& entry : node) {
    std::string name;
    read_text(entry.first, name, reading.problems);
    if (map.contains(name)) reading.problems.add(entry.first, base::in_quotes(name) + " stands here twice");
    read_text(entry.second, map[name], reading.problems);
  }
  if (reading.problems.size() == before) out = std::move(map);
}

void read_sync(const YAML::Node& node, Sync& out, Reading& reading) {
  constexpr Milliseconds kLeast{10};
  constexpr Milliseconds kMost = std::chrono::hours(1);
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  if (text == "none") {
    out.kind = SyncKind::kNone;
  } else if (text == "batch") {
    out.kind = SyncKind::kBatch;
  } else if (const auto interval = base::parse_duration(text); interval && *interval >= kLeast && *interval <= kMost) {
    out = {SyncKind::kInterval, *interval};
  } else {
    reading.problems.add(node,
                         "expected none, batch, or an interval from 10ms to 1h like 1s, not " + base::in_quotes(text));
  }
}

std::string sync_text(const Sync& sync) {
  switch (sync.kind) {
    case SyncKind::kNone:
      return "none";
    case SyncKind::kBatch:
      return "batch";
    case SyncKind::kInterval:
      break;
  }
  return base::duration_text(sync.interval);
}

void read_percent(const YAML::Node& node, std::uint32_t& out, Reading& reading) {
  constexpr std::uint32_t kMost = 90;
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || std::string_view(stop, end) != "%" || value > kMost)
    return reading.problems.add(
        node, "expected a share of the file system from 0% to 90% like 5%, not " + base::in_quotes(text));
  out = value;
}

std::string resolved(const std::string& path, const Reading& reading) {
  return (std::filesystem::path(reading.folder) / path).lexically_normal().string();
}

std::optional<Listen> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  Listen out;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size() || out.port == 0) return std::nullopt;
  const bool is_v6 = host.starts_with('[') && host.ends_with(']');
  if (is_v6) host = host.substr(1, host.size() - 2);
  out.address = host;
  in_addr v4{};
  in6_addr v6{};
  if (is_v6 ? ::inet_pton(AF_INET6, out.address.c_str(), &v6) != 1
            : ::inet_pton(AF_INET, out.address.c_str(), &v4) != 1)
    return std::nullopt;
  constexpr std::uint32_t kLoopbackNet = 127;
  out.is_loopback = is_v6 ? IN6_IS_ADDR_LOOPBACK(&v6) != 0 : ntohl(v4.s_addr) >> 24U == kLoopbackNet;
  return out;
}

bool is_name(std::string_view text) {
  constexpr std::size_t kMost = 64;
  return !text.empty() && text.size() <= kMost && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '-' || letter == '_' || letter == '.';
  });
}

}  // namespace naudit::config
