// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/enriched_tail.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace naudit::interpret {
namespace {

using tables::FieldClass;
constexpr std::size_t npos = std::string_view::npos;

constexpr char kMark = '\x1d';
constexpr std::string_view kClaim = "msg='";
constexpr std::string_view kAddress = "SADDR=";
// "INODE_UID" and the like are the longest.
constexpr std::size_t kLongestName = 16;
// auditd cuts a line at 8969 bytes (8937 without a node), of which up to some 400 stand before the body.
constexpr std::size_t kLongestClaim = 8500;

// What becomes of the byte 0x1D on the way through syslog daemons, collectors and terminals: rsyslog's octal, JSON's
// and C's escapes, the caret form, a picture of it, a replacement for what is no text.
constexpr std::string_view kMarks[] = {"\x1d",  "#035", "\\u001d",      "\\u001D",      "\\x1d", "\\x1D",
                                       "\\035", "^]",   "\xE2\x90\x9D", "\xEF\xBF\xBD", "\t"};

bool is_name_char(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// The field that NAME is the upper case of, if it is of a kind for which auditd appends names; else 0.
tables::FieldId enriched_field(std::string_view name) noexcept {
  std::array<char, kLongestName> lower;
  if (name.empty() || name.size() > lower.size()) return 0;
  std::ranges::transform(name, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const tables::FieldId id = tables::find_field({lower.data(), name.size()});
  if (id == 0) return 0;
  switch (tables::field_info(id).kind) {
    case FieldClass::kUid:
    case FieldClass::kGid:
    case FieldClass::kArch:
    case FieldClass::kSyscall:
    case FieldClass::kUringOp:
    case FieldClass::kSockaddr:
      return id;
    default:
      return 0;
  }
}

// How many bytes at the front are one NAME=value; 0 if it is none, or not whole. A quoted value has no control byte,
// and an apostrophe only if they are allowed (a user may be called o'brien).
std::size_t name_size(std::string_view text, bool apostrophes) noexcept {
  std::size_t at = 0;
  while (at < text.size() && at <= kLongestName && is_name_char(text[at])) ++at;
  if (at == 0 || at > kLongestName || at == text.size() || text[at] != '=' || text[0] < 'A') return 0;
  ++at;
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at)
      if (is_control(text[at]) || (text[at] == '\'' && !apostrophes)) return 0;
    return at < text.size() ? at + 1 : 0;
  }
  if (text.starts_with(kAddress) && text.substr(at).starts_with('{')) {
    // A path in it may hold any byte, a brace too; nothing is written behind it.
    return text.ends_with('}') ? text.size() : 0;
  }
  const std::size_t begin = at;
  while (at < text.size() && text[at] != ' ' && text[at] != '"' && text[at] != '\'' && text[at] != '=' &&
         !is_control(text[at])) {
    ++at;
  }
  return at > begin ? at : 0;
}

// One or more of NAME=value, single spaces between them, up to the end. `cut`: the last may lack its end, since the
// line was torn.
bool is_run(std::string_view text, bool apostrophes, bool cut = false) noexcept {
  for (bool any = false;; any = true) {
    const std::size_t size = name_size(text, apostrophes);
    if (size == 0) return any && cut && std::ranges::none_of(text, [](char c) { return c == ' ' || is_control(c); });
    if (size == text.size()) return true;
    if (text[size] != ' ') return false;
    text.remove_prefix(size + 1);
  }
}

// How many bytes at the end of `text` are what became of the mark.
std::size_t mark_size(std::string_view text) noexcept {
  for (const std::string_view mark : kMarks)
    if (text.ends_with(mark)) return mark.size();
  return 0;
}

// Of a tail without a name in it.
std::size_t lone_mark(std::string_view text) noexcept {
  for (const std::string_view mark : {std::string_view("\x1d"), std::string_view("#035")})
    if (text.ends_with(mark)) return mark.size();
  return 0;
}

// Old versions of auditd left the mark where they had no names, and another one may have written behind it.
std::size_t without_marks(std::string_view body, std::size_t end) noexcept {
  while (end > 0 && body[end - 1] == kMark) --end;
  return end;
}

// Where the claim's text begins; npos if the record has none.
std::size_t claim_begin(std::string_view body) noexcept {
  if (body.starts_with(kClaim)) return kClaim.size();
  for (std::size_t at = body.find(kClaim); at != npos; at = body.find(kClaim, at + 1))
    if (body[at - 1] == ' ') return at + kClaim.size();
  return npos;
}

bool behind_claim(std::string_view body, std::size_t claim, EnrichedTail& out) noexcept {
  if (body.size() > kLongestClaim) return false;
  const std::size_t close = body.rfind('\'');
  if (close == npos || close < claim) return false;
  const std::string_view rest = body.substr(close + 1);
  std::size_t skipped = std::min(rest.find_first_not_of(kMark), rest.size());
  for (const std::string_view mark : kMarks)
    if (skipped == 0 && rest.starts_with(mark)) skipped = mark.size();
  if (skipped == 0) skipped = std::min(rest.find_first_not_of(' '), rest.size());
  if (rest.empty()) return false;
  if (const std::size_t lone = lone_mark(rest); lone == rest.size()) {
    out = {.record = close + 1, .names = body.size(), .is_marked = true};
    return true;
  }
  if (is_run(rest.substr(skipped), false)) {
    out = {.record = close + 1, .names = close + 1 + skipped, .is_marked = rest[0] == kMark};
    return true;
  }
  // That apostrophe may be one of a name's. The kernel's own cannot be: nothing behind it would close the quotes.
  const std::size_t mark = body.rfind(kMark);
  if (mark == npos || mark <= claim || mark > close || body[mark - 1] != '\'') return false;
  if (!is_run(body.substr(mark + 1), true)) return false;
  out = {.record = mark, .names = mark + 1, .is_marked = true};
  return true;
}

// The kernel's strings hold no control byte, so the first mark that is followed by names is auditd's; a path of
// SADDR={ … } may hold more of them.
bool behind_mark(std::string_view body, EnrichedTail& out) noexcept {
  for (std::size_t at = body.find(kMark); at != npos; at = body.find(kMark, at + 1)) {
    if (!is_run(body.substr(at + 1), true, true)) continue;
    out = {.record = without_marks(body, at), .names = at + 1, .is_marked = true};
    return true;
  }
  return false;
}

bool behind_address(std::string_view body, EnrichedTail& out) noexcept {
  const std::size_t at = body.find(kAddress);
  if (at == npos || at == 0 || !body.starts_with("saddr=") || !is_run(body.substr(at), true)) return false;
  const std::string_view before = body.substr(0, at);
  const std::size_t mark = mark_size(before);
  std::size_t end = at - mark;
  while (mark == 0 && end > 0 && body[end - 1] == ' ') --end;
  out = {.record = end, .names = at};
  return true;
}

// "(null)ARCH=x86_64", "\"k\"#035ARCH=x86_64": where in this word the first name begins; npos if none does.
std::size_t glued_name(std::string_view word) noexcept {
  for (std::size_t equals = word.find('='); equals != npos; equals = word.find('=', equals + 1)) {
    std::size_t begin = equals;
    while (begin > 0 && equals - begin < kLongestName && is_name_char(word[begin - 1])) --begin;
    // "NORMALOUID": the longest end that is a name.
    for (begin = std::max<std::size_t>(begin, 1); begin < equals; ++begin) {
      if (enriched_field(word.substr(begin, equals - begin)) == 0) continue;
      const std::string_view rest = word.substr(begin);
      if (!rest.starts_with(kAddress) && name_size(rest, false) == rest.size()) return begin;
      break;
    }
  }
  return npos;
}

// Nothing marks it: words that are names, from the end on.
bool at_end(std::string_view body, EnrichedTail& out) noexcept {
  std::size_t names = body.size();
  std::size_t end = body.size();
  while (true) {
    while (end > 0 && body[end - 1] == ' ') --end;
    if (end == 0) return false;  // nothing but names
    const std::size_t begin = body.rfind(' ', end - 1) + 1;
    const std::string_view word = body.substr(begin, end - begin);
    // (An address stands alone.)
    if (!word.starts_with(kAddress) && name_size(word, false) == word.size() &&
        enriched_field(word.substr(0, word.find('='))) != 0) {
      names = end = begin;
      continue;
    }
    if (const std::size_t glued = glued_name(word); glued != npos) {
      names = begin + glued;
      end = names - mark_size(body.substr(0, names));
    }
    if (names == body.size()) return false;
    out = {.record = end, .names = names};
    return true;
  }
}

// Most records have none: nothing in upper case before their last sign.
bool may_end_in_name(std::string_view body) noexcept {
  if (body.ends_with('"')) body = body.substr(0, body.rfind('"', body.size() - 2) + 1);
  const std::size_t equals = body.rfind('=');
  return equals != npos && equals > 0 && body[equals - 1] >= 'A' && body[equals - 1] <= 'Z';
}

}  // namespace

bool find_enriched_tail(std::string_view body, EnrichedTail& out) noexcept {
  while (body.ends_with(' ')) body.remove_suffix(1);
  if (const std::size_t claim = claim_begin(body); claim != npos) return behind_claim(body, claim, out);
  if (const std::size_t mark = lone_mark(body); mark > 0) {
    out = {.record = body.size() - mark, .names = body.size(), .is_marked = true};
    return true;
  }
  if (behind_mark(body, out)) return true;
  if (body.ends_with('}') && behind_address(body, out)) return true;
  return may_end_in_name(body) && at_end(body, out);
}

bool names_fields(std::string_view tail, std::span<const Field> fields) noexcept {
  std::array<std::uint8_t, tables::kFieldCount> left{};
  for (const Field& field : fields)
    if (left[field.id] < 0xFF) ++left[field.id];
  while (tail.find_first_not_of(' ') != npos) {
    tail.remove_prefix(tail.find_first_not_of(' '));
    const std::size_t size = name_size(tail, true);
    const tables::FieldId id = enriched_field(tail.substr(0, tail.find('=')));
    if (size == 0 || id == 0 || left[id] == 0) return false;
    --left[id];
    tail.remove_prefix(size);
  }
  return true;
}

}  // namespace naudit::interpret
