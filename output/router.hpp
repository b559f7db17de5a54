// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "correlate/event.hpp"
#include "formats/encoder.hpp"
#include "formats/envelope.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/batch_pool.hpp"
#include "output/filter.hpp"
#include "output/notices.hpp"
#include "output/shape/counts.hpp"
#include "output/shape/redactor.hpp"
#include "output/shape/shaper.hpp"
#include "output/sink.hpp"

namespace naudit::output {

// One sink with what it wants to see and in which form.
struct Route {
  std::shared_ptr<Sink> sink;
  std::string format;
  config::Filter filter;
  formats::EncoderOptions options = {};
  formats::Envelope envelope = {};
  config::Redact redact = {};
  config::RateLimit rate_limit = {};
  config::Aggregate aggregate = {};
  std::shared_ptr<shape::Counts> counts = {};  // of the sink; null: nobody asks for them
};

// Takes events apart once, encodes each once for each format (with its options) in use, and gives the bytes to all
// sinks of each distinct (format, filter, redaction) in shared batches. A redaction makes one event without its secrets
// for all formats; each of those is encoded by an encoder of its own, since what encoders keep from event to event must
// not mix the two. A sink with a rate limit or an aggregation shares its batches with nobody: what was kept from it is
// told in its own stream, behind what came before.
//
// Owner: the encode thread. Not thread-safe. Allocates nothing per event in the steady state, and never fails.
class Router {
 public:
  // `make_event` makes the events that tell of others; without it nothing is limited or aggregated.
  explicit Router(formats::EncoderContext& context, Notices::MakeEvent make_event = {})
      : context_(context), make_event_(std::move(make_event)) {}

  // From now on these. What was encoded before goes out first, to the sinks that it was for. A rate limit or an
  // aggregation that a sink had goes on. Throws base::Error for a format that does not exist, a bad filter or a bad
  // pattern, and then nothing has changed.
  void set_routes(const std::vector<Route>& routes);

  void add(const correlate::Event& event);
  // The same for all sinks but the one of this name, which knows it already.
  void add_for_others(const correlate::Event& event, std::string_view sink);
  // The event that add() had last, taken apart. Valid until the next one.
  [[nodiscard]] const interpret::DecodedEvent& decoded() const noexcept { return decoded_; }
  // Of the largest batch that no sink has been given yet.
  [[nodiscard]] std::size_t bytes() const noexcept;
  // Gives what has been encoded to the sinks. Called when no more events are at hand; add() does it by itself when a
  // batch has grown large.
  void flush();
  // The same, and every sink keeps the receipt until all that it was given is accepted.
  void flush(const Receipt& receipt);
  // The same, but one sink is left for the caller to do its work (Sink::work_here()), if there is one that this spares
  // a wake-up. Not two: the first that hangs would keep the second from its work.
  [[nodiscard]] std::shared_ptr<Sink> flush_but_one();
  // Events were withheld or counted together, and are to be told when their time is over, whether others come or not:
  // tell_due().
  [[nodiscard]] bool owes() const noexcept;
  void tell_due(std::chrono::steady_clock::time_point now);
  // The end: tells all that is owed, and gives everything to the sinks.
  void finish();

 private:
  struct Redaction;
  struct Format {
    std::string name;
    formats::EncoderOptions options;
    formats::Envelope envelope;
    const Redaction* redaction = nullptr;
    std::unique_ptr<formats::Encoder> encoder;
    std::string bytes;  // of the event in hand, where several groups share it
    bool is_current = false;
    std::size_t groups = 0;
  };
  struct Redaction {
    explicit Redaction(const config::Redact& redact) : wanted(redact), redactor(redact) {}
    config::Redact wanted;
    shape::Redactor redactor;
    const interpret::DecodedEvent* event = nullptr;  // in hand, without its secrets; null: it has none
    std::uint64_t texts = 0;                         // that were hidden in it
    bool is_current = false;
  };
  struct Group {
    Format* format = nullptr;
    Redaction* redaction = nullptr;
    Format* redacted = nullptr;  // of events with secrets
    config::Filter wanted;
    Filter filter;
    std::unique_ptr<shape::Shaper> shaper;  // then it has one sink; null: there is none
    std::shared_ptr<Batch> batch;
    correlate::EventId last;  // in the batch
    std::vector<std::shared_ptr<Sink>> sinks;
    std::vector<std::shared_ptr<shape::Counts>> counts;  // of the sinks that have some
  };

  [[nodiscard]] std::unique_ptr<Format> make_format(const Route& route, const Redaction* redaction) const;
  [[nodiscard]] Group make_group(const Route& route, Format* format, Redaction* redaction, Format* redacted) const;
  void take_over_shapers(std::vector<Group>& groups);
  void begin(const correlate::Event& event);
  [[nodiscard]] bool is_for(Group& group);
  void add_to(Group& group, const correlate::Event& event);
  void begin_batch(Group& group, const correlate::EventId& first);
  void end_event(Group& group, const correlate::EventId& id, std::size_t before, bool has_priority);
  [[nodiscard]] static bool has_events(const Group& group) noexcept;
  void tell_due(Group& group);
  void tell_texts(Group& group);
  static void count(const Group& group, base::Counter shape::Counts::* counter, std::uint64_t number = 1);
  static BatchPtr take_batch(Group& group);
  static void flush(Group& group);

  formats::EncoderContext& context_;
  const Notices::MakeEvent make_event_;
  BatchPool pool_;
  std::vector<std::unique_ptr<Format>> formats_;
  std::vector<std::unique_ptr<Redaction>> redactions_;
  std::vector<Group> groups_;
  interpret::DecodedEvent decoded_;
  bool has_priority_ = false;   // the event in hand, in a spool
  correlate::TimePoint now_{};  // of the newest event; never goes back
  interpret::DecodedEvent own_;
  std::vector<std::string> texts_;  // of events that are to be told
};

}  // namespace naudit::output
