// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/window.hpp"

#include <utility>

namespace naudit::output {

void TcpWindow::add(BatchPtr batch) {
  bytes_ += batch->bytes.size();
  sent_.push_back({std::move(batch), 0});
}

TcpWindow::Unwritten TcpWindow::unwritten() {
  Unwritten result;
  auto owner = std::make_shared<std::vector<BatchPtr>>();
  for (std::size_t i = written_; i < sent_.size(); ++i) {
    result.pieces.emplace_back(sent_[i].batch->bytes);
    owner->push_back(sent_[i].batch);
  }
  result.owner = std::move(owner);
  given_ = sent_.size();
  return result;
}

void TcpWindow::written(const TcpProgress& progress) {
  for (; written_ < given_; ++written_) sent_[written_].end = progress.acknowledged + progress.waiting;
}

void TcpWindow::add(const BatchPtr& batch, Count& count) {
  count.bytes += batch->bytes.size();
  if (batch->tells) return count.notices.push_back(batch);
  count.events += batch->events();
  count.event_bytes += batch->bytes.size();
}

TcpWindow::Count TcpWindow::acknowledge(const TcpProgress& progress) {
  Count count;
  while (written_ > 0 && (progress.waiting == 0 || sent_.front().end <= progress.acknowledged)) let_go(count);
  bytes_ -= count.bytes;
  return count;
}

TcpWindow::Count TcpWindow::accept(std::uint64_t events) {
  Count count;
  while (written_ > 0 && accepted_ + sent_.front().batch->events() <= events) {
    accepted_ += sent_.front().batch->events();
    let_go(count);
  }
  bytes_ -= count.bytes;
  return count;
}

void TcpWindow::let_go(Count& count) {
  add(sent_.front().batch, count);
  sent_.pop_front();
  --written_;
  --given_;
}

TcpWindow::Rest TcpWindow::give_up() {
  Rest rest;
  for (const Sent& sent : sent_) {
    add(sent.batch, rest);
    if (sent.batch->tells) continue;
    if (rest.first_id.empty()) rest.first_id = sent.batch->first_id;
    rest.last_id = sent.batch->last_id;
  }
  sent_.clear();
  bytes_ = 0;
  restart();
  return rest;
}

}  // namespace naudit::output
