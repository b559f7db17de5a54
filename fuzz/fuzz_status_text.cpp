// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What answers at the control socket, as nauditctl shows it: the status, and the counts of the rules' keys. A terminal
// gets nothing that is not shown, and no line is wider than asked for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/status_text.hpp"
#include "ctl/rules/stats_text.hpp"

namespace {

bool is_shown(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c >= '\0' && c < ' ' && c != '\n') || c == '\x7f'; }) &&
         naudit::base::valid_utf8(text) == text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  rapidjson::Document answer;
  if (!ctl::parse_answer({reinterpret_cast<const char*>(data), size}, answer)) return 0;
  const ctl::StatusReport status = ctl::status_report(answer, {.width = 60, .colour = false});
  if (status.text.empty() || !is_shown(status.text)) __builtin_trap();
  if (ctl::status_report(answer, {.width = 0, .colour = true}).is_well != status.is_well) __builtin_trap();
  for (const std::size_t width : {std::size_t{0}, std::size_t{80}})
    if (!is_shown(
            ctl::rule_stats_text(answer, {.window = 1, .most = 20, .rules = true, .width = width, .before = nullptr})))
      __builtin_trap();
  return 0;
}
