// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditdistd/options.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "output/sinks/net/options.hpp"
#include "output/sinks/trail/options.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using config::nested;

constexpr std::string_view kTls = "tls://", kTcp = "tcp://";
constexpr std::string_view kPinBegin = "SHA256=";
constexpr std::size_t kMostSender = 255;
constexpr std::uint64_t kMostLimit = 16 * 1024 * 1024 * config::kMiB;
// Members of the base, as members of these options.
constexpr auto kFolder = static_cast<std::string AuditdistdOptions::*>(&AuditdistdOptions::path);
constexpr auto kRotate = static_cast<Rotate AuditdistdOptions::*>(&AuditdistdOptions::rotate);

void complete(AuditdistdOptions& options, const config::Written&) {
  options.path = trail_folder(std::move(options.path));
}

void check_remote(const AuditdistdOptions& options, const config::Report& report) {
  const auto remote = parse_dist_remote(options.remote);
  if (options.remote.empty()) {
    report("remote", "is missing; write tls://host:7878");
  } else if (!remote) {
    report("remote", "expected tls://host:port or tcp://host:port, like tls://bsd.example:7878, not " +
                         base::in_quotes(options.remote));
  } else if (remote->tls && options.fingerprint.empty()) {
    report("fingerprint",
           "is missing; write SHA256=…, as openssl x509 -fingerprint -sha256 prints it of the receiver's "
           "certificate: nothing else says who the receiver is");
  } else if (!remote->tls && !options.fingerprint.empty()) {
    report("fingerprint", "has no meaning over tcp://; write tls://, or remove it");
  }
  if (!options.fingerprint.empty() && !dist_fingerprint(options.fingerprint))
    report("fingerprint", "expected SHA256= and 64 hexadecimal digits, with or without colons, not " +
                              base::in_quotes(options.fingerprint));
}

void check(const AuditdistdOptions& options, const config::Sink&, const config::Report& report) {
  check_remote(options, report);
  if (options.password_file.empty()) report("password_file", "is missing; name the file with the password");
  if (options.path.empty()) report("directory", "is missing; name the folder for the trails");
  if (options.sender.size() > kMostSender || options.sender.find('\0') != std::string::npos)
    report("sender", "expected a name of at most 255 bytes");
  if (options.rotate.size == 0) report("rotate.size", "expected a size: what is not rotated never ends");
  if (options.rotate.total < options.rotate.size * 2)
    report("limit", "expected at least twice the size of a trail, " + base::size_text(options.rotate.size * 2) +
                        " with this 'rotate: {size: …}'");
}

}  // namespace

std::optional<DistRemote> parse_dist_remote(std::string_view text) {
  DistRemote remote;
  if (text.starts_with(kTcp)) {
    remote.tls = false;
    text.remove_prefix(kTcp.size());
  } else if (text.starts_with(kTls)) {
    text.remove_prefix(kTls.size());
  }
  if (text.find('/') != std::string_view::npos) return std::nullopt;
  auto endpoint = parse_endpoint(text);
  if (!endpoint) endpoint = parse_endpoint(std::string(text) + ':' + std::to_string(AuditdistdOptions::kPort));
  if (!endpoint) return std::nullopt;
  remote.endpoint = *std::move(endpoint);
  return remote;
}

std::optional<std::string> dist_fingerprint(std::string_view text) {
  if (text.starts_with(kPinBegin)) text.remove_prefix(kPinBegin.size());
  if (!parse_fingerprint(text)) return std::nullopt;
  return std::string(text);
}

config::OptionTable auditdistd_options() {
  config::OptionSpec<AuditdistdOptions> spec{
      .rows =
          {
              {"remote",
               config::text(&AuditdistdOptions::remote),
               "The receiver: `tls://host:port`, or `tcp://host:port` for a network that nobody else hears. Without a "
               "port: 7878.",
               {.example = "tls://bsd.example:7878"}},
              {"fingerprint", config::text(&AuditdistdOptions::fingerprint),
               "`SHA256=AB:CD:…`: of the receiver's certificate, which has to be that one. Needed over TLS; no "
               "authority is asked."},
              {"password_file",
               config::path(&AuditdistdOptions::password_file),
               "The file with the password by which both prove who they are.",
               {.example = "/etc/naudit/auditdistd.password"}},
              {"sender",
               config::text(&AuditdistdOptions::sender),
               "The name that the receiver knows this machine by.",
               {.otherwise = "the host's name up to its first dot"}},
              {"directory",
               config::path(kFolder),
               "The folder of the trails, until the receiver has them; nobody else writes trails there. It is made if "
               "only it is missing.",
               {.example = "/var/log/naudit/dist", .exclusive = true}},
              {"limit", config::size(nested(kRotate, &Rotate::total), config::kMiB, kMostLimit),
               "So much the trails that wait may take. Beyond it the oldest is removed, and its events are lost, "
               "counted and told; never the one that is being sent."},
              {"when_sent", config::choice(&AuditdistdOptions::when_sent, kWhenSent),
               "What happens to a trail that the receiver has whole: `remove` it, or `keep` it in the folder `sent` "
               "beside, which nobody empties."},
              {"keepalive", config::duration(&AuditdistdOptions::keepalive, 1s, 1h),
               "After so long a silence the receiver is asked whether it is there."},
              {"reconnect", config::duration(&AuditdistdOptions::reconnect, 10ms, 1h),
               "A connection that has ended is made again within this time."},
              {"timeout", config::duration(&AuditdistdOptions::timeout, 100ms, 1h),
               "To connect, and for the next answer of the receiver."},
          },
      .complete = complete,
      .check = check,
  };
  config::add_shared(spec.rows, log_options(LogRows::kRotation));
  config::add_shared(spec.rows, log_options(LogRows::kDisk));
  return spec;
}

std::vector<std::string> auditdistd_warnings(const config::Sink& sink, bool look_at_disk) {
  const auto& options = sink.options.as<AuditdistdOptions>();
  std::vector<std::string> warnings;
  const auto remote = parse_dist_remote(options.remote);
  if (remote && !remote->tls && !is_loopback(remote->endpoint.host))
    warnings.emplace_back("remote is tcp://: events cross the network readable by anybody");
  if (!look_at_disk) return warnings;
  for (std::string& warning : trail_folder_warnings("directory", options)) warnings.push_back(std::move(warning));
  return warnings;
}

}  // namespace naudit::output
