// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/validate.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "base/endpoint.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "config/vocabulary.hpp"

namespace naudit::config {
namespace {

class SinkValidator {
 public:
  SinkValidator(const Places& places, Problems& problems) : places_(places), problems_(problems) {}

  void check(const Sink& sink, std::size_t index) {
    at_ = "sinks[" + std::to_string(index) + "]";
    check_name(sink);
    switch (sink.type) {
      case SinkType::kFile:
        check_file(sink);
        break;
      case SinkType::kTcp:
        check_tcp(sink);
        break;
      case SinkType::kHttps:
        check_https(sink);
        break;
    }
    if (sink.type != SinkType::kFile) check_network(sink);
  }

 private:
  void report(const std::string& key, std::string message) {
    problems_.add(places_.of(at_ + '.' + key), std::move(message));
  }

  void check_name(const Sink& sink) {
    constexpr std::size_t kMost = 64;
    const bool good = !sink.name.empty() && sink.name.size() <= kMost &&
                      std::all_of(sink.name.begin(), sink.name.end(), [](char letter) {
                        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
                      });
    if (!good) {
      report("name",
             "expected a name of at most 64 letters, digits, '-', '_' and '.', not " + base::in_quotes(sink.name));
    } else if (!names_.emplace(sink.name, at_).second) {
      report("name", "two sinks have the name " + base::in_quotes(sink.name) + "; each needs its own");
    }
  }

  void check_file(const Sink& sink) {
    if (sink.path.ends_with('/'))
      report("path", "expected a file, not the directory " + base::in_quotes(sink.path));
    else if (!paths_.emplace(sink.path, at_).second)
      report("path", "two sinks write to " + base::in_quotes(sink.path) + "; each needs a file of its own");
  }

  void check_tcp(const Sink& sink) {
    if (!base::parse_endpoint(sink.address)) {
      report("address",
             "expected host:port, like siem.example:6514 or [2001:db8::1]:6514, not " + base::in_quotes(sink.address));
    }
  }

  void check_https(const Sink& sink) {
    const auto url = base::parse_url(sink.url);
    if (!url) {
      return report("url", "expected a URL like https://siem.example:9200/_bulk (a token goes into token_file), not " +
                               base::in_quotes(sink.url));
    }
    if (url->tls && !sink.tls.enabled) report("tls", "'tls: false' contradicts the https:// of the url; remove it");
    if (!url->tls && sink.tls.enabled) report("url", "tls is configured, but the url starts with http://");
    if (!url->tls && !base::is_loopback(url->endpoint.host))
      report("url", "events would cross the network readable by anybody; use https:// (http:// is for loopback only)");
    if (sink.batch.bytes > sink.queue.size) {
      report("batch", "a batch of " + base::size_text(sink.batch.bytes) + " never fits into the queue of " +
                          base::size_text(sink.queue.size) +
                          "; make 'queue: {size: …}' larger or 'batch: {bytes: …}' "
                          "smaller");
    }
  }

  void check_network(const Sink& sink) {
    const Tls& tls = sink.tls;
    if (!tls.certificate.empty() && tls.key.empty()) report("tls", "'certificate' needs its 'key' beside it");
    if (tls.certificate.empty() && !tls.key.empty()) report("tls.key", "'key' needs its 'certificate' beside it");
    if (!tls.verify && !tls.ca.empty())
      report("tls.verify", "'verify: false' makes 'ca' useless: anybody could pose as the server; remove one of them");
    if (sink.retry.first > sink.retry.most) {
      report("retry", "the first wait, " + base::duration_text(sink.retry.first) + ", is longer than the longest, " +
                          base::duration_text(sink.retry.most));
    }
  }

  const Places& places_;
  Problems& problems_;
  std::string at_;
  std::map<std::string, std::string> names_, paths_;
};

}  // namespace

void validate(const Config& config, const Places& places, Problems& problems) {
  if (config.events.quiet > config.events.timeout) {
    problems.add(places.of("events.quiet"), "quiet, " + base::duration_text(config.events.quiet) +
                                                ", is longer than timeout, " +
                                                base::duration_text(config.events.timeout) + "; it has to be shorter");
  }
  SinkValidator sinks(places, problems);
  for (std::size_t i = 0; i < config.sinks.size(); ++i) sinks.check(config.sinks[i], i);
}

}  // namespace naudit::config
