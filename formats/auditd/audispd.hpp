// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string>

#include "formats/auditd/options.hpp"
#include "formats/encoder.hpp"

namespace naudit::formats {

// What auditd writes to its plugins (audisp/audispd.c): the records of an event, each as auditd's line, and at its end
// the EOE record where the kernel sent one, which no log has. auditd writes the records as they come in; here those of
// one event stand together.
class AudispdEncoder final : public Encoder {
 public:
  explicit AudispdEncoder(EncoderContext& context, const EncoderOptions& options = {});
  [[nodiscard]] bool reads_fields() const noexcept override { return lines_->reads_fields(); }
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  const AudispdOptions options_;
  EncoderContext& context_;
  std::unique_ptr<Encoder> lines_;  // raw or enriched
};

// The same for a plugin with `format = binary` (lib/libaudit.h, struct audit_dispatcher_header): before each record
// four words of 32 bits in the host's byte order, which are version, size of the header (16), type of the record, size
// of what follows. In version 0 that is the kernel's text as it is; in version 1, which auditd takes for a record that
// it has put names to or a node before, the line without its newline.
class AudispdBinaryEncoder final : public Encoder {
 public:
  explicit AudispdBinaryEncoder(EncoderContext& context, const EncoderOptions& options = {});
  [[nodiscard]] bool reads_fields() const noexcept override { return lines_.reads_fields(); }
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  const AudispdOptions options_;
  EncoderContext& context_;
  AudispdEncoder lines_;
  std::string scratch_;
};

}  // namespace naudit::formats
