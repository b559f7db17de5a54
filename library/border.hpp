// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "library/naudit.h"

// What stands between C++ and the callers of the C interface: no exception passes, and each becomes a result.
namespace naudit::library {

// Why the last call with an object failed. Keeping a message takes memory; without any, there is the result's own text.
class Message {
 public:
  // Returns `result`.
  naudit_result set(naudit_result result, std::string_view text = {}) noexcept {
    text_.clear();
    fallback_ = result == NAUDIT_OK ? "" : naudit_result_text(result);
    try {
      text_ = text;
    } catch (const std::exception&) {
      text_.clear();
    }
    return result;
  }
  [[nodiscard]] naudit_text text() const noexcept {
    const std::string_view shown = text_.empty() ? fallback_ : std::string_view(text_);
    return {shown.data(), shown.size()};
  }

 private:
  std::string text_;
  std::string_view fallback_ = "";
};

// Runs `work`, which returns a naudit_result, and makes one of whatever it throws.
template <typename Work>
naudit_result guarded(Message& message, Work&& work) noexcept {
  try {
    return std::forward<Work>(work)();
  } catch (const std::bad_alloc&) {
    return message.set(NAUDIT_ERROR_MEMORY);
  } catch (const std::length_error&) {
    return message.set(NAUDIT_ERROR_MEMORY);
  } catch (const base::Error& error) {
    return message.set(NAUDIT_ERROR_ARGUMENT, error.what());
  } catch (const std::system_error& error) {
    return message.set(NAUDIT_ERROR_SYSTEM, error.what());
  } catch (const std::exception& error) {
    return message.set(NAUDIT_ERROR_INTERNAL, error.what());
  } catch (...) {
    return message.set(NAUDIT_ERROR_INTERNAL);
  }
}

inline naudit_text text_of(std::string_view text) noexcept {
  return {text.data() == nullptr ? "" : text.data(), text.size()};
}

}  // namespace naudit::library
