// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "output/backoff.hpp"
#include "output/sinks/http/batcher.hpp"
#include "output/sinks/http/client.hpp"
#include "output/sinks/http/compressor.hpp"
#include "output/sinks/http/files/dead_letters.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/http/product.hpp"
#include "output/sinks/net/worker.hpp"

namespace naudit::output {

// Sends what a product makes of events, a request at a time on each of `parallel` connections, and gives every event
// the fate that the server says: delivered, to be sent again, or refused. A request is frozen when it is first sent.
// What has to go again goes before anything new.
//
// On the loop's thread (NetworkWorker).
class HttpWorker final : public NetworkWorker {
 public:
  // `dead`: null: what is refused is counted only.
  HttpWorker(boost::asio::io_context& loop, const config::Sink& sink, const HttpClient::Options& client,
             std::unique_ptr<HttpProduct> product, HttpCredentials credentials, std::shared_ptr<DeadLetters> dead,
             SinkHost host, std::uint64_t seed);

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  using Item = HttpBatcher::Item;
  using Items = HttpBatcher::Items;

  struct Parcel {
    std::uint64_t number = 0;  // in the order of their cutting
    Items items;
    std::shared_ptr<const std::string> body;  // null: not frozen yet
    std::string target;
  };
  // Taken by the server, and not yet confirmed.
  struct Awaited {
    std::unique_ptr<Parcel> parcel;
    std::string receipt;
    Clock::time_point since;
  };
  struct Lane {
    std::unique_ptr<HttpClient> client;
    std::unique_ptr<Parcel> parcel;  // under way; null: idle
    Clock::time_point since;
  };

  [[nodiscard]] Lane* idle_lane();
  [[nodiscard]] Clock::time_point next_due(Clock::time_point now) const;
  void fill();
  std::unique_ptr<Parcel> next_parcel();
  void freeze(Parcel& parcel);
  void send(Lane& lane, std::unique_ptr<Parcel> parcel, Clock::time_point now);
  void on_done(Lane& lane, const HttpOutcome& outcome);
  void act(std::unique_ptr<Parcel> parcel, HttpDecision decision, int status);
  void settle_some(const Items& items, const HttpDecision& decision, int status);
  void await(std::unique_ptr<Parcel> parcel, std::string receipt);
  Clock::time_point ask(Clock::time_point now);
  void on_answer(const HttpOutcome& outcome);
  void give_up_receipts();
  Clock::time_point send_all(Clock::time_point now);
  void settle_each(std::unique_ptr<Parcel> parcel, const HttpDecision& decision);
  void split(std::unique_ptr<Parcel> parcel, const HttpDecision& decision, int status);
  void again(std::unique_ptr<Parcel> parcel);
  void deliver(std::span<const Item> items);
  void set_aside(const Item& item, int status, const std::string& reason);
  void refuse(std::span<const Item> items, int status, const std::string& reason);
  void lose(std::string_view cause, std::span<const Item> items);
  void works();
  void wait(const HttpDecision& decision, std::string phrase, SinkCore::ErrorIs is, bool at_once = false);
  void wait_for_somebody(HttpDecision& decision, int status);
  bool renew_credentials(std::string& text);

  const std::string name_;
  const HttpOptions options_;
  const HttpClient::Options client_;
  const std::unique_ptr<HttpProduct> product_;
  const std::shared_ptr<DeadLetters> dead_;
  Backoff backoff_;
  HttpBatcher batcher_;
  Compressor compressor_;
  HttpCredentials credentials_;
  std::vector<Lane> lanes_;
  std::deque<std::unique_ptr<Parcel>> again_;  // by number
  std::unique_ptr<HttpClient> asker_;          // made with the first receipt
  std::deque<Awaited> awaited_;                // the oldest first
  Clock::time_point ask_at_ = Clock::time_point::max();
  bool asking_ = false;
  std::vector<BatchPtr> taken_;
  std::vector<HttpEvent> events_;  // of the request that is written
  std::uint64_t cut_ = 0;          // requests so far
  Clock::time_point retry_at_ = Clock::time_point::min();
  bool healthy_ = false;  // the last request was answered for good
};

// What the options name. Throws base::Error.
HttpCredentials read_credentials(const std::string& sink, const HttpOptions& options, const std::string& token_scheme);

}  // namespace naudit::output
