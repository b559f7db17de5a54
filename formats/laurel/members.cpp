// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/laurel/members.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/hex.hpp"
#include "formats/laurel/kinds.hpp"
#include "formats/laurel/text.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/record/token_repeat.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::Field;
using interpret::NameId;
using interpret::Spelling;
using tables::FieldClass;

constexpr std::string_view kUnset = "4294967295";

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

char to_upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// "AUID" for auid: the key of its name.
std::string_view capital_name(tables::FieldId field) noexcept {
  static const auto kNames = [] {
    std::array<std::string, tables::kFieldCount> names;
    for (tables::FieldId id = 0; id < tables::kFieldCount; ++id) {
      names[id] = tables::field_info(id).name;
      std::ranges::transform(names[id], names[id].begin(), to_upper);
    }
    return names;
  }();
  return kNames[field];
}

bool is_encoded(FieldClass kind) noexcept {
  switch (kind) {
    case FieldClass::kEncoded:
    case FieldClass::kKeys:
    case FieldClass::kProctitle:
    case FieldClass::kSockaddr:
    case FieldClass::kTtyData:
      return true;
    default:
      return false;
  }
}

// "a0" … of an EXECVE record, "a1_len", "a1[0]": what interpret::Execve reads.
bool is_argument(std::string_view name) noexcept {
  return name.size() >= 2 && name[0] == 'a' && is_digit(name[1]);
}

// Behind a name that auditd appended without quotes: the space before the next one.
std::size_t bare_end(std::string_view text) noexcept {
  for (std::size_t space = text.find(' '); space != text.npos; space = text.find(' ', space + 1)) {
    std::size_t at = space + 1;
    while (at < text.size() && ((text[at] >= 'A' && text[at] <= 'Z') || text[at] == '-' || text[at] == '_')) ++at;
    if (at < text.size() && at > space + 1 && text[at] == '=') return space;
  }
  return text.size();
}

}  // namespace

void LaurelMembers::begin() {
  is_new_ = true;
  seen_.reset();
  others_.clear();
  if (!more_.empty()) more_.clear();
  if (!again_.empty()) again_.clear();
  arguments_.clear();
  translations_.clear();
  told_.clear();
  json_.reserve(1);
  json_.put('{');
}

void LaurelMembers::end() {
  json_.reserve(2);
  json_.close('}');
}

void LaurelMembers::put_laurel(std::string_view text) {
  put_laurel_string(json_, text, scratch_);
}

// False if the object has it already.
bool LaurelMembers::use(std::string_view name, tables::FieldId id) {
  if (id != 0) {
    if (seen_.test(id)) return false;
    seen_.set(id);
    return true;
  }
  if (std::ranges::find(others_, name) != others_.end()) return false;
  if (!more_.empty() && more_.contains(std::string(name))) return false;
  if (others_.size() < kFew) {
    others_.push_back(name);
    return true;
  }
  more_.emplace(name);
  return true;
}

void LaurelMembers::put_key(std::string_view name, tables::FieldId id) {
  json_.reserve(6 * name.size() + 8);
  if (use(name, id)) {
    if (id != 0)
      json_.clean_string(name);
    else
      put_laurel(name);
  } else {
    unsigned& times = again_.try_emplace(std::string(name), 1).first->second;
    do {
      name_.assign(name) += '_';
      name_ += std::to_string(++times);
    } while (more_.contains(name_) || std::ranges::find(others_, name_) != others_.end());
    more_.insert(name_);
    put_laurel(name_);
  }
  json_.reserve(2);
  json_.put(':');
}

// Those of one process and type differ in a few values (interpret/record/token_repeat.hpp). Only records whose members
// depend on their own fields alone, and on each of them alone.
bool LaurelMembers::may_repeat(const Record& record) const noexcept {
  const interpret::Tokens& tokens = record.tokens;
  return tokens.base != 0 && is_new_ && !options_.universal && !options_.user_db && tokens.count > 1 &&
         tokens.count <= 64 && !tokens.has_claim && tokens.words.empty() && tokens.avc_result.empty();
}

