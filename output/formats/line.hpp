// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "interpret/execve.hpp"
#include "interpret/summary.hpp"
#include "output/encoder.hpp"

namespace naudit::output {

// One line a person can read: when, who did what to what, how it ended, by which program and under which key. For
// `nauditctl tail` and the quickstart; made to be looked at, not to be parsed. Times are UTC. Control characters of a
// record never reach the terminal.
class LineEncoder final : public Encoder {
 public:
  explicit LineEncoder(EncoderContext& context) : context_(context) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  void append_user(const interpret::DecodedEvent& event, const interpret::Field& field, std::string& out);

  EncoderContext& context_;
  std::string scratch_;
  interpret::Execve execve_;
};

}  // namespace naudit::output
