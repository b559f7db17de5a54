// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <string>

#include "formats/auditd/frame.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/frames.hpp"

namespace naudit::formats {
namespace {

using tests::plugin_frame;
using tests::remote_frame;

TEST_CASE("a remote frame is a header and as much text as it says") {
  const std::string bytes = remote_frame("type=CWD msg=audit(1.000:2): cwd=\"/\"\n", 7) + "rest";
  Frame frame;
  REQUIRE(read_frame(bytes, frame) == FrameResult::kWhole);
  CHECK(frame.kind == Frame::Kind::kRemote);
  CHECK(frame.is_record);
  CHECK(frame.text == "type=CWD msg=audit(1.000:2): cwd=\"/\"");
  CHECK(frame.size == bytes.size() - 4);
}

TEST_CASE("heartbeats and acknowledgements hold no record") {
  Frame frame;
  REQUIRE(read_frame(remote_frame("", 1, 1), frame) == FrameResult::kWhole);
  CHECK_FALSE(frame.is_record);
  REQUIRE(read_frame(remote_frame("", 1, 0x40000000), frame) == FrameResult::kWhole);
  CHECK_FALSE(frame.is_record);
}

TEST_CASE("every cut of a frame may still become one") {
  for (const std::string& whole :
       {remote_frame("type=CWD msg=audit(1.000:2): x=1"), plugin_frame(0, 1300, "audit(1.000:2): x=1")}) {
    Frame frame;
    for (std::size_t size = 1; size < whole.size(); ++size) {
      INFO(size);
      CHECK(read_frame(std::string_view(whole).substr(0, size), frame) == FrameResult::kPartial);
    }
    CHECK(read_frame(whole, frame) == FrameResult::kWhole);
  }
}

TEST_CASE("a plugin's frame names the type where the text does not") {
  Frame frame;
  const std::string bare = plugin_frame(0, 1307, "audit(1.000:2): cwd=\"/\"");
  REQUIRE(read_frame(bare, frame) == FrameResult::kWhole);
  CHECK(frame.kind == Frame::Kind::kPlugin);
  CHECK(frame.type == 1307);
  CHECK(frame.text == "audit(1.000:2): cwd=\"/\"");
  const std::string line = plugin_frame(1, 1307, "type=CWD msg=audit(1.000:2): cwd=\"/\"\n");
  REQUIRE(read_frame(line, frame) == FrameResult::kWhole);
  CHECK(frame.type == 0);
  CHECK(frame.text == "type=CWD msg=audit(1.000:2): cwd=\"/\"");
}

TEST_CASE("text and other bytes are no frame") {
  Frame frame;
  CHECK(read_frame("", frame) == FrameResult::kNone);
  CHECK(read_frame("type=CWD msg=audit(1.000:2): x", frame) == FrameResult::kNone);
  CHECK(read_frame(std::string(64, '\0'), frame) == FrameResult::kNone);
  std::string other = remote_frame("x");
  other[4] = 1;  // a version that we do not know
  CHECK(read_frame(other, frame) == FrameResult::kNone);
  CHECK(read_frame(plugin_frame(2, 1300, "x"), frame) == FrameResult::kNone);
  CHECK(read_frame(plugin_frame(0, 70000, "x"), frame) == FrameResult::kNone);
}

}  // namespace
}  // namespace naudit::formats
