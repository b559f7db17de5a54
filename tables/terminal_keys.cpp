// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/terminal_keys.hpp"

#include <algorithm>
#include <array>

namespace naudit::tables {
namespace {

struct Row {
  std::string_view sequence;
  std::string_view name;
};

// By sequence.
constexpr auto kRows = std::to_array<Row>({
    {"A", "up"},
    {"B", "down"},
    {"C", "right"},
    {"D", "left"},
    {"F", "end"},
    {"J", "clear"},
    {"OA", "up"},
    {"OB", "down"},
    {"OC", "right"},
    {"OD", "left"},
    {"OE", "B2"},
    {"OF", "end"},
    {"OH", "home"},
    {"OM", "send"},
    {"OP", "F1"},
    {"OQ", "F2"},
    {"OR", "F3"},
    {"OS", "F4"},
    {"OT", "F5"},
    {"OU", "F6"},
    {"OV", "F7"},
    {"OW", "F8"},
    {"OX", "F9"},
    {"OY", "F10"},
    {"OZ", "F11"},
    {"O[", "F12"},
    {"Ol", "F8"},
    {"On", "C3"},
    {"Op", "C1"},
    {"Oq", "C1"},
    {"Or", "B2"},
    {"Os", "C3"},
    {"Ot", "F5"},
    {"Ou", "B2"},
    {"Ov", "F7"},
    {"Ow", "A1"},
    {"Ox", "F10"},
    {"Oy", "A3"},
    {"P", "delete"},
    {"Q", "insert"},
    {"S", "page-down"},
    {"T", "page-up"},
    {"[11~", "F1"},
    {"[12~", "F2"},
    {"[13~", "F3"},
    {"[14~", "F4"},
    {"[15~", "F5"},
    {"[17~", "F6"},
    {"[18~", "F7"},
    {"[19~", "F8"},
    {"[1;2A", "scroll-backward"},
    {"[1;2B", "scroll-forward"},
    {"[1;2C", "shift-right"},
    {"[1;2D", "shift-left"},
    {"[1;2F", "shift-end"},
    {"[1;2H", "shift-home"},
    {"[1~", "home"},
    {"[20~", "F9"},
    {"[21~", "F10"},
    {"[23~", "F11"},
    {"[24~", "F12"},
    {"[25~", "F13"},
    {"[26~", "F14"},
    {"[28~", "F15"},
    {"[29~", "F16"},
    {"[2~", "insert"},
    {"[30~", "insert-line"},
    {"[31~", "F17"},
    {"[32~", "F18"},
    {"[33~", "F19"},
    {"[34~", "F20"},
    {"[3;5~", "shift-del"},
    {"[3~", "delete"},
    {"[4~", "end"},
    {"[5~", "page-up"},
    {"[6~", "page-down"},
    {"[7~", "home"},
    {"[8~", "end"},
    {"[9", "delete"},
    {"[@", "F41"},
    {"[A", "up"},
    {"[B", "down"},
    {"[C", "right"},
    {"[D", "left"},
    {"[E", "B2"},
    {"[F", "end"},
    {"[G", "B2"},
    {"[H", "home"},
    {"[I", "page-up"},
    {"[L", "insert"},
    {"[M", "mouse"},
    {"[N", "F2"},
    {"[O", "F3"},
    {"[P", "F4"},
    {"[Q", "F5"},
    {"[R", "F6"},
    {"[S", "F7"},
    {"[T", "F8"},
    {"[U", "F9"},
    {"[V", "F10"},
    {"[W", "F11"},
    {"[X", "F12"},
    {"[Y", "F13"},
    {"[Z", "back-tab"},
    {"[[", "F42"},
    {"[[A", "F1"},
    {"[[B", "F2"},
    {"[[C", "F3"},
    {"[[D", "F4"},
    {"[[E", "F5"},
    {"[\\", "F43"},
    {"[]", "F44"},
    {"[^", "F45"},
    {"[_", "F46"},
    {"[`", "F47"},
    {"[a", "F15"},
    {"[b", "F16"},
    {"[c", "shift-right"},
    {"[d", "shift-left"},
    {"[e", "F19"},
    {"[f", "F20"},
    {"[g", "F21"},
    {"[h", "F22"},
    {"[i", "F23"},
    {"[j", "F24"},
    {"[k", "F25"},
    {"[l", "F26"},
    {"[m", "F27"},
    {"[n", "F28"},
    {"[o", "F29"},
    {"[p", "F30"},
    {"[q", "F31"},
    {"[r", "F32"},
    {"[s", "F33"},
    {"[t", "F34"},
    {"[u", "F35"},
    {"[v", "F36"},
    {"[w", "F37"},
    {"[x", "F38"},
    {"[y", "F39"},
    {"[z", "F40"},
    {"[{", "F48"},
    {"h", "home"},
    {"p", "F1"},
    {"q", "F2"},
    {"r", "F3"},
    {"s", "F4"},
    {"t", "F5"},
    {"u", "F6"},
    {"v", "F7"},
    {"w", "F8"},
});

static_assert(std::ranges::is_sorted(kRows, {}, &Row::sequence));

}  // namespace

TerminalKey terminal_key(std::string_view text) noexcept {
  for (std::size_t size = std::min(text.size(), kLongestKeySequence); size > 0; --size) {
    const std::string_view wanted = text.substr(0, size);
    const auto* const found = std::ranges::lower_bound(kRows, wanted, {}, &Row::sequence);
    if (found != kRows.end() && found->sequence == wanted) return {found->name, size};
  }
  return {};
}

std::string_view control_key(unsigned char byte) noexcept {
  constexpr std::array<std::string_view, 28> kNames = {
      "",   "^A", "^B", "^C", "^D", "^E", "^F", "^G", "backspace", "tab", "nl", "^K", "^L", "ret",
      "^N", "^O", "^P", "^Q", "^R", "^S", "^T", "^U", "^V",        "^W",  "^X", "^Y", "^Z", "esc"};
  if (byte == 0x7F) return "backspace";
  return byte < kNames.size() ? kNames[byte] : std::string_view{};
}

}  // namespace naudit::tables
