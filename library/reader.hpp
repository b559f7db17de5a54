// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "correlate/event.hpp"
#include "library/border.hpp"
#include "library/event.hpp"
#include "library/kernel_source.hpp"
#include "library/unpacker.hpp"
#include "stored/reader.hpp"

// The reader of naudit.h. Its members throw; the functions of the interface stand around them.
struct naudit_reader {
 public:
  naudit_reader() = default;
  naudit_reader(const naudit_reader&) = delete;
  naudit_reader& operator=(const naudit_reader&) = delete;
  ~naudit_reader();

  naudit_result set(std::string_view option, std::string_view value);
  naudit_result feed(std::string_view bytes);
  naudit_result flush();
  naudit_result age();
  [[nodiscard]] int timeout() const noexcept;
  naudit_result open_kernel();
  naudit_result receive();
  [[nodiscard]] int fd() const noexcept { return kernel_ == nullptr ? -1 : kernel_->fd(); }
  naudit_result next(naudit_event** event);
  naudit_result end_document(naudit_text* text);
  naudit_result set_callback(naudit_callback callback, void* context);
  [[nodiscard]] std::uint64_t count(int counter) const noexcept;

  // Runs a call that makes events whole.
  template <typename Work>
  naudit_result work(Work&& work) noexcept;
  naudit::library::Message& message() noexcept { return message_; }
  [[nodiscard]] const naudit::library::Message& message() const noexcept { return message_; }

 private:
  naudit_result set_format_option(std::string_view key, std::string_view value);
  void start();
  void take_bytes(std::string_view bytes);
  std::unique_ptr<naudit_event> take();
  void call_back();
  naudit_result refuse(naudit_result result, std::string_view text) noexcept { return message_.set(result, text); }

  naudit::library::Message message_;
  naudit::library::Settings settings_;
  naudit::stored::InputForm form_ = naudit::stored::InputForm::kAuto;
  std::uint64_t receive_buffer_ = std::uint64_t{16} << 20U;
  std::shared_ptr<naudit::library::Core> core_;   // null: not started
  std::optional<naudit::stored::LogReader> log_;  // one of the two
  naudit::library::Unpacker unpacker_{[this](std::string_view bytes) { take_bytes(bytes); }};
  std::unique_ptr<naudit::library::KernelSource> kernel_;
  naudit::correlate::TimePoint fed_{};  // when the last bytes were
  naudit::correlate::EventBatch out_;   // those before next_ have been handed out
  std::size_t next_ = 0;
  std::uint64_t handed_out_ = 0;
  std::string document_end_;
  naudit_callback callback_ = nullptr;
  void* context_ = nullptr;
  bool is_calling_back_ = false;
  bool is_broken_ = false;  // memory ran out in the midst of an event
};
