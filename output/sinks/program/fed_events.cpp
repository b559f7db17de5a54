// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/program/fed_events.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

void FedEvents::add(BatchPtr batch) {
  bytes_ += batch->bytes.size();
  batches_.push_back(std::move(batch));
}

void FedEvents::unwritten(std::size_t most, std::vector<std::string_view>& pieces) const {
  pieces.clear();
  std::size_t from = written_;
  for (std::size_t i = writing_; i < batches_.size() && pieces.size() < most; ++i) {
    pieces.push_back(std::string_view(batches_[i]->bytes).substr(from));
    from = 0;
  }
}

void FedEvents::written(std::size_t bytes) noexcept {
  written_ += bytes;
  while (writing_ < batches_.size() && written_ >= batches_[writing_]->bytes.size()) {
    written_ -= batches_[writing_]->bytes.size();
    ++writing_;
  }
}

FedEvents::Count FedEvents::read(std::uint64_t bytes) {
  Count count;
  while (!batches_.empty()) {
    const BatchPtr& batch = batches_.front();
    const std::uint64_t read = std::min<std::uint64_t>(bytes - begin_, batch->bytes.size());
    const auto first = batch->ends.begin() + static_cast<std::ptrdiff_t>(next_);
    const auto stop = std::partition_point(first, batch->ends.end(), [read](std::uint32_t end) { return end <= read; });
    // A batch of an event before it is written holds nothing that was read.
    const bool is_written = writing_ > 0;
    const auto ended = static_cast<std::size_t>(stop - first);
    if (ended > 0 && !batch->tells) {
      count.events += ended;
      count.event_bytes += *(stop - 1) - (next_ == 0 ? 0 : end_of(next_ - 1));
    }
    next_ += ended;
    if (!is_written || next_ < batch->events()) break;
    if (batch->tells) count.notices.push_back(batch);
    count.batch_bytes += batch->bytes.size();
    begin_ += batch->bytes.size();
    bytes_ -= batch->bytes.size();
    next_ = 0;
    --writing_;
    batches_.pop_front();
  }
  return count;
}

void FedEvents::restart() noexcept {
  writing_ = 0;
  written_ = batches_.empty() || next_ == 0 ? 0 : end_of(next_ - 1);
  begin_ = 0 - static_cast<std::uint64_t>(written_);
}

FedEvents::Rest FedEvents::give_up() {
  Rest rest;
  for (const BatchPtr& batch : batches_) {
    const std::size_t before = next_ == 0 ? 0 : end_of(next_ - 1);
    rest.batch_bytes += batch->bytes.size();
    if (batch->tells) {
      rest.notices.push_back(batch);
    } else {
      rest.events += batch->events() - next_;
      rest.event_bytes += batch->bytes.size() - before;
      if (rest.first_id.empty()) rest.first_id = batch->first_id;
      rest.last_id = batch->last_id;
    }
    next_ = 0;
  }
  batches_.clear();
  bytes_ = 0;
  restart();
  return rest;
}

}  // namespace naudit::output
