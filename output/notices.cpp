// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/notices.hpp"

#include <memory>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "formats/encoder.hpp"
#include "formats/registry.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kMostWordBytes = 200;

// The format's own words for what is missing, in the place of an event that it has none for.
class LeftOutText final : public formats::Encoder {
 public:
  explicit LeftOutText(std::string text) : text_(std::move(text)) {}
  void encode(const interpret::DecodedEvent& /*event*/, std::string& out) override { out += text_; }

 private:
  std::string text_;
};

std::unique_ptr<formats::Encoder> left_out_encoder(formats::EncoderContext& context, const config::Sink& sink,
                                                   const formats::Envelope& envelope, const SinkLoss& loss) {
  const formats::Format* const format = formats::find_format(sink.format);
  if (format == nullptr || format->left_out == nullptr) return nullptr;
  std::unique_ptr<formats::Encoder> text = std::make_unique<LeftOutText>(
      format->left_out({.events = loss.events, .first_id = loss.first_id, .last_id = loss.last_id}));
  if (envelope.make == nullptr) return text;
  return envelope.make(context, std::move(text), envelope.options);
}

}  // namespace

std::string record_word(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = c > ' ' && c <= '~' && c != '"' && c != '\'';
    if (plain)
      result += c;
    else if (!result.empty() && result.back() != '-')
      result += '-';
    if (result.size() >= kMostWordBytes) break;
  }
  while (result.ends_with('-')) result.pop_back();
  return result.empty() ? "?" : result;
}

std::string loss_record(const SinkLoss& loss) {
  return fmt::format("op=lost cause={} sink={} events={} first={} last={} total={} res=failed", record_word(loss.cause),
                     record_word(loss.sink), loss.events, loss.first_id, loss.last_id, loss.total);
}

std::string change_record(const SinkChange& change) {
  std::string text = fmt::format("op=sink-state sink={} state={}", record_word(change.sink), record_word(change.state));
  if (!change.cause.empty()) text += " cause=" + record_word(change.cause);
  text += fmt::format(" waiting={}", change.events_waiting);
  if (change.changes > 1) text += fmt::format(" changes={}", change.changes);
  text += change.works ? " res=success" : " res=failed";
  return text;
}

struct Notices::Encoding {
  std::mutex mutex;
  interpret::Names names{interpret::NamesOptions{.entries = 8}};
  formats::EncoderContext context{.names = names, .node = {}, .live = true};
  interpret::DecodedEvent decoded;
};

Notices::Notices(MakeEvent make_event, std::string node)
    : make_event_(std::move(make_event)), encoding_(std::make_unique<Encoding>()) {
  encoding_->context.node = std::move(node);
}

Notices::~Notices() = default;

void Notices::set_node(std::string node) {
  const std::lock_guard lock(encoding_->mutex);
  encoding_->context.node = std::move(node);
}

BatchPtr Notices::make(const config::Sink& sink, const formats::Envelope& envelope, const SinkLoss& loss) {
  const correlate::EventPtr event = make_event_(loss_record(loss));
  auto batch = std::make_shared<Batch>();
  const std::lock_guard lock(encoding_->mutex);
  const auto encoder = formats::make_encoder(sink.format, encoding_->context, sink.format_options, envelope);
  if (encoder->reads_fields())
    encoding_->decoded.decode(*event);
  else
    encoding_->decoded.refer_to(*event);
  encoder->encode(encoding_->decoded, batch->bytes);
  if (batch->bytes.empty()) {
    const auto instead = left_out_encoder(encoding_->context, sink, envelope, loss);
    if (instead == nullptr) return batch;
    encoding_->decoded.decode(*event);
    instead->encode(encoding_->decoded, batch->bytes);
  }
  batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  return batch;
}

}  // namespace naudit::output
