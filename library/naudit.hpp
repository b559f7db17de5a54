// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <naudit.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

// libnaudit for C++17 and later: naudit.h with owners, ranges and exceptions. A header and nothing else, so that only
// the C interface stands between two compilers. What naudit.h says of threads, lifetimes and options holds here, too.
namespace naudit {

// What a function of naudit.h refused, with its message.
class Error : public std::runtime_error {
 public:
  Error(naudit_result result, std::string_view message)
      : std::runtime_error(message.empty() ? naudit_result_text(result) : std::string(message)), result_(result) {}
  [[nodiscard]] naudit_result result() const noexcept { return result_; }

 private:
  naudit_result result_;
};

inline std::string_view view(naudit_text text) noexcept {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

inline std::optional<std::string_view> view_if(naudit_text text) noexcept {
  if (text.data == nullptr) return std::nullopt;
  return std::string_view(text.data, text.size);
}

inline void check(naudit_result result, naudit_text message = {nullptr, 0}) {
  if (result == NAUDIT_ERROR_MEMORY) throw std::bad_alloc();
  if (result != NAUDIT_OK) throw Error(result, view(message));
}

// The items of something that counts them: `item(i)` for each i below the size. A value.
template <typename Item, typename Owner, std::size_t (*Count)(const Owner*), typename Element,
          Element (*At)(const Owner*, std::size_t)>
class Items {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Item;

    iterator() = default;
    iterator(const Owner* owner, std::size_t at) : owner_(owner), at_(at) {}
    Item operator*() const { return Item(At(owner_, at_)); }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    iterator operator++(int) {
      iterator before = *this;
      ++at_;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) { return a.at_ == b.at_; }
    friend bool operator!=(const iterator& a, const iterator& b) { return a.at_ != b.at_; }

   private:
    const Owner* owner_ = nullptr;
    std::size_t at_ = 0;
  };

  explicit Items(const Owner* owner) : owner_(owner) {}
  [[nodiscard]] iterator begin() const { return iterator(owner_, 0); }
  [[nodiscard]] iterator end() const { return iterator(owner_, size()); }
  [[nodiscard]] std::size_t size() const { return Count(owner_); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Item operator[](std::size_t at) const { return Item(At(owner_, at)); }

 private:
  const Owner* owner_;
};

// A field of an event; valid as long as that.
class Field {
 public:
  explicit Field(const naudit_field* field) : field_(field) {}

  [[nodiscard]] std::string_view name() const { return view(naudit_field_name(field_)); }
  [[nodiscard]] std::string_view raw() const { return view(naudit_field_raw(field_)); }
  [[nodiscard]] std::string_view value() const {
    naudit_text text;
    check(naudit_field_value(field_, &text));
    return view(text);
  }
  [[nodiscard]] std::string_view interpreted() const {
    naudit_text text;
    check(naudit_field_interpreted(field_, &text));
    return view(text);
  }
  [[nodiscard]] std::string_view kind() const { return naudit_field_kind(field_); }
  [[nodiscard]] std::optional<std::int64_t> number() const {
    std::int64_t number = 0;
    if (naudit_field_number(field_, &number) == 0) return std::nullopt;
    return number;
  }
  [[nodiscard]] bool is_claim() const { return naudit_field_is_claim(field_) != 0; }

 private:
  const naudit_field* field_;
};

inline std::optional<Field> field_if(const naudit_field* field) {
  if (field == nullptr) return std::nullopt;
  return Field(field);
}

// A record of an event; valid as long as that.
class Record {
 public:
  using Fields = Items<Field, naudit_record, naudit_record_field_count, const naudit_field*, naudit_record_field>;

  explicit Record(const naudit_record* record) : record_(record) {}

  [[nodiscard]] int type() const { return naudit_record_type(record_); }
  [[nodiscard]] std::string_view type_name() const { return view(naudit_record_type_name(record_)); }
  [[nodiscard]] std::string_view text() const { return view(naudit_record_text(record_)); }
  [[nodiscard]] Fields fields() const { return Fields(record_); }
  [[nodiscard]] std::optional<Field> find(const char* name) const {
    return field_if(naudit_record_find_field(record_, name));
  }
  [[nodiscard]] std::optional<Field> find_claim(const char* name) const {
    return field_if(naudit_record_find_claim(record_, name));
  }

 private:
  const naudit_record* record_;
};

inline std::optional<std::string_view> argument(const naudit_event* event, std::size_t at) {
  return view_if(naudit_event_argument(event, at));
}

// An event that somebody else owns: in a callback, the reader.
class EventView {
 public:
  using Records = Items<Record, naudit_event, naudit_event_record_count, const naudit_record*, naudit_event_record>;
  // An argument is nothing where it is missing in the records.
  using Arguments = Items<std::optional<std::string_view>, naudit_event, naudit_event_argument_count,
                          std::optional<std::string_view>, argument>;

  explicit EventView(naudit_event* event) : event_(event) {}

  [[nodiscard]] std::string_view text() const {
    naudit_text text;
    check(naudit_event_text(event_, &text));
    return view(text);
  }
  [[nodiscard]] std::uint64_t seconds() const { return naudit_event_seconds(event_); }
  [[nodiscard]] std::uint32_t milliseconds() const { return naudit_event_milliseconds(event_); }
  [[nodiscard]] std::uint32_t serial() const { return naudit_event_serial(event_); }
  [[nodiscard]] std::optional<std::string_view> node() const { return view_if(naudit_event_node(event_)); }
  [[nodiscard]] std::optional<std::string_view> incomplete() const { return view_if(naudit_event_incomplete(event_)); }
  [[nodiscard]] bool is_late() const { return naudit_event_is_late(event_) != 0; }
  [[nodiscard]] std::optional<std::string_view> key(std::size_t at) const {
    return view_if(naudit_event_key(event_, at));
  }
  [[nodiscard]] std::string_view action() const { return view(naudit_event_action(event_)); }
  [[nodiscard]] std::string_view kind() const { return view(naudit_event_kind(event_)); }
  [[nodiscard]] std::optional<bool> success() const {
    const int success = naudit_event_success(event_);
    if (success < 0) return std::nullopt;
    return success == 1;
  }
  [[nodiscard]] std::string_view object() const {
    naudit_text text;
    check(naudit_event_object(event_, &text));
    return view(text);
  }
  [[nodiscard]] Arguments arguments() const { return Arguments(event_); }
  [[nodiscard]] Records records() const { return Records(event_); }
  [[nodiscard]] std::optional<Record> find_record(int type) const {
    const naudit_record* const record = naudit_event_find_record(event_, type);
    if (record == nullptr) return std::nullopt;
    return Record(record);
  }
  [[nodiscard]] std::optional<Field> find(const char* name) const {
    return field_if(naudit_event_find_field(event_, name));
  }

 private:
  naudit_event* event_;
};

// An event of one's own.
class Event : public EventView {
 public:
  explicit Event(naudit_event* event) : EventView(event), owner_(event) {}

 private:
  struct Free {
    void operator()(naudit_event* event) const noexcept { naudit_event_free(event); }
  };
  std::unique_ptr<naudit_event, Free> owner_;
};

// for (const naudit::Event& event : reader) takes those that are whole by now.
class Reader {
 public:
  using Callback = std::function<void(const EventView&)>;

  Reader() {
    naudit_reader* reader = nullptr;
    check(naudit_reader_new(&reader));
    reader_.reset(reader);
  }
  Reader(std::initializer_list<std::pair<const char*, const char*>> options) : Reader() {
    for (const auto& [option, value] : options) set(option, value);
  }

  void set(const char* option, const char* value) { done(naudit_reader_set(reader_.get(), option, value)); }
  void feed(std::string_view bytes) { done(naudit_reader_feed(reader_.get(), bytes.data(), bytes.size())); }
  void flush() { done(naudit_reader_flush(reader_.get())); }
  [[nodiscard]] int timeout() const { return naudit_reader_timeout(reader_.get()); }
  void age() { done(naudit_reader_age(reader_.get())); }
  void open_kernel() { done(naudit_reader_open_kernel(reader_.get())); }
  [[nodiscard]] int fd() const { return naudit_reader_fd(reader_.get()); }
  void receive() { done(naudit_reader_receive(reader_.get())); }
  [[nodiscard]] std::uint64_t count(naudit_counter counter) const {
    return naudit_reader_count(reader_.get(), counter);
  }

  [[nodiscard]] std::optional<Event> next() {
    naudit_event* event = nullptr;
    done(naudit_reader_next(reader_.get(), &event));
    if (event == nullptr) return std::nullopt;
    return Event(event);
  }

  [[nodiscard]] std::string_view end_document() {
    naudit_text text;
    done(naudit_reader_end_document(reader_.get(), &text));
    return view(text);
  }

  // What it throws comes out of the call that made the event whole, when that is done.
  void on_event(Callback callback) {
    auto turn = std::make_unique<Turn>();
    turn->callback = std::move(callback);
    done(naudit_reader_on_event(reader_.get(), &Reader::call, turn.get()));
    turn_ = std::move(turn);
  }

  struct Sentinel {};
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Event;
    using difference_type = std::ptrdiff_t;
    using pointer = const Event*;
    using reference = const Event&;

    explicit iterator(Reader& reader) : reader_(&reader), event_(reader.next()) {}
    const Event& operator*() const { return *event_; }
    const Event* operator->() const { return &*event_; }
    iterator& operator++() {
      event_ = reader_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& at, Sentinel /*end*/) { return !at.event_; }
    friend bool operator!=(const iterator& at, Sentinel /*end*/) { return at.event_.has_value(); }

   private:
    Reader* reader_;
    std::optional<Event> event_;
  };
  [[nodiscard]] iterator begin() { return iterator(*this); }
  [[nodiscard]] Sentinel end() const { return {}; }

 private:
  struct Free {
    void operator()(naudit_reader* reader) const noexcept { naudit_reader_free(reader); }
  };
  struct Turn {
    Callback callback;
    std::exception_ptr thrown;
  };

  static void call(naudit_event* event, void* context) noexcept {
    auto* const turn = static_cast<Turn*>(context);
    if (turn->thrown != nullptr) return;
    try {
      turn->callback(EventView(event));
    } catch (...) {
      turn->thrown = std::current_exception();
    }
  }

  void done(naudit_result result) {
    if (turn_ != nullptr && turn_->thrown != nullptr) std::rethrow_exception(std::exchange(turn_->thrown, nullptr));
    check(result, naudit_reader_message(reader_.get()));
  }

  std::unique_ptr<Turn> turn_;
  std::unique_ptr<naudit_reader, Free> reader_;
};

// A set of audit rules.
class Rules {
 public:
  Rules() {
    naudit_rules* rules = nullptr;
    check(naudit_rules_new(&rules));
    rules_.reset(rules);
  }

