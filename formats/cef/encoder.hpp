// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "formats/cef/facts.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"

namespace naudit::formats {

// One line of ArcSight's Common Event Format, version 0 (its implementation standard, revision 25): eight fields with |
// between them, the last one pairs of keys of its dictionary. What does not have the type that the dictionary gives a
// key is left out; what is longer than it allows is cut, and named in flexString1.
class CefEncoder final : public Encoder {
 public:
  explicit CefEncoder(EncoderContext& context) : facts_(context) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  FactReader facts_;
  std::string head_, cut_;
};

// CEF's severity, 0 to 10, for OCSF's.
int cef_severity(std::uint8_t severity) noexcept;

// "CEF:0|nauditd|nauditd|…|NOTICE:left_out|events left out|6|cnt=12 msg=…"
std::string cef_left_out(const LeftOut& what);

}  // namespace naudit::formats
