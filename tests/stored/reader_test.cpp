// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/reader.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::stored {
namespace {

TEST_CASE("rejected lines are written together, in their order") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "garbage " + std::to_string(i) + '\n';
  const tests::TempDir directory;
  directory.write("log", text + "last");
  correlate::EventPool pool(16);
  correlate::EventBatch events;
  std::vector<std::string> rejects;
  LogReader reader(InputForm::kAuto, pool, [&](std::string_view pieces) { rejects.emplace_back(pieces); });
  reader.open(directory.file("log"));
  while (reader.read(events)) {
  }
  CHECK(reader.counts().rejected == 51);
  // One buffer, and what is known to be a line at the end only.
  CHECK(rejects == std::vector<std::string>{text, "last\n"});
}

}  // namespace
}  // namespace naudit::stored
