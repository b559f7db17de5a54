// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "correlate/event.hpp"
#include "formats/envelope.hpp"
#include "output/batch.hpp"
#include "output/sink.hpp"

namespace naudit::output {

// What DAEMON_ERR and DAEMON_RESUME records say of a sink: "op=lost cause=queue-full sink=log events=…" and
// "op=sink-state sink=log state=disk-full cause=…". Words are joined by dashes, and what is no printable ASCII is a
// dash, too: a cause may quote a server, which must not add fields. record_word() makes such a word.
std::string record_word(std::string_view text);
std::string loss_record(const SinkLoss& loss);
std::string change_record(const SinkChange& change);

// Makes the notices that a sink puts into its own stream, in its own format.
//
// Owner: shared by the sinks. Any thread; a lock and an encoding each time, which is for losses only.
class Notices {
 public:
  // A DAEMON_ERR event of the daemon's with this text. Any thread.
  using MakeEvent = std::function<correlate::EventPtr(std::string_view text)>;

  Notices(MakeEvent make_event, std::string node);
  Notices(const Notices&) = delete;
  Notices& operator=(const Notices&) = delete;
  ~Notices();

  // For others who have something to tell.
  [[nodiscard]] const MakeEvent& make_event() const noexcept { return make_event_; }
  // As the encode thread's: of this machine.
  void set_node(std::string node);
  [[nodiscard]] BatchPtr make(const config::Sink& sink, const formats::Envelope& envelope, const SinkLoss& loss);

 private:
  struct Encoding;

  const MakeEvent make_event_;
  std::unique_ptr<Encoding> encoding_;
};

}  // namespace naudit::output
