// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/untold_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/written_file.hpp"

namespace naudit::daemon {
namespace {

constexpr std::size_t kBytes = std::size_t{16} << 10U;

constexpr std::uint64_t kMostEvents = 1'000'000'000'000'000;  // more than any run loses: their sum is one, too

std::string text_of(const std::vector<SinkSet::Untold>& untold, std::size_t most) {
  base::JsonWriter out;
  out.begin_list();
  for (const SinkSet::Untold& one : untold) {
    for (const output::Loss& loss : one.losses.list()) {
      if (most == 0) break;
      --most;
      out.begin_object();
      out.member("sink", base::valid_utf8(one.sink));
      out.member("cause", base::valid_utf8(loss.cause));
      out.member("events", loss.events);
      out.member("first", base::valid_utf8(loss.first_id));
      out.member("last", base::valid_utf8(loss.last_id));
      out.end_object();
    }
  }
  out.end_list();
  return out.take();
}

}  // namespace

std::string untold_text(const std::vector<SinkSet::Untold>& untold) {
  std::string text = text_of(untold, ~std::size_t{0});
  for (std::size_t most = 64; text.size() >= kBytes; most /= 2) text = text_of(untold, most);
  text.resize(kBytes - 1, ' ');
  return text + '\n';
}

std::optional<std::vector<SinkSet::Untold>> parse_untold(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsArray()) return std::nullopt;
  std::vector<SinkSet::Untold> untold;
  for (const rapidjson::Value& loss : document.GetArray()) {
    const std::string sink = base::valid_utf8(base::json_text(loss, "sink"));
    const std::uint64_t events = base::json_number(loss, "events");
    if (sink.empty() || events == 0 || events > kMostEvents) continue;
    if (untold.empty() || untold.back().sink != sink) untold.push_back({sink, {}});
    untold.back().losses.add(base::valid_utf8(base::json_text(loss, "cause")), events, base::json_text(loss, "first"),
                             base::json_text(loss, "last"));
  }
  return untold;
}

UntoldFile::UntoldFile(const std::string& state_directory) : path_(state_directory + "/sinks.untold") {}

std::vector<SinkSet::Untold> UntoldFile::read(std::string& problem) const {
  const base::OwnFile own = base::open_own_file(path_, base::OwnUse::kRead);
  if (!own.problem.empty()) problem = own.problem + "; what it has is not used";
  if (!own.file) return {};
  std::string text(kBytes, '\0');
  const ssize_t size = ::read(own.file.get(), text.data(), text.size());
  if (size < 0) {
    problem = "cannot read " + path_ + ": " + std::generic_category().message(errno);
    return {};
  }
  text.resize(static_cast<std::size_t>(size));
  auto untold = parse_untold(text);
  if (!untold) {
    problem = path_ + " is damaged; losses of the run before are not told again";
    return {};
  }
  return std::move(*untold);
}

std::string UntoldFile::write(const std::vector<SinkSet::Untold>& untold) const {
  const auto failed = [this] { return "cannot write " + path_ + ": " + std::generic_category().message(errno); };
  const base::OwnFile own = base::open_own_file(path_, base::OwnUse::kWrite);
  if (!own.file) return own.problem + "; it is not written";
  const std::string text = untold_text(untold);
  if (::pwrite(own.file.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return failed();
  return ::fdatasync(own.file.get()) == 0 ? std::string() : failed();
}

}  // namespace naudit::daemon
