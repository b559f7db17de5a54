// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/writer.hpp"

#include <algorithm>

namespace naudit::formats {
namespace {

// Kept free for `trimmed`; where the paths need more, it says that something was cut and not what.
constexpr std::size_t kTrimmedRoom = 200;

bool is_in_document(const AushapeOptions& options) noexcept {
  using Kind = AushapeDocuments::Kind;
  return options.events_per_doc.kind != Kind::kLines && options.events_per_doc.kind != Kind::kNone;
}

}  // namespace

AushapeWriter::AushapeWriter(const AushapeOptions& options)
    : options_(options), base_level_(is_in_document(options) ? 1 : 0) {}

void AushapeWriter::append_opening(std::size_t level, std::string& out) const {
  if (options_.fold == 0 || is_folded(level)) return;
  if (level > 0) out += '\n';
  out.append(options_.indent * level, ' ');
}

void AushapeWriter::append_closing(std::size_t level, std::string& out) const {
  if (options_.fold == 0 || is_folded(level + 1)) return;
  out += '\n';
  out.append(options_.indent * level, ' ');
}

void AushapeWriter::begin(const AushapeHead& head, std::size_t limit) {
  levels_.clear();
  cuts_.clear();
  event_ = {};
  closing_ = closing_size("event");
  // Before it there may be a comma or a newline, behind it a newline.
  limit_ = limit == 0 ? 0 : limit - kTrimmedRoom - 2;
  cut(0);
  put_head(head);
  if (!has_room()) {
    cut(0);
    AushapeHead shorter = head;
    shorter.node = {};
    put_head(shorter);
    mark_cut();
  }
  head_size_ = size();
}

void AushapeWriter::mark_cut() {
  Level& level = here();
  if (!level.is_cut) cuts_.push_back(path());
  level.is_cut = true;
}

template <typename Put>
bool AushapeWriter::put(Put put) {
  if (limit_ == 0) {
    put();
    ++here().members;
    return true;
  }
  if (is_closed_by_cut()) return false;
  const std::size_t before = size();
  put();
  if (!has_room()) {
    cut(before);
    mark_cut();
    return false;
  }
  ++here().members;
  return true;
}

bool AushapeWriter::open(std::string_view name, Kind kind) {
  const std::size_t closing = closing_size(name);
  closing_ += closing;
  const std::uint32_t number = members_here();
  if (!put([&] { put_open(name, kind); })) {
    closing_ -= closing;
    return false;
  }
  levels_.push_back({.name = name, .kind = kind, .number = number, .closing = closing});
  return true;
}

void AushapeWriter::close() {
  const Level level = levels_.back();
  levels_.pop_back();
  closing_ -= level.closing;
  put_close(level);
}

void AushapeWriter::field(std::string_view name, std::string_view value, std::string_view raw, bool has_raw) {
  put([&] { put_field(name, value, raw, has_raw); });
}

void AushapeWriter::text(std::string_view name, std::string_view value) {
  put([&] { put_text(name, value); });
}

void AushapeWriter::end(std::string& out) {
  put_end();
  const std::string_view event = view();
  out += event.substr(0, head_size_);
  if (!cuts_.empty()) {
    std::string trimmed;
    append_trimmed(cuts_, trimmed);
    if (trimmed.size() > kTrimmedRoom) {
      trimmed.clear();
      append_trimmed({}, trimmed);
    }
    out += trimmed;
  }
  out += event.substr(head_size_);
}

}  // namespace naudit::formats
