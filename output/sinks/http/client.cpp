// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/client.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>
#include <openssl/x509.h>

#include "base/error.hpp"
#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/tcp_socket.hpp"
#include "output/sinks/net/tls_context.hpp"

namespace naudit::output {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr int kUserTimeouts = 3;  // times the time-out: how long a peer may take no data

struct EndMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct EndEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

// Once in the process, before the first thread uses libcurl.
void prepare_curl() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw base::Error(std::string("libcurl does not start: ") + curl_easy_strerror(ready));
  // Debian's has the threaded resolver. Without one of the two kinds every look-up would stop the loop, and with it
  // every other network sink.
  if ((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS) == 0)
    throw base::Error("this libcurl resolves names while everything else waits (no AsynchDNS); use Debian's");
}

// Without the port that the scheme implies.
std::string host_field(const Url& url) {
  const std::string text = endpoint_text(url.endpoint);
  const bool usual = url.endpoint.port == (url.tls ? 443 : 80);
  return usual ? text.substr(0, text.rfind(':')) : text;
}

// A socket of libcurl's while the loop watches it for libcurl, which opens and closes it.
struct Watch {
  Watch(boost::asio::io_context& loop, curl_socket_t number) : descriptor(loop), socket(number) {}
  stream_descriptor descriptor;
  const curl_socket_t socket;
  int wanted = 0;   // CURL_POLL_IN, CURL_POLL_OUT, or both
  int waiting = 0;  // which of the two the loop has been asked for
};

// A time at which something has to be looked at. Most requests end long before theirs, and a timer that is set and
// cancelled for each costs more than the rest of the request: so the loop's timer is touched only if it would wake too
// late, and one that wakes too early is set again.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  Deadline(boost::asio::io_context& loop, std::function<void()> on_due) : timer_(loop), on_due_(std::move(on_due)) {}

  // `alive`: who is asked; the callback is not called once it is gone.
  void set(Clock::time_point due, const std::weak_ptr<void>& alive) {
    due_ = due;
    if (due_ < wakes_) wait(alive);
  }
  void clear() noexcept { due_ = Clock::time_point::max(); }
  void cancel() {
    clear();
    timer_.cancel();
  }

 private:
  void wait(const std::weak_ptr<void>& alive) {
    wakes_ = due_;
    timer_.expires_at(due_);
    timer_.async_wait([this, alive](const error_code& error) {
      if (error) return;
      if (const auto owner = alive.lock()) wake(alive);
    });
  }
  void wake(const std::weak_ptr<void>& alive) {
    if (timer_.expiry() > Clock::now()) return;  // it was set again when this was already on its way
    wakes_ = Clock::time_point::max();
    if (due_ == Clock::time_point::max()) return;
    if (due_ > Clock::now()) return wait(alive);
    clear();
    on_due_();
  }

  boost::asio::steady_timer timer_;
  const std::function<void()> on_due_;
  Clock::time_point due_ = Clock::time_point::max();    // max: nothing is due
  Clock::time_point wakes_ = Clock::time_point::max();  // max: the loop does not wait
};

}  // namespace

class HttpClient::Transfer : public std::enable_shared_from_this<Transfer> {
 public:
  Transfer(boost::asio::io_context& loop, Options options);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() { close(); }

  void send(HttpRequest request, const HttpCredentials& credentials, Done done);
  void close();

