// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/input_file.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/compressed.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::stored {
namespace {

using tests::TempDir;

constexpr const char* kDamaged = "the compressed data is damaged or cut short; what stands before that place was read";

struct Read {
  std::string text;
  std::string failure;
};

// To the end, or to where it fails.
Read read_whole(InputFile& file, std::size_t room_size) {
  Read read;
  std::vector<char> room(room_size);
  try {
    while (const std::size_t size = file.read(room)) read.text.append(room.data(), size);
  } catch (const base::Error& error) {
    read.failure = error.what();
  }
  return read;
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i * 7919) + '\n';
  return text;
}

TEST_CASE("a log that was compressed since it was named is found") {
  const TempDir directory;
  const std::string text = numbered_lines(10);
  for (const auto& [ending, kind] :
       {std::pair(".gz", tests::Compression::kGzip), {".zst", tests::Compression::kZstd}}) {
    directory.write(std::string("log") + ending, tests::compressed(kind, text));
    InputFile file(directory.file("log"));
    CHECK(read_whole(file, 4096).text == text);
    std::filesystem::remove(directory.file(std::string("log") + ending));
  }
  CHECK_THROWS_WITH(InputFile(directory.file("log")), Catch::EndsWith(": No such file or directory"));
}

TEST_CASE("a log is read whole, compressed or not, and its bytes on the disk are counted") {
  const TempDir directory;
  const std::string text = numbered_lines(40'000);
  std::vector<std::string> all = {text, "", "a", numbered_lines(1)};
  for (const auto kind : tests::kCompressions) {
    all.push_back(tests::compressed(kind, text));
    all.push_back(tests::compressed(kind, ""));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO(i);
    directory.write("log", all[i]);
    InputFile file(directory.file("log"));
    const Read read = read_whole(file, 4096);
    const std::string& expected = i < 4 ? all[i] : i % 2 == 0 ? text : all[1];
    CHECK(read.failure.empty());
    CHECK(read.text == expected);
    CHECK(file.taken() == all[i].size());
  }
}

TEST_CASE("what stands before a cut or a damaged place is read first, then the file is named") {
  const TempDir directory;
  const std::string text = numbered_lines(40'000);
  const std::string path = directory.file("log");
  for (const auto kind : tests::kCompressions) {
    const std::string bytes = tests::compressed(kind, text);
    for (const std::string& bad : {bytes.substr(0, bytes.size() - 1), bytes + "x", bytes.substr(0, 10)}) {
      directory.write("log", bad);
      InputFile file(path);
      const Read read = read_whole(file, 4096);
      CHECK(read.failure == "cannot read '" + path + "': " + kDamaged);
      if (bad.size() > 10) CHECK(read.text == text);
      CHECK(read_whole(file, 4096).failure == read.failure);
    }
  }
}

TEST_CASE("what needs much memory is named with what to do") {
  const TempDir directory;
  directory.write("log", tests::large_xz("text"));
  InputFile file(directory.file("log"));
  CHECK_THAT(read_whole(file, 4096).failure, Catch::Contains("128 MiB") && Catch::Contains("xz -dc"));
}

TEST_CASE("a file that cannot be opened or read is named") {
  const TempDir directory;
  CHECK_THROWS_WITH(InputFile(directory.file("absent")),
                    "cannot read '" + directory.file("absent") + "': No such file or directory");
  InputFile file(directory.file(""));
  CHECK_THAT(read_whole(file, 64).failure, Catch::EndsWith(": Is a directory"));
}

}  // namespace
}  // namespace naudit::stored
