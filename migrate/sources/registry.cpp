// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/sources/auditbeat/auditbeat.hpp"
#include "migrate/sources/auditd/auditd.hpp"
#include "migrate/sources/goaudit/goaudit.hpp"
#include "migrate/sources/laurel/laurel.hpp"
#include "migrate/sources/source.hpp"

namespace naudit::migrate {

std::span<const Source> sources() {
  static constexpr Source kSources[] = {
      {"auditd", "etc/audit", "auditd", is_auditd, read_auditd},
      {"laurel", "etc/laurel/config.toml", "", is_laurel, read_laurel},
      {"go-audit", "etc/go-audit.yaml", "go-audit", is_go_audit, read_go_audit},
      {"auditbeat", "etc/auditbeat/auditbeat.yml", "auditbeat", is_auditbeat, read_auditbeat},
  };
  return kSources;
}

}  // namespace naudit::migrate
