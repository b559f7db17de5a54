// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// Prints who started which program, from standard input:
//   c++ -std=c++17 -o executions executions.cpp $(pkg-config --cflags --libs naudit)
//   ./executions < /var/log/audit/audit.log
#include <exception>
#include <iostream>
#include <iterator>
#include <naudit.hpp>
#include <string>

namespace {

void print(const naudit::EventView& event) {
  const auto call = event.find_record(naudit_type_number("SYSCALL"));
  if (!call || event.arguments().empty()) return;
  const auto user = call->find("auid");
  std::cout << event.seconds() << '.' << event.milliseconds() << ':' << event.serial() << ' '
            << (user ? user->interpreted() : "?") << (event.success().value_or(true) ? " ran" : " may not run");
  for (const auto& argument : event.arguments()) std::cout << ' ' << argument.value_or("…");
  std::cout << '\n';
}

}  // namespace

int main() try {
  naudit::Reader reader{{"names", "local"}};
  reader.on_event(print);
  std::string line;
  while (std::getline(std::cin, line)) reader.feed(line += '\n');
  reader.flush();
  return 0;
} catch (const std::exception& error) {
  std::cerr << "executions: " << error.what() << '\n';
  return 1;
}
