// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "correlate/event.hpp"
#include "formats/encoder.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "library/border.hpp"

namespace naudit::library {

// How a reader's events are to be shown.
struct Settings {
  std::string format = "json";
  std::string node;
  std::string names = "auto";
  bool live = false;  // this machine's records, now
};

// What the events of one reader share; the last of them ends it. One thread.
class Core : public std::enable_shared_from_this<Core> {
 public:
  explicit Core(const Settings& settings);

  // An event that is ready to be looked into; what it throws leaves `event` where it was.
  std::unique_ptr<naudit_event> open(correlate::EventPtr& event);
  // For its buffers.
  void give(std::unique_ptr<naudit_event> event) noexcept;
  // The reader has gone: nobody opens events any more.
  void close() noexcept;

  [[nodiscard]] correlate::EventPool& pool() noexcept { return pool_; }
  [[nodiscard]] formats::Encoder& encoder() noexcept { return *encoder_; }

 private:
  static constexpr std::size_t kMostFree = 16;

  interpret::Names names_;
  formats::EncoderContext context_;
  std::unique_ptr<formats::Encoder> encoder_;
  correlate::EventPool pool_{64};
  std::vector<std::unique_ptr<naudit_event>> free_;
  bool is_open_ = true;
};

}  // namespace naudit::library

// One whole event, taken apart. Owner: who has it of naudit_reader_next(), or the reader for the time of a callback.
struct naudit_event {
  std::shared_ptr<naudit::library::Core> core;
  naudit::correlate::EventPtr source;
  naudit::interpret::DecodedEvent decoded;
  naudit::library::Message message;
  std::string text;  // in the reader's format; empty: not made yet
};
