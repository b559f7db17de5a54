// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/any_options.hpp"
#include "correlate/event.hpp"
#include "formats/encoder.hpp"
#include "interpret/meaning/meaning.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/summary/summary.hpp"
#include "library/border.hpp"

namespace naudit::library {

// How a reader's events are to be shown.
struct Settings {
  std::string format = "json";
  std::vector<std::string> format_options = {};  // KEY=VALUE
  std::string node;
  std::string names = "auto";
  bool live = false;  // this machine's records, now
};

// The options of the format. Throws base::Error.
config::AnyOptions format_options(const Settings& settings);

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
  // Appends the event in the reader's format.
  void encode(const interpret::DecodedEvent& event, std::string& out);
  // What that has still to say behind the last event.
  void finish(std::string& out);
  [[nodiscard]] interpret::Meaning& meaning() noexcept { return meaning_; }

 private:
  static constexpr std::size_t kMostFree = 16;

  template <typename Use>
  void use_encoder(Use use);

  const Settings settings_;
  interpret::Names names_;
  formats::EncoderContext context_;
  const formats::EncoderOptions options_;
  std::unique_ptr<formats::Encoder> encoder_;  // null: memory ran out in the midst of an event
  const bool is_stateful_ = encoder_->is_stateful();
  interpret::Meaning meaning_;
  correlate::EventPool pool_{64};
  std::vector<std::unique_ptr<naudit_event>> free_;
  bool is_open_ = true;
};

}  // namespace naudit::library

// A field of an event that is open.
struct naudit_field {
  const naudit::interpret::Field* field = nullptr;
  const naudit_record* record = nullptr;
  bool is_claim = false;
  // Made when it is asked for; in the event's `texts`.
  mutable const std::string* value = nullptr;
  mutable const std::string* interpreted = nullptr;
};

struct naudit_record {
  naudit_event* event = nullptr;
  const naudit::interpret::DecodedRecord* decoded = nullptr;
  std::string type_name;
  std::size_t first = 0, count = 0, claims = 0;  // of the event's fields; the claims are the last of them
  // What an AVC says in other words than name=value.
  std::array<naudit::interpret::Field, 2> permission{};
};

// One whole event, taken apart. Owner: who has it of naudit_reader_next(), or the reader for the time of a callback.
struct naudit_event {
  std::shared_ptr<naudit::library::Core> core;
  naudit::correlate::EventPtr source;
  naudit::interpret::DecodedEvent decoded;
  naudit::library::Message message;
  std::string text;  // in the reader's format
  bool has_text = false;
  std::vector<naudit_record> records;  // as many as decoded has, or more of an event before
  std::vector<naudit_field> fields;
  std::deque<std::string> texts;  // of fields; those from `used_texts` on are for later
  std::size_t used_texts = 0;
  std::string keys, object;
  std::vector<std::string_view> key_list;
  mutable std::optional<naudit::interpret::Summary> summary;

  // Makes the rest of what is here of `decoded`.
  void index();
  void make_text(naudit::library::Core& from);
  std::string& new_text();
};
