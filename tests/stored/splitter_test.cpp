// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/splitter.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/frames.hpp"

namespace naudit::stored {
namespace {

using Form = Splitter::Form;
using Kind = Piece::Kind;
using tests::plugin_frame;
using tests::remote_frame;

struct Taken {
  Kind kind;
  std::string text;

  friend bool operator==(const Taken&, const Taken&) = default;
};

std::vector<Taken> split(std::string_view bytes, Form form = Form::kAny) {
  Splitter splitter(form);
  std::vector<Taken> taken;
  Piece piece;
  for (std::size_t size = 0; !bytes.empty(); bytes.remove_prefix(size)) {
    size = splitter.next(bytes, true, piece);
    REQUIRE(size > 0);
    REQUIRE(piece.whole == bytes.substr(0, size));
    taken.push_back({piece.kind, std::string(piece.kind == Kind::kGarbage ? piece.whole : piece.text)});
  }
  return taken;
}

TEST_CASE("lines end with a newline, with CR and LF, or with the input") {
  CHECK(split("a\nb\r\n\n\r\nc") ==
        std::vector<Taken>{
            {Kind::kLine, "a"}, {Kind::kLine, "b"}, {Kind::kNothing, ""}, {Kind::kNothing, ""}, {Kind::kLine, "c"}});
}

TEST_CASE("a line is only taken when its end is there") {
  Splitter splitter(Form::kAny);
  Piece piece;
  CHECK(splitter.next("type=CWD", false, piece) == 0);
  CHECK(splitter.next("type=CWD\n", false, piece) == 9);
  CHECK(splitter.next("", true, piece) == 0);
}

TEST_CASE("frames stand behind each other, with or without a newline between, and among lines") {
  const std::string record = "type=CWD msg=audit(1.000:2): x=1";
  CHECK(split(remote_frame(record) + remote_frame("", 1, 1) + remote_frame(record + '\n') + '\n' + record + '\n' +
              plugin_frame(0, 1307, "audit(1.000:2): x=1")) ==
        std::vector<Taken>{{Kind::kLine, record},
                           {Kind::kNothing, ""},
                           {Kind::kLine, record},
                           {Kind::kNothing, ""},
                           {Kind::kLine, record},
                           {Kind::kRecord, "audit(1.000:2): x=1"}});
}

TEST_CASE("after damage the next remote frame counts again") {
  const std::string whole = remote_frame("type=CWD msg=audit(1.000:2): x=1");
  const std::string cut = whole.substr(5);
  for (const Form form : {Form::kAny, Form::kFrames}) {
    const auto taken = split(whole + cut + whole, form);
    REQUIRE(taken.size() == 3);
    CHECK(taken[0].kind == Kind::kLine);
    CHECK(taken[1] == Taken{Kind::kGarbage, cut});
    CHECK(taken[2].kind == Kind::kLine);
  }
}

TEST_CASE("after damage a plugin's frame counts again, too") {
  const std::string frame = plugin_frame(1, 1307, "type=CWD msg=audit(1.000:2): x=1");
  for (const std::string& damage :
       {std::string("\0\0\0\x22", 4), std::string("\n\n\n\0\0\n\xff\n", 8), std::string("\xFE\0\0", 3)}) {
    const auto taken = split(remote_frame("x") + damage + frame, Form::kFrames);
    CHECK(taken.back() == Taken{Kind::kLine, "type=CWD msg=audit(1.000:2): x=1"});
  }
  CHECK(split(frame + "rest" + frame).back().kind == Kind::kLine);
}

TEST_CASE("where a read ended does not matter") {
  const std::string frame = plugin_frame(1, 1307, "x");
  const std::string whole = remote_frame("type=CWD msg=audit(1.000:2): x=1");
  for (const std::string& bytes :
       {std::string("\0\0\n\xff\n\n\n\n", 8), std::string("\0\0\0\x22", 4) + frame,
        whole + "ab\x01" + "cd\nef\n" + whole, whole + "\n\n" + frame + "\n" + whole.substr(3) + frame,
        whole + "ab" + frame.substr(0, 9) + "\nx\n" + frame}) {
    for (const Form form : {Form::kAny, Form::kFrames}) {
      std::vector<Taken> expected = split(bytes, form);
      const auto is_garbage = [](const Taken& one) { return one.kind == Kind::kGarbage; };
      std::erase_if(expected, is_garbage);
      for (std::size_t step = 1; step < bytes.size(); ++step) {
        Splitter splitter(form);
        std::vector<Taken> taken;
        Piece piece;
        std::size_t there = step;
        for (std::size_t at = 0; at < bytes.size();) {
          const bool at_end = there >= bytes.size();
          const std::size_t size = splitter.next(std::string_view(bytes).substr(at, there - at), at_end, piece);
          if (size == 0) there += step;
          if (size > 0 && piece.kind != Kind::kGarbage) taken.push_back({piece.kind, std::string(piece.text)});
          at += size;
        }
        INFO(step);
        CHECK(taken == expected);
      }
    }
  }
}

TEST_CASE("the rest of a capture that was cut is garbage") {
  const std::string whole = remote_frame("type=CWD msg=audit(1.000:2): x=1");
  const auto taken = split(whole + whole.substr(0, 20));
  REQUIRE(taken.size() == 2);
  CHECK(taken[1] == Taken{Kind::kGarbage, whole.substr(0, 20)});
}

TEST_CASE("lines only: a frame is a line like any other") {
  CHECK(split(plugin_frame(0, 1307, "x"), Form::kLines).at(0).kind == Kind::kLine);
}

TEST_CASE("a line beyond all measure is given up, to its end") {
  const std::string bytes = std::string(Splitter::kLongest, 'x') + "yz\nnext\n";
  Splitter splitter(Form::kAny);
  Piece piece;
  REQUIRE(splitter.next(std::string_view(bytes).substr(0, Splitter::kLongest), false, piece) == Splitter::kLongest);
  CHECK(piece.kind == Kind::kGarbage);
  REQUIRE(splitter.next("yz\nnext\n", false, piece) == 3);
  CHECK(piece.kind == Kind::kGarbage);
  REQUIRE(splitter.next("next\n", false, piece) == 5);
  CHECK(piece.text == "next");
}

TEST_CASE("a frame behind a line beyond all measure counts") {
  const std::string frame = remote_frame("type=CWD msg=audit(1.000:2): x=1");
  const std::string long_line(Splitter::kLongest, 'x');
  Splitter splitter(Form::kAny);
  Piece piece;
  REQUIRE(splitter.next(frame, false, piece) == frame.size());
  REQUIRE(splitter.next(long_line, false, piece) == long_line.size());
  CHECK(piece.kind == Kind::kGarbage);
  REQUIRE(splitter.next("yz" + frame, false, piece) == 2);
  CHECK(piece.kind == Kind::kGarbage);
  REQUIRE(splitter.next(frame, false, piece) == frame.size());
  CHECK(piece.kind == Kind::kLine);
  CHECK(piece.text == "type=CWD msg=audit(1.000:2): x=1");
}

}  // namespace
}  // namespace naudit::stored
