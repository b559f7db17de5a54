// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/options.hpp"

#include <vector>

namespace naudit::formats {
namespace {

std::vector<config::Option<AuditdOptions>> rows() {
  return {{"node", config::flag(&AuditdOptions::node),
           "Whether the name of this machine (`node`) stands before each record."}};
}

}  // namespace

config::OptionTable auditd_options() {
  return config::OptionSpec<AuditdOptions>{.rows = {rows()}};
}

config::OptionTable audispd_options() {
  config::OptionSpec<AudispdOptions> spec;
  config::add_shared(spec.rows, rows());
  spec.rows.push_back({"names", config::flag(&AudispdOptions::names),
                       "Whether names stand behind each record, as in the format `enriched`."});
  return spec;
}

}  // namespace naudit::formats
