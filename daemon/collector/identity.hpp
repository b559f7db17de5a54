// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace naudit::daemon {

// Who a client is, as far as that is known without its own word, and for which machines it may speak.
//
// With TLS the names of its certificate say so: the DNS names of its subjectAltName, else its common name. It speaks
// for a machine of such a name, in any case of letters, or of the first part of one; the event then has the name as the
// certificate has it, and the first of them where it names none. Without TLS it speaks for whomever it says; its
// address stands for a name that is missing. In the name of this machine nobody speaks but its own kernel, and a relay
// of this source may speak for all others. A value; pure.
class Identity {
 public:
  // `certificate`: its names; empty: there is none. `own`: what this machine is called.
  Identity(std::string address, std::vector<std::string> certificate, const config::Source& source,
           const std::vector<std::string>& own);

  // The name for an event that says to be of `node` (empty: it says nothing); none: that is not its business.
  [[nodiscard]] std::optional<std::string_view> node(std::string_view node) const;
  // "web1.example (192.0.2.7)", or the address alone.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string address_;
  std::vector<std::string> names_;
  std::vector<std::string> own_;
  std::string text_;
  bool is_relay_ = false;
};

// Whether one of a certificate's names is among those that are allowed, where "*.example.org" is all that end so. Pure.
bool is_allowed(const std::vector<std::string>& certificate, const std::vector<std::string>& allowed);

}  // namespace naudit::daemon
