// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/unix/sink.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/text.hpp"
#include "output/backoff.hpp"
#include "output/sinks/net/worker.hpp"
#include "output/sinks/unix/backlog.hpp"
#include "output/sinks/unix/listener.hpp"
#include "output/sinks/unix/options.hpp"

namespace naudit::output {
namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr Retry kRetry{std::chrono::milliseconds{250}, std::chrono::milliseconds{5000}};
constexpr std::size_t kTakeBytes = std::size_t{256} << 10;
constexpr std::size_t kWriteBytes = std::size_t{1} << 20;  // for one reader before the others
constexpr int kSendBuffer = 1 << 20;                       // the longest packet of SOCK_SEQPACKET
constexpr std::chrono::minutes kToldFor{10};
constexpr std::chrono::seconds kAcceptAgain{1};  // when there was no descriptor left
constexpr std::string_view kNoReader = "no reader";
constexpr std::string_view kTooLong = "event too long for a packet";

struct Reader {
  explicit Reader(asio::io_context& loop, int fd) : socket(loop, fd) {}
  stream_descriptor socket;
  Backlog::Place place;
  std::string who;  // "pid 12 (rsyslogd)"
  bool waits = false;
  bool is_open = true;
};
using ReaderPtr = std::shared_ptr<Reader>;

std::string name_of(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return "a reader";
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(peer.pid) + "/comm"), name);
  return "pid " + std::to_string(peer.pid) + (name.empty() ? "" : " (" + base::valid_utf8(name) + ")");
}

class UnixWorker final : public NetworkWorker {
 public:
  UnixWorker(asio::io_context& loop, const config::Sink& sink, gid_t group, SinkHost host, std::uint64_t seed)
      : NetworkWorker(loop, sink, std::move(host)),
        options_(sink.options.as<UnixOptions>()),
        group_(group),
        backoff_(kRetry.first, kRetry.most, seed) {}

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  void listen();
  void wait_for_reader();
  // False: it cannot now, and who wants to read has to wait.
  bool accept_all();
  void watch(const ReaderPtr& reader);
  void on_input(const ReaderPtr& reader);
  // Takes what there is room for. False: nothing, and the wake-up is armed, or somebody has enough to do.
  bool fill(Clock::time_point now);
  // False: it has all, or its socket is full.
  bool write(Reader& reader);
  bool on_unsent(Reader& reader, int code);
  void wait_for_room(const ReaderPtr& reader);
  void remove_closed();
  void cut_off_slow(Clock::time_point now);
  void release();
  void take_done(const Backlog::Done& done);
  void give_up_all(std::string_view cause);

  const UnixOptions options_;
  const gid_t group_;
  Backoff backoff_;
  std::optional<Listener> listener_;
  std::optional<stream_descriptor> acceptor_;  // on a copy of its descriptor
  std::vector<ReaderPtr> readers_;
  Backlog backlog_;
  std::vector<BatchPtr> taken_;
  std::uint64_t cut_off_ = 0;
  bool has_moved_ = false;            // somebody has taken something since
  Clock::time_point behind_since_{};  // epoch: nobody waits
  Clock::time_point told_until_ = Clock::time_point::max();
  Clock::time_point retry_at_{};
  Clock::time_point accept_at_ = Clock::time_point::max();
};

UnixWorker::Clock::time_point UnixWorker::work(Clock::time_point now) {
  if (!listener_ && now >= retry_at_) listen();
  if (listener_ && now >= accept_at_) {
    accept_at_ = Clock::time_point::max();
    wait_for_reader();
  }
  if (now >= told_until_) {
    core().set_flaw("", "");
    told_until_ = Clock::time_point::max();
  }
  remove_closed();
  if (readers_.empty()) {
    if (stopping())
      give_up_all(SinkCore::kStopped);
    else if (options_.without_reader == WithoutReader::kDrop && listener_)
      give_up_all(kNoReader);
    // Arms the wake-up, or there is no place for it yet.
    else
      fill(now);
    if (listener_) core().set_state("waiting for a reader");
    return std::min({told_until_, accept_at_, listener_ ? Clock::time_point::max() : retry_at_});
  }
  bool again = false;
  for (bool filled = fill(now), first = true; first || filled; first = false) {
    again = false;
    for (const ReaderPtr& reader : readers_) again |= write(*reader);
    remove_closed();
    release();
    if (again || readers_.empty()) break;
    filled = fill(now);
  }
  for (const ReaderPtr& reader : readers_)
    if (reader->place != backlog_.end()) wait_for_room(reader);
  const bool is_behind = std::ranges::any_of(readers_, [](const ReaderPtr& reader) { return reader->waits; });
  if (std::exchange(has_moved_, false) || !is_behind) behind_since_ = is_behind ? now : Clock::time_point{};
  if (!readers_.empty()) core().set_busy(behind_since_);
  return again || readers_.empty() ? now : std::min(told_until_, accept_at_);
}

