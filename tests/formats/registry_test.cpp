// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/registry.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <fmt/format.h>

#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

using Catch::Matchers::Contains;

std::string document(const std::string& name) {
  std::ifstream file(NAUDIT_SOURCE_DIR "/docs/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("every row says all there is to ask of a format") {
  std::set<std::string_view> names;
  for (const Format& format : all_formats()) {
    INFO(format.name);
    CHECK(names.insert(format.name).second);
    CHECK(find_format(format.name) == &format);
    CHECK_FALSE(format.help.empty());
    CHECK_FALSE(format.content_type.empty());
    CHECK_FALSE(format.content_type_many.empty());
    // Who reads a stream reads lines.
    REQUIRE((format.left_out == nullptr) == format.binary);
    if (!format.binary) CHECK(format.left_out({12, "1700000000.123:4", "1700000001.456:15"}).ends_with('\n'));
    interpret::Names users{tests::patient(), tests::fixed_name};
    EncoderContext context{.names = users, .node = {}};
    CHECK(make_encoder(format.name, context) != nullptr);
  }
  CHECK(names.size() == format_names().size());
  CHECK(find_format("yaml") == nullptr);
}

TEST_CASE("a notice of events that were left out says how many, and which") {
  for (const Format& format : all_formats()) {
    if (format.binary) continue;
    const std::string notice = format.left_out({12, "1700000000.123:4", "1700000001.456:15"});
    CHECK_THAT(notice, Contains("12"));
    CHECK_THAT(notice, Contains("1700000000.123:4"));
    CHECK_THAT(notice, Contains("1700000001.456:15"));
  }
}

TEST_CASE("the documents say what the rows say") {
  const std::string formats = document("formats.md");
  const std::string socket = document("control-socket.md");
  const std::string configuration = document("configuration.md");
  for (const Format& format : all_formats()) {
    INFO(format.name);
    CHECK_THAT(formats, Contains(fmt::format("| [`{}`](#", format.name)));
    CHECK_THAT(formats, Contains(fmt::format(") | {} |\n", format.help)));
    CHECK_THAT(formats, Contains(fmt::format("| `{}` | `{}` | `{}`{} |\n", format.name, format.content_type_many,
                                             format.content_type, format.one_event_a_request ? "; the default" : "")));
    CHECK_THAT(configuration, Contains(fmt::format("`{}`", format.name)));
    if (!format.binary) CHECK_THAT(socket, Contains(fmt::format("`{}`", format.name)));
  }
}

}  // namespace
}  // namespace naudit::formats
