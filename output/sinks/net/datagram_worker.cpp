// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/datagram_worker.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/datagram_protocol.hpp>

#include "base/descriptor.hpp"
#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/framing.hpp"
#include "output/sinks/net/worker.hpp"

namespace naudit::output {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::generic::datagram_protocol;

constexpr std::size_t kAtOnce = 64;  // messages for one system call
constexpr int kRounds = 16;          // of those before the other sinks of the loop
constexpr std::size_t kTakeBytes = std::size_t{256} << 10;
constexpr int kSendBuffer = 8 << 20;                 // the longest datagram of a unix socket (net/unix/af_unix.c)
constexpr std::chrono::milliseconds kLookAgain{10};  // a device whose queue is full tells nobody when it has room
constexpr std::string_view kTooLong = "message too long";

class DatagramWorker final : public NetworkWorker {
 public:
  DatagramWorker(asio::io_context& loop, const config::Sink& sink, DatagramOptions options, SinkHost host,
                 std::uint64_t seed)
      : NetworkWorker(loop, sink, std::move(host)),
        options_(std::move(options)),
        order_(options_.endpoints.size(), options_.hosts, seed),
        backoff_(options_.retry.first, options_.retry.most, seed),
        resolver_(loop),
        socket_(loop) {}

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  void connect();
  void open(const Protocol::endpoint& peer);
  void on_broken(const std::string& why);
  bool fetch();
  // How the kernel's answer leaves it.
  enum class Sent : std::uint8_t { kMore, kFull, kNoBuffers, kBroken };
  Sent send();
  void wait_for_room();
  void advance(std::size_t bytes);
  void give_up_message();
  Sent send_file();
  [[nodiscard]] std::string_view message_at(std::size_t byte) const;  // of the first batch
  [[nodiscard]] std::size_t after(std::size_t byte) const;            // where the one behind it begins
  void commit();
  [[nodiscard]] const Endpoint& endpoint() const { return options_.endpoints[current_]; }
  // The event that the byte belongs to.
  [[nodiscard]] static std::size_t event_at(const Batch& batch, std::size_t byte) {
    return static_cast<std::size_t>(std::upper_bound(batch.ends.begin(), batch.ends.end(), byte) - batch.ends.begin());
  }