void LaurelMembers::put_alike(const interpret::DecodedEvent& event, const Record& record) {
  if (kept_.empty()) kept_.resize(interpret::TokenRepeats::kPlaces);
  Kept& kept = kept_[record.tokens.place];
  const std::span<const Field> fields = event.fields(record);
  if (kept.base == record.tokens.base && kept.type == record.type && kept.ends.size() == fields.size())
    put_kept(fields, record, kept);
  else
    put_and_keep(fields, record, kept);
  if (!record.tokens.enriched.empty()) put_enriched(record, kept);
}

void LaurelMembers::put_kept(std::span<const Field> fields, const Record& record, const Kept& kept) {
  const std::uint64_t changed = kept.changed | record.tokens.changed;
  const std::string_view json = kept.json;
  json_.reserve(json.size());
  std::size_t from = 0;  // the first field that is not written yet
  const auto copy = [&](std::size_t to) {
    const std::size_t begin = from == 0 ? 0 : kept.ends[from - 1];
    if (to > from) json_.put(json.substr(begin, kept.ends[to - 1] - begin));
  };
  for (std::uint64_t rest = changed; rest != 0; rest &= rest - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(rest));
    if (index >= fields.size()) break;
    if ((kept.arguments >> index & 1U) != 0) continue;
    copy(index);
    put_field(record, fields[index]);
    json_.reserve(json.size());
    from = index + 1;
  }
  copy(fields.size());
  for (std::uint64_t rest = kept.arguments; rest != 0; rest &= rest - 1)
    arguments_.push_back(&fields[static_cast<std::size_t>(std::countr_zero(rest))]);
}

void LaurelMembers::put_and_keep(std::span<const Field> fields, const Record& record, Kept& kept) {
  kept.ends.clear();
  kept.arguments = 0;
  const std::size_t begin = json_.size();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t arguments = arguments_.size();
    put_field(record, fields[i]);
    if (arguments_.size() != arguments) kept.arguments |= std::uint64_t{1} << i;
    kept.ends.push_back(static_cast<std::uint32_t>(json_.size() - begin));
  }
  // A key that stands there again, or one that nobody knows, depends on the others.
  const bool is_kept = again_.empty() && others_.empty();
  kept.base = is_kept ? record.tokens.base : 0;
  kept.changed = record.tokens.changed;
  kept.type = record.type;
  kept.enriched.clear();
  if (is_kept) kept.json.assign(json_.view().substr(begin));
}

void LaurelMembers::put_enriched(const Record& record, Kept& kept) {
  if (kept.base != 0 && kept.enriched == record.tokens.enriched) {
    json_.reserve(kept.enriched_json.size());
    json_.put(kept.enriched_json);
    return;
  }
  const std::size_t begin = json_.size();
  put_enriched(record);
  if (kept.base == 0) return;
  kept.enriched.assign(record.tokens.enriched);
  kept.enriched_json.assign(json_.view().substr(begin));
}

void LaurelMembers::put_fields(const interpret::DecodedEvent& event, const Record& record) {
  event_ = &event;
  const interpret::Tokens& tokens = record.tokens;
  const bool is_alike = may_repeat(record);
  is_new_ = false;
  if (is_alike) return put_alike(event, record);
  if (options_.universal || options_.user_db) meaning_.begin(event, record);
  std::size_t index = 0;
  for (const Field& one : event.fields(record)) {
    if (tokens.has_claim && index++ == tokens.claim_at) put_claim(record);
    put_field(record, one);
  }
  if (tokens.has_claim && tokens.claim_at >= index) put_claim(record);
  if (!tokens.enriched.empty()) put_enriched(record);
  if (!tokens.avc_result.empty() && !tokens.avc_in_claim) put_avc(tokens);
  if (tokens.words.empty()) return;
  // "policy loaded" says what the type does.
  if (record.type == type::kMacPolicyLoad && tokens.words == "policy loaded") return;
  const bool is_mode = std::ranges::any_of(event.fields(record), [&](const Field& one) {
    return one.id == field::kSubj && with_mode(record, one).ends_with(tokens.words) && !with_mode(record, one).empty();
  });
  if (is_mode) return;
  if (tokens.words == "netlabel:") {
    key("netlabel");
    json_.reserve(5);
    json_.put("null,");
    return;
  }
  key("text");
  put_laurel(tokens.words);
  json_.put(',');
}

