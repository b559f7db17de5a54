// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/replay.hpp"

#include <cstdio>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "base/accounts.hpp"
#include "base/text.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/pipeline/daemon_event.hpp"
#include "daemon/pipeline/sink_set.hpp"
#include "interpret/names/names.hpp"
#include "output/router.hpp"
#include "stored/reader.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

// Standard output as a sink of its own.
class Stdout final : public output::Sink {
 public:
  void push(output::BatchPtr batch) override {
    const bool is_written = std::fwrite(batch->bytes.data(), 1, batch->bytes.size(), stdout) == batch->bytes.size();
    (is_written ? events_ : dropped_) += batch->events();
  }
  void stop(std::chrono::milliseconds /*at_most*/) override {
    if (std::fflush(stdout) != 0) dropped_ += std::exchange(events_, 0);
  }
  [[nodiscard]] output::SinkStatus status() const override {
    output::SinkStatus status;
    status.name = "standard output";
    status.events_out = events_;
    status.events_dropped = dropped_;
    return status;
  }

 private:
  std::uint64_t events_ = 0;
  std::uint64_t dropped_ = 0;
};

// Whether none of them has lost anything; else that is said.
bool are_whole(std::vector<output::SinkStatus> all) {
  std::erase_if(all, [](const output::SinkStatus& sink) { return sink.events_dropped == 0; });
  for (const output::SinkStatus& sink : all)
    spdlog::error("sink '{}' has lost {}{}{}", sink.name, base::count_text(sink.events_dropped, "event"),
                  sink.last_error.empty() ? "" : ": ", sink.last_error);
  return all.empty();
}

// A replayed log may be another machine's: ours is asked about its own records only.
interpret::NamesScope own_records(const std::string& node) {
  interpret::NamesScope scope{.whose = interpret::NamesScope::Whose::kOwn,
                              .own = base::own_host_names(),
                              .full_name = base::known_full_host_name};
  if (!node.empty()) scope.own.push_back(node);
  return scope;
}

}  // namespace

int replay(const config::Config& config, const std::string& path) {
  correlate::EventPool pool(1024);
  stored::LogReader reader(stored::InputForm::kAuto, pool);
  reader.open(path);

  output::SinkHost host;
  host.spool_folder = config.daemon.state_directory + "/spool";
  SinkSet sinks(host);
  auto entries = sinks.prepare(config.sinks);
  auto routes = SinkSet::routes(entries);
  const auto shown = std::make_shared<Stdout>();
  routes.push_back({.sink = shown, .format = "line", .filter = {}});
  const std::string node = config.node.kind == config::NodeKind::kText ? config.node.text : "";
  interpret::Names names({.scope = own_records(node)});
  formats::EncoderContext context{.names = names, .node = node, .local_time = true};
  DaemonEvents events(std::random_device{}());
  output::Router router(context, [&events](std::string_view text) {
    return events.make(tables::type::kDaemonErr, text, std::chrono::system_clock::now());
  });
  router.set_routes(routes);
  static_cast<void>(sinks.commit(std::move(entries)));

  correlate::EventBatch batch;
  const auto pass_on = [&] {
    for (auto& event : batch) {
      router.add(*event);
      pool.give(std::move(event));
    }
    batch.clear();
  };
  while (reader.read(batch)) pass_on();
  reader.finish(correlate::Incomplete::kNo, batch);
  pass_on();
  router.finish();
  shown->stop({});
  sinks.stop(kStopSinks);
  std::vector<output::SinkStatus> ends = sinks.status();
  ends.push_back(shown->status());
  return static_cast<int>(are_whole(std::move(ends)) ? ExitCode::kOk : ExitCode::kStart);
}

}  // namespace naudit::daemon
