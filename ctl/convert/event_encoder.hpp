// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string>

#include "ctl/convert/batch_flow.hpp"
#include "ctl/convert/local_names.hpp"
#include "ctl/convert/statistics.hpp"
#include "formats/encoder.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/filter.hpp"

namespace naudit::ctl {

// Takes events apart and writes them in one format. Each encoding thread has its own; all give the same bytes for the
// same event.
class EventEncoder {
 public:
  // `names`: null for no names of this machine. `filter` and `names` outlive it.
  EventEncoder(const std::string& format, const std::string& node, const output::Filter& filter, LocalNames* names);

  // Replaces batch.bytes.
  void encode(Batch& batch);
  [[nodiscard]] const EventCounts& counts() const noexcept { return counts_; }

 private:
  const output::Filter& filter_;
  interpret::Names names_;
  formats::EncoderContext context_;
  std::unique_ptr<formats::Encoder> encoder_;
  bool is_copied_;  // nobody looks into the events
  interpret::DecodedEvent decoded_;
  EventCounts counts_;
};

}  // namespace naudit::ctl
