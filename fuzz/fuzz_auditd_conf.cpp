// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// auditd.conf and the files of its plugins: any bytes in each of them; what comes out is a configuration that loads.
// import_auditd() loads its own result and throws when it does not.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/loader.hpp"
#include "migrate/conf/import.hpp"
#include "output/sinks/kinds.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::migrate;
  using naudit::base::Problem;
  const std::string text(reinterpret_cast<const char*>(data), size);
  AuditdInstallation all;
  all.daemon = AuditdConf(text, "auditd.conf");
  all.plugins.emplace_back(text, "plugin.conf");
  for (const char* program : {"audisp-remote", "audisp-json", "audisp-syslog"})
    all.plugins.emplace_back("active = yes\npath = /sbin/" + std::string(program) + "\n" + text, "plugin.conf");
  all.remote = AuditdConf(text, "audisp-remote.conf");
  all.json = AuditdConf(text, "audisp-json.conf");
  all.kernel.backlog_limit = static_cast<std::uint32_t>(size);
  // With all formats, and with fewer.
  naudit::config::Kinds fewer = naudit::output::kinds();
  std::erase_if(fewer.formats, [](const auto& format) { return format.name == "mozdef" || format.name == "enriched"; });
  for (const naudit::config::Kinds& kinds : {naudit::output::kinds(), fewer}) {
    const ImportedConfig done = import_auditd(all, kinds);
    for (const Problem& problem : done.notes)
      if (problem.message.empty()) std::abort();
  }
  return 0;
}
