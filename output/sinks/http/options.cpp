// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/options.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using config::kKiB;
using config::kMiB;
using config::nested;

constexpr std::uint32_t kMostBatchEvents = 1'000'000;
constexpr std::array<std::string_view, 2> kBodies = {"ndjson", "event"};
constexpr std::array<std::string_view, 2> kVersions = {"1.1", "auto"};

void complete(HttpOptions& options, const config::Written& written) {
  if (written.one_event_a_request && !written.has("body")) options.body = HttpBody::kEvent;
  if (options.url.starts_with("https://") && !written.has("tls")) options.tls.enabled = true;
}

void check_login(const HttpOptions& options, const config::Report& report) {
  if (!options.user.empty() && !options.token_file.empty())
    report("user", "a request carries a token or a user, not both; remove one of token_file and user");
  if (options.user.empty() != options.password_file.empty())
    report(options.user.empty() ? "password_file" : "user",
           options.user.empty() ? "`user` is missing; it needs one" : "`password_file` is missing; it needs one");
  // The first colon ends the user (RFC 7617, section 2).
  if (options.user.find(':') != std::string::npos) report("user", "a user has no ':' in its name");
}

void check(const HttpOptions& options, const config::Sink& sink, const config::Report& report) {
  check_net(options, report);
  check_login(options, report);
  if (!options.proxy.empty() && !parse_proxy(options.proxy))
    report("proxy", "expected http://host:port, not " + base::in_quotes(options.proxy));
  const auto url = parse_url(options.url);
  if (!url) {
    return report("url", "expected a URL like https://siem.example:9200/_bulk (a token goes into token_file), not " +
                             base::in_quotes(options.url));
  }
  const Tls& tls = options.tls;
  if (url->tls && !tls.enabled) report("tls", "'tls: false' contradicts the https:// of the url; remove it");
  if (!url->tls && tls.enabled) report("url", "tls is configured, but the url starts with http://");
  if (!url->tls && !is_loopback(url->endpoint.host))
    report("url", "events would cross the network readable by anybody; use https:// (http:// is for loopback only)");
  if (!url->tls && !options.proxy.empty()) report("proxy", "an http:// url is this machine; no proxy leads to it");
  if (options.batch.bytes > sink.queue.size) {
    report("batch", "a batch of " + base::size_text(options.batch.bytes) + " never fits into the queue of " +
                        base::size_text(sink.queue.size) +
                        "; make 'queue: {size: …}' larger or 'batch: {bytes: …}' "
                        "smaller");
  }
}

}  // namespace

std::optional<Endpoint> parse_proxy(std::string_view text) {
  constexpr std::string_view kHttp = "http://";
  if (!text.starts_with(kHttp)) return std::nullopt;
  text.remove_prefix(kHttp.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  return parse_endpoint(text);
}

config::OptionTable https_options() {
  config::OptionSpec<HttpOptions> spec{
      .rows =
          {
              {"url",
               config::text(&HttpOptions::url),
               "`https://host[:port]/path`. `http://` is for loopback only.",
               {.example = "https://siem.example:9200/_bulk"}},
              {"token_file", config::path(&HttpOptions::token_file),
               "A file with a bearer token, read again at each reload and when the server answers 401."},
              {"user", config::text(&HttpOptions::user), "A user for Basic authentication, instead of a token."},
              {"password_file", config::path(&HttpOptions::password_file),
               "The file with the password of the user, read again when a token would be."},
              {"proxy",
               config::text(&HttpOptions::proxy),
               "`http://host:port` of a proxy that is asked to CONNECT. What the environment names (`https_proxy`) is "
               "not used.",
               {.otherwise = "none"}},
              {"http_version", config::choice(&HttpOptions::http_version, kVersions),
               "`auto`: HTTP/2 where the TLS handshake agrees on it."},
              {"body", config::choice(&HttpOptions::body, kBodies),
               "`ndjson`: many events a request, one a line. `event`: one event a request; with the format `mozdef` "
               "that is the default."},
              {"batch.bytes", config::size(nested(&HttpOptions::batch, &HttpBatch::bytes), kKiB, 1024 * kMiB),
               "A request is sent at this size,"},
              {"batch.events", config::number(nested(&HttpOptions::batch, &HttpBatch::events), 1, kMostBatchEvents),
               "at so many events,"},
              {"batch.time", config::duration(nested(&HttpOptions::batch, &HttpBatch::time), 1ms, 1h),
               "or when the first event has waited for so long, whichever comes first."},
          },
      .complete = complete,
      .check = check,
  };
  config::add_shared(spec.rows, net_options());
  return spec;
}

std::vector<std::string> https_warnings(const config::Sink& sink, bool) {
  return net_warnings(sink.options.as<HttpOptions>());
}

}  // namespace naudit::output
