// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/laurel/encoder.hpp"

#include <algorithm>

#include "formats/laurel/kinds.hpp"
#include "formats/laurel/text.hpp"
#include "interpret/summary/paths.hpp"
#include "interpret/summary/script.hpp"
#include "interpret/summary/summary.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Execve;
using interpret::Field;

constexpr std::size_t kTypes = 65536;

std::string_view type_text(const DecodedRecord& record, std::string& scratch) {
  if (record.type == 0) return record.type_name.empty() ? std::string_view("UNKNOWN") : record.type_name;
  const std::string_view name = tables::record_type_name(record.type);
  if (!name.empty()) return name;
  scratch = tables::record_type_text(record.type);
  return scratch;
}

}  // namespace

LaurelEncoder::LaurelEncoder(EncoderContext& context, const EncoderOptions& options)
    : context_(context), options_(options.as<LaurelOptions>()), members_(json_, context.names, options_) {}

void LaurelEncoder::encode(const DecodedEvent& event, std::string& out) {
  if (options_.pid) processes_.read(event);
  json_.clear();
  json_.reserve(64);
  json_.put(R"({"ID":)");
  put_id(event.source().id);
  if (const std::string_view node = event.source().node_or(context_.node); !node.empty()) {
    json_.put(R"("NODE":)");
    put_laurel_string(json_, node, scratch_);
    json_.put(',');
  }
  link_records(event);
  for (const std::uint32_t first : firsts_) put_records(event, first);
  if (options_.container && context_.live) put_container(event);
  json_.reserve(2);
  json_.close('}');
  out += json_.view().substr(0, json_.size() - 1);
  out += '\n';
  if (options_.pid) processes_.finish(event);
}

void LaurelEncoder::put_id(const correlate::EventId& id) {
  text_.clear();
  correlate::append_id(id, text_);
  json_.reserve(text_.size() + 16);
  json_.clean_string(text_);
  json_.put(',');
}

void LaurelEncoder::link_records(const DecodedEvent& event) {
  if (last_of_type_.empty()) last_of_type_.resize(kTypes, kNone);
  const auto records = event.records();
  next_.assign(records.size(), kNone);
  firsts_.clear();
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    const DecodedRecord& record = records[i];
    if (record.type == type::kEoe) continue;
    std::uint32_t& last = record.type != 0 ? last_of_type_[record.type]
                                           : last_of_name_.try_emplace(type_text(record, text_), kNone).first->second;
    if (last == kNone)
      firsts_.push_back(i);
    else
      next_[last] = i;
    last = i;
  }
  for (const std::uint32_t first : firsts_) last_of_type_[records[first].type] = kNone;
  if (!last_of_name_.empty()) last_of_name_.clear();
}

void LaurelEncoder::put_records(const DecodedEvent& event, std::uint32_t first) {
  const auto records = event.records();
  put_laurel_string(json_, type_text(records[first], text_), scratch_);
  json_.reserve(2);
  json_.put(':');
  if (is_laurel_object(records[first].type)) {
    members_.begin();
    for (std::uint32_t i = first; i != kNone; i = next_[i]) members_.put_fields(event, records[i]);
    put_behind(event, records[first]);
    members_.put_names();
    if (records[first].type == type::kSyscall) put_processes(event, records[first]);
    members_.end();
    return;
  }
  json_.put('[');
  for (std::uint32_t i = first; i != kNone; i = next_[i]) put_object(event, records[i]);
  json_.reserve(2);
  json_.close(']');
}

void LaurelEncoder::put_object(const DecodedEvent& event, const Record& record) {
  members_.begin();
  members_.put_fields(event, record);
  members_.put_names();
  if (record.type == type::kObjPid) put_target(event, record);
  members_.end();
}

void LaurelEncoder::put_behind(const DecodedEvent& event, const Record& record) {
  switch (record.type) {
    case type::kSyscall:
      return put_call_arguments();
    case type::kExecve:
      return put_arguments(event.execve());
    case type::kProctitle:
      return put_title(event, record);
    default:
      return;
  }
}

