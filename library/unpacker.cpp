// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "library/unpacker.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>

#include "base/error.hpp"

namespace naudit::library {
namespace {

constexpr std::string_view kDamaged = "the compressed input is damaged";
constexpr std::size_t kRoom = std::size_t{64} * 1024;

}  // namespace

void Unpacker::feed(std::string_view bytes) {
  if (!is_told_) {
    const std::size_t wanted = std::min(bytes.size(), stored::kMagicSize - start_.size());
    start_ += bytes.substr(0, wanted);
    bytes.remove_prefix(wanted);
    if (start_.size() < stored::kMagicSize) return;
    decompressor_ = stored::make_decompressor(start_);
    is_told_ = true;
    pass_on(start_);
  }
  pass_on(bytes);
}

void Unpacker::end() {
  const bool is_cut = decompressor_ != nullptr && !is_damaged_ && !decompressor_->may_end();
  if (!is_told_) sink_(start_);
  start_.clear();
  is_told_ = is_damaged_ = false;
  decompressor_ = nullptr;
  if (is_cut) throw base::Error("the compressed input ends in the midst");
}

void Unpacker::pass_on(std::string_view bytes) {
  if (decompressor_ == nullptr) return sink_(bytes);
  if (is_damaged_) throw base::Error(std::string(kDamaged));
  room_.resize(kRoom);
  stored::Decompressor::Step step;
  do {
    step = decompressor_->run(bytes, room_);
    bytes.remove_prefix(step.taken);
    sink_(std::string_view(room_).substr(0, step.given));
    if (step.failure != stored::Decompressor::Failure::kNone) {
      is_damaged_ = true;
      if (step.failure == stored::Decompressor::Failure::kMemory) throw std::bad_alloc();
      throw base::Error(std::string(kDamaged));
    }
    // A full room may not have been enough, whatever is left of the bytes.
  } while (step.given == room_.size() || (!bytes.empty() && step.taken + step.given > 0));
}

}  // namespace naudit::library
