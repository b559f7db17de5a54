// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <optional>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "output/sinks/elasticsearch/product.hpp"

namespace naudit::output {
namespace {

constexpr unsigned kRoot = 1;  // depth of {"errors":…,"items":…}
constexpr unsigned kItem = 3;  // of {"create":…} in the list
constexpr unsigned kResult = 4;
constexpr unsigned kError = 5;

EventFate fate_of(int status) {
  if (status == 200 || status == 201 || status == 409) return {EventFate::Is::kDelivered, status, {}};
  if (status == 429 || status >= 500) return {EventFate::Is::kAgain, status, {}};
  return {EventFate::Is::kRefused, status, {}};
}

// Goes over the answer once and keeps of each item its status and error.
class Items : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Items> {
 public:
  Items(std::size_t events, std::vector<EventFate>& fates) : events_(events), fates_(fates) {}

  [[nodiscard]] bool all_well() const noexcept { return errors_ == false; }
  [[nodiscard]] bool is_complete() const noexcept { return errors_.has_value() && fates_.size() == events_; }

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names
  bool Default() { return true; }
  bool Bool(bool value) {
    if (depth_ != kRoot || key_ != "errors") return true;
    errors_ = value;
    return true;
  }
  bool Int(int value) { return number(value); }
  bool Uint(unsigned value) { return number(value); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (!in_items_ || depth_ != kError || parent_ != "error") return true;
    if (key_ == "type") type_ = quoted_answer({text, size});
    if (key_ == "reason") reason_ = quoted_answer({text, size});
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_.assign(text, size);
    return true;
  }
  bool StartObject() {
    ++depth_;
    if (depth_ == kError) parent_ = key_;
    if (in_items_ && depth_ == kResult) {
      status_.reset();
      type_.clear();
      reason_.clear();
    }
    key_.clear();
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    if (in_items_ && depth_ == kResult && !end_item()) return false;
    --depth_;
    return true;
  }
  bool StartArray() {
    if (depth_ == kRoot && key_ == "items") in_items_ = true;
    ++depth_;
    return true;
  }
  bool EndArray(rapidjson::SizeType) {
    --depth_;
    if (depth_ == kRoot) in_items_ = false;
    return true;
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  bool number(std::int64_t value) {
    if (in_items_ && depth_ == kResult && key_ == "status" && value >= 100 && value <= 599)
      status_ = static_cast<int>(value);
    return true;
  }
  bool end_item() {
    if (!status_ || fates_.size() >= events_) return false;
    EventFate fate = fate_of(*status_);
    if (fate.is != EventFate::Is::kDelivered) {
      fate.reason = std::to_string(*status_);
      if (!type_.empty()) fate.reason += ' ' + type_;
      if (!reason_.empty()) fate.reason += ": " + reason_;
    }
    fates_.push_back(std::move(fate));
    return true;
  }

  const std::size_t events_;
  std::vector<EventFate>& fates_;
  std::optional<bool> errors_;
  bool in_items_ = false;
  unsigned depth_ = 0;
  std::string key_, parent_;
  std::optional<int> status_;  // of the item
  std::string type_, reason_;
};

}  // namespace

bool read_bulk_reply(std::string_view body, std::size_t events, std::vector<EventFate>& fates) {
  fates.clear();
  Items items(events, fates);
  rapidjson::MemoryStream stream(body.data(), body.size());
  rapidjson::Reader reader;
  // Nesting costs no stack; a body has 4 MiB at most.
  const bool parsed = !reader.Parse<rapidjson::kParseIterativeFlag>(stream, items).IsError();
  if (parsed && items.all_well()) {
    fates.assign(events, {EventFate::Is::kDelivered, 201, {}});
    return true;
  }
  return parsed && items.is_complete();
}

}  // namespace naudit::output
