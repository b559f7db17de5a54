// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/mozdef/options.hpp"

namespace naudit::formats {

config::OptionTable mozdef_options() {
  return config::OptionSpec<MozdefOptions>{
      .rows =
          {
              {"process_name", config::text(&MozdefOptions::process_name),
               "The name under which MozDef's alerts know the sender."},
              {"paths", config::flag(&MozdefOptions::paths),
               "Details with an array of all paths; `false`: only strings."},
              {"strict", config::flag(&MozdefOptions::strict),
               "Also `source` and `utctimestamp`, which MozDef adds itself."},
              {"prefix", config::text(&MozdefOptions::prefix), "Text before each event's object,"},
              {"suffix", config::text(&MozdefOptions::suffix), "and behind it."},
          },
  };
}

}  // namespace naudit::formats
