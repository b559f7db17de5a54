// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/options.hpp"

namespace naudit::formats {

config::OptionTable auditd_options() {
  return config::OptionSpec<AuditdOptions>{
      .rows =
          {
              {"node", config::flag(&AuditdOptions::node),
               "Whether the name of this machine (`node`) stands before each record."},
          },
  };
}

}  // namespace naudit::formats
