// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/auxv.h>

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "ctl/auditctl/auditctl.hpp"
#include "ctl/auditctl/augenrules.hpp"
#include "ctl/console.hpp"
#include "ctl/convert/bsmconv.hpp"
#include "ctl/subcommand.hpp"

namespace {

// The path that was executed, as a script of that name would see it as $0.
std::string executed_path(std::string_view program) {
  const auto* const path = reinterpret_cast<const char*>(getauxval(AT_EXECFN));  // NOLINT(performance-no-int-to-ptr)
  return path != nullptr ? path : std::string(program);
}

int run(std::string_view program, const std::vector<std::string>& arguments) {
  if (program == "bsmconv") return naudit::ctl::run_bsmconv(arguments);
  if (program == "auditctl" || (!arguments.empty() && naudit::ctl::is_auditctl_option(arguments[0])))
    return naudit::ctl::run_auditctl(arguments);
  if (program == "augenrules") return naudit::ctl::run_augenrules(executed_path(program), arguments);
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
