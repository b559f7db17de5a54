// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/bsmconv.hpp"

#include <string_view>

#include <CLI/CLI.hpp>

#include "ctl/subcommand.hpp"

namespace naudit::ctl {

int run_bsmconv(const std::vector<std::string>& arguments) {
  CLI::App app{"Turns audit logs of Linux into an audit trail of OpenBSM"};
  app.name("bsmconv");
  app.set_version_flag("--version", std::string("bsmconv ") + NAUDIT_VERSION);
  app.footer(
      "Reads what `nauditctl convert` reads, and is `nauditctl convert --format bsm`.\n\n"
      "  bsmconv < /var/log/audit/audit.log > audit.bsm\n"
      "  bsmconv -v /var/log/audit/audit.log | less\n"
      "  bsmconv --option event_numbers=null --node web1 audit.log | ssh freebsd praudit");
  bool verbose = false;
  std::string output = "-";
  std::string node;
  std::vector<std::string> options;
  std::vector<std::string> files;
  app.add_flag("-v,--verbose", verbose, "Prints the records and fields that were read, and no trail");
  app.add_option("-o,--output", output, "Writes to this file instead of standard output")->type_name("FILE");
  app.add_option("--node", node, "Name of the machine for records without one")->type_name("NAME");
  app.add_option("--option", options, "One option of the format bsm; may be given again")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("file", files, "Logs, or directories of logs; none or -: standard input");
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes the words from the back
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& failure) {
    constexpr int kWrongUse = 2;
    return app.exit(failure) == 0 ? 0 : kWrongUse;
  }
  std::vector<std::string> words = {"convert", "--format", "bsm", "--output", output};
  if (verbose) words.emplace_back("-v");
  if (!node.empty()) words.insert(words.end(), {"--node", node});
  for (const std::string& option : options) words.insert(words.end(), {"--option", option});
  words.emplace_back("--");
  words.insert(words.end(), files.begin(), files.end());
  return run_subcommand(words);
}

}  // namespace naudit::ctl
