// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The text of a filter. What is read can be asked, and what is wrong has its place in the text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "correlate/event.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/shape/expression.hpp"

namespace {

struct Sample {
  Sample() {
    event.source = naudit::correlate::Source::kStored;
    event.append(1300,
                 "audit(1.000:2): arch=c000003e syscall=59 success=yes exit=-2 a0=7f pid=7 auid=1000 uid=0 ses=3 "
                 "exe=\"/usr/bin/id\" key=\"exec\"",
                 16);
    event.append(1309, "audit(1.000:2): argc=2 a0=\"id\" a1=6120", 16);
    event.append(1302, "audit(1.000:2): item=0 name=\"/usr/bin/id\" inode=7", 16);
    decoded.decode(event);
  }
  naudit::correlate::Event event;
  naudit::interpret::DecodedEvent decoded;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  static const Sample sample;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto tree = shape::parse(text, {});
  if (!tree) {
    if (tree.error().at > size || tree.error().message.empty()) __builtin_trap();
    return 0;
  }
  const bool passes = shape::Program(*tree).passes(sample.decoded);
  shape::Tree opposite{.kind = shape::Tree::Kind::kNot};
  opposite.parts.push_back(*tree);
  if (shape::Program(opposite).passes(sample.decoded) == passes) __builtin_trap();
  return 0;
}
