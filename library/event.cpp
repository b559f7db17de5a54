// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "library/event.hpp"

#include <chrono>
#include <new>
#include <utility>

#include "base/accounts.hpp"
#include "config/option_words.hpp"
#include "formats/registry.hpp"
#include "interpret/summary/text.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::library {
namespace {

// What one huge event has made of a buffer is given back.
constexpr std::size_t kUsualText = std::size_t{64} * 1024;
constexpr std::size_t kUsualTexts = 256;

interpret::NamesScope scope(const Settings& settings) {
  using Whose = interpret::NamesScope::Whose;
  if (settings.names == "local") return {.whose = Whose::kAll};
  if (settings.names == "none") return {.whose = Whose::kNone};
  interpret::NamesScope own{
      .whose = Whose::kOwn, .own = base::own_host_names(), .full_name = base::known_full_host_name};
  // Who names the machine of the records says whether it is this one.
  if (!settings.node.empty()) own.unnamed_is_own = own.covers(settings.node);
  return own;
}

// A name is worth a wait, but not to who has to keep up with a kernel.
interpret::NamesOptions names_options(const Settings& settings) {
  interpret::NamesOptions options{.scope = scope(settings)};
  if (settings.live) return options;
  options.wait = std::chrono::seconds(10);
  options.wait_percent = 100;
  return options;
}

}  // namespace

config::AnyOptions format_options(const Settings& settings) {
  const formats::Format& format = *formats::find_format(settings.format);
  return config::read_words(format.options == nullptr ? config::OptionTable() : format.options(),
                            settings.format_options, "the option", "the format " + settings.format);
}

Core::Core(const Settings& settings)
    : settings_(settings),
      names_(names_options(settings)),
      context_{.names = names_, .node = settings.node, .live = settings.live},
      options_(format_options(settings)),
      encoder_(formats::make_encoder(settings.format, context_, options_)),
      meaning_(names_) {
  free_.reserve(kMostFree);
}

// An encoder that has thrown is in no state to go on: a new one takes its place.
template <typename Use>
void Core::use_encoder(Use use) {
  if (encoder_ == nullptr) encoder_ = formats::make_encoder(settings_.format, context_, options_);
  try {
    use(*encoder_);
  } catch (...) {
    encoder_.reset();
    throw;
  }
}

void Core::encode(const interpret::DecodedEvent& event, std::string& out) {
  use_encoder([&](formats::Encoder& encoder) { encoder.encode(event, out); });
}

void Core::finish(std::string& out) {
  use_encoder([&](formats::Encoder& encoder) { encoder.finish(out); });
}

std::unique_ptr<naudit_event> Core::open(correlate::EventPtr& event) {
  std::unique_ptr<naudit_event> opened;
  if (free_.empty()) {
    opened = std::make_unique<naudit_event>();
  } else {
    opened = std::move(free_.back());
    free_.pop_back();
  }
  opened->decoded.decode(*event);
  opened->index();
  // What it writes depends on the events before: it sees all of them, in their order, whoever asks for the text.
  if (is_stateful_) opened->make_text(*this);
  opened->source = std::move(event);
  opened->core = shared_from_this();
  return opened;
}

void Core::give(std::unique_ptr<naudit_event> event) noexcept {
  try {
    pool_.give(std::move(event->source));
  } catch (const std::bad_alloc&) {
    event->source.reset();  // its buffers are freed
  }
  if (!is_open_ || free_.size() >= kMostFree) return;
  if (event->text.capacity() > kUsualText) std::string().swap(event->text);
  if (event->texts.size() > kUsualTexts) event->texts.clear();
  free_.push_back(std::move(event));
}

void Core::close() noexcept {
  is_open_ = false;
  free_.clear();
}

}  // namespace naudit::library

using naudit::library::guarded;
using naudit::library::text_of;

namespace {

constexpr naudit_text kNoText{nullptr, 0};

const naudit::interpret::Summary& summary_of(const naudit_event& event) noexcept {
  if (!event.summary) event.summary.emplace(naudit::interpret::summarise(event.decoded));
  return *event.summary;
}

}  // namespace

