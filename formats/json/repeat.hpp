// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/record/tokens.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {

// Of which record something was written, and with names from where: whether it may be written again.
class JsonOrigin {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Where the names of users and groups come from, beside what auditd appended to the record.
  struct Names {
    std::string_view told;    // what the input tells beside the record
    bool in_event = false;    // it may tell names elsewhere
    bool of_machine = false;  // this machine may be asked
  };

  // `changed`: the record's fields that are not those of its base.
  void set(std::uint64_t base, std::uint64_t changed, const Names& names, Time now);
  void forget() noexcept { base_ = 0; }
  // What was written of another base, with names from elsewhere, or `lifetime` ago, is not used any more.
  [[nodiscard]] bool is_usable(std::uint64_t base, const Names& names, Time now,
                               std::chrono::nanoseconds lifetime) const noexcept;
  [[nodiscard]] bool is_of(std::uint64_t base) const noexcept { return base == base_; }
  // The fields that are not as they were written, of a record whose `changed` are not those of the base.
  [[nodiscard]] std::uint64_t changed(std::uint64_t changed) const noexcept { return changed | changed_; }

 private:
  std::uint64_t base_ = 0, changed_ = 0;
  std::string told_;
  bool in_event_ = false, of_machine_ = false;
  Time made_{};
};

// The fields of a record, or those of its claim, as they were written last. Where the tokens of another say that it is
// like that one (Tokens::base), the members of all fields but the changed ones can be copied. It is a cache and nothing
// else: what is written is the same with and without it (a test compares).
//
// Owner: JsonRepeats; one thread.
class JsonRepeat {
 public:
  // Which fields may be copied, a bit for each.
  struct Kinds {
    std::uint64_t fixed = 0;  // with another value of this one, nothing of the record may be
    std::uint64_t lossy = 0;
    std::uint64_t of_call = 0;  // of these all or none
    std::uint64_t plain = 0;    // has no meaning whatever its value
  };

  [[nodiscard]] const JsonOrigin& origin() const noexcept { return origin_; }
  [[nodiscard]] const Kinds& kinds() const noexcept { return kinds_; }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  // The members of the fields [first, last), each with a comma behind it; not none.
  [[nodiscard]] std::string_view json(std::size_t first, std::size_t last) const noexcept;

  // Remembers a record anew: begin(), then each field with where its members ended, then end() with all of them.
  void begin(std::uint64_t base, std::uint64_t changed, const JsonOrigin::Names& names, JsonOrigin::Time now);
  enum class Field : std::uint8_t { kFree, kFixed, kOfCall, kPlain };
  void add(Field kind, bool is_lossless, std::size_t json_end);
  void end(std::string_view json) { json_.assign(json); }
  // The record in hand is none to be repeated.
  void forget() noexcept { origin_.forget(); }

  // What auditd appended, as it was written last, with its quotes; empty if that was another one.
  [[nodiscard]] std::string_view tail_json(std::uint64_t base) const noexcept {
    return origin_.is_of(base) ? std::string_view(tail_json_) : std::string_view();
  }
  void set_tail(std::uint64_t base, std::string_view json) {
    if (origin_.is_of(base)) tail_json_ = json;
  }

 private:
  JsonOrigin origin_;
  Kinds kinds_;
  std::vector<std::uint32_t> ends_;  // in json_: where the members of each field end
  std::string json_;
  std::string tail_json_;
};

// The subject of an event as it was written last, of a record at one place. Owner: JsonSummary; one thread.
struct JsonSubject {
  using Fields = std::array<std::uint8_t, 12>;  // which of the record's a subject is told from
  static constexpr std::uint8_t kNoField = 0xFF;

  JsonOrigin origin;
  interpret::SubjectKind kind = interpret::SubjectKind::kNone;
  Fields fields{};
  std::string json;
};

// One for each place that TokenRepeats has, and for the claims of messages.
class JsonRepeats {
 public:
  // Null for a record that is like none.
  JsonRepeat* of(const interpret::Tokens& tokens, bool claim);

 private:
  std::vector<JsonRepeat> records_, claims_;  // made with the first that is worth it
};

}  // namespace naudit::formats
