// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/relp/frames.hpp"

#include <algorithm>
#include <charconv>

namespace naudit::output {
namespace {

constexpr std::uint32_t kMostNumber = 999'999'999;
constexpr std::size_t kMostFrame = std::size_t{64} << 10;
constexpr std::size_t kMostHead = 9 + 1 + 32 + 1 + 9;  // of a frame, up to its length

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// 1 to 9 digits; nothing else may stand there.
std::optional<std::uint32_t> number_of(std::string_view text) noexcept {
  std::uint32_t number = 0;
  if (text.empty() || text.size() > 9 || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::uint32_t next_relp_number(std::uint32_t number) noexcept {
  return number >= kMostNumber ? 1 : number + 1;
}

void append_relp_frame(std::uint32_t number, std::string_view command, std::string_view data, std::string& out) {
  out.append(std::to_string(number)).append(" ").append(command).append(" ").append(std::to_string(data.size()));
  if (!data.empty()) out.append(" ").append(data);
  out += '\n';
}

// Version 0 is what librelp says and asks for.
std::string relp_offer(std::string_view version) {
  return "relp_version=0\nrelp_software=nauditd," + std::string(version) + "\ncommands=syslog";
}

void RelpReader::feed(std::string_view bytes) {
  if (!failed_) input_ += bytes;
}

std::optional<RelpAnswer> RelpReader::fail() {
  failed_ = true;
  input_.clear();
  return std::nullopt;
}

std::optional<RelpAnswer> RelpReader::next() {
  if (failed_) return std::nullopt;
  const std::string_view input = input_;
  const std::size_t first = input.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : input.find(' ', first + 1);
  if (second == std::string_view::npos) return input.size() > kMostHead ? fail() : std::nullopt;
  const std::size_t end_of_length = input.find_first_of(" \n", second + 1);
  if (end_of_length == std::string_view::npos) return input.size() > kMostHead ? fail() : std::nullopt;
  const auto number = number_of(input.substr(0, first));
  const auto length = number_of(input.substr(second + 1, end_of_length - second - 1));
  if (!number || !length || *length > kMostFrame || (*length > 0 && input[end_of_length] != ' ')) return fail();
  // Some servers write the blank before nothing, too.
  const std::size_t begin = end_of_length + (input[end_of_length] == ' ' ? 1 : 0);
  if (input.size() <= begin + *length) return std::nullopt;
  if (input[begin + *length] != '\n') return fail();
  const std::string_view command = input.substr(first + 1, second - first - 1);
  const std::string_view data = input.substr(begin, *length);
  RelpAnswer answer;
  answer.number = *number;
  if (command == "serverclose") {
    answer.kind = RelpAnswer::Kind::kServerClose;
  } else if (command == "rsp") {
    const auto code = number_of(data.substr(0, 3));
    if (!code || data.size() < 3) return fail();
    answer.code = static_cast<int>(*code);
    const std::string_view text = data.substr(3, data.find('\n') - std::min<std::size_t>(3, data.find('\n')));
    answer.text = text.starts_with(' ') ? text.substr(1) : text;
  } else {
    return fail();
  }
  input_.erase(0, begin + *length + 1);
  return answer;
}

}  // namespace naudit::output
