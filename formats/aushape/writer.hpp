// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/aushape/options.hpp"

namespace naudit::formats {

// What stands before an event's members.
struct AushapeHead {
  std::uint32_t serial = 1;
  std::string_view time;   // with its zone
  std::string_view node;   // empty: not named
  std::string_view error;  // empty: none
};

// One of aushape's two languages: an event as objects, lists, fields and texts. The walk over an event (event.hpp) is
// the same for both; what differs is here.
//
// With a limit, a value that does not fit is left out as a whole; of a list, all that come after it, too. What was cut
// is told by the paths of the containers.
//
// Names are those of the schema or, where JSON takes any, text from outside: a writer escapes it. Owner: an encoder, on
// its thread; buffers are reused.
class AushapeWriter {
 public:
  enum class Kind : std::uint8_t { kObject, kList };

  explicit AushapeWriter(const AushapeOptions& options);
  AushapeWriter(const AushapeWriter&) = delete;
  AushapeWriter& operator=(const AushapeWriter&) = delete;
  virtual ~AushapeWriter() = default;

  // A new event of at most `limit` bytes (0: any), what stands between it and the next one included.
  void begin(const AushapeHead& head, std::size_t limit);
  // False: it has no room, and nothing may be written into it. In a list the name is that of its items.
  bool open(std::string_view name, Kind kind);
  void close();
  // A field with what its value means and, if `has_raw`, as it stood in the record.
  void field(std::string_view name, std::string_view value, std::string_view raw, bool has_raw);
  // A text in a list.
  void text(std::string_view name, std::string_view value);
  // Ends the event and appends it to `out`, without a newline.
  void end(std::string& out);
  // Of the event as it would end now.
  [[nodiscard]] std::size_t event_size() const noexcept { return size() + closing_; }

  // Does it hold a type of record that the schema does not know?
  [[nodiscard]] virtual bool takes_other_records() const noexcept = 0;
  // Is a text the same when it is read again?
  [[nodiscard]] virtual bool keeps(std::string_view text) const noexcept = 0;

  // What stands around the events of a document, and between them.
  virtual void begin_document(std::string& out) const = 0;
  virtual void end_document(std::string& out) const = 0;
  [[nodiscard]] virtual std::string_view between() const noexcept = 0;

 protected:
  struct Level {
    std::string_view name;
    Kind kind = Kind::kObject;
    bool is_cut = false;
    std::uint32_t members = 0;
    std::uint32_t number = 0;  // among its list's members, from 0
    std::size_t closing = 0;   // bytes that end it
  };

  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  virtual void cut(std::size_t size) = 0;
  [[nodiscard]] virtual std::string_view view() const noexcept = 0;
  virtual void put_head(const AushapeHead& head) = 0;
  virtual void put_open(std::string_view name, Kind kind) = 0;
  virtual void put_close(const Level& level) = 0;
  virtual void put_field(std::string_view name, std::string_view value, std::string_view raw, bool has_raw) = 0;
  virtual void put_text(std::string_view name, std::string_view value) = 0;
  virtual void put_end() = 0;
  // The most that put_close() and put_end() take.
  [[nodiscard]] virtual std::size_t closing_size(std::string_view name) const noexcept = 0;
  // The member that tells what was cut.
  virtual void append_trimmed(const std::vector<std::string>& paths, std::string& out) const = 0;
  [[nodiscard]] virtual std::string path() const = 0;

  // Of an event in a document or not.
  [[nodiscard]] std::size_t base_level() const noexcept { return base_level_; }
  [[nodiscard]] std::size_t depth() const noexcept { return base_level_ + levels_.size() + 1; }
  [[nodiscard]] bool is_folded(std::size_t level) const noexcept { return level > options_.fold; }
  // A newline and the spaces of a level, if it is not folded.
  void append_opening(std::size_t level, std::string& out) const;
  void append_closing(std::size_t level, std::string& out) const;
  [[nodiscard]] std::size_t space(std::size_t level) const noexcept {
    return options_.fold == 0 || is_folded(level) ? 0 : 1 + options_.indent * level;
  }
  [[nodiscard]] const std::vector<Level>& levels() const noexcept { return levels_; }

  const AushapeOptions& options_;

 private:
  // The one in which the next member stands; null: the event itself.
  Level& here() noexcept { return levels_.empty() ? event_ : levels_.back(); }
  [[nodiscard]] bool is_closed_by_cut() const noexcept {
    const Level& level = levels_.empty() ? event_ : levels_.back();
    return level.kind == Kind::kList && level.is_cut;
  }
  [[nodiscard]] bool has_room() const noexcept { return limit_ == 0 || size() + closing_ <= limit_; }
  void mark_cut();
  template <typename Put>
  bool put(Put put);

  std::size_t base_level_;
  std::vector<Level> levels_;
  Level event_;
  std::size_t limit_ = 0;    // of what is written here, before `trimmed` comes in
  std::size_t closing_ = 0;  // bytes that end what is open
  std::size_t head_size_ = 0;
  std::vector<std::string> cuts_;

 protected:
  [[nodiscard]] std::uint32_t members_here() const noexcept {
    return levels_.empty() ? event_.members : levels_.back().members;
  }
  [[nodiscard]] bool is_in_list() const noexcept { return !levels_.empty() && levels_.back().kind == Kind::kList; }
};

}  // namespace naudit::formats