  const DatagramOptions options_;
  HostOrder order_;
  Backoff backoff_;
  asio::ip::udp::resolver resolver_;
  Protocol::socket socket_;
  std::vector<BatchPtr> taken_;
  std::deque<BatchPtr> hand_;
  std::size_t sent_ = 0;          // bytes of the first one
  std::size_t lost_ = 0;          // events of it
  std::size_t last_lost_ = 0;     // the last of them, counted from 1
  std::uint64_t cut_ = 0;         // messages
  std::size_t current_ = 0;       // of the endpoints
  std::uint64_t generation_ = 0;  // of the socket: what comes from an older one is not heard
  Clock::time_point retry_at_{};
  bool resolving_ = false;
  bool open_ = false;
  bool full_ = false;  // waits for room
};

DatagramWorker::Clock::time_point DatagramWorker::work(Clock::time_point now) {
  if (!open_) {
    if (resolving_) return Clock::time_point::max();
    if (now < retry_at_) return retry_at_;
    connect();
    if (!open_) return resolving_ ? Clock::time_point::max() : retry_at_;
  }
  if (full_) return Clock::time_point::max();
  for (int round = 0; round < kRounds; ++round) {
    if (!fetch()) {
      core().set_ok();
      return Clock::time_point::max();
    }
    switch (send()) {
      case Sent::kMore:
        break;
      case Sent::kFull:
        core().set_busy(now);
        wait_for_room();
        return Clock::time_point::max();
      case Sent::kNoBuffers:
        return now + kLookAgain;
      case Sent::kBroken:
        return retry_at_;
    }
  }
  return now;
}

void DatagramWorker::connect() {
  core().set_state("connecting");
  current_ = order_.next();
  if (is_local(endpoint())) return open(asio::local::datagram_protocol::endpoint(endpoint().host));
  resolving_ = true;
  const std::weak_ptr<DatagramWorker> weak = std::static_pointer_cast<DatagramWorker>(shared_from_this());
  resolver_.async_resolve(
      endpoint().host, std::to_string(endpoint().port), asio::ip::udp::resolver::numeric_service,
      [weak](const error_code& error, const asio::ip::udp::resolver::results_type& found) {
        const auto self = weak.lock();
        if (!self || error == asio::error::operation_aborted) return;
        self->resolving_ = false;
        if (error || found.empty())
          self->on_broken("cannot resolve " + endpoint_text(self->endpoint()) + ": " + error.message());
        else
          self->open(found.begin()->endpoint());
        self->pump();
      });
}

void DatagramWorker::open(const Protocol::endpoint& peer) {
  error_code error;
  socket_.open(peer.protocol(), error);
  if (!error) socket_.native_non_blocking(true, error);
  if (!error) socket_.connect(peer, error);
  if (error) return on_broken("cannot connect to " + endpoint_text(endpoint()) + ": " + error.message());
  error_code ignored;  // a smaller buffer takes shorter messages
  if (is_local(endpoint())) socket_.set_option(asio::socket_base::send_buffer_size(kSendBuffer), ignored);
  open_ = true;
  core().set_ok();
}

void DatagramWorker::on_broken(const std::string& why) {
  error_code ignored;
  socket_.close(ignored);
  ++generation_;
  open_ = full_ = false;
  const Clock::time_point now = Clock::now();
  retry_at_ = order_.is_round_over() ? now + backoff_.next() : now;
  core().set_trouble("disconnected", why, retry_at_);
}

bool DatagramWorker::fetch() {
  if (!hand_.empty()) return true;
  if (!core().queue().take(kTakeBytes, taken_)) return false;
  for (BatchPtr& batch : taken_) hand_.push_back(std::move(batch));
  taken_.clear();
  return true;
}

DatagramWorker::Sent DatagramWorker::send() {
  const std::string_view bytes = hand_.front()->bytes;
  std::array<mmsghdr, kAtOnce> messages{};
  std::array<iovec, kAtOnce> pieces{};
  std::array<std::size_t, kAtOnce> ends{};
  std::array<bool, kAtOnce> is_cut{};
  unsigned count = 0;
  for (std::size_t at = sent_; at < bytes.size() && count < kAtOnce; ++count) {
    const std::string_view whole = message_at(at);
    const std::string_view message = cut_to(whole, options_.most);
    is_cut[count] = message.size() < whole.size();
    pieces[count] = {const_cast<char*>(message.data()), message.size()};  // NOLINT: sendmmsg() only reads it
    messages[count].msg_hdr.msg_iov = &pieces[count];
    messages[count].msg_hdr.msg_iovlen = 1;
    at = after(at);
    ends[count] = at;
  }
  const int done = ::sendmmsg(socket_.native_handle(), messages.data(), count, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (done > 0) {
    order_.worked();
    backoff_.reset();
    const auto cut = static_cast<std::uint64_t>(std::count(is_cut.begin(), is_cut.begin() + done, true));
    if (cut > 0) {
      cut_ += cut;
      core().set_flaw("messages cut",
                      std::to_string(cut_) + " were longer than " + std::to_string(options_.most) + " bytes");
    }
    advance(ends[static_cast<std::size_t>(done) - 1]);
    return Sent::kMore;
  }
  const int code = errno;
  if (code == EINTR) return Sent::kMore;
  if (code == EAGAIN) return Sent::kFull;
  // A datagram that is too large for the memory of one is refused in either way.
  if (code == EMSGSIZE || (code == ENOBUFS && options_.in_files)) return send_file();
  if (code == ENOBUFS) return Sent::kNoBuffers;
  on_broken("cannot send to " + endpoint_text(endpoint()) + ": " + std::generic_category().message(code));
  return Sent::kBroken;
}

void DatagramWorker::wait_for_room() {
  full_ = true;
  const std::weak_ptr<DatagramWorker> weak = std::static_pointer_cast<DatagramWorker>(shared_from_this());
  socket_.async_wait(Protocol::socket::wait_write, [weak, generation = generation_](const error_code&) {
    const auto self = weak.lock();
    if (!self || self->generation_ != generation) return;
    self->full_ = false;
    self->pump();
  });
}

void DatagramWorker::advance(std::size_t bytes) {
  sent_ = bytes;
  if (sent_ >= hand_.front()->bytes.size()) commit();
}

// The event with it: what its other messages say is not the event.
void DatagramWorker::give_up_message() {
  const Batch& batch = *hand_.front();
  const std::size_t event = event_at(batch, sent_);
  if (last_lost_ != event + 1) {
    last_lost_ = event + 1;
    ++lost_;
    if (!batch.tells) core().count_lost(kTooLong, 1, batch.first_id, batch.last_id);
  }
  core().set_error("a message was longer than the socket takes, and its event is lost");
  advance(after(sent_));
}

// As systemd's journal takes it (sd_journal_sendv): the descriptor alone, of a file that nobody can change any more.
DatagramWorker::Sent DatagramWorker::send_file() {
  if (!options_.in_files) {
    give_up_message();
    return Sent::kMore;
  }
  const base::Descriptor file(::memfd_create("naudit-event", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  std::string_view rest = message_at(sent_);
  while (file && !rest.empty()) {
    const ssize_t done = ::write(file.get(), rest.data(), rest.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
  constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  // Out of memory or descriptors: that passes.
  if (!rest.empty() || ::fcntl(file.get(), F_ADD_SEALS, kSeals) != 0) return Sent::kNoBuffers;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int fd = file.get();
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
    advance(after(sent_));
    return Sent::kMore;
  }
  const int code = errno;
  if (code == EINTR) return Sent::kMore;
  if (code == EAGAIN) return Sent::kFull;
  if (code == ENOBUFS || code == ETOOMANYREFS) return Sent::kNoBuffers;
  on_broken("cannot send to " + endpoint_text(endpoint()) + ": " + std::generic_category().message(code));
  return Sent::kBroken;
}

std::string_view DatagramWorker::message_at(std::size_t byte) const {
  const Batch& batch = *hand_.front();
  const std::string_view bytes = batch.bytes;
  if (options_.unit == Message::kEvent) return bytes.substr(byte, batch.ends[event_at(batch, byte)] - byte);
  return bytes.substr(byte, std::min(bytes.find('\n', byte), bytes.size()) - byte);
}

std::size_t DatagramWorker::after(std::size_t byte) const {
  const std::size_t end = byte + message_at(byte).size();
  return options_.unit == Message::kEvent ? end : std::min(end + 1, hand_.front()->bytes.size());
}

void DatagramWorker::commit() {
  const BatchPtr batch = std::move(hand_.front());
  hand_.pop_front();
  if (!batch->tells)
    core().count_delivered(batch->events() - lost_, batch->bytes.size());
  else if (lost_ > 0)
    core().untold({&batch, 1});
  else
    core().told({&batch, 1});
  sent_ = lost_ = last_lost_ = 0;
  core().queue().release(batch->bytes.size());
}

void DatagramWorker::end() {
  error_code ignored;
  ++generation_;
  resolver_.cancel();
  socket_.close(ignored);
  InHand rest;
  std::size_t bytes = 0;
  if (!hand_.empty() && sent_ > 0 && !hand_.front()->tells) {
    const BatchPtr& batch = hand_.front();
    std::size_t whole = event_at(*batch, sent_);
    if (last_lost_ == whole + 1) ++whole;  // counted already, though some of its lines are left
    core().count_delivered(whole - std::min(whole, lost_), whole == 0 ? 0 : batch->ends[whole - 1]);
    rest.add(batch);
    rest.select(InHand::kNoLimit, whole, false);
    rest.commit();
    bytes = batch->bytes.size();
    hand_.pop_front();
  }
  for (const BatchPtr& batch : hand_) {
    bytes += batch->bytes.size();
    rest.add(batch);
  }
  hand_.clear();
  core().lost(SinkCore::kStopped, rest.select_all());
  core().queue().release(bytes);
}

}  // namespace

std::unique_ptr<Sink> make_datagram_sink(const config::Sink& sink, DatagramOptions options, Network& network,
                                         SinkHost host, std::uint64_t seed) {
  return std::make_unique<NetworkSink>(
      std::make_shared<DatagramWorker>(network.loop(), sink, std::move(options), std::move(host), seed));
}

}  // namespace naudit::output