void LaurelEncoder::put_call_arguments() {
  members_.key("ARGV");
  json_.reserve(2);
  json_.put('[');
  for (const Field* const one : members_.arguments()) {
    members_.put_hexadecimal(*one);
    json_.put(',');
  }
  json_.reserve(2);
  json_.close(']');
}

bool LaurelEncoder::writes(LaurelArguments form) const noexcept {
  return std::ranges::find(options_.execve_argv, form) != options_.execve_argv.end();
}

// As many from the front, and from the back, as half of the limit holds, each with a blank behind it. One argument
// alone is never left out: what it says in its place would hardly be shorter.
void LaurelEncoder::set_skipped(const Execve& execve) {
  skip_begin_ = skip_end_ = skipped_bytes_ = 0;
  const std::uint64_t limit = options_.execve_argv_limit;
  if (limit == 0 || execve.size() == 0) return;
  std::uint64_t total = execve.size() - 1;
  for (std::size_t i = 0; i < execve.size(); ++i) total += execve[i].size();
  if (total <= limit) return;
  const std::uint64_t half = limit / 2;
  std::size_t begin = 0;
  std::size_t end = execve.size();
  for (std::uint64_t room = half; begin < end && execve[begin].size() < room; ++begin) room -= execve[begin].size() + 1;
  for (std::uint64_t room = half; end > begin && execve[end - 1].size() < room; --end)
    room -= execve[end - 1].size() + 1;
  if (end - begin < 2) return;
  skip_begin_ = begin;
  skip_end_ = end;
  skipped_bytes_ = end - begin - 1;
  for (std::size_t i = begin; i < end; ++i) skipped_bytes_ += execve[i].size();
}

void LaurelEncoder::put_arguments(const Execve& execve) {
  set_skipped(execve);
  if (writes(LaurelArguments::kArray)) put_argument_list(execve);
  if (writes(LaurelArguments::kString)) put_argument_text(execve);
}

void LaurelEncoder::put_argument_list(const Execve& execve) {
  members_.key("ARGV");
  json_.reserve(2);
  json_.put('[');
  for (std::size_t i = 0; i < execve.size(); ++i) {
    if (i == skip_begin_ && i < skip_end_) {
      json_.reserve(96);
      json_.put(R"({"skipped_args":)");
      json_.number(skip_end_ - skip_begin_);
      json_.put(R"(,"skipped_bytes":)");
      json_.number(skipped_bytes_);
      json_.put("},");
      i = skip_end_ - 1;
      continue;
    }
    if (execve.is_missing(i)) {
      json_.reserve(5);
      json_.put("null,");
      continue;
    }
    if (execve.is_cut(i)) {
      text_.assign(execve[i]) += "…";
      members_.text(text_);
    } else {
      members_.text(execve[i]);
    }
    json_.put(',');
  }
  if (execve.lacks_end()) {
    json_.reserve(5);
    json_.put("null,");
  }
  json_.reserve(2);
  json_.close(']');
}

void LaurelEncoder::put_argument_text(const Execve& execve) {
  text_.clear();
  for (std::size_t i = 0; i < execve.size(); ++i) {
    if (i > 0) text_ += ' ';
    if (i == skip_begin_ && i < skip_end_) {
      text_ += "<<< Skipped: args=" + std::to_string(skip_end_ - skip_begin_) +
               ", bytes=" + std::to_string(skipped_bytes_) + " >>>";
      i = skip_end_ - 1;
      continue;
    }
    text_ += execve[i];
    if (execve.is_missing(i) || execve.is_cut(i)) text_ += "…";
  }
  if (execve.lacks_end()) text_ += " …";
  members_.key("ARGV_STR");
  members_.text(text_);
  json_.put(',');
}

