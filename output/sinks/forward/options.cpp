// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/forward/options.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/units.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 2> kCompressions = {"none", "gzip"};

// Fluentd's routes part it at its dots.
bool is_tag(std::string_view tag) {
  return !tag.empty() && std::ranges::all_of(tag, [](char c) { return c > ' ' && c < '\x7f'; });
}

void check(const ForwardOptions& options, const config::Sink& sink, const config::Report& report) {
  if (options.address.empty()) report("address", "is missing; write host:port, like fluentd.example:24224");
  check_hosts(options, report);
  if (!is_tag(options.tag)) {
    report("tag",
           "expected a tag of printable ASCII without blanks, like audit.web, not " + base::in_quotes(options.tag));
  }
  if (options.user.empty() != options.password_file.empty())
    report(options.user.empty() ? "password_file" : "user",
           options.user.empty() ? "`user` is missing; it needs one" : "`password_file` is missing; it needs one");
  if (!options.user.empty() && options.shared_key_file.empty())
    report("user", "`shared_key_file` is missing; a server asks for a user in that handshake only");
  if (options.chunk > sink.queue.size) {
    report("chunk", "a chunk of " + base::size_text(options.chunk) + " never fits into the queue of " +
                        base::size_text(sink.queue.size) + "; make 'queue: {size: …}' larger or 'chunk' smaller");
  }
}

}  // namespace

config::OptionTable forward_options() {
  config::OptionSpec<ForwardOptions> spec{
      .rows =
          {
              {"address",
               addresses<ForwardOptions>(),
               "`host:port`, `[2001:db8::1]:port`, or a list of them.",
               {.example = "fluentd.example:24224"}},
              {"tag", config::text(&ForwardOptions::tag), "By which the server routes the events."},
              {"compression", config::choice(&ForwardOptions::compression, kCompressions),
               "`gzip`: a chunk goes as CompressedPackedForward."},
              {"chunk", config::size(&ForwardOptions::chunk, config::kKiB, 64 * config::kMiB),
               "So many bytes of events go in one message, and are acknowledged together; fewer where no more wait."},
              {"ack_timeout", config::duration(&ForwardOptions::ack_timeout, 1s, 1h),
               "A chunk that is not acknowledged by then is sent again over another connection."},
              {"shared_key_file", config::path(&ForwardOptions::shared_key_file),
               "The file with the key that both sides know (`<security>` of Fluentd, `Shared_Key` of Fluent Bit)."},
              {"user", config::text(&ForwardOptions::user), "A user beside the key, where the server asks for one."},
              {"password_file", config::path(&ForwardOptions::password_file), "The file with the user's password."},
          },
      .check = check,
  };
  config::add_shared(spec.rows, host_options());
  return spec;
}

std::vector<std::string> forward_warnings(const config::Sink& sink, bool) {
  return host_warnings(sink.options.as<ForwardOptions>());
}

}  // namespace naudit::output
