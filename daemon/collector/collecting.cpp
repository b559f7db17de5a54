// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/collecting.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "base/accounts.hpp"
#include "base/text.hpp"
#include "daemon/host.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {

void Collecting::listen(const config::Config& config) {
  if (config.sources.empty()) return;
  std::vector<std::string> own = base::own_host_names();
  if (std::string name = node_name(config.node); !name.empty()) own.push_back(std::move(name));
  collector_.emplace(config.sources, config.events, own);
}

void Collecting::start(EncodeThread& encode) {
  if (!collector_) return;
  Collector::Handlers handlers;
  handlers.deliver = [&encode](correlate::EventBatch events, output::Receipt receipt) {
    encode.inject_remote(std::move(events), std::move(receipt));
  };
  handlers.tell = [this](const SourceNews& news) {
    const std::lock_guard lock(mutex_);
    news_.push_back(news);
    if (news_.size() == 1) boost::asio::post(loop_, [this] { take_news(); });
  };
  collector_->start(std::move(handlers));
  for (const SourceStatus& source : collector_->status())
    spdlog::info("source '{}' takes events at {}", source.name, source.listen);
}

void Collecting::stop(std::chrono::milliseconds at_most) {
  if (!collector_) return;
  collector_->stop(at_most);
  take_news();
}

void Collecting::take_news() {
  std::vector<SourceNews> news;
  {
    const std::lock_guard lock(mutex_);
    news.swap(news_);
  }
  for (const SourceNews& one : news) on_news(one);
}

std::vector<SourceStatus> Collecting::status() const {
  return collector_ ? collector_->status() : std::vector<SourceStatus>();
}

void Collecting::on_news(const SourceNews& news) {
  using Kind = SourceNews::Kind;
  if (news.not_told > 0)
    spdlog::warn("source '{}': {} more of its clients' comings and goings, which were too many to be told", news.source,
                 news.not_told);
  switch (news.kind) {
    case Kind::kAccepted:
      spdlog::info("source '{}': {} port {} is connected", news.source, news.client, news.port);
      break;
    case Kind::kClosed:
      spdlog::info("source '{}': {} port {} has gone: {}", news.source, news.client, news.port, news.why);
      break;
    case Kind::kRefused:
      spdlog::warn("source '{}': {} port {} was refused: {}", news.source, news.client, news.port, news.why);
      break;
    case Kind::kBroken:
      spdlog::warn("source '{}': the connection of {} port {} was ended: {}", news.source, news.client, news.port,
                   news.why);
      break;
    case Kind::kRejected:
      spdlog::warn("source '{}': a message of {} was left out: {}", news.source, news.client, news.why);
      break;
  }
  const bool begins = news.kind == Kind::kAccepted || news.kind == Kind::kRefused;
  tell_(begins ? tables::type::kDaemonAccept : tables::type::kDaemonClose, news_record(news));
}

}  // namespace naudit::daemon
