// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/token_repeat.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <span>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

constexpr char kMark = '\x1d';
// More fields than there are bits, or a text that auditd may have cut: not worth a thought.
constexpr std::size_t kMostFields = 64;
constexpr std::size_t kLongest = 4096;
// Beyond so many other values the record is the better base for the next one.
constexpr int kMostChanges = 10;

std::uint64_t load(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// How many bytes at the front of both are the same.
std::size_t same_front(const char* a, const char* b, std::size_t most) noexcept {
  std::size_t size = 0;
  for (; size + 8 <= most; size += 8) {
    const std::uint64_t other = load(a + size) ^ load(b + size);
    if (other == 0) continue;
    if constexpr (std::endian::native == std::endian::little)
      return size + static_cast<std::size_t>(std::countr_zero(other)) / 8;
    break;
  }
  while (size < most && a[size] == b[size]) ++size;
  return size;
}

const char* find(const char* at, const char* end, char c) noexcept {
  while (at != end && *at != c) ++at;
  return at;
}

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

// May the end of a stored record be a name that no mark sets apart? What it is depends on more than the field then.
bool may_be_name(const Field& last) noexcept {
  return last.value.find_first_of("=}") != std::string_view::npos || last.value.ends_with("#035");
}

// A number below `places`, from some digits and another number.
std::size_t hash(std::string_view digits, std::uint64_t seed, std::size_t places) noexcept {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15;  // 2^64 divided by the golden ratio
  std::uint64_t sum = seed * 31;
  for (const char digit : digits) sum = sum * 10 + static_cast<unsigned char>(digit);
  return static_cast<std::size_t>(sum * kFactor >> 32U) % places;
}

std::string_view word_at(std::string_view text, std::size_t at) noexcept {
  return text.substr(at, text.find(' ', at) - at);
}

// Where the pid of a SYSCALL record begins; its size if it has none. "… items=1 ppid=900 pid=1000 …"
std::size_t find_pid(std::string_view body) noexcept {
  constexpr std::string_view kName = " pid=";
  std::size_t at = std::min<std::size_t>(body.size(), 64);  // so much stands before it at least
#if defined(__SSE2__)
  const __m128i d = _mm_set1_epi8('d');
  const __m128i equals = _mm_set1_epi8('=');
  for (; at + 17 <= body.size(); at += 16) {
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(body.data() + at));
    const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(body.data() + at + 1));
    const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(here, d), _mm_cmpeq_epi8(next, equals));
    for (auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(both)); bits != 0; bits &= bits - 1) {
      const std::size_t behind = at + static_cast<std::size_t>(std::countr_zero(bits)) + 2;
      if (body.substr(behind - kName.size(), kName.size()) == kName) return behind;
    }
  }
  at -= std::min(at, kName.size());
#endif
  const std::size_t found = body.find(kName, at);
  return found == std::string_view::npos ? body.size() : found + kName.size();
}

}  // namespace

void TokenRepeat::tokenise(std::string_view body, correlate::Source source, std::vector<Field>& fields, Tokens& out,
                           std::uint64_t& last_base) {
  const std::size_t before = fields.size();
  if (base_ != 0 && source == source_) {
    if (repeat(body, fields, out)) {
      if (std::popcount(out.changed) > kMostChanges) remember(body, source, fields, out, last_base);
      return;
    }
    fields.resize(before);
  }
  interpret::tokenise(body, source, fields, out);
  remember(body, source, fields, out, last_base);
}