  void add_text(const char* name, std::string_view text) {
    done(naudit_rules_add_text(rules_.get(), name, text.data(), text.size()));
  }
  void add_yaml(const char* name, std::string_view text) {
    done(naudit_rules_add_yaml(rules_.get(), name, text.data(), text.size()));
  }
  void add_kernel(std::string_view bytes) { done(naudit_rules_add_kernel(rules_.get(), bytes.data(), bytes.size())); }
  [[nodiscard]] std::size_t size() const { return naudit_rules_count(rules_.get()); }
  [[nodiscard]] std::string_view kernel(std::size_t at) {
    naudit_text bytes;
    done(naudit_rules_kernel(rules_.get(), at, &bytes));
    return view(bytes);
  }
  [[nodiscard]] std::string_view line(std::size_t at) {
    naudit_text line;
    done(naudit_rules_line(rules_.get(), at, &line));
    return view(line);
  }
  [[nodiscard]] std::string_view yaml() {
    naudit_text text;
    done(naudit_rules_yaml(rules_.get(), &text));
    return view(text);
  }

 private:
  struct Free {
    void operator()(naudit_rules* rules) const noexcept { naudit_rules_free(rules); }
  };
  void done(naudit_result result) { check(result, naudit_rules_message(rules_.get())); }

  std::unique_ptr<naudit_rules, Free> rules_;
};

}  // namespace naudit