 private:
  // What libcurl calls. None of them may throw through it.
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept;
  static int on_timer(CURLM*, long milliseconds, void* self) noexcept;
  static int on_socket_made(void* self, curl_socket_t socket, curlsocktype) noexcept;
  static CURLcode on_tls(CURL*, void* context, void* self) noexcept;
  static int on_connected(void* self, char*, char*, int, int) noexcept;
  static int on_debug(CURL*, curl_infotype what, char* data, std::size_t size, void* self) noexcept;
  static std::size_t on_upload(char* buffer, std::size_t size, std::size_t count, void* self) noexcept;
  static int on_rewind(void* self, curl_off_t offset, int origin) noexcept;
  static std::size_t on_head(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  template <typename Value>
  void set(CURLoption option, Value value);
  template <typename Value>
  void set_multi(CURLMoption option, Value value);
  void set_server();
  void set_target(const std::string& target);
  void start();
  void watch(curl_socket_t socket, int what);
  void unwatch(curl_socket_t socket);
  void await(const std::shared_ptr<Watch>& watch);
  void start_timer(long milliseconds);
  void drive(curl_socket_t socket, int ready);
  void on_ended(CURLcode code);
  void on_timeout();
  [[nodiscard]] bool sends_too_much(curl_socket_t socket);
  bool follow();
  void finish(const HttpOutcome& outcome);
  [[nodiscard]] HttpOutcome outcome(CURLcode code) const;
  [[nodiscard]] std::string describe(CURLcode code) const;

  boost::asio::io_context& loop_;
  const Options options_;
  Deadline timer_;     // libcurl's
  Deadline deadline_;  // for the request with its reply
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  List headers_;
  List connect_to_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  std::unique_ptr<CURLM, EndMulti> multi_;  // null after close()
  std::unique_ptr<CURL, EndEasy> easy_;

  // The request
  std::vector<std::string_view> pieces_;
  std::shared_ptr<const void> owner_;
  Done done_;
  std::size_t piece_ = 0;   // what goes out next,
  std::size_t offset_ = 0;  // and from which of its bytes
  int redirects_ = 0;
  bool connected_ = false;

  // The reply
  std::string reason_;
  std::string body_;
  std::size_t head_size_ = 0;
  std::size_t body_size_ = 0;
  curl_socket_t source_ = CURL_SOCKET_BAD;  // where it comes from,
  std::uint64_t received_before_ = 0;       // and what had come over it before
  std::string_view excess_;                 // of what there was more than we take
  bool has_head_ = false;
};

template <typename Value>
void HttpClient::Transfer::set(CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK) throw base::Error(std::string("this libcurl is not usable: ") + curl_easy_strerror(code));
}

template <typename Value>
void HttpClient::Transfer::set_multi(CURLMoption option, Value value) {
  const CURLMcode code = curl_multi_setopt(multi_.get(), option, value);
  if (code != CURLM_OK) throw base::Error(std::string("this libcurl is not usable: ") + curl_multi_strerror(code));
}

HttpClient::Transfer::Transfer(boost::asio::io_context& loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      timer_(loop, [this] { drive(CURL_SOCKET_TIMEOUT, 0); }),
      deadline_(loop, [this] { on_timeout(); }) {
  prepare_curl();
  multi_.reset(curl_multi_init());
  easy_.reset(curl_easy_init());
  if (!multi_ || !easy_) throw std::bad_alloc();
  set_multi(CURLMOPT_SOCKETDATA, this);
  set_multi(CURLMOPT_SOCKETFUNCTION, &Transfer::on_socket);
  set_multi(CURLMOPT_TIMERDATA, this);
  set_multi(CURLMOPT_TIMERFUNCTION, &Transfer::on_timer);

  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  // A thread that still resolves is left to itself. Without this a time-out and close() would wait for it (until
  // libcurl 8: Curl_resolver_kill in lib/asyn-thread.c).
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  set(CURLOPT_SOCKOPTDATA, this);
  set(CURLOPT_SOCKOPTFUNCTION, &Transfer::on_socket_made);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_READFUNCTION, &Transfer::on_upload);
  set(CURLOPT_SEEKDATA, this);
  set(CURLOPT_SEEKFUNCTION, &Transfer::on_rewind);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_head);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_USERAGENT, "nauditd/" NAUDIT_VERSION);
  set(CURLOPT_POST, 1L);
  set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  set(CURLOPT_HTTP_VERSION,
      long{options_.version == HttpVersion::kAuto ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1});
  // Empty: what the environment of the process names does not decide where events go.
  set(CURLOPT_PROXY, options_.proxy ? ("http://" + endpoint_text(*options_.proxy)).c_str() : "");
  set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // what a proxy says is no reply
  if (options_.on_head) {
    set(CURLOPT_DEBUGDATA, this);
    set(CURLOPT_DEBUGFUNCTION, &Transfer::on_debug);
    set(CURLOPT_VERBOSE, 1L);
  }
  set_server();
}

void HttpClient::Transfer::set_server() {
  set(CURLOPT_PROTOCOLS_STR, options_.url.tls ? "https" : "http");
  set(CURLOPT_PATH_AS_IS, 1L);
  if (!options_.url.tls) return;
  // Authorities and certificates come ready from on_tls; libcurl is to read no file of its own.
  set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
  set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  set(CURLOPT_CA_CACHE_TIMEOUT, 0L);
  set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set(CURLOPT_SSL_VERIFYPEER, options_.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, options_.verify ? 2L : 0L);
  set(CURLOPT_SSL_CTX_DATA, this);
  set(CURLOPT_SSL_CTX_FUNCTION, &Transfer::on_tls);
  // libcurl verifies the url's host: so that is the name, and where to connect to stands beside it.
  if (options_.server_name.empty()) return;
  append(connect_to_, "::" + endpoint_text(options_.url.endpoint));
  set(CURLOPT_CONNECT_TO, connect_to_.get());
}

