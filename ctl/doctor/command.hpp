// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// Not 2, which monitoring reads as critical.
inline constexpr int kDoctorWrongUse = 3;

// nauditctl doctor: what is wrong with auditing on this machine, why it matters, and what to do. Its exit code is that
// of a monitoring plugin (report.hpp, ExitStatus).
void add_doctor_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
