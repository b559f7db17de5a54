// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/tokens.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/hex.hpp"
#include "interpret/record/enriched_tail.hpp"

namespace naudit::interpret {
namespace {

// Where the spaces and equals signs of a text are, found 64 bytes at a time: fields are so short that a loop over bytes
// spends its time on mispredicted ends. A view of the text, which outlives it.
class Delimiters {
 public:
  explicit Delimiters(std::string_view text) noexcept : text_(text) {}

  // The first space, or space or equals sign, at or behind `from`; the text's size if there is none.
  std::size_t space(std::size_t from) noexcept { return find<false>(from); }
  std::size_t space_or_equals(std::size_t from) noexcept { return find<true>(from); }

 private:
  static constexpr std::size_t kBlock = 64;

  template <bool kEquals>
  std::size_t find(std::size_t from) noexcept {
    while (from < text_.size()) {
      const std::size_t block = from / kBlock;
      if (block != block_) load(block);
      const std::uint64_t here = (kEquals ? spaces_ | equals_ : spaces_) >> (from % kBlock);
      if (here != 0) return from + static_cast<std::size_t>(std::countr_zero(here));
      from = (block + 1) * kBlock;
    }
    return text_.size();
  }

  void load(std::size_t block) noexcept {
    block_ = block;
    const char* at = text_.data() + block * kBlock;
    const std::size_t left = text_.size() - block * kBlock;
    char padded[kBlock];
    if (left < kBlock) {
      std::memset(padded, 0, sizeof padded);
      std::memcpy(padded, at, left);
      at = padded;
    }
    spaces_ = equals_ = 0;
#if defined(__SSE2__)
    const __m128i space = _mm_set1_epi8(' ');
    const __m128i equals = _mm_set1_epi8('=');
    for (unsigned i = 0; i < kBlock; i += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
      spaces_ |= mask(_mm_cmpeq_epi8(bytes, space)) << i;
      equals_ |= mask(_mm_cmpeq_epi8(bytes, equals)) << i;
    }
#else
    for (unsigned i = 0; i < kBlock; ++i) {
      spaces_ |= static_cast<std::uint64_t>(at[i] == ' ') << i;
      equals_ |= static_cast<std::uint64_t>(at[i] == '=') << i;
    }
#endif
  }

#if defined(__SSE2__)
  static std::uint64_t mask(__m128i bytes) noexcept { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); }
#endif

