// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "config/error.hpp"
#include "ctl/auditctl.hpp"
#include "ctl/console.hpp"
#include "ctl/subcommand.hpp"

namespace {

int run(std::string_view program, const std::vector<std::string>& arguments) {
  if (program == "auditctl" || (!arguments.empty() && naudit::ctl::is_auditctl_option(arguments[0]))) {
    return naudit::ctl::run_auditctl(arguments);
  }
  return naudit::ctl::run_subcommand(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view program = argc > 0 ? argv[0] : "";
  program.remove_prefix(program.rfind('/') == std::string_view::npos ? 0 : program.rfind('/') + 1);
  try {
    return run(program, std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const std::exception& failure) {
    naudit::ctl::error(failure.what());
  }
  return 1;
}
