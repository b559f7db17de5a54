// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <typeinfo>
#include <utility>

namespace naudit::config {

// The options of one sink, or of its format, without their type: only the kind that has read them knows it. A value:
// copies share what never changes, edit() makes its own, and two are equal when they are of one type and hold the same.
// Any thread, as of every value.
class AnyOptions {
 public:
  AnyOptions() = default;  // none were read: as() gives the defaults
  template <typename Options>
    requires(!std::is_same_v<std::remove_cvref_t<Options>, AnyOptions>)
  AnyOptions(Options options)  // NOLINT(google-explicit-constructor): sink.options = FileOptions{…}
      : AnyOptions(std::make_shared<const Options>(std::move(options))) {}
  template <typename Options>
  explicit AnyOptions(std::shared_ptr<const Options> options)
      : value_(std::move(options)), type_(&typeid(Options)), equal_([](const void* left, const void* right) {
          return *static_cast<const Options*>(left) == *static_cast<const Options*>(right);
        }) {}

  // Throws std::bad_cast if they are another kind's.
  template <typename Options>
  [[nodiscard]] const Options& as() const {
    static const Options kDefaults{};
    if (type_ == nullptr) return kDefaults;
    if (*type_ != typeid(Options)) throw std::bad_cast();
    return *static_cast<const Options*>(value_.get());
  }
  // Null if they are another kind's, or none were read.
  template <typename Options>
  [[nodiscard]] const Options* find() const noexcept {
    return type_ != nullptr && *type_ == typeid(Options) ? static_cast<const Options*>(value_.get()) : nullptr;
  }
  template <typename Options>
  [[nodiscard]] Options& edit() {
    auto copy = std::make_shared<Options>(as<Options>());
    Options& options = *copy;
    *this = AnyOptions(std::shared_ptr<const Options>(std::move(copy)));
    return options;
  }
  // For the rows of a table (option.hpp), which know the type; null: none were read.
  [[nodiscard]] const void* get() const noexcept { return value_.get(); }

  friend bool operator==(const AnyOptions& left, const AnyOptions& right) {
    if (left.type_ == nullptr || right.type_ == nullptr) return left.type_ == right.type_;
    return *left.type_ == *right.type_ && left.equal_(left.get(), right.get());
  }

 private:
  std::shared_ptr<const void> value_;
  const std::type_info* type_ = nullptr;
  bool (*equal_)(const void*, const void*) = nullptr;
};

}  // namespace naudit::config
