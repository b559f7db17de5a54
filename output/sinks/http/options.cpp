// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/options.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/units.hpp"
#include "formats/registry.hpp"
#include "output/sinks/http/secret_file.hpp"
#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using config::kKiB;
using config::kMiB;
using config::nested;

constexpr std::uint32_t kMostBatchEvents = 1'000'000;
constexpr std::uint32_t kMostParallel = 64;
constexpr std::array<std::string_view, 3> kBodies = {"ndjson", "event", "array"};
constexpr std::array<std::string_view, 3> kCompressions = {"none", "gzip", "zstd"};
constexpr std::array<std::string_view, 2> kVersions = {"1.1", "auto"};

// A path, or the name of a credential, which is none.
template <typename Member>
auto secret(Member member) {
  return config::value(
      {config::Shape::Kind::kPath}, member,
      [](const YAML::Node& node, std::string& out, config::Reading& reading) {
        std::string text;
        config::read_text(node, text, reading.problems);
        if (text.starts_with(kCredential))
          out = text;
        else
          config::read_path(node, out, reading);
      },
      config::printed_text);
}

// A credential is a file in one folder (systemd.exec(5)).
bool is_credential_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~' && c != '/' && c != ':'; });
}

void check_secret(std::string_view key, std::string_view path, const config::Report& report) {
  if (path.starts_with(kCredential) && !is_credential_name(path.substr(kCredential.size())))
    report(key, "expected credential:NAME, as LoadCredential= of the unit names it, not " + base::in_quotes(path));
}

bool writes_json(const config::Sink& sink) {
  const formats::Format* format = formats::find_format(sink.format);
  return format != nullptr && format->content_type == "application/json";
}

void complete_plain(HttpOptions& options, const config::Written& written) {
  complete_http(options, written);
  auto& own = options.own.edit<PlainOptions>();
  if (written.one_event_a_request && !written.has("body")) own.body = HttpBody::kEvent;
}

void check_plain(const HttpOptions& options, const config::Sink& sink, const config::Report& report) {
  check_http(options, sink, report);
  if (options.own.as<PlainOptions>().body == HttpBody::kArray && !writes_json(sink))
    report("body", "an array holds JSON, and the format " + base::in_quotes(sink.format) + " is none; use ndjson");
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

}  // namespace

void complete_http(HttpOptions& options, const config::Written& written) {
  if (options.url.starts_with("https://") && !written.has("tls")) options.tls.enabled = true;
}

void check_json(const config::Sink& sink, std::string_view product, const config::Report& report) {
  if (!writes_json(sink))
    report("format",
           std::string(product) + " takes JSON, and the format " + base::in_quotes(sink.format) + " is none; use json");
}

void check_http(const HttpOptions& options, const config::Sink& sink, const config::Report& report) {
  check_net(options, report);
  check_login(options, report);
  check_secret("token_file", options.token_file, report);
  check_secret("password_file", options.password_file, report);
  check_secret("headers_file", options.headers_file, report);
  for (const std::string& header : options.headers)
    if (!is_header(header)) report("headers", "expected headers like 'X-Team: audit', not " + base::in_quotes(header));
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

std::optional<Endpoint> parse_proxy(std::string_view text) {
  constexpr std::string_view kHttp = "http://";
  if (!text.starts_with(kHttp)) return std::nullopt;
  text.remove_prefix(kHttp.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  return parse_endpoint(text);
}

std::vector<config::Option<HttpOptions>> http_rows(std::string_view example_of_url) {
  std::vector<config::Option<HttpOptions>> rows = {
      {"url",
       config::text(&HttpOptions::url),
       "`https://host[:port]/path`. `http://` is for loopback only.",
       {.example = example_of_url}},
      {"token_file", secret(&HttpOptions::token_file),
       "A file with a bearer token (or what the product has in its place), or `credential:NAME` of the unit; read "
       "again "
       "at each reload and when the server answers 401 or 403."},
      {"user", config::text(&HttpOptions::user), "A user for Basic authentication, instead of a token."},
      {"password_file", secret(&HttpOptions::password_file),
       "The file, or credential, with the password of the user; read again when a token would be."},
      {"headers", config::list(&HttpOptions::headers), "Headers of each request, like `X-Team: audit`."},
      {"headers_file", secret(&HttpOptions::headers_file),
       "A file, or credential, with headers that are secret, one a line; read again when a token would be."},
      {"proxy",
       config::text(&HttpOptions::proxy),
       "`http://host:port` of a proxy that is asked to CONNECT. What the environment names (`https_proxy`) is "
       "not used.",
       {.otherwise = "none"}},
      {"http_version", config::choice(&HttpOptions::http_version, kVersions),
       "`auto`: HTTP/2 where the TLS handshake agrees on it."},
      {"compression", config::choice(&HttpOptions::compression, kCompressions), "Of a request's body."},
      {"batch.bytes", config::size(nested(&HttpOptions::batch, &HttpBatch::bytes), kKiB, 1024 * kMiB),
       "A request is sent at this size,"},
      {"batch.events", config::number(nested(&HttpOptions::batch, &HttpBatch::events), 1, kMostBatchEvents),
       "at so many events,"},
      {"batch.time", config::duration(nested(&HttpOptions::batch, &HttpBatch::time), 1ms, 1h),
       "or when the first event has waited for so long, whichever comes first."},
      {"parallel", config::number(&HttpOptions::parallel, 1, kMostParallel),
       "Requests under way at a time; more than one gives up the order of events."},
      {"dead_letter",
       config::path(&HttpOptions::dead_letter),
       "A file for the events that the server refuses for good, each with the reason.",
       {.otherwise = "none", .exclusive = true}},
      {"debug_log",
       config::path(&HttpOptions::debug_log),
       "A file for the heads of all requests and replies, for who looks for what goes wrong. Values that may be secret "
       "are not in it.",
       {.otherwise = "none", .exclusive = true}},
  };
  config::add_shared(rows, net_options());
  return rows;
}

std::vector<std::string> http_warnings(const config::Sink& sink) {
  return net_warnings(sink.options.as<HttpOptions>());
}

config::OptionTable https_options() {
  config::OptionSpec<HttpOptions> spec{
      .rows = http_rows("https://siem.example:9200/in"),
      .complete = complete_plain,
      .check = check_plain,
  };
  spec.rows.push_back(
      {"body", config::choice(own(&PlainOptions::body), kBodies),
       "`ndjson`: many events a request, one a line. `array`: many, as one JSON array. `event`: one event "
       "a request; with the format `mozdef` that is the default."});
  return spec;
}

std::vector<std::string> https_warnings(const config::Sink& sink, bool) {
  return http_warnings(sink);
}

}  // namespace naudit::output
