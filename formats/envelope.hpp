// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string_view>

#include "formats/encoder.hpp"

namespace naudit::formats {

// What the protocol of a sink puts around each event (the header of syslog, the fields of the journal): an encoder that
// has the format's within it. A value; two with the same maker and options give the same bytes.
struct Envelope {
  // Null: nothing is put around.
  std::unique_ptr<Encoder> (*make)(EncoderContext& context, std::unique_ptr<Encoder> inner,
                                   const EncoderOptions& options) = nullptr;
  EncoderOptions options = {};
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// An encoder of this format within this envelope; null if there is no such format.
std::unique_ptr<Encoder> make_encoder(std::string_view format, EncoderContext& context, const EncoderOptions& options,
                                      const Envelope& envelope);

}  // namespace naudit::formats