void LaurelMembers::put_field(const Record& record, const Field& field) {
  switch (record.type) {
    case type::kSyscall:
      if (field.id == field::kA0 || field.id == field::kA1 || field.id == field::kA2 || field.id == field::kA3) {
        arguments_.push_back(&field);
        return;
      }
      break;
    case type::kExecve:
      if (is_argument(field.name)) return;
      break;
    case type::kProctitle:
      // Its words are the encoder's.
      if (field.id == field::kProctitle && !(field.spelling == Spelling::kBare && field.value == "(null)")) return;
      break;
    default:
      break;
  }
  if ((options_.universal || options_.user_db) && translate(record, field)) return;
  const std::string_view subject = field.id == field::kSubj ? with_mode(record, field) : std::string_view();
  put_key(field.name, field.id);
  put_value(record, field, subject.empty() ? field.value : subject);
  json_.reserve(1);
  json_.put(',');
}

// AppArmor's labels have their mode behind them: "subj=/usr/sbin/cupsd (enforce)". Empty if there is none.
std::string_view LaurelMembers::with_mode(const Record& record, const Field& field) const noexcept {
  if (record.tokens.words.empty() || field.spelling != Spelling::kBare || !record.holds(field.value)) return {};
  const char* const end = record.text.data() + record.text.size();
  const std::string_view rest(field.value.data() + field.value.size(),
                              static_cast<std::size_t>(end - field.value.data()) - field.value.size());
  const std::size_t close = rest.find(')');
  if (!rest.starts_with(" (") || close == rest.npos || rest.substr(1, close).find(' ') != rest.npos) return {};
  return {field.value.data(), field.value.size() + close + 1};
}

void LaurelMembers::put_value(const Record& record, const Field& field, std::string_view value) {
  if (field.spelling == Spelling::kBraces) {
    value_.assign("{").append(value) += '}';
    return put_laurel(value_);
  }
  if (field.spelling == Spelling::kBare) {
    if (put_number(field, value)) return;
    // drivers/md/dm-audit.c: error_msg='success'
    if (value.size() > 1 && value.starts_with('\'') && value.ends_with('\''))
      return put_laurel(value.substr(1, value.size() - 2));
    const bool is_text = laurel_kind(field) == LaurelKind::kText;
    if (value.empty() || (is_text && (value == "(null)" || value == "?"))) {
      json_.reserve(4);
      json_.put("null");
      return;
    }
    if (is_text && is_encoded(interpret::field_class(record.type, field.id))) {
      value_.clear();
      if (base::append_decoded_hex(value_, value)) value = value_;
    }
  }
  put_laurel(value);
}

bool LaurelMembers::put_number(const Field& field, std::string_view value) {
  switch (laurel_kind(field)) {
    case LaurelKind::kText:
      return false;
    case LaurelKind::kHexadecimal:
      return put_digits(value, 16, "0x");
    case LaurelKind::kOctal:
      return put_digits(value, 8, "0o");
    case LaurelKind::kDecimal:
      break;
  }
  // What fits for sure, as it stands.
  const bool is_plain = !value.empty() && value.size() <= 18 && (value[0] != '0' || value.size() == 1) &&
                        std::ranges::all_of(value, is_digit);
  json_.reserve(24);
  if (is_plain) {
    json_.put(value);
    return true;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return false;
  if (number < 0) json_.put('-');
  json_.number(number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number));
  return true;
}

bool LaurelMembers::put_digits(std::string_view digits, unsigned base, std::string_view prefix) {
  std::uint64_t number = 0;
  if (digits.starts_with('-')) return false;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, static_cast<int>(base));
  if (error != std::errc{} || end != digits.data() + digits.size()) return false;
  std::array<char, 24> text;
  char* const last = std::to_chars(text.data(), text.data() + text.size(), number, static_cast<int>(base)).ptr;
  json_.reserve(prefix.size() + text.size() + 2);
  json_.put('"');
  json_.put(prefix);
  json_.put(std::string_view(text.data(), static_cast<std::size_t>(last - text.data())));
  json_.put('"');
  return true;
}

void LaurelMembers::put_hexadecimal(const Field& field) {
  if (field.spelling == Spelling::kBare && put_digits(field.value, 16, "0x")) return;
  put_laurel(field.value);
}

