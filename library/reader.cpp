// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "library/reader.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <limits>
#include <string>
#include <utility>

#include "base/units.hpp"
#include "formats/registry.hpp"

using naudit::library::guarded;

namespace {

// Fed between two turns of the callback, so that not all events of a long text wait for it.
constexpr std::size_t kAtOnce = std::size_t{128} * 1024;

// Of the kernel's events; what nobody takes is left in the socket, where the kernel counts what finds no room.
constexpr std::size_t kMostWaiting = 65536;

constexpr auto kNames = std::to_array<std::string_view>({"auto", "local", "none"});

constexpr std::string_view kOfFormat = "format.";
constexpr std::string_view kCallingBack = "a callback is under way";

using std::chrono::steady_clock;

std::uint64_t count_of(const naudit::library::KernelSource& kernel, int counter) noexcept {
  const naudit::netlink::Counters& received = kernel.received();
  switch (counter) {
    case NAUDIT_COUNT_BYTES:
      return received.bytes.value();
    case NAUDIT_COUNT_RECORDS:
      return received.records.value();
    case NAUDIT_COUNT_REJECTED:
      return received.truncated.value() + received.too_short.value() + received.foreign.value() +
             kernel.correlated().malformed.value();
    case NAUDIT_COUNT_OVERRUNS:
      return received.overruns.value();
    case NAUDIT_COUNT_MISSED:
      return kernel.missed();
    default:
      return 0;
  }
}

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
  } else if (option == "receive_buffer") {
    const auto size = naudit::base::parse_size(value);
    if (!size) return refuse(NAUDIT_ERROR_ARGUMENT, no_such("size", value));
    receive_buffer_ = *size;
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
  log_.emplace(form_, core->pool());
  core_ = std::move(core);
}

naudit_result naudit_reader::open_kernel() {
  if (core_ != nullptr) return refuse(NAUDIT_ERROR_STATE, "the reader has its source already");
  settings_.live = true;
  try {
    auto core = std::make_shared<naudit::library::Core>(settings_);
    kernel_ = std::make_unique<naudit::library::KernelSource>(receive_buffer_, core->pool());
    core_ = std::move(core);
  } catch (...) {
    settings_.live = false;
    throw;
  }
  return NAUDIT_OK;
}

naudit_result naudit_reader::receive() {
  if (kernel_ == nullptr) return refuse(NAUDIT_ERROR_STATE, "the kernel's records are not open");
  if (out_.size() - next_ < kMostWaiting) kernel_->receive(out_);
  call_back();
  return NAUDIT_OK;
}

naudit_result naudit_reader::feed(std::string_view bytes) {
  if (kernel_ != nullptr) return refuse(NAUDIT_ERROR_STATE, "the reader reads the kernel's records");
  start();
  fed_ = steady_clock::now();
  unpacker_.feed(bytes);
  return NAUDIT_OK;
}

void naudit_reader::take_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view some = bytes.substr(0, kAtOnce);
    bytes.remove_prefix(some.size());
    log_->feed(some, out_);
    call_back();
  }
}

naudit_result naudit_reader::flush() {
  if (kernel_ != nullptr) {
    kernel_->flush(out_);
  } else {
    start();
    std::exception_ptr cut;
    try {
      unpacker_.end();
    } catch (const naudit::base::Error&) {
      cut = std::current_exception();  // what came of it comes out all the same
    }
    log_->end(out_);
    log_->finish(naudit::correlate::Incomplete::kNo, out_);
    if (cut != nullptr) {
      call_back();
      std::rethrow_exception(cut);
    }
  }
  call_back();
  return NAUDIT_OK;
}

naudit_result naudit_reader::age() {
  if (kernel_ != nullptr) return receive();
  if (log_) log_->age(std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - fed_), out_);
  call_back();
  return NAUDIT_OK;
}

int naudit_reader::timeout() const noexcept {
  std::optional<steady_clock::duration> left;
  const auto now = steady_clock::now();
  if (kernel_ != nullptr) {
    if (const auto due = kernel_->next_due()) left = *due - now;
  } else if (log_) {
    if (const auto due = log_->next_due()) left = *due - (now - fed_);
  }
  if (!left) return -1;
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(std::max(*left, steady_clock::duration::zero()));
  return static_cast<int>(std::min<std::int64_t>(whole.count(), std::numeric_limits<int>::max()));
}

naudit_result naudit_reader::end_document(naudit_text* text) {
  if (is_calling_back_) return refuse(NAUDIT_ERROR_STATE, kCallingBack);
  document_end_.clear();
  if (core_ != nullptr) core_->finish(document_end_);
  *text = naudit::library::text_of(document_end_);
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
  if (kernel_ != nullptr) return count_of(*kernel_, counter);
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
  *reader = nullptr;
  naudit::library::Message unheard;
  return guarded(unheard, [&] {
    *reader = new naudit_reader;
    return NAUDIT_OK;
  });
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

int naudit_reader_timeout(const naudit_reader* reader) {
  return reader == nullptr ? -1 : reader->timeout();
}

naudit_result naudit_reader_age(naudit_reader* reader) {
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return reader->work([&] { return reader->age(); });
}

naudit_result naudit_reader_open_kernel(naudit_reader* reader) {
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(reader->message(), [&] { return reader->open_kernel(); });
}

int naudit_reader_fd(const naudit_reader* reader) {
  return reader == nullptr ? -1 : reader->fd();
}

naudit_result naudit_reader_receive(naudit_reader* reader) {
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return reader->work([&] { return reader->receive(); });
}

naudit_result naudit_reader_next(naudit_reader* reader, naudit_event** event) {
  if (event == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *event = nullptr;
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(reader->message(), [&] { return reader->next(event); });
}

naudit_result naudit_reader_end_document(naudit_reader* reader, naudit_text* text) {
  if (text == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *text = {nullptr, 0};
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(reader->message(), [&] { return reader->end_document(text); });
}

naudit_result naudit_reader_on_event(naudit_reader* reader, naudit_callback callback, void* context) {
  if (reader == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return reader->set_callback(callback, context);
}

uint64_t naudit_reader_count(const naudit_reader* reader, int counter) {
  return reader == nullptr ? 0 : reader->count(counter);
}