// The base is regular: single spaces between its fields, nothing but fields, and the claim last of all. What is the
// same byte for byte from the start of a name to the start of the next is therefore the same field.
bool TokenRepeat::repeat(std::string_view body, std::vector<Field>& fields, Tokens& out) const {
  if (body.size() > kLongest || body.size() < rest_.size() || !body.ends_with(rest_)) return false;
  const char* const end = body.data() + body.size() - rest_.size();  // of the record itself
  const char* claim_end = end;
  if (tokens_.has_claim) {
    if (end == body.data() || end[-1] != '\'') return false;
    --claim_end;
  }
  const std::size_t first = fields.size();
  const std::size_t count = fields_.size();
  fields.insert(fields.end(), fields_.begin(), fields_.end());
  Field* const to = fields.data() + first;
  const char* const base_begin = body_.data();
  const char* const base_end = rest_.data();
  const char* base_at = base_begin;
  const char* at = body.data();
  std::uint64_t changed = 0;
  std::size_t index = 0;
  while (true) {
    const std::size_t same = same_front(base_at, at, static_cast<std::size_t>(std::min(base_end - base_at, end - at)));
    const std::size_t base_same = static_cast<std::size_t>(base_at - base_begin) + same;
    const std::ptrdiff_t shift = at - base_at;
    for (; index < count && next_[index] <= base_same; ++index) {
      Field& field = to[index];
      field.name = {field.name.data() + shift, field.name.size()};
      field.value = {field.value.data() + shift, field.value.size()};
    }
    // Behind the last one the text may go on where the base's ends.
    if (index == count) {
      if (base_begin + next_[count - 1] + shift == end) break;
      --index;
    }
    const Field& from = fields_[index];
    const char* const base_value = from.name.data() + from.name.size() + 1;
    if (base_begin + base_same < base_value) return false;  // another name
    Field& field = to[index];
    field.name = {from.name.data() + shift, from.name.size()};
    const bool is_claim = index >= tokens_.count;
    at = value_end(index, base_value + shift, is_claim ? claim_end : end, field);
    if (at == nullptr) return false;
    // What stands between this one and the next: a space, or the claim's apostrophes.
    const char* const base_gap = from.value.data() + from.value.size() + (from.spelling == Spelling::kQuoted ? 1 : 0);
    base_at = base_begin + next_[index];
    const auto gap = static_cast<std::size_t>(base_at - base_gap);
    if (static_cast<std::size_t>(end - at) < gap || std::memcmp(at, base_gap, gap) != 0) return false;
    at += gap;
    changed |= std::uint64_t{1} << index;
    if (++index == count) {
      if (at != end) return false;
      break;
    }
  }
  const std::uint32_t claim_count = tokens_.claim_count;
  out = tokens_;
  out.first = static_cast<std::uint32_t>(first);
  if (tokens_.has_claim) out.claim_first = static_cast<std::uint32_t>(first + count - claim_count);
  if (!tokens_.enriched.empty()) out.enriched = body.substr(body.size() - tokens_.enriched.size());
  out.base = base_;
  out.changed = changed;
  return true;
}

const char* TokenRepeat::value_end(std::size_t index, const char* at, const char* end, Field& field) const noexcept {
  const bool is_claim = index >= tokens_.count;
  if (at > end) return nullptr;
  if (at != end && *at == '"') {
    const char* const close = find(++at, end, '"');
    if (close == end) return nullptr;
    field.value = {at, static_cast<std::size_t>(close - at)};
    field.spelling = Spelling::kQuoted;
    at = close + 1;
    if (at != end && *at != ' ') return nullptr;
    // The kernel quotes no space. Behind one might stand msg=' and the like.
    if (!is_claim && field.value.find(' ') != std::string_view::npos) return nullptr;
  } else {
    if (at != end && (*at == '{' || *at == '\'')) return nullptr;
    const char* const begin = at;
    at = find(at, end, ' ');
    field.value = {begin, static_cast<std::size_t>(at - begin)};
    field.spelling = Spelling::kBare;
    // What follows a claim's word may belong to no field.
    if (is_claim && at != begin && (at[-1] == ',' || at[-1] == ':' || at[-1] == ')')) return nullptr;
  }
  if (source_ == correlate::Source::kLive) return at;
  if (field.value.find(kMark) != std::string_view::npos) return nullptr;
  return index + 1 == fields_.size() && may_be_name(field) ? nullptr : at;
}

