// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "stored/decompressor.hpp"

namespace naudit::library {

// What is fed, undone if its first bytes say that it is compressed. A few bytes are held back until they tell.
//
// Owner: a reader; its thread. Damage is a base::Error, and the rest of that input is gone; what could be undone before
// it has been passed on.
class Unpacker {
 public:
  // Takes some bytes of the log; what it throws comes out of the call that fed them.
  using Sink = std::function<void(std::string_view bytes)>;

  explicit Unpacker(Sink sink) : sink_(std::move(sink)) {}

  void feed(std::string_view bytes);
  // The input ends; another one may follow.
  void end();

 private:
  void pass_on(std::string_view bytes);

  Sink sink_;
  std::string start_;  // of the input, until it tells
  bool is_told_ = false;
  bool is_damaged_ = false;
  std::unique_ptr<stored::Decompressor> decompressor_;  // null: plain
  std::string room_;
};

}  // namespace naudit::library
