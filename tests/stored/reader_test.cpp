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

TEST_CASE("a log that is fed is read like a file, and another one may follow") {
  const std::string line = "type=USER_ACCT msg=audit(1700000001.000:46): pid=9 uid=0 auid=1000 ses=3 msg='res=success'";
  const tests::TempDir directory;
  directory.write("log", line + "\nno record\n" + line);
  correlate::EventPool pool(16);
  LogReader of_file(InputForm::kAuto, pool);
  correlate::EventBatch read;
  of_file.open(directory.file("log"));
  while (of_file.read(read)) {
  }
  REQUIRE(read.size() == 2);

  LogReader fed(InputForm::kAuto, pool);
  correlate::EventBatch events;
  for (const char byte : line + "\nno record\n" + line) fed.feed({&byte, 1}, events);
  CHECK(events.size() == 1);  // the end of the last line is not known
  fed.end(events);
  REQUIRE(events.size() == 2);
  CHECK(fed.counts().rejected == of_file.counts().rejected);
  CHECK(fed.counts().bytes == of_file.counts().bytes);
  fed.feed(line + "\n", events);
  CHECK(events.size() == 3);
}

}  // namespace
}  // namespace naudit::stored