void naudit_event::index() {
  using naudit::interpret::DecodedRecord;
  using naudit::interpret::Field;
  namespace field = naudit::tables::field;

  has_text = false;
  used_texts = 0;
  summary.reset();
  const auto all = decoded.records();
  if (records.size() < all.size()) records.resize(all.size());
  fields.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const DecodedRecord& one = all[i];
    naudit_record& record = records[i];
    record.event = this;
    record.decoded = &one;
    record.first = fields.size();
    if (one.type_name.empty())
      record.type_name = naudit::tables::record_type_text(one.type);
    else
      record.type_name = one.type_name;
    const auto add_permission = [&](bool is_claim) {
      if (one.tokens.avc_result.empty() || one.tokens.avc_in_claim != is_claim) return;
      record.permission = {Field{"seresult", one.tokens.avc_result, field::kSeresult, {}},
                           Field{"seperms", one.tokens.avc_permissions, field::kSeperms, {}}};
      for (const Field& part : record.permission) fields.push_back({&part, &record, is_claim});
    };
    add_permission(false);
    for (const Field& part : decoded.fields(one)) fields.push_back({&part, &record, false});
    const std::size_t own = fields.size();
    add_permission(true);
    for (const Field& part : decoded.claim(one)) fields.push_back({&part, &record, true});
    record.count = fields.size() - record.first;
    record.claims = fields.size() - own;
  }
  key_list.clear();
  if (decoded.key() == nullptr) return;
  std::string scratch;
  keys = naudit::interpret::decoded(*decoded.key(), scratch);
  if (keys == "(null)" && decoded.key()->spelling == naudit::interpret::Spelling::kBare) return;
  naudit::tables::for_each_shown_key(keys, [this](std::string_view key) { key_list.push_back(key); });
}

void naudit_event::make_text(naudit::library::Core& from) {
  text.clear();
  from.encode(decoded, text);
  has_text = true;
}

std::string& naudit_event::new_text() {
  if (used_texts == texts.size()) texts.emplace_back();
  std::string& text_in_hand = texts[used_texts++];
  text_in_hand.clear();
  return text_in_hand;
}

void naudit_event_free(naudit_event* event) {
  if (event == nullptr) return;
  const auto core = std::exchange(event->core, nullptr);
  core->give(std::unique_ptr<naudit_event>(event));
}

naudit_result naudit_event_text(naudit_event* event, naudit_text* text) {
  if (text == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *text = kNoText;
  if (event == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(event->message, [&] {
    if (!event->has_text) event->make_text(*event->core);
    *text = text_of(event->text);
    return NAUDIT_OK;
  });
}

uint64_t naudit_event_seconds(const naudit_event* event) {
  return event == nullptr ? 0 : event->source->id.seconds;
}

uint32_t naudit_event_milliseconds(const naudit_event* event) {
  return event == nullptr ? 0 : event->source->id.millis;
}

uint32_t naudit_event_serial(const naudit_event* event) {
  return event == nullptr ? 0 : event->source->id.serial;
}

naudit_text naudit_event_node(const naudit_event* event) {
  return event == nullptr || event->source->node.empty() ? kNoText : text_of(event->source->node);
}

naudit_text naudit_event_incomplete(const naudit_event* event) {
  using naudit::correlate::Incomplete;
  if (event == nullptr || event->decoded.incomplete() == Incomplete::kNo) return kNoText;
  return text_of(naudit::correlate::incomplete_text(event->decoded.incomplete()));
}

int naudit_event_is_late(const naudit_event* event) {
  return event != nullptr && event->source->late ? 1 : 0;
}

naudit_text naudit_event_key(const naudit_event* event, size_t index) {
  return event == nullptr || index >= event->key_list.size() ? kNoText : text_of(event->key_list[index]);
}

naudit_text naudit_event_action(const naudit_event* event) {
  return event == nullptr ? kNoText : text_of(summary_of(*event).action);
}

naudit_text naudit_event_kind(const naudit_event* event) {
  return event == nullptr ? kNoText : text_of(naudit::interpret::event_kind_text(summary_of(*event).kind));
}

int naudit_event_success(const naudit_event* event) {
  if (event == nullptr || !summary_of(*event).success) return -1;
  return *summary_of(*event).success ? 1 : 0;
}

naudit_result naudit_event_object(naudit_event* event, naudit_text* object) {
  if (object == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *object = kNoText;
  if (event == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(event->message, [&] {
    event->object.clear();
    naudit::interpret::append_object(event->decoded, summary_of(*event), event->object);
    *object = text_of(event->object);
    return NAUDIT_OK;
  });
}

size_t naudit_event_argument_count(const naudit_event* event) {
  const bool has_any = event != nullptr && event->decoded.find(naudit::tables::type::kExecve) != nullptr;
  return has_any ? event->decoded.execve().size() : 0;
}

naudit_text naudit_event_argument(const naudit_event* event, size_t index) {
  if (index >= naudit_event_argument_count(event) || event->decoded.execve().is_missing(index)) return kNoText;
  return text_of(event->decoded.execve()[index]);
}
