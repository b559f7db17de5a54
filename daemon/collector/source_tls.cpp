// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/source_tls.hpp"

#include <boost/asio/ssl/context.hpp>

#include "output/sinks/net/tls_context.hpp"

namespace naudit::daemon {

std::shared_ptr<boost::asio::ssl::context> tls_context_of(const config::Source& source) {
  if (!source.tls.enabled) return nullptr;
  output::Tls tls;
  tls.enabled = true;
  tls.ca = source.tls.ca;
  tls.certificate = source.tls.certificate;
  tls.key = source.tls.key;
  tls.crl = source.tls.crl;
  tls.fingerprints = source.tls.fingerprints;
  return output::make_tls_server_context("source '" + source.name + "'", tls);
}

}  // namespace naudit::daemon