// Each NUL ends a word; the last one may lack it.
void LaurelEncoder::put_title(const DecodedEvent& event, const Record& record) {
  const Field* const title = event.find(record, field::kProctitle);
  if (title == nullptr || (title->spelling == interpret::Spelling::kBare && title->value == "(null)")) return;
  std::string_view rest = interpret::decoded(*title, text_);
  members_.key("ARGV");
  json_.reserve(2);
  json_.put('[');
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.find('\0'), rest.size());
    members_.text(rest.substr(0, size));
    json_.put(',');
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  json_.reserve(2);
  json_.close(']');
}

void LaurelEncoder::put_process(std::string_view key, std::string_view id_key, const LaurelProcesses::Process& process,
                                bool comm) {
  members_.key(key);
  json_.reserve(32);
  json_.put('{');
  json_.clean_string(id_key);
  json_.put(':');
  put_id(process.exec);
  if (comm && !process.comm.empty()) {
    json_.put(R"("comm":)");
    members_.text(process.comm);
    json_.put(',');
  }
  json_.reserve(64);
  if (!process.exe.empty()) {
    json_.put(R"("exe":)");
    members_.text(process.exe);
    json_.put(',');
  }
  json_.reserve(64);
  json_.put(R"("ppid":)");
  json_.number(process.ppid);
  json_.put("},");
}

void LaurelEncoder::put_processes(const DecodedEvent& event, const Record& call) {
  const LaurelProcesses::Process* const parent = options_.pid ? processes_.parent() : nullptr;
  if (parent != nullptr) put_process("PPID", "EVENT_ID", *parent, /*comm=*/true);
  if (options_.script) put_script(event);
  const Field* const pid = options_.pid ? event.find(call, field::kPid) : nullptr;
  const auto* const self = pid == nullptr ? nullptr : processes_.find(event.source().node, pid->value);
  if (self == nullptr) return;
  members_.key("PID");
  json_.reserve(32);
  json_.put(R"({"EVENT_ID":)");
  put_id(self->exec);
  json_.reserve(2);
  json_.close('}');
}

void LaurelEncoder::put_target(const DecodedEvent& event, const Record& record) {
  const Field* const pid = options_.pid ? event.find(record, field::kOpid) : nullptr;
  const auto* const target = pid == nullptr ? nullptr : processes_.find(event.source().node, pid->value);
  if (target != nullptr) put_process("OPID", "ID", *target, /*comm=*/event.find(record, field::kOcomm) == nullptr);
}

// Of who runs now, so never for a stored log, nor on another machine.
void LaurelEncoder::put_container(const DecodedEvent& event) {
  const DecodedRecord* const call = event.find(type::kSyscall);
  const Field* const pid = call == nullptr ? nullptr : event.find(*call, field::kPid);
  std::uint32_t number = 0;
  if (!event.source().node.empty() || pid == nullptr || !interpret::parse_decimal(pid->value, number)) return;
  if (!containers_) containers_.emplace(interpret::process_container);
  const std::string_view id = containers_->name(number, event.source().last);
  if (id.empty() || id == interpret::kNoContainer) return;
  json_.reserve(32);
  json_.put(R"("CONTAINER_INFO":{"ID":)");
  put_laurel_string(json_, id, scratch_);
  json_.reserve(4);
  json_.put("},");
}

// Only where the file that was executed is the script itself, as in laurel.
void LaurelEncoder::put_script(const DecodedEvent& event) {
  if (event.find(type::kExecve) == nullptr) return;
  const interpret::Summary summary = interpret::summarise(event);
  if (summary.executed == nullptr) return;
  text_.clear();
  if (interpret::append_script(event, summary, text_) != interpret::ScriptSource::kKernel) return;
  std::string& file = scratch_;
  file.clear();
  interpret::append_path(event, *summary.executed, /*as_is=*/false, file);
  if (file != text_) return;
  members_.key("SCRIPT");
  members_.text(text_);
  json_.put(',');
}

}  // namespace naudit::formats