void HttpClient::Transfer::set_target(const std::string& target) {
  Endpoint server = options_.url.endpoint;
  if (options_.url.tls && !options_.server_name.empty()) server.host = options_.server_name;
  const std::string url = (options_.url.tls ? "https://" : "http://") + endpoint_text(server) + target;
  set(CURLOPT_URL, url.c_str());
}

void HttpClient::Transfer::send(HttpRequest request, const HttpCredentials& credentials, Done done) {
  pieces_ = std::move(request.pieces);
  owner_ = std::move(request.owner);
  done_ = std::move(done);
  redirects_ = 0;
  curl_off_t size = 0;
  for (const std::string_view piece : pieces_) size += static_cast<curl_off_t>(piece.size());
  set(CURLOPT_POSTFIELDSIZE_LARGE, size);
  // In one piece it goes out in one write with the head; libcurl does not copy it.
  set(CURLOPT_POSTFIELDS, pieces_.size() == 1 ? pieces_.front().data() : static_cast<const char*>(nullptr));
  List headers;
  append(headers, "Content-Type: " + options_.content_type);
  append(headers, "Host: " + host_field(options_.url));
  append(headers, "Expect:");  // no round trip before a large body
  if (!credentials.token.empty()) append(headers, "Authorization: " + credentials.scheme + ' ' + credentials.token);
  for (const std::string& header : request.headers) append(headers, header);
  for (const std::string& header : credentials.headers) append(headers, header);
  const bool basic = !credentials.user.empty();
  set(CURLOPT_USERNAME, basic ? credentials.user.c_str() : static_cast<const char*>(nullptr));
  set(CURLOPT_PASSWORD, basic ? credentials.password.c_str() : static_cast<const char*>(nullptr));
  set(CURLOPT_HTTPHEADER, headers.get());
  headers_ = std::move(headers);
  set_target(request.target.empty() ? options_.url.target : request.target);
  start();
}

void HttpClient::Transfer::start() {
  piece_ = 0;
  offset_ = 0;
  connected_ = false;
  reason_.clear();
  body_.clear();
  head_size_ = 0;
  body_size_ = 0;
  source_ = CURL_SOCKET_BAD;
  excess_ = {};
  has_head_ = false;
  words_.front() = '\0';
  if (curl_multi_add_handle(multi_.get(), easy_.get()) == CURLM_OK) return;
  boost::asio::post(loop_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_ended(CURLE_OUT_OF_MEMORY);
  });
}

int HttpClient::Transfer::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  if (what == CURL_POLL_REMOVE)
    static_cast<Transfer*>(self)->unwatch(socket);
  else
    static_cast<Transfer*>(self)->watch(socket, what);
  return 0;
}

void HttpClient::Transfer::watch(curl_socket_t socket, int what) {
  std::shared_ptr<Watch>& watch = watches_[socket];
  if (!watch) {
    watch = std::make_shared<Watch>(loop_, socket);
    error_code failed;
    watch->descriptor.assign(socket, failed);
    // Without the loop's eyes on it the transfer ends by its time-out.
    if (failed) return unwatch(socket);
  }
  watch->wanted = what & CURL_POLL_INOUT;
  await(watch);
}

void HttpClient::Transfer::unwatch(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  found->second->wanted = 0;
  if (found->second->descriptor.is_open()) found->second->descriptor.release();
  watches_.erase(found);
}

void HttpClient::Transfer::await(const std::shared_ptr<Watch>& watch) {
  for (const int way : {CURL_POLL_IN, CURL_POLL_OUT}) {
    if ((watch->wanted & way) == 0 || (watch->waiting & way) != 0) continue;
    watch->waiting |= way;
    const auto kind = way == CURL_POLL_IN ? stream_descriptor::wait_read : stream_descriptor::wait_write;
    watch->descriptor.async_wait(kind, [weak = weak_from_this(), watch, way](const error_code& error) {
      watch->waiting &= ~way;
      if ((watch->wanted & way) == 0) return;
      const int ready = way == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
      if (const auto self = weak.lock()) self->drive(watch->socket, error ? CURL_CSELECT_ERR : ready);
    });
  }
}

int HttpClient::Transfer::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  static_cast<Transfer*>(self)->start_timer(milliseconds);
  return 0;
}

