// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "library/reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "formats/registry.hpp"

using naudit::library::guarded;
using naudit::library::text_of;

namespace {

// Fed between two turns of the callback, so that not all events of a long text wait for it.
constexpr std::size_t kAtOnce = std::size_t{128} * 1024;

constexpr auto kNames = std::to_array<std::string_view>({"auto", "local", "none"});

constexpr std::string_view kOfFormat = "format.";
constexpr std::string_view kCallingBack = "a callback is under way";

struct FreeEvent {
  void operator()(naudit_event* event) const noexcept { naudit_event_free(event); }
};

std::string no_such(std::string_view what, std::string_view value) {
  std::string text = "there is no ";
  (text += what) += " '";
  return (text += value) += "'";
}

}  // namespace

naudit_reader::~naudit_reader() {
  if (core_ != nullptr) core_->close();
}

naudit_result naudit_reader::set(std::string_view option, std::string_view value) {
  if (core_ != nullptr) return refuse(NAUDIT_ERROR_STATE, "options are set before the first bytes");
  if (option == "format") {
    if (naudit::formats::find_format(value) == nullptr) return refuse(NAUDIT_ERROR_ARGUMENT, no_such("format", value));
    settings_.format = value;
    settings_.format_options.clear();
  } else if (option.starts_with(kOfFormat)) {
    return set_format_option(option.substr(kOfFormat.size()), value);
  } else if (option == "form") {
    const auto form = naudit::stored::input_form(value);
    if (!form) return refuse(NAUDIT_ERROR_ARGUMENT, no_such("form", value));
    form_ = *form;
  } else if (option == "node") {
    settings_.node = value;
  } else if (option == "names") {
    if (std::ranges::find(kNames, value) == kNames.end())
      return refuse(NAUDIT_ERROR_ARGUMENT, no_such("value of names", value));
    settings_.names = value;
  } else {
    return refuse(NAUDIT_ERROR_ARGUMENT, no_such("option", option));
  }
  return NAUDIT_OK;
}

naudit_result naudit_reader::set_format_option(std::string_view key, std::string_view value) {
  naudit::library::Settings changed = settings_;
  ((changed.format_options.emplace_back(key) += '=') += value);
  naudit::library::format_options(changed);
  settings_ = std::move(changed);
  return NAUDIT_OK;
}

void naudit_reader::start() {
  if (core_ != nullptr) return;
  auto core = std::make_shared<naudit::library::Core>(settings_);
  if (core->encoder().is_stateful())
    throw naudit::base::Error("the format has been told to put several events into one document; here each is one");
  log_.emplace(form_, core->pool());
  core_ = std::move(core);
}

naudit_result naudit_reader::feed(std::string_view bytes) {
  start();
  while (!bytes.empty()) {
    const std::string_view some = bytes.substr(0, kAtOnce);
    bytes.remove_prefix(some.size());
    log_->feed(some, out_);
    call_back();
  }
  return NAUDIT_OK;
}

naudit_result naudit_reader::flush() {
  start();
  log_->end(out_);
  log_->finish(naudit::correlate::Incomplete::kNo, out_);
  call_back();
  return NAUDIT_OK;
}

std::unique_ptr<naudit_event> naudit_reader::take() {
  if (next_ == out_.size()) return nullptr;
  auto event = core_->open(out_[next_]);
  ++handed_out_;
  if (++next_ == out_.size()) {
    out_.clear();
    next_ = 0;
  }
  return event;
}

naudit_result naudit_reader::next(naudit_event** event) {
  if (is_calling_back_) return refuse(NAUDIT_ERROR_STATE, kCallingBack);
  *event = take().release();
  return NAUDIT_OK;
}

naudit_result naudit_reader::set_callback(naudit_callback callback, void* context) {
  if (is_calling_back_) return refuse(NAUDIT_ERROR_STATE, kCallingBack);
  callback_ = callback;
  context_ = context;
  return NAUDIT_OK;
}

void naudit_reader::call_back() {
  struct Turn {
    explicit Turn(bool& is_under_way) : flag(is_under_way) { flag = true; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { flag = false; }
    bool& flag;
  };
  while (callback_ != nullptr && next_ < out_.size()) {
    const std::unique_ptr<naudit_event, FreeEvent> event(take().release());
    const Turn turn(is_calling_back_);
    callback_(event.get(), context_);
  }
}

template <typename Work>
naudit_result naudit_reader::work(Work&& work) noexcept {
  if (is_calling_back_) return refuse(NAUDIT_ERROR_STATE, kCallingBack);
  if (is_broken_) return refuse(NAUDIT_ERROR_MEMORY, {});
  const naudit_result result = guarded(message_, std::forward<Work>(work));
  if (result == NAUDIT_ERROR_MEMORY || result == NAUDIT_ERROR_INTERNAL) is_broken_ = core_ != nullptr;
  return result;
}

std::uint64_t naudit_reader::count(int counter) const noexcept {
  if (counter == NAUDIT_COUNT_EVENTS) return handed_out_ + (out_.size() - next_);
  if (!log_) return 0;
  const naudit::stored::ReadCounts& counts = log_->counts();
  switch (counter) {
    case NAUDIT_COUNT_BYTES:
      return counts.bytes;
    case NAUDIT_COUNT_RECORDS:
      return counts.records;
    case NAUDIT_COUNT_REJECTED:
      return counts.rejected;
    default:
      return 0;
  }
}

naudit_result naudit_reader_new(naudit_reader** reader) {
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *reader = new (std::nothrow) naudit_reader;
  return *reader == nullptr ? NAUDIT_ERROR_MEMORY : NAUDIT_OK;
}

void naudit_reader_free(naudit_reader* reader) {
  delete reader;
}

naudit_result naudit_reader_set(naudit_reader* reader, const char* option, const char* value) {
  if (reader == nullptr || option == nullptr || value == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(reader->message(), [&] { return reader->set(option, value); });
}

naudit_text naudit_reader_message(const naudit_reader* reader) {
  return reader == nullptr ? naudit_text{nullptr, 0} : reader->message().text();
}

naudit_result naudit_reader_feed(naudit_reader* reader, const void* bytes, size_t size) {
  if (reader == nullptr || (bytes == nullptr && size > 0)) return NAUDIT_ERROR_ARGUMENT;
  return reader->work([&] { return reader->feed({static_cast<const char*>(bytes), size}); });
}

naudit_result naudit_reader_flush(naudit_reader* reader) {
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return reader->work([&] { return reader->flush(); });
}

naudit_result naudit_reader_next(naudit_reader* reader, naudit_event** event) {
  if (event == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *event = nullptr;
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(reader->message(), [&] { return reader->next(event); });
}

naudit_result naudit_reader_on_event(naudit_reader* reader, naudit_callback callback, void* context) {
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return reader->set_callback(callback, context);
}

uint64_t naudit_reader_count(const naudit_reader* reader, int counter) {
  return reader == nullptr ? 0 : reader->count(counter);
}