  std::string_view text_;
  std::size_t block_ = ~std::size_t{0};
  std::uint64_t spaces_ = 0, equals_ = 0;  // of block_, a bit a byte
};

const char* find(const char* at, const char* end, char c) noexcept {
  const void* const found = at == end ? nullptr : std::memchr(at, c, static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

std::string_view view(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// One pass over one level of a record: the body, or the inside of msg='…'.
class Scanner {
 public:
  Scanner(std::string_view text, std::vector<Field>& fields, Tokens& tokens, bool claim)
      : begin_(text.data()),
        at_(text.data()),
        end_(text.data() + text.size()),
        delimiters_(text),
        fields_(fields),
        tokens_(tokens),
        claim_(claim) {}

  void run() {
    read_avc();
    bool first = true;
    while (at_ != end_) {
      const char* const gap = at_;
      while (at_ != end_ && *at_ == ' ') ++at_;
      if (at_ - gap != (first ? 0 : 1) || at_ == end_) tokens_.regular = false;
      first = false;
      if (at_ != end_) read_token();
    }
    if (!pending_.empty()) add_words(pending_);
  }

 private:
  // security/selinux/avc.c: "avc:  denied  { read } for  pid=…"; user-space object managers send the same.
  void read_avc() {
    const std::string_view text = view(at_, end_);
    if (!text.starts_with("avc:") || !tokens_.avc_result.empty()) return;
    const std::size_t open = text.find('{');
    const std::size_t close = text.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return;
    std::string_view result = text.substr(4, open - 4);
    std::string_view permissions = text.substr(open + 1, close - open - 1);
    for (std::string_view* part : {&result, &permissions}) {
      while (part->starts_with(' ')) part->remove_prefix(1);
      while (part->ends_with(' ')) part->remove_suffix(1);
    }
    if (result.empty() || permissions.empty()) return;
    std::size_t after = close + 1;
    while (after < text.size() && text[after] == ' ') ++after;
    const bool has_for = text.substr(after).starts_with("for ");
    if (has_for) after += 4;
    while (after < text.size() && text[after] == ' ') ++after;
    tokens_.avc_result = result;
    tokens_.avc_permissions = permissions;
    tokens_.avc_in_claim = claim_;
    // avc_audit_pre_callback() and avc_dump_av() always space it so; others may not.
    constexpr std::string_view kStart = "avc:  ";
    constexpr std::string_view kOpen = "  { ";
    constexpr std::string_view kEnd = " } for  ";
    const auto has_at = [&](std::size_t at, std::string_view part) { return text.substr(at).starts_with(part); };
    const std::size_t open_at = kStart.size() + result.size();
    const std::size_t end_at = open_at + kOpen.size() + permissions.size();
    if (result.data() != text.data() + kStart.size() || !has_at(open_at, kOpen) ||
        permissions.data() != text.data() + open_at + kOpen.size() || !has_at(end_at, kEnd) ||
        after != end_at + kEnd.size()) {
      tokens_.regular = false;
    }
    at_ += after;
  }

  void read_token() {
    const char* const start = at_;
    at_ = begin_ + delimiters_.space_or_equals(offset());
    if (at_ == end_ || *at_ == ' ') {
      read_word(start);
      return;
    }
    std::string_view name = view(start, at_);
    if (name.empty()) {
      at_ = find(at_, end_, ' ');
      read_word(start);
      return;
    }
    ++at_;
    if (!pending_.empty()) {
      // Old kernels: "old auid=… new auid=…"
      if (pending_ == "old" || pending_ == "new")
        name = view(pending_.data(), name.data() + name.size());
      else
        add_words(pending_);
      pending_ = {};
    }
    read_value(name);
  }

  void read_word(const char* start) {
    tokens_.regular = false;
    if (!pending_.empty()) add_words(pending_);
    pending_ = view(start, at_);
  }

  void add_words(std::string_view word) {
    std::string_view& words = claim_ ? tokens_.claim_words : tokens_.words;
    words = words.empty() ? word : view(words.data(), word.data() + word.size());
  }

  void read_value(std::string_view name) {
    if (at_ != end_) {
      if (*at_ == '"') return read_quoted(name);
      if (*at_ == '\'' && !claim_ && name == "msg") return read_claim();
      if (*at_ == '{') return read_braces(name);
    }
    const char* const start = at_;
    at_ = begin_ + delimiters_.space(offset());
    std::string_view value = view(start, at_);
    if (claim_) value = trimmed(name, value);
    add(name, value, Spelling::kBare);
  }

  // Old PAM messages: "… : exe=… (hostname=h, addr=a, terminal=t res=success)", "uid=500: exe=…". An address may end in
  // a colon of its own, behind another.
  std::string_view trimmed(std::string_view& name, std::string_view value) {
    if (name.starts_with('(')) {
      name.remove_prefix(1);
      tokens_.regular = false;
    }
    const bool is_colon = value.ends_with(':') && value.find(':') == value.size() - 1;
    const bool is_bracket = value.ends_with(')') && value.find('(') == value.npos;
    if (value.size() > 1 && (value.ends_with(',') || is_colon || is_bracket)) {
      value.remove_suffix(1);
      tokens_.regular = false;
    }
    return value;
  }

  void read_quoted(std::string_view name) {
    const char* const start = at_ + 1;
    const char* close = ends_quotes_ ? find(start, end_, '"') : end_;
    // The kernel never lets a quote into a quoted value. Where a program did, the one before a space ends it.
    while (claim_ && close != end_ && close + 1 != end_ && close[1] != ' ') {
      tokens_.regular = false;
      if (close[1] == ',' || close[1] == ')' || (close[1] == ':' && (close + 2 == end_ || close[2] == ' '))) break;
      close = find(close + 1, end_, '"');
    }
    if (close == end_) {  // it never closes: a bare word that happens to start with a quote
      ends_quotes_ = false;
      const char* const word = at_;
      at_ = find(at_, end_, ' ');
      tokens_.regular = false;
      add(name, view(word, at_), Spelling::kBare);
      return;
    }
    at_ = close + 1;
    add(name, view(start, close), Spelling::kQuoted);
    const char* const rest = at_;
    while (at_ != end_ && *at_ != ' ') ++at_;
    if (at_ == rest) return;
    tokens_.regular = false;
    // Signs between two fields are nothing to keep.
    if (std::any_of(rest, at_, [](char c) { return c != ',' && c != ')' && c != ':'; })) add_words(view(rest, at_));
  }

  void read_braces(std::string_view name) {
    const char* const close = ends_braces_ ? find(at_, end_, '}') : end_;
    if (close == end_) {
      ends_braces_ = false;
      const char* const word = at_;
      at_ = find(at_, end_, ' ');
      add(name, view(word, at_), Spelling::kBare);
      return;
    }
    std::string_view value = view(at_ + 1, close);
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    tokens_.regular = false;
    at_ = close + 1;
    add(name, value, Spelling::kBraces);
  }

  // The kernel puts a program's text last: msg='…' ends at the last apostrophe of the record, whatever is inside.
  void read_claim() {
    const char* const start = at_ + 1;
    const char* close = end_;
    while (close != start && close[-1] != '\'') --close;
    const bool is_closed = close != start;
    tokens_.has_claim = true;
    tokens_.claim_at = static_cast<std::uint32_t>(fields_.size()) - tokens_.first;
    claim_text_ = view(start, is_closed ? close - 1 : end_);
    at_ = is_closed ? close : end_;
    if (!is_closed || at_ != end_) tokens_.regular = false;
  }

  void add(std::string_view name, std::string_view value, Spelling spelling) {
    tables::FieldId id = tables::find_field(name);
    if (id == 0 && name.size() > 4 && name[3] == ' ') {  // "old auid" is the old-auid of newer kernels
      char joined[24];
      if (name.size() < sizeof joined) {
        std::memcpy(joined, name.data(), name.size());
        joined[3] = '-';
        id = tables::find_field({joined, name.size()});
        if (id == 0 && name.starts_with("new ")) id = tables::find_field(name.substr(4));  // and "new auid" their auid
        if (id != 0) name = tables::field_info(id).name;
      }
    }
    fields_.push_back({.name = name, .value = value, .id = id, .spelling = spelling});
  }

 public:
  [[nodiscard]] std::string_view claim_text() const noexcept { return claim_text_; }

 private:
  [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  const char* begin_;
  const char* at_;
  const char* end_;
  Delimiters delimiters_;
  std::vector<Field>& fields_;
  Tokens& tokens_;
  bool claim_;
  // False: nothing behind here ends them. Looking again for each field would take the square of the time.
  bool ends_quotes_ = true, ends_braces_ = true;
  std::string_view pending_;  // a word that may be the first half of a name
  std::string_view claim_text_;
};

void scan(std::string_view body, std::vector<Field>& fields, Tokens& out) {
  out = Tokens{};
  out.first = static_cast<std::uint32_t>(fields.size());
  Scanner outer(body, fields, out, /*claim=*/false);
  outer.run();
  out.count = static_cast<std::uint32_t>(fields.size()) - out.first;
  if (!out.has_claim) return;
  out.claim_first = static_cast<std::uint32_t>(fields.size());
  Scanner inner(outer.claim_text(), fields, out, /*claim=*/true);
  inner.run();
  out.claim_count = static_cast<std::uint32_t>(fields.size()) - out.claim_first;
}

}  // namespace

void tokenise(std::string_view body, correlate::Source source, std::vector<Field>& fields, Tokens& out) {
  EnrichedTail tail;
  if (source == correlate::Source::kLive || !find_enriched_tail(body, tail)) return scan(body, fields, out);
  const std::size_t before = fields.size();
  scan(body.substr(0, tail.record), fields, out);
  const std::string_view names = body.substr(tail.names);
  // Behind the mark, in a record without a claim, nobody but auditd can have written it.
  if (!(tail.is_marked && !out.has_claim) && !names_fields(names, std::span(fields).subspan(before))) {
    fields.resize(before);
    return scan(body, fields, out);
  }
  out.enriched = names;
  if (names.empty() || tail.names != tail.record + 1 || body[tail.record] != '\x1d') out.regular = false;
}

std::string_view decoded(const Field& field, std::string& scratch) {
  if (field.spelling != Spelling::kBare) return field.value;
  scratch.clear();
  return base::append_decoded_hex(scratch, field.value) ? std::string_view(scratch) : field.value;
}

}  // namespace naudit::interpret