// msg='…' as the program wrote it.
void LaurelMembers::put_claim(const Record& record) {
  constexpr std::string_view kStart = "msg='";
  std::string_view text = record.text;
  if (!record.tokens.enriched.empty())
    text = text.substr(0, static_cast<std::size_t>(record.tokens.enriched.data() - text.data()));
  std::size_t from = 0;
  if (record.tokens.claim_at > 0) {
    const Field& before = event_->fields(record)[record.tokens.claim_at - 1];
    if (record.holds(before.value)) from = static_cast<std::size_t>(before.value.data() - text.data());
    from += before.value.size();
  }
  const std::size_t start = text.find(kStart, from);
  put_key("msg", field::kMsg);
  if (start == text.npos) {
    json_.reserve(5);
    json_.put("null,");
    return;
  }
  text.remove_prefix(start + kStart.size());
  put_laurel(text.substr(0, text.rfind('\'')));
  json_.put(',');
}

void LaurelMembers::put_enriched(const Record& record) {
  std::string_view rest = record.tokens.enriched;
  while (!rest.empty()) {
    const std::size_t equals = rest.find('=');
    if (equals == rest.npos) return;
    const std::string_view name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    const std::size_t close = rest.starts_with('"') ? rest.find('"', 1) : rest.npos;
    std::string_view value;
    if (close != rest.npos) {
      value = rest.substr(1, close - 1);
      rest.remove_prefix(close + 1);
    } else {
      const std::size_t size = bare_end(rest);
      value = rest.substr(0, size);
      rest.remove_prefix(size);
      value_.clear();
      if (value.size() > 3 && value.starts_with("{ ") && value.ends_with(" }") && value.find('=') != value.npos)
        value = value_.append("{").append(value.substr(2, value.size() - 4)) += '}';
      // A name of a user with a byte that auditd does not quote.
      else if (name.ends_with("ID") && base::append_decoded_hex(value_, value))
        value = value_;
    }
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (is_translated(record, name)) continue;
    key(name);
    put_laurel(value);
    json_.put(',');
  }
}

void LaurelMembers::put_avc(const interpret::Tokens& tokens) {
  key(tokens.avc_result);
  json_.reserve(2);
  json_.put('[');
  std::string_view rest = tokens.avc_permissions;
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.find(' '), rest.size());
    if (size > 0) {
      put_laurel(rest.substr(0, size));
      json_.put(',');
    }
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  json_.reserve(4);
  json_.close(']');
}

// What an auditd appended is not written where we write the same.
bool LaurelMembers::is_translated(const Record& record, std::string_view name) const noexcept {
  const auto is_same = [name](const Translation& one) { return capital_name(one.field) == name; };
  if (options_.user_db && (name.ends_with("UID") || name.ends_with("GID")))
    return std::ranges::any_of(translations_, is_same);
  if (!options_.universal) return false;
  if (record.type == type::kSyscall && (name == "ARCH" || name == "SYSCALL"))
    return std::ranges::any_of(translations_, is_same);
  return record.type == type::kSockaddr && name == "SADDR" && seen_.test(field::kSaddr) && translations_.empty() &&
         std::ranges::find(others_, "SADDR") != others_.end();
}

bool LaurelMembers::translate(const Record& record, const Field& field) {
  if (options_.user_db && (field.name.ends_with("uid") || field.name.ends_with("gid")))
    return translate_id(record, field);
  if (!options_.universal) return false;
  if (record.type == type::kSockaddr && field.id == field::kSaddr) return put_address(field);
  if (record.type != type::kSyscall || (field.id != field::kArch && field.id != field::kSyscall)) return false;
  const std::size_t begin = told_.size();
  // Of socketcall and ipc the name alone.
  const bool is_call = field.id == field::kSyscall && event_->arch() && event_->syscall();
  if (is_call) told_ += tables::syscall_name(*event_->arch(), *event_->syscall());
  if (told_.size() == begin && meaning_.append(field, told_) != interpret::Form::kName) return false;
  translations_.push_back({field.id, begin, told_.size() - begin});
  return options_.drop_raw;
}

