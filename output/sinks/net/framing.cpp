// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/framing.hpp"

#include <array>
#include <charconv>

namespace naudit::output {
namespace {

// Calls `visit` with each message of the batch, without its last newline.
template <typename Visit>
void for_each_message(const Batch& batch, Message what, Visit visit) {
  for (std::size_t i = 0; i < batch.events(); ++i) {
    std::string_view event = batch.event(i);
    if (what != Message::kBytes && event.ends_with('\n')) event.remove_suffix(1);
    if (what == Message::kLine) {
      for (std::size_t end = event.find('\n'); end != std::string_view::npos; end = event.find('\n')) {
        visit(event.substr(0, end));
        event.remove_prefix(end + 1);
      }
    }
    visit(event);
  }
}

}  // namespace

std::string_view cut_to(std::string_view text, std::size_t most) noexcept {
  if (most == 0 || text.size() <= most) return text;
  std::size_t end = most;
  // The byte behind the cut continues a character: go back to its first.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end > 0 ? end : most);
}

std::size_t append_counted(const Batch& batch, Message what, std::size_t most, std::string& out) {
  std::size_t cut = 0;
  for_each_message(batch, what, [&](std::string_view whole) {
    const std::string_view message = cut_to(whole, most);
    if (message.size() < whole.size()) ++cut;
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), message.size()).ptr;
    out.append(digits.begin(), end);
    out += ' ';
    out += message;
  });
  return cut;
}

std::size_t append_lines(const Batch& batch, std::size_t most, std::string& out) {
  std::size_t cut = 0;
  for_each_message(batch, Message::kLine, [&](std::string_view whole) {
    const std::string_view message = cut_to(whole, most);
    if (message.size() < whole.size()) ++cut;
    out += message;
    out += '\n';
  });
  return cut;
}

}  // namespace naudit::output
