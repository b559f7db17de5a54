// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/token_repeat.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace naudit::interpret {
namespace {

// Fewer are found as fast as they are compared.
constexpr std::size_t kLeastFields = 4;

// How many bytes at the end of both are the same.
std::size_t same_end(std::string_view a, std::string_view b) noexcept {
  const std::size_t most = std::min(a.size(), b.size());
  const char* const a_end = a.data() + a.size();
  const char* const b_end = b.data() + b.size();
  std::size_t size = 0;
  while (size + 8 <= most) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a_end - size - 8, sizeof x);
    std::memcpy(&y, b_end - size - 8, sizeof y);
    if (x != y) break;
    size += 8;
  }
  while (size < most && a_end[-1 - static_cast<std::ptrdiff_t>(size)] == b_end[-1 - static_cast<std::ptrdiff_t>(size)])
    ++size;
  return size;
}

}  // namespace

void TokenRepeat::tokenise(std::string_view body, correlate::Source source, std::vector<Field>& fields, Tokens& out) {
  if (places_.size() > kLeastFields && source == source_) {
    // The space before a field has to be the same as well: behind it both scans are at the start of a name.
    const std::size_t same = same_end(body, body_);
    const auto first =
        std::ranges::find_if(places_, [&](const Place& place) { return std::size_t{place.name} + 1 <= same; });
    const auto count = static_cast<std::size_t>(places_.end() - first);
    const std::size_t before = fields.size();
    if (count >= kLeastFields && tokenise_front(body.substr(0, body.size() - first->name - 1), source, fields, out)) {
      const char* const end = body.data() + body.size();
      for (auto place = first; place != places_.end(); ++place) {
        fields.push_back({.name = {end - place->name, place->name_size},
                          .value = {end - place->value, place->value_size},
                          .id = place->id,
                          .spelling = place->spelling});
      }
      out.count = static_cast<std::uint32_t>(fields.size()) - out.first;
      out.enriched = {end - enriched_, enriched_};
      if (enriched_ == 0) out.enriched = {};
      return;
    }
    fields.resize(before);
  }
  interpret::tokenise(body, source, fields, out);
  remember(body, source, fields, out);
}

// Only where nothing in the front can reach beyond its end.
bool TokenRepeat::tokenise_front(std::string_view front, correlate::Source source, std::vector<Field>& fields,
                                 Tokens& out) const {
  interpret::tokenise(front, source, fields, out);
  if (!out.regular || out.has_claim || !out.enriched.empty() || !out.avc_result.empty() || !out.words.empty() ||
      out.count == 0)
    return false;
  return std::none_of(fields.begin() + out.first, fields.end(),
                      [](const Field& field) { return field.value.starts_with('{') || field.value.starts_with('"'); });
}

void TokenRepeat::remember(std::string_view body, correlate::Source source, const std::vector<Field>& fields,
                           const Tokens& tokens) {
  places_.clear();
  if (!tokens.regular || tokens.has_claim || !tokens.avc_result.empty() || !tokens.words.empty()) return;
  // What may be a name that no mark sets apart is one in another record, or not.
  if (source == correlate::Source::kStored && fields.size() > tokens.first) {
    const Field& last = fields.back();
    if ((last.name[0] >= 'A' && last.name[0] <= 'Z') || last.value.find('=') != std::string_view::npos) return;
  }
  source_ = source;
  body_ = body;
  const char* const end = body.data() + body.size();
  const auto from_end = [end](std::string_view part) { return static_cast<std::uint32_t>(end - part.data()); };
  for (std::size_t i = tokens.first; i < fields.size(); ++i) {
    const Field& field = fields[i];
    places_.push_back({.name = from_end(field.name),
                       .name_size = static_cast<std::uint32_t>(field.name.size()),
                       .value = from_end(field.value),
                       .value_size = static_cast<std::uint32_t>(field.value.size()),
                       .id = field.id,
                       .spelling = field.spelling});
  }
  enriched_ = static_cast<std::uint32_t>(tokens.enriched.size());
}

}  // namespace naudit::interpret
