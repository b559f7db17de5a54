// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::interpret {

// How an interpreter reads its command line, as far as the search of its script needs it: one row an interpreter, from
// its manual or its own source. Letters are those of short options, which stand alone or together ("-eu"); words are
// long options without their dashes, with a blank between them. An option that no row has ends the search without an
// answer: no script rather than a wrong one.
struct Interpreter {
  std::string_view names{};  // of its file, without a version
  std::string_view flags{};  // letters without a value
  std::string_view value{};  // letters whose value is the rest of the word, else the next argument
  std::string_view next{};   // letters whose value is always the next argument
  std::string_view rest{};   // letters whose value, if there is one, is the rest of the word
  std::string_view ends{};   // letters after which what runs is no file: -c of a shell, -m of Python
  std::string_view file{};   // letters whose value is the script: -f of awk
  std::string_view long_flags{};
  std::string_view long_value{};
  std::string_view long_ends{};
  std::string_view long_file{};
  std::string_view moves{};  // of `value`: the script's name is one in that directory
  std::uint16_t traits = 0;
};

namespace trait {
enum : std::uint16_t {
  kPlus = 1U,             // options may begin with "+"
  kDashEnds = 2U,         // "-" ends the options; elsewhere it is standard input
  kTextFirst = 4U,        // the first operand is the program's text, unless the script came before
  kNoOperand = 8U,        // no operand is the script, and options may stand behind them
  kOtherLong = 16U,       // a long option that the row does not have is one without a value
  kOneDash = 32U,         // words with one dash are long options
  kDoubleDashEnds = 64U,  // behind "--" there is no script
  kSearchesPath = 128U,   // -S: the name is looked for in PATH
  kJava = 256U,           // an operand is a class, unless it is a source file
  kInspect = 512U,        // the operand "inspect" stands before the script
  kEndsOptions = 1024U,   // -b: the next argument is an operand
  kApplets = 2048U,       // the name that it is called by says which interpreter it is
};
}  // namespace trait

// By the file's name of a path, without a version: "python3.11" is python. Null for a program that runs no scripts.
// Constant data, O(1), any thread.
const Interpreter* find_interpreter(std::string_view path) noexcept;

// Fed with the arguments of a command line, the program's own name first.
class ScriptSearch {
 public:
  // Of the program with this file.
  explicit ScriptSearch(std::string_view exe) noexcept : how_(find_interpreter(exe)), over_(how_ == nullptr) {}

  // The script, if this argument tells it: a part of it, perhaps all. Empty if it does not.
  std::string_view take(std::string_view argument) noexcept;
  // There is nothing more to be found.
  [[nodiscard]] bool over() const noexcept { return over_; }
  // The script's name is not one in the directory that the process was started in.
  [[nodiscard]] bool elsewhere() const noexcept { return elsewhere_; }

 private:
  enum class Next : std::uint8_t { kName, kArgument, kFile, kOperand };

  void take_name(std::string_view name) noexcept;
  std::string_view take_letters(std::string_view letters) noexcept;
  std::string_view take_word(std::string_view word) noexcept;
  std::string_view take_operand(std::string_view argument) noexcept;
  std::string_view found(std::string_view script) noexcept;
  std::string_view end() noexcept;

  const Interpreter* how_;
  Next next_ = Next::kName;
  std::uint8_t values_ = 0;  // how many of the next arguments are values
  bool over_;
  bool elsewhere_ = false;
};

}  // namespace naudit::interpret
