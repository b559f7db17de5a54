// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>

#include "config/config.hpp"

namespace boost::asio::ssl {
class context;  // NOLINT(readability-identifier-naming): Asio's
}

namespace naudit::daemon {

// The TLS of a source: reads its files. Null if it has none. Throws base::Error that names the source, the option, the
// file ("source 'fleet': tls.ca: …").
std::shared_ptr<boost::asio::ssl::context> tls_context_of(const config::Source& source);

}  // namespace naudit::daemon
