// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "library/event.hpp"

#include <chrono>
#include <new>
#include <utility>

#include "base/accounts.hpp"
#include "formats/registry.hpp"

namespace naudit::library {
namespace {

// What one huge event has made of a buffer is given back.
constexpr std::size_t kUsualText = std::size_t{64} * 1024;

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

Core::Core(const Settings& settings)
    : names_(names_options(settings)),
      context_{.names = names_, .node = settings.node, .live = settings.live},
      encoder_(formats::make_encoder(settings.format, context_)) {
  free_.reserve(kMostFree);
}

std::unique_ptr<naudit_event> Core::open(correlate::EventPtr& event) {
  std::unique_ptr<naudit_event> opened;
  if (free_.empty()) {
    opened = std::make_unique<naudit_event>();
  } else {
    opened = std::move(free_.back());
    free_.pop_back();
  }
  opened->text.clear();
  opened->decoded.decode(*event);
  opened->source = std::move(event);
  opened->core = shared_from_this();
  return opened;
}

void Core::give(std::unique_ptr<naudit_event> event) noexcept {
  try {
    pool_.give(std::move(event->source));
  } catch (const std::bad_alloc&) {
    // Then its buffers are freed.
  }
  if (!is_open_ || free_.size() >= kMostFree) return;
  if (event->text.capacity() > kUsualText) std::string().swap(event->text);
  free_.push_back(std::move(event));
}

void Core::close() noexcept {
  is_open_ = false;
  free_.clear();
}

}  // namespace naudit::library

using naudit::library::guarded;
using naudit::library::text_of;

void naudit_event_free(naudit_event* event) {
  if (event == nullptr) return;
  const auto core = std::exchange(event->core, nullptr);
  core->give(std::unique_ptr<naudit_event>(event));
}

naudit_result naudit_event_text(naudit_event* event, naudit_text* text) {
  if (text == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *text = {nullptr, 0};
  if (event == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(event->message, [&] {
    if (event->text.empty()) {
      std::string made;
      made.swap(event->text);
      event->core->encoder().encode(event->decoded, made);
      made.swap(event->text);
    }
    *text = text_of(event->text);
    return NAUDIT_OK;
  });
}
