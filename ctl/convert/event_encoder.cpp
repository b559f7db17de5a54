// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/event_encoder.hpp"

#include "formats/registry.hpp"

namespace naudit::ctl {
namespace {

// What one huge event has made of a batch's buffer is given back.
constexpr std::size_t kUsualBytes = std::size_t{4} * 1024 * 1024;

interpret::Resolver::Lookup lookup(LocalNames* names) {
  if (names == nullptr) return [](interpret::NameId) { return std::optional<std::string>(); };
  return [names](interpret::NameId id) { return names->find(id); };
}

}  // namespace

EventEncoder::EventEncoder(const std::string& format, const std::string& node, const output::Filter& filter,
                           LocalNames* names)
    : filter_(filter),
      names_(converter_names(), lookup(names)),
      context_{.names = names_, .node = node},
      encoder_(formats::make_encoder(format, context_)),
      is_copied_(!encoder_->reads_fields() && filter.passes_all()) {}

void EventEncoder::encode(Batch& batch) {
  batch.bytes.clear();
  if (batch.bytes.capacity() > kUsualBytes) batch.bytes.shrink_to_fit();
  for (const correlate::EventPtr& event : batch.events) {
    ++counts_.events;
    if (event->late) ++counts_.late;
    if (event->incomplete != correlate::Incomplete::kNo)
      ++counts_.incomplete[static_cast<std::size_t>(event->incomplete)];
    if (is_copied_) {
      decoded_.refer_to(*event);
      encoder_->encode(decoded_, batch.bytes);
      continue;
    }
    decoded_.decode(*event);
    if (!filter_.passes(decoded_)) {
      ++counts_.filtered;
      continue;
    }
    encoder_->encode(decoded_, batch.bytes);
  }
}

}  // namespace naudit::ctl
