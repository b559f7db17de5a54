// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/sink.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/worker.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/trail/writer.hpp"

namespace naudit::output {

// What writes the trails of a sink, whose format is known; `options.path` is their folder.
std::shared_ptr<FileWorker> make_trail_worker(const config::Sink& sink, const FileOptions& options, SinkHost host,
                                              std::uint64_t seed, FileSystem& system, Retry retry,
                                              std::shared_ptr<TrailObserver> observer = nullptr);

// Writes audit trails (TrailWriter) as a file sink writes its log: nothing in hand is given up for an error of the file
// system, and no stop hangs. For the registry; the options have passed their check. Main thread.
std::unique_ptr<Sink> make_trail_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