void HttpClient::Transfer::start_timer(long milliseconds) {
  timer_.clear();
  if (milliseconds > 0)
    timer_.set(Deadline::Clock::now() + std::chrono::milliseconds{milliseconds}, weak_from_this());
  else if (milliseconds == 0)
    boost::asio::post(loop_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->drive(CURL_SOCKET_TIMEOUT, 0);
    });
}

void HttpClient::Transfer::drive(curl_socket_t socket, int ready) {
  if (!multi_) return;
  if (done_ && sends_too_much(socket)) return on_ended(CURLE_RECV_ERROR);
  int running = 0;
  curl_multi_socket_action(multi_.get(), socket, ready, &running);
  for (const auto& [number, watch] : watches_) await(watch);
  std::optional<CURLcode> ended;
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left))
    if (message->msg == CURLMSG_DONE) ended = message->data.result;
  if (ended) on_ended(*ended);
}

// libcurl bounds what it keeps, but skips some things without an end: extensions of chunks, for one. So what comes is
// counted where it comes in.
bool HttpClient::Transfer::sends_too_much(curl_socket_t socket) {
  if (socket == CURL_SOCKET_TIMEOUT) return false;
  const std::uint64_t received = tcp_read(socket);
  if (socket != source_) {
    source_ = socket;
    received_before_ = received;
    return false;
  }
  std::uint64_t most = kBesideMost + kBesideTimes * std::uint64_t{body_size_};
  // HTTP/2 has nothing that goes on without an end but frames, which nghttp2 bounds; libcurl reads a body ahead there.
  if (options_.version != HttpVersion::kOne) most += kBodyMost;
  // The number may be a little too small, and so smaller than the one before.
  if (received <= received_before_ + most) return false;
  excess_ = "much that is no reply";
  return true;
}

int HttpClient::Transfer::on_socket_made(void* self, curl_socket_t socket, curlsocktype) noexcept {
  tune_tcp(socket, Keepalive{}, static_cast<Transfer*>(self)->options_.timeout * kUserTimeouts);
  return CURL_SOCKOPT_OK;
}

CURLcode HttpClient::Transfer::on_tls(CURL*, void* context, void* self) noexcept {
  const Options& options = static_cast<Transfer*>(self)->options_;
  const std::string& name = options.server_name.empty() ? options.url.endpoint.host : options.server_name;
  const bool done = copy_tls(*options.tls, static_cast<ssl_ctx_st*>(context), options.verify ? name : std::string());
  return done ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

int HttpClient::Transfer::on_connected(void* self, char*, char*, int, int) noexcept {
  auto* const transfer = static_cast<Transfer*>(self);
  transfer->connected_ = true;
  transfer->deadline_.set(Deadline::Clock::now() + transfer->options_.timeout, transfer->weak_from_this());
  return CURL_PREREQFUNC_OK;
}

int HttpClient::Transfer::on_debug(CURL*, curl_infotype what, char* data, std::size_t size, void* self) noexcept {
  const bool is_head = what == CURLINFO_HEADER_OUT || what == CURLINFO_HEADER_IN;
  if (is_head) static_cast<Transfer*>(self)->options_.on_head(what == CURLINFO_HEADER_OUT ? '>' : '<', {data, size});
  return 0;
}

std::size_t HttpClient::Transfer::on_upload(char* buffer, std::size_t size, std::size_t count, void* self) noexcept {
  auto* const transfer = static_cast<Transfer*>(self);
  const std::size_t room = size * count;
  std::size_t used = 0;
  while (used < room && transfer->piece_ < transfer->pieces_.size()) {
    const std::string_view rest = transfer->pieces_[transfer->piece_].substr(transfer->offset_);
    const std::size_t taken = std::min(rest.size(), room - used);
    std::memcpy(buffer + used, rest.data(), taken);
    used += taken;
    transfer->offset_ += taken;
    if (taken < rest.size()) break;
    ++transfer->piece_;
    transfer->offset_ = 0;
  }
  return used;
}

int HttpClient::Transfer::on_rewind(void* self, curl_off_t offset, int origin) noexcept {
  if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(self)->piece_ = 0;
  static_cast<Transfer*>(self)->offset_ = 0;
  return CURL_SEEKFUNC_OK;
}

std::size_t HttpClient::Transfer::on_head(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto* const transfer = static_cast<Transfer*>(self);
  const std::string_view line(data, size * count);
  transfer->head_size_ += line.size();
  if (transfer->head_size_ > kHeadMost) {
    transfer->excess_ = "a head of more than 16 KiB";
    return 0;
  }
  if (line.starts_with("HTTP/")) transfer->reason_ = reason_in(line);
  if (line != "\r\n" && line != "\n") return line.size();
  // 1xx announces the real reply (RFC 9110, section 15.2).
  long status = 0;
  curl_easy_getinfo(transfer->easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  transfer->has_head_ = status >= 200;
  return line.size();
}

std::size_t HttpClient::Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto* const transfer = static_cast<Transfer*>(self);
  const std::size_t came = size * count;
  transfer->body_.append(data, std::min(came, transfer->options_.body_kept - transfer->body_.size()));
  transfer->body_size_ += came;
  if (transfer->body_size_ <= kBodyMost) return came;
  transfer->excess_ = "a body of more than 4 MiB";
  return 0;
}

void HttpClient::Transfer::on_timeout() {
  if (!done_) return;
  HttpOutcome silence;
  silence.error = endpoint_text(options_.url.endpoint) + " did not answer within " +
                  std::to_string(options_.timeout.count()) + " ms";
  finish(silence);
}

void HttpClient::Transfer::on_ended(CURLcode code) {
  if (!done_) return;
  if (code == CURLE_OK && follow()) return;
  finish(outcome(code));
}

bool HttpClient::Transfer::follow() {
  long status = 0;
  char* location = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &location);
  if (location == nullptr || redirects_ >= kRedirectsMost) return false;
  auto target = redirect_target(static_cast<int>(status), options_.url, location);
  if (!target && !options_.server_name.empty()) {
    // A relative one, which libcurl has completed with the name that it verifies.
    Url named = options_.url;
    named.endpoint.host = options_.server_name;
    target = redirect_target(static_cast<int>(status), named, location);
  }
  if (!target) return false;
  ++redirects_;
  deadline_.clear();
  curl_multi_remove_handle(multi_.get(), easy_.get());
  set_target(*target);
  start();
  return true;
}