void UnixWorker::listen() {
  std::string problem;
  if (auto opened = Listener::open(options_, group_, problem)) {
    listener_.emplace(std::move(*opened));
  } else {
    retry_at_ = Clock::now() + backoff_.next();
    return core().set_trouble("cannot listen", std::move(problem), retry_at_);
  }
  backoff_.reset();
  acceptor_.emplace(loop(), ::fcntl(listener_->fd(), F_DUPFD_CLOEXEC, 0));
  core().set_ok();
  wait_for_reader();
}

void UnixWorker::wait_for_reader() {
  const std::weak_ptr<UnixWorker> weak = std::static_pointer_cast<UnixWorker>(shared_from_this());
  acceptor_->async_wait(stream_descriptor::wait_read, [weak](const error_code& error) {
    const auto self = weak.lock();
    if (!self || error || !self->acceptor_) return;
    if (self->accept_all())
      self->wait_for_reader();
    else
      self->accept_at_ = Clock::now() + kAcceptAgain;
    self->pump();
  });
}

bool UnixWorker::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_->fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0 && errno == EAGAIN) return true;
    if (fd < 0) {
      core().set_error("cannot accept a reader: " + std::generic_category().message(errno));
      return false;
    }
    remove_closed();
    if (readers_.size() >= options_.readers) {
      core().set_error(name_of(fd) + " was refused: there are " + std::to_string(readers_.size()) + " readers");
      ::close(fd);
      continue;
    }
    (void)::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    const auto reader = std::make_shared<Reader>(loop(), fd);
    reader->who = name_of(fd);
    reader->place = backlog_.beginning();
    readers_.push_back(reader);
    watch(reader);
  }
}

// What a reader sends is read and forgotten: its end shows that way.
void UnixWorker::watch(const ReaderPtr& reader) {
  const std::weak_ptr<UnixWorker> weak = std::static_pointer_cast<UnixWorker>(shared_from_this());
  reader->socket.async_wait(stream_descriptor::wait_read, [weak, reader](const error_code& error) {
    const auto self = weak.lock();
    if (!self || error || !reader->is_open) return;
    self->on_input(reader);
  });
}

void UnixWorker::on_input(const ReaderPtr& reader) {
  std::array<char, 4096> ignored{};
  const ssize_t got = ::recv(reader->socket.native_handle(), ignored.data(), ignored.size(), MSG_DONTWAIT);
  if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return watch(reader);
  reader->is_open = false;
  pump();
}

bool UnixWorker::fill(Clock::time_point now) {
  const bool is_full = backlog_.bytes() >= options_.reader_buffer;
  // Whoever waits for something new must not wait for who is slow. All others have enough to do.
  if (is_full && std::ranges::none_of(readers_, [this](const ReaderPtr& one) { return one->place == backlog_.end(); }))
    return false;
  const std::size_t most = is_full ? 1 : std::min<std::size_t>(kTakeBytes, options_.reader_buffer - backlog_.bytes());
  if (!core().queue().take(most, taken_)) return false;
  for (BatchPtr& batch : taken_) backlog_.add(std::move(batch));
  taken_.clear();
  if (is_full) cut_off_slow(now);
  return true;
}

