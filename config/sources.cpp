// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/sources.hpp"

#include <set>
#include <string>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "base/units.hpp"
#include "config/vocabulary.hpp"

namespace naudit::config {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kMostConnections = 100'000;
constexpr std::uint64_t kMostLine = 16 * kMiB;
constexpr std::uint64_t kMostBuffer = 1024 * kMiB;

std::vector<Option<Source>> rows() {
  return {
      {"name", text(&Source::name), "Letters, digits, `-`, `_`, `.`; each source its own.", {.example = "fleet"}},
      {"type", choice(&Source::type, kSourceTypes),
       "`auditd`: auditd's remote protocol, as audisp-remote speaks it. `stream`: the events of other nauditds, from "
       "their sinks of `type: tcp`."},
      {"listen", text(&Source::listen), "An IP address and a port.", {.example = "0.0.0.0:60"}},
      {"plain", flag(&Source::plain),
       "`true`: without TLS at another than a loopback address. Then anybody who reaches it may send events in any "
       "machine's name."},
      {"tls", flag(nested(&Source::tls, &SourceTls::enabled)),
       "A map of the keys below. Clients have to show a certificate, and speak only for the machines that it names."},
      {"tls.certificate", path(nested(&Source::tls, &SourceTls::certificate)), "PEM file with our certificate."},
      {"tls.key", path(nested(&Source::tls, &SourceTls::key)), "PEM file with its key."},
      {"tls.ca", path(nested(&Source::tls, &SourceTls::ca)),
       "PEM file with the authorities that sign the clients' certificates."},
      {"tls.crl",
       path(nested(&Source::tls, &SourceTls::crl)),
       "PEM file with their revocation lists.",
       {.otherwise = "none"}},
      {"tls.names",
       list(nested(&Source::tls, &SourceTls::names)),
       "A client's certificate has to be for one of these names; `*.example.org` is all that end so.",
       {.otherwise = "any"}},
      {"tls.fingerprints",
       list(nested(&Source::tls, &SourceTls::fingerprints)),
       "SHA-256 fingerprints, one of which a client's certificate has to have, beside all else.",
       {.otherwise = "any"}},
      {"relays",
       list(&Source::relays),
       "Names of certificates that may speak for other machines, too, since they pass on what those have sent.",
       {.otherwise = "none"}},
      {"max_connections", number(&Source::max_connections, 1, kMostConnections), "One more is refused."},
      {"max_per_address", number(&Source::max_per_address, 1, kMostConnections), "The same, from one address."},
      {"max_line", size(&Source::max_line, 16 * kKiB, kMostLine), "A longer message ends its connection."},
      {"buffer", size(&Source::buffer, 64 * kKiB, kMostBuffer),
       "What may be under way of one client: as long as so much is not accepted, nothing more is read from it."},
      {"total_buffer", size(&Source::total_buffer, 64 * kKiB, kMostBuffer), "The same of all clients together."},
      {"timeout", duration(&Source::timeout, 100ms, 1h),
       "For the TLS handshake, and for the rest of a message once it has begun."},
      {"idle", duration(&Source::idle, 0ms, 24h * 7),
       "A client that says nothing for so long is let go; `0s`: never. One whose machine is gone is noticed within a "
       "minute in any case."},
  };
}

}  // namespace

const OptionTable& source_options() {
  static const OptionTable kTable = OptionSpec<Source>{.rows = rows()};
  return kTable;
}

void read_sources(const YAML::Node& node, std::vector<Source>& out, Reading& reading) {
  if (node.IsNull()) return out.clear();
  if (!node.IsSequence())
    return reading.problems.add(node,
                                "expected a list of sources: '- name: fleet' and below it the source's other keys");
  std::vector<Source> sources;
  for (const auto& item : node) {
    Source& source = sources.emplace_back();
    if (!item.IsMap() || item.size() == 0) {
      reading.problems.add(item, "expected a source here: {name: …, type: …, listen: …}");
      continue;
    }
    read_options(source_options(), item, "a source", &source, reading);
    for (const OptionRow& row : source_options().rows())
      if (!row.notes.example.empty() && row.print(&source) == Printed())
        reading.problems.add(item, "this source has no '" + std::string(row.key) + "'; write one, like '" +
                                       std::string(row.key) + ": " + std::string(row.notes.example) + "'");
  }
  out = std::move(sources);
}

void check_sources(const Config& config, const Places& places, Problems& problems) {
  std::set<std::string> names, addresses;
  for (std::size_t i = 0; i < config.sources.size(); ++i) {
    const Source& source = config.sources[i];
    const SourceTls& tls = source.tls;
    const Report report = [&](std::string_view key, std::string message) {
      problems.add(places.of("sources[" + std::to_string(i) + "]." + std::string(key)), std::move(message));
    };
    if (!is_name(source.name))
      report("name",
             "expected a name of at most 64 letters, digits, '-', '_' and '.', not " + base::in_quotes(source.name));
    else if (!names.insert(source.name).second)
      report("name", "two sources have the name " + base::in_quotes(source.name) + "; each needs its own");
    const auto listen = parse_listen(source.listen);
    if (!listen)
      report("listen",
             "expected an IP address and a port, as in 0.0.0.0:60 or '[::]:60', not " + base::in_quotes(source.listen));
    else if (!addresses.insert(source.listen).second)
      report("listen", "two sources listen at " + source.listen + "; each needs an address of its own");
    if (listen && !tls.enabled && !source.plain && !listen->is_loopback)
      report("listen", "whoever reaches " + listen->address +
                           " could send events in any machine's name, and they would cross the network in the clear; "
                           "write 'tls: {…}', or 'plain: true' if that is meant");
    if (tls.enabled)
      for (const auto& [key, value] :
           {std::pair("certificate", &tls.certificate), std::pair("key", &tls.key), std::pair("ca", &tls.ca)})
        if (value->empty())
          report("tls",
                 "a source with TLS needs 'certificate', 'key' and 'ca', and '" + std::string(key) + "' is missing");
    if (tls.enabled && source.plain) report("plain", "'plain: true' has no meaning with 'tls'; remove one of them");
    if (source.buffer < source.max_line)
      report("buffer", "one message may have max_line, " + base::size_text(source.max_line) +
                           ", and would not fit into " + base::size_text(source.buffer));
    if (source.total_buffer < source.buffer) report("total_buffer", "is smaller than buffer, that of one client");
  }
  if (config.kernel.mode == KernelMode::kNone && config.sources.empty())
    problems.add(places.of("kernel.mode"), "'none' without 'sources' leaves nothing to do");
}

}  // namespace naudit::config