void TokenRepeat::remember(std::string_view body, correlate::Source source, const std::vector<Field>& fields,
                           Tokens& tokens, std::uint64_t& last_base) {
  base_ = 0;
  tokens.base = tokens.changed = 0;
  const std::size_t count = tokens.count + tokens.claim_count;
  if (!tokens.regular || count == 0 || count > kMostFields || body.size() > kLongest || !tokens.avc_result.empty() ||
      !tokens.words.empty() || !tokens.claim_words.empty() || body.starts_with("avc:"))
    return;
  if (tokens.has_claim && (tokens.claim_count == 0 || tokens.claim_at != tokens.count)) return;
  const auto own = std::span(fields).subspan(tokens.first, count);
  if (own[tokens.count == count ? 0 : tokens.count].name.starts_with("avc:")) return;
  std::string_view record = body;
  if (source == correlate::Source::kStored) {
    if (!tokens.enriched.empty()) record.remove_suffix(tokens.enriched.size() + 1);
    if (body.substr(record.size()).find('\'') != std::string_view::npos) return;
    if (record.find(kMark) != std::string_view::npos) return;
    const Field& last = own.back();
    if (last.name.empty() || is_upper(last.name.front()) || is_upper(last.name.back()) || may_be_name(last)) return;
  }
  for (const Field& field : own)
    if (field.spelling == Spelling::kBare && (field.value.starts_with('{') || field.value.starts_with('"'))) return;

  source_ = source;
  body_ = body;
  rest_ = std::string_view(body_).substr(record.size());
  const std::ptrdiff_t shift = body_.data() - body.data();
  fields_.clear();
  next_.clear();
  for (const Field& field : own) {
    if (!fields_.empty()) next_.push_back(static_cast<std::uint32_t>(field.name.data() - body.data()));
    fields_.push_back({.name = {field.name.data() + shift, field.name.size()},
                       .value = {field.value.data() + shift, field.value.size()},
                       .id = field.id,
                       .spelling = field.spelling});
  }
  next_.push_back(static_cast<std::uint32_t>(record.size()));
  base_ = tokens.base = ++last_base;
  tokens_ = tokens;
  tokens_.enriched = rest_.substr(rest_.size() - tokens.enriched.size());
}

// Numbers of their own, so that an encoder may be handed the events of several.
TokenRepeats::TokenRepeats() {
  static std::atomic<std::uint64_t> made = 0;
  constexpr unsigned kBitsOfEach = 40;
  last_base_ = made.fetch_add(1, std::memory_order_relaxed) << kBitsOfEach;
}

std::size_t TokenRepeats::place_of(std::uint16_t record_type, std::string_view body) noexcept {
  constexpr std::size_t kFirstOfProcess = kCalls;
  switch (record_type) {
    case type::kSyscall: {
      if (body.size() < 64) return kNone;
      constexpr std::string_view kCall = "syscall=";
      const std::size_t call = std::min(body.find(kCall), body.size() - kCall.size()) + kCall.size();
      const std::string_view pid = word_at(body, find_pid(body));
      process_ = hash(pid, 0, kProcesses);
      return hash(word_at(body, call), hash(pid, 0, std::size_t{1} << 30U), kCalls);
    }
    case type::kPath:
      return process_ == kNone || paths_ == kPaths ? kNone : kFirstOfProcess + process_ * kOfProcess + paths_++;
    case type::kCwd:
      return process_ == kNone ? kNone : kFirstOfProcess + process_ * kOfProcess + kPaths;
    case type::kProctitle:
      return process_ == kNone ? kNone : kFirstOfProcess + process_ * kOfProcess + kPaths + 1;
    default:
      if (record_type < type::kUserFirst || record_type > type::kUserLast || !body.starts_with("pid=")) return kNone;
      return kFirstMessage + hash(word_at(body, 4), record_type, kMessages);
  }
}

void TokenRepeats::tokenise(std::uint16_t record_type, std::string_view body, correlate::Source source,
                            std::vector<Field>& fields, Tokens& out) {
  const std::size_t place = place_of(record_type, body);
  if (place == kNone) return interpret::tokenise(body, source, fields, out);
  if (repeats_.empty()) repeats_ = std::vector<TokenRepeat>(kPlaces);
  repeats_[place].tokenise(body, source, fields, out, last_base_);
  out.place = static_cast<std::uint16_t>(place);
}

}  // namespace naudit::interpret