HttpOutcome HttpClient::Transfer::outcome(CURLcode code) const {
  HttpOutcome result;
  if (code != CURLE_OK || !has_head_) result.error = describe(code);
  // With a whole head the server has decided, whatever became of the body.
  if (!has_head_) return result;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  result.status = static_cast<int>(status);
  result.reason = reason_;
  const auto header = [this](const char* name) -> std::string {
    curl_header* found = nullptr;
    return curl_easy_header(easy_.get(), name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value : "";
  };
  result.retry_after = header("Retry-After");
  if (!options_.header_kept.empty()) result.header = header(options_.header_kept.c_str());
  result.body = body_;
  return result;
}

std::string HttpClient::Transfer::describe(CURLcode code) const {
  const std::string proxy = options_.proxy ? " by the proxy " + endpoint_text(*options_.proxy) : "";
  const std::string server = endpoint_text(options_.url.endpoint) + proxy;
  if (!excess_.empty()) return server + " sent " + std::string(excess_);
  long verified = X509_V_OK;
  curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
  if (code == CURLE_PEER_FAILED_VERIFICATION && verified != X509_V_OK)
    return server + ": its certificate is refused: " + refusal_text(verified);
  const std::string words = words_.front() != '\0' ? words_.data() : curl_easy_strerror(code);
  return (connected_ ? "no reply from " : "cannot connect to ") + server + ": " + words;
}

void HttpClient::Transfer::finish(const HttpOutcome& outcome) {
  deadline_.clear();
  curl_multi_remove_handle(multi_.get(), easy_.get());
  owner_.reset();
  pieces_.clear();
  // It may send the next request, or close.
  const Done done = std::exchange(done_, {});
  done(outcome);
}

void HttpClient::Transfer::close() {
  if (!multi_) return;
  done_ = {};
  timer_.cancel();
  deadline_.cancel();
  while (!watches_.empty()) unwatch(watches_.begin()->first);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, nullptr);
  curl_multi_remove_handle(multi_.get(), easy_.get());
  easy_.reset();
  multi_.reset();
}

HttpClient::HttpClient(boost::asio::io_context& loop, Options options)
    : transfer_(std::make_shared<Transfer>(loop, std::move(options))) {}
HttpClient::~HttpClient() = default;

void HttpClient::send(HttpRequest request, const HttpCredentials& credentials, Done done) {
  transfer_->send(std::move(request), credentials, std::move(done));
}

void HttpClient::close() {
  transfer_->close();
}

}  // namespace naudit::output