bool LaurelMembers::translate_id(const Record& record, const Field& field) {
  const FieldClass kind = interpret::field_class(record.type, field.id);
  if (kind != FieldClass::kUid && kind != FieldClass::kGid) return false;
  const std::size_t begin = told_.size();
  if (field.value == kUnset) {
    told_ += "unset";
  } else if (meaning_.append(field, kind, told_) == interpret::Form::kNone) {
    std::uint32_t number = 0;
    if (!interpret::parse_decimal(field.value, number)) return false;
    const NameId id{kind == FieldClass::kUid ? NameId::Kind::kUser : NameId::Kind::kGroup, number};
    // Whether there is none, or nobody has said, is not the same.
    const std::optional<std::string_view> told = interpret::name_in_input(*event_, record, field, id, scratch_);
    if (told ? !told->empty() : !(interpret::may_ask(*event_, names_) && names_.is_nameless(id))) return false;
    ((told_ += "unknown(") += field.value) += ')';
  }
  translations_.push_back({field.id, begin, told_.size() - begin});
  return options_.drop_raw;
}

void LaurelMembers::put_names() {
  const auto put = [this](const Translation& one) {
    put_key(capital_name(one.field), 0);
    put_laurel(std::string_view(told_).substr(one.begin, one.size));
    json_.put(',');
  };
  const auto is_id = [](const Translation& one) { return one.field != field::kArch && one.field != field::kSyscall; };
  for (const Translation& one : translations_)
    if (is_id(one)) put(one);
  for (const Translation& one : translations_)
    if (!is_id(one)) put(one);
}

// In the place of the field: laurel's members of an address. False if it is not whole, or of a family that laurel has
// no words for.
bool LaurelMembers::put_address(const Field& field) {
  interpret::SockaddrRoom room;
  const std::optional<tables::ArchWord> arch = meaning_.arch();
  const auto address =
      interpret::decode_sockaddr(field.value, room, arch ? interpret::byte_order(*arch) : std::endian::little);
  if (!address || !address->complete) return false;
  const auto number = [this](std::string_view name, std::uint64_t value) {
    json_.reserve(name.size() + 32);
    json_.clean_string(name);
    json_.put(':');
    json_.number(value);
    json_.put(',');
  };
  const auto text = [this](std::string_view name, std::string_view value) {
    json_.reserve(name.size() + 8);
    json_.clean_string(name);
    json_.put(':');
    put_laurel(value);
    json_.put(',');
  };
  const std::string_view name = address->family_name;
  const bool is_inet6 = name == "inet6";
  const bool is_known = name == "local" || name == "inet" || is_inet6 || name == "netlink" || name == "vsock" ||
                        name == "ax25" || name == "x25" || name == "atmpvc";
  if (!is_known) return false;
  seen_.set(field::kSaddr);
  key("SADDR");
  json_.reserve(1);
  json_.put('{');
  text("saddr_fam", name);
  if (name == "local") {
    value_.assign(address->abstract ? std::string_view("\0", 1) : std::string_view()).append(address->path);
    text("path", value_);
  } else if (name == "inet" || is_inet6) {
    text("addr", address->address);
    number("port", address->port.value_or(0));
    if (is_inet6) {
      std::uint32_t flow = 0;
      std::array<char, 4> bytes{};
      if (field.value.size() >= 16 && base::decode_hex(field.value.substr(8, 8), bytes.data()))
        for (const char byte : bytes) flow = flow << 8U | static_cast<unsigned char>(byte);
      number("flowinfo", flow);
      number("scope_id", address->interface.value_or(0));
    }
  } else if (name == "netlink") {
    number("pid", address->pid.value_or(0));
    std::array<char, 16> digits;
    char* const last = std::to_chars(digits.data(), digits.data() + digits.size(), address->groups.value_or(0), 16).ptr;
    value_.assign("0x").append(digits.data(), last);
    text("groups", value_);
  } else if (name == "vsock") {
    number("cid", address->cid.value_or(0));
    number("port", address->port.value_or(0));
  } else if (name == "ax25") {
    text("call", address->address);
  } else if (name == "x25") {
    text("addr", address->address);
  } else {
    number("itf", address->interface.value_or(0));
    number("vpi", address->vpi.value_or(0));
    number("vci", address->vci.value_or(0));
  }
  json_.reserve(2);
  json_.close('}');
  return true;
}

}  // namespace naudit::formats
