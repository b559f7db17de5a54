// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/sink_files.hpp"

#include <cerrno>
#include <filesystem>

#include "base/error.hpp"
#include "base/trusted_path.hpp"
#include "formats/registry.hpp"
#include "output/sinks/auditd_remote/options.hpp"
#include "output/sinks/auditdistd/options.hpp"
#include "output/sinks/auditdistd/sink.hpp"
#include "output/sinks/exec/options.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/writer.hpp"
#include "output/sinks/forward/sink.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/http/secret_file.hpp"
#include "output/sinks/kafka/sink.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/plugin/options.hpp"
#include "output/sinks/relp/options.hpp"
#include "output/sinks/syslog/options.hpp"
#include "output/sinks/tcp/options.hpp"
#include "output/sinks/trail/options.hpp"
#include "output/sinks/trail/writer.hpp"
#include "output/sinks/unix/options.hpp"

namespace naudit::output {

namespace {

// Of a sink of trails; null: it writes none.
const FileOptions* trails_of(const config::Sink& sink) {
  if (const auto* trail = sink.options.find<TrailOptions>()) return trail;
  return sink.options.find<AuditdistdOptions>();
}

void check_trails(const config::Sink& sink, const FileOptions& options, std::string_view key) {
  const formats::Format* const format = formats::find_format(sink.format);
  if (format == nullptr) return;
  const FileProblem problem = TrailWriter(real_file_system(), options, *format, sink.format_options).look();
  if (!problem) return;
  if (problem.code == ENOENT && std::filesystem::path(options.path).parent_path() == kUnitFolder) return;
  throw base::Error("sink '" + sink.name + "': " + std::string(key) + ": " + problem.text);
}

}  // namespace

std::vector<WrittenFile> written_files(const config::Sink& sink) {
  std::vector<WrittenFile> files;
  if (const auto* http = sink.options.find<HttpOptions>()) {
    if (!http->dead_letter.empty()) files.push_back({"dead_letter", http->dead_letter});
    if (!http->debug_log.empty()) files.push_back({"debug_log", http->debug_log});
  }
  if (sink.type == "file") files.push_back({"path", sink.options.as<FileOptions>().path});
  if (sink.type == "unix") files.push_back({"path", sink.options.as<UnixOptions>().path});
  // A trail of the folder stands for all of them.
  if (const FileOptions* const trails = trails_of(sink))
    files.push_back({sink.type == "trail" ? "path" : "directory", trails->path + "/trail"});
  return files;
}

bool starts_program(const config::Sink& sink) {
  const auto* const plugin = sink.options.find<PluginOptions>();
  return sink.options.find<ExecOptions>() != nullptr || (plugin != nullptr && plugin->confined);
}

bool needs_all_rights(const config::Sink& sink) {
  const auto* const plugin = sink.options.find<PluginOptions>();
  return plugin != nullptr && !plugin->confined;
}

void check_read_files(const config::Sink& sink) {
  if (sink.type == "tcp") {
    const auto& options = sink.options.as<TcpOptions>();
    if (options.tls.enabled) static_cast<void>(make_tls_context(sink.name, options.tls));
  } else if (sink.type == "forward") {
    check_forward(sink);
  } else if (sink.type == "auditdistd") {
    check_auditdistd(sink);
  } else if (sink.type == "relp") {
    const auto& options = sink.options.as<RelpOptions>();
    if (options.tls.enabled) static_cast<void>(make_tls_context(sink.name, options.tls));
  } else if (const auto* remote = sink.options.find<AuditdRemoteOptions>()) {
    if (remote->tls.enabled) static_cast<void>(make_tls_context(sink.name, remote->tls));
  } else if (sink.type == "kafka") {
    check_kafka(sink);
  } else if (sink.type == "exec") {
    check_program(sink);
  } else if (sink.type == "unix") {
    static_cast<void>(unix_group(sink));
  } else if (sink.type == "syslog") {
    const auto& options = sink.options.as<SyslogOptions>();
    if (options.tls.enabled) static_cast<void>(make_tls_context(sink.name, options.tls));
  } else if (const auto* options = sink.options.find<HttpOptions>()) {
    if (const auto url = parse_url(options->url); url && url->tls)
      static_cast<void>(make_tls_context(sink.name, options->tls));
    const auto check = [&](SecretKind kind, const std::string& path) {
      if (!path.empty() && !is_out_of_reach(path)) static_cast<void>(read_secret(sink.name, kind, path));
    };
    check(SecretKind::kToken, options->token_file);
    check(SecretKind::kPassword, options->password_file);
    check(SecretKind::kHeaders, options->headers_file);
  }
}

void check_written_file(const config::Sink& sink) {
  for (const auto& [key, path] : written_files(sink)) {
    const std::string place = "sink '" + sink.name + "': " + std::string(key) + ": ";
    if (sink.type == "unix") {
      if (const auto unsafe = base::find_untrusted(path, base::PathPart::kParents))
        throw base::Error(place + unsafe->text());
      continue;
    }
    if (const FileOptions* const trails = trails_of(sink)) {
      check_trails(sink, *trails, key);
      continue;
    }
    FileOptions options = sink.type == "file" ? sink.options.as<FileOptions>() : FileOptions();
    options.path = path;
    const FileProblem problem = FileWriter(real_file_system(), options).look();
    if (!problem) continue;
    if (problem.code == ENOENT && std::filesystem::path(path).parent_path() == kUnitFolder) continue;
    throw base::Error(place + problem.text);
  }
}

}  // namespace naudit::output