// True: it would take more, after the others.
bool UnixWorker::write(Reader& reader) {
  std::size_t written = 0;
  while (reader.is_open && !reader.waits && reader.place != backlog_.end()) {
    if (written >= kWriteBytes) return true;
    const Batch& batch = backlog_.at(reader.place);
    std::string_view bytes = std::string_view(batch.bytes).substr(reader.place.byte);
    std::size_t whole = bytes.size();
    if (options_.socket == UnixSocket::kSeqpacket) {
      const auto end = *std::ranges::upper_bound(batch.ends, reader.place.byte);
      whole = end - reader.place.byte;
      bytes = bytes.substr(0, whole);
      if (bytes.ends_with('\n')) bytes.remove_suffix(1);
    }
    const ssize_t done =
        ::send(reader.socket.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL | MSG_EOR);
    if (done < 0) {
      if (on_unsent(reader, errno)) continue;
      return false;
    }
    const std::size_t passed = options_.socket == UnixSocket::kSeqpacket ? whole : static_cast<std::size_t>(done);
    written += passed;
    has_moved_ = true;
    backlog_.advance(reader.place, passed);
  }
  return false;
}

// True: go on with it.
bool UnixWorker::on_unsent(Reader& reader, int code) {
  switch (code) {
    case EINTR:
      return true;
    case EMSGSIZE:
      backlog_.give_up_event(reader.place);
      core().set_error("an event was longer than a packet may be, and is lost");
      return true;
    case EAGAIN:
    case ENOBUFS:
      return false;
    default:
      reader.is_open = false;
      return false;
  }
}

void UnixWorker::wait_for_room(const ReaderPtr& reader) {
  if (std::exchange(reader->waits, true)) return;
  const std::weak_ptr<UnixWorker> weak = std::static_pointer_cast<UnixWorker>(shared_from_this());
  reader->socket.async_wait(stream_descriptor::wait_write, [weak, reader](const error_code& error) {
    reader->waits = false;
    const auto self = weak.lock();
    if (self && !error && reader->is_open) self->pump();
  });
}

void UnixWorker::remove_closed() {
  std::erase_if(readers_, [](const ReaderPtr& reader) {
    if (reader->is_open) return false;
    error_code ignored;
    reader->socket.close(ignored);
    return true;
  });
}

// Those whose place keeps the oldest batch here.
void UnixWorker::cut_off_slow(Clock::time_point now) {
  for (const ReaderPtr& reader : readers_) {
    if (!backlog_.is_in_oldest(reader->place)) continue;
    reader->is_open = false;
    ++cut_off_;
    core().set_flaw("a slow reader was cut off", reader->who + " was " + std::to_string(backlog_.bytes()) +
                                                     " bytes behind; " + base::count_text(cut_off_, "reader") +
                                                     " so far");
    told_until_ = now + kToldFor;
  }
  remove_closed();
  release();
}

void UnixWorker::release() {
  if (readers_.empty()) return;
  const auto least = std::ranges::min_element(
      readers_, [](const ReaderPtr& left, const ReaderPtr& right) { return left->place < right->place; });
  take_done(backlog_.release((*least)->place));
}

void UnixWorker::take_done(const Backlog::Done& done) {
  if (done.bytes == 0) return;
  core().count_delivered(done.events, done.event_bytes);
  core().count_lost(kTooLong, done.lost.events, done.lost.first_id, done.lost.last_id);
  core().told(done.told);
  core().untold(done.untold);
  core().queue().release(done.bytes);
}

// What somebody has got of it is delivered.
void UnixWorker::give_up_all(std::string_view cause) {
  do {
    InHand rest;
    take_done(backlog_.give_up(rest));
    if (rest.empty()) continue;
    const InHand::Portion& portion = rest.select_all();
    const std::size_t bytes = portion.bytes;
    core().lost(cause, portion);
    core().queue().release(bytes);
  } while (fill(Clock::now()));
}

void UnixWorker::end() {
  error_code ignored;
  for (const ReaderPtr& reader : readers_) reader->is_open = false;
  remove_closed();
  if (acceptor_) acceptor_->close(ignored);
  acceptor_.reset();
  listener_.reset();
  InHand rest;
  take_done(backlog_.give_up(rest));
  const std::size_t bytes = rest.bytes();
  core().lost(SinkCore::kStopped, rest.select_all());
  core().queue().release(bytes);
}

}  // namespace

std::unique_ptr<Sink> make_unix_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  return std::make_unique<NetworkSink>(
      std::make_shared<UnixWorker>(network.loop(), sink, unix_group(sink), std::move(host), seed));
}

}  // namespace naudit::output
