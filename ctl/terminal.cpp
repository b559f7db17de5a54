// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

#include <CLI/CLI.hpp>

namespace naudit::ctl {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): there is one thread
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<std::size_t> number(const std::optional<std::string>& word) {
  std::size_t value = 0;
  if (!word) return std::nullopt;
  const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), value);
  return error == std::errc{} && end == word->data() + word->size() && value > 0 ? std::optional(value) : std::nullopt;
}

bool wants_colour(const TerminalFacts& facts, std::string_view when) {
  if (when != "auto") return when == "always";
  return facts.is_terminal && facts.no_colour.value_or("").empty() && facts.term != "dumb";
}

}  // namespace

base::Layout layout_of(const TerminalFacts& facts, std::string_view when) {
  constexpr std::size_t kUsual = 80, kLeast = 40;
  base::Layout layout{.width = 0, .colour = wants_colour(facts, when)};
  if (!facts.is_terminal) return layout;
  const auto told = number(facts.columns_word);
  layout.width = std::max(kLeast, told ? *told : facts.columns.value_or(kUsual));
  return layout;
}

base::Layout layout_of_stdout(std::string_view when) {
  TerminalFacts facts{.is_terminal = isatty(STDOUT_FILENO) != 0,
                      .columns = std::nullopt,
                      .columns_word = variable("COLUMNS"),
                      .no_colour = variable("NO_COLOR"),
                      .term = variable("TERM")};
  winsize size{};
  if (facts.is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) facts.columns = size.ws_col;
  return layout_of(facts, when);
}

void add_colour_option(CLI::App& command, std::string& when) {
  when = "auto";
  command.add_option("--colour,--color", when, "Colour: on a terminal without NO_COLOR (auto), always, or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
}

}  // namespace naudit::ctl
