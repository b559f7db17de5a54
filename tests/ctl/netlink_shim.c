// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// A kernel for one program: preloaded, it answers on that program's NETLINK_AUDIT socket instead of the kernel, and keeps
// rules and status as the kernel does (duplicates, order of lists, prepending, exact match of deletions, the lock). No
// request reaches the real kernel. It serves auditctl of any version and nauditctl alike; one thread only.
// To the program, whoever runs it is root, since only root gets to the point where a kernel is asked: it has every
// capability, and the files that belong to its user belong to root.
//
//   NAUDIT_SHIM_LOG=file       each request as a line: <type> <flags> <payload length> <payload hex>
//   NAUDIT_SHIM_STATE=file     rules and status are read from it and every change is appended: a kernel that outlives
//                              its programs. Lines: "+hex" a rule added, "-hex" one deleted, "=hex" an AUDIT_SET
//   NAUDIT_SHIM_ENABLED=n      2 is a locked kernel (EPERM for every change)
//   NAUDIT_SHIM_FEATURES=n     the feature bitmap of the status
//   NAUDIT_SHIM_ERRNO=n        every rule is refused with this errno
//   NAUDIT_SHIM_FORGET=1       every rule is taken, and none is kept
//   NAUDIT_SHIM_KILL=n         the program is killed before the nth of what changes something: a request, fsync, rename
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { kMostBytes = 16384, kLists = 8, kBuckets = 1 << 16, kSockets = 64 };

struct message {
  struct message* next;
  size_t size;
  unsigned char bytes[];
};
struct rule {
  struct rule *next, *previous, *same_bucket;
  uint64_t hash;
  size_t size;
  unsigned char bytes[];
};

// auditctl opens a second socket while it has the first. None may reach the real kernel, so each gets a queue of its own.
static struct queue {
  int fd;
  struct message *first, **last;
} queues[kSockets];
static struct rule heads[kLists];  // rings
static struct rule* buckets[kBuckets];
static struct audit_status status;
static int is_ready;

static void* next_symbol(const char* name) {
  return dlsym(RTLD_NEXT, name);
}

static struct queue* queue_of(int fd) {
  for (struct queue* queue = queues; fd >= 0 && queue < queues + kSockets; ++queue) {
    if (queue->last && queue->fd == fd) return queue;
  }
  return NULL;
}

// --- rules -----------------------------------------------------------------------------------------------------------

// The bytes by which the kernel compares: without where the rule was to be put, and without the bits of classes.
static size_t normalise(unsigned char* to, const unsigned char* from, size_t size) {
  struct audit_rule_data* rule = (struct audit_rule_data*)to;
  memcpy(to, from, size);
  rule->flags &= ~(uint32_t)AUDIT_FILTER_PREPEND;
  rule->mask[AUDIT_BITMASK_SIZE - 1] &= 0xFFFF;
  return rule->buflen <= size - sizeof *rule ? sizeof *rule + rule->buflen : size;
}

static struct rule** find(const unsigned char* bytes, size_t size, uint64_t* hash) {
  *hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < size; ++i) *hash = (*hash ^ bytes[i]) * 0x100000001b3;
  struct rule** at = &buckets[*hash % kBuckets];
  while (*at && ((*at)->hash != *hash || (*at)->size != size || memcmp((*at)->bytes, bytes, size) != 0)) {
    at = &(*at)->same_bucket;
  }
  return at;
}

static int add_rule(const unsigned char* payload, size_t size) {
  static _Alignas(8) unsigned char bytes[kMostBytes];
  if (size < sizeof(struct audit_rule_data) || size > sizeof bytes) return -EINVAL;
  const size_t length = normalise(bytes, payload, size);
  const uint32_t list = ((struct audit_rule_data*)bytes)->flags;
  if (list >= kLists) return -EINVAL;
  uint64_t hash = 0;
  struct rule** place = find(bytes, length, &hash);
  if (*place) return -EEXIST;
  struct rule* rule = calloc(1, sizeof *rule + length);
  rule->hash = hash;
  rule->size = length;
  memcpy(rule->bytes, bytes, length);
  *place = rule;
  struct rule* head = &heads[list];
  const int prepend = (((const struct audit_rule_data*)(const void*)payload)->flags & AUDIT_FILTER_PREPEND) != 0;
  struct rule* before = prepend ? head : head->previous;
  rule->previous = before;
  rule->next = before->next;
  before->next->previous = rule;
  before->next = rule;
  return 0;
}

static int delete_rule(const unsigned char* payload, size_t size) {
  static _Alignas(8) unsigned char bytes[kMostBytes];
  if (size < sizeof(struct audit_rule_data) || size > sizeof bytes) return -EINVAL;
  uint64_t hash = 0;
  struct rule** place = find(bytes, normalise(bytes, payload, size), &hash);
  struct rule* rule = *place;
  if (!rule) return -ENOENT;
  *place = rule->same_bucket;
  rule->previous->next = rule->next;
  rule->next->previous = rule->previous;
  free(rule);
  return 0;
}

// --- status ----------------------------------------------------------------------------------------------------------

// The acknowledgement's number: an errno as negative, or the old value of a counter that is reset.
static int set_status(const unsigned char* payload, size_t size) {
  struct audit_status change;
  memset(&change, 0, sizeof change);
  memcpy(&change, payload, size < sizeof change ? size : sizeof change);
  int old = 0;
  if (change.mask == AUDIT_STATUS_LOST) {
    old = (int)status.lost;
    status.lost = 0;
  }
  if (change.mask & AUDIT_STATUS_ENABLED) status.enabled = change.enabled;
  if (change.mask & AUDIT_STATUS_FAILURE) status.failure = change.failure;
  if (change.mask & AUDIT_STATUS_PID) status.pid = change.pid;
  if (change.mask & AUDIT_STATUS_RATE_LIMIT) status.rate_limit = change.rate_limit;
  if (change.mask & AUDIT_STATUS_BACKLOG_LIMIT) status.backlog_limit = change.backlog_limit;
  if (change.mask & AUDIT_STATUS_BACKLOG_WAIT_TIME) status.backlog_wait_time = change.backlog_wait_time;
  return old;
}

// --- what outlives the program ---------------------------------------------------------------------------------------

static const char* hexadecimal(const unsigned char* bytes, size_t size) {
  static const char digits[] = "0123456789abcdef";
  static char text[2 * kMostBytes + 1];
  for (size_t i = 0; i < size; ++i) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  text[2 * size] = 0;
  return text;
}

static void append_line(const char* variable, const char* head, const unsigned char* bytes, size_t size) {
  const char* path = getenv(variable);
  FILE* file = path && *path ? fopen(path, "ae") : NULL;
  if (!file) return;
  fprintf(file, "%s%s\n", head, hexadecimal(bytes, size));
  fclose(file);
}

static int digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint32_t number(const char* variable, uint32_t otherwise) {
  const char* text = getenv(variable);
  return text && *text ? (uint32_t)strtoul(text, NULL, 0) : otherwise;
}

static void get_ready(void) {
  if (is_ready) return;
  is_ready = 1;
  for (int i = 0; i < kLists; ++i) heads[i].next = heads[i].previous = &heads[i];
  status.failure = 1;
  status.backlog_limit = 64;
  status.backlog_wait_time = 15000;
  const char* path = getenv("NAUDIT_SHIM_STATE");
  FILE* file = path && *path ? fopen(path, "re") : NULL;
  char* line = NULL;
  size_t room = 0;
  static unsigned char bytes[kMostBytes];
  while (file && getline(&line, &room, file) > 0) {
    size_t size = 0;
    for (const char* c = line + 1; size < sizeof bytes && digit(c[0]) >= 0 && digit(c[1]) >= 0; c += 2) {
      bytes[size++] = (unsigned char)(digit(c[0]) << 4 | digit(c[1]));
    }
    if (line[0] == '+') add_rule(bytes, size);
    if (line[0] == '-') delete_rule(bytes, size);
    if (line[0] == '=') set_status(bytes, size);
  }
  free(line);
  if (file) fclose(file);
  status.enabled = number("NAUDIT_SHIM_ENABLED", status.enabled);
  status.feature_bitmap = number("NAUDIT_SHIM_FEATURES", 0x7F);
}

static void count_change(void) {
  static uint32_t count;
  if (++count == number("NAUDIT_SHIM_KILL", 0)) raise(SIGKILL);
}

// --- requests --------------------------------------------------------------------------------------------------------

static void reply(struct queue* queue, const struct nlmsghdr* request, uint16_t type, uint16_t flags, const void* payload, size_t size) {
  const size_t length = NLMSG_LENGTH(size);
  struct message* message = calloc(1, sizeof *message + NLMSG_ALIGN(length));
  message->size = length;
  struct nlmsghdr header = {(uint32_t)length, type, flags, request->nlmsg_seq, request->nlmsg_pid};
  memcpy(message->bytes, &header, sizeof header);
  memcpy(message->bytes + NLMSG_HDRLEN, payload, size);
  if (!queue->first) eventfd_write(queue->fd, 1);  // readable as long as there is something
  *queue->last = message;
  queue->last = &message->next;
}

static int changes_something(uint16_t type) {
  return type == AUDIT_SET || type == AUDIT_ADD_RULE || type == AUDIT_DEL_RULE || type == AUDIT_TRIM ||
         type == AUDIT_MAKE_EQUIV || type == AUDIT_SET_FEATURE;
}

static int carry_out(uint16_t type, const unsigned char* payload, size_t size) {
  if (status.enabled == 2 && changes_something(type)) return -EPERM;
  const int is_rule = type == AUDIT_ADD_RULE || type == AUDIT_DEL_RULE;
  const uint32_t refusal = number("NAUDIT_SHIM_ERRNO", 0);
  if (is_rule && refusal) return -(int)refusal;
  if (is_rule && number("NAUDIT_SHIM_FORGET", 0)) return 0;
  const int done = type == AUDIT_ADD_RULE   ? add_rule(payload, size)
                   : type == AUDIT_DEL_RULE ? delete_rule(payload, size)
                   : type == AUDIT_SET      ? set_status(payload, size)
                                            : 0;
  if (done >= 0 && (is_rule || type == AUDIT_SET)) {
    append_line("NAUDIT_SHIM_STATE", type == AUDIT_ADD_RULE ? "+" : is_rule ? "-" : "=", payload, size);
  }
  return done;
}

static void answer(struct queue* queue, const unsigned char* bytes, size_t length) {
  struct nlmsghdr header;
  if (length < sizeof header) return;
  memcpy(&header, bytes, sizeof header);
  const unsigned char* payload = bytes + NLMSG_HDRLEN;
  size_t size = length - NLMSG_HDRLEN;
  if (header.nlmsg_len >= NLMSG_HDRLEN && header.nlmsg_len - NLMSG_HDRLEN < size) size = header.nlmsg_len - NLMSG_HDRLEN;
  if (size > kMostBytes) return;
  get_ready();
  if (changes_something(header.nlmsg_type)) count_change();
  char head[64];
  snprintf(head, sizeof head, "%u %u %zu ", header.nlmsg_type, header.nlmsg_flags, size);
  append_line("NAUDIT_SHIM_LOG", head, payload, size);

  struct nlmsgerr ack = {carry_out(header.nlmsg_type, payload, size), header};
  if ((header.nlmsg_flags & NLM_F_ACK) || ack.error < 0) reply(queue, &header, NLMSG_ERROR, 0, &ack, sizeof ack);
  if (header.nlmsg_type == AUDIT_GET) {
    reply(queue, &header, AUDIT_GET, 0, &status, sizeof status);
  } else if (header.nlmsg_type == AUDIT_GET_FEATURE) {
    const struct audit_features features = {1, 0xFFFFFFFF, 0, 0};
    reply(queue, &header, AUDIT_GET_FEATURE, 0, &features, sizeof features);
  } else if (header.nlmsg_type == AUDIT_LIST_RULES) {
    for (int list = 0; list < kLists; ++list) {
      for (struct rule* rule = heads[list].next; rule != &heads[list]; rule = rule->next) {
        reply(queue, &header, AUDIT_LIST_RULES, NLM_F_MULTI, rule->bytes, rule->size);
      }
    }
    const int zero = 0;
    reply(queue, &header, NLMSG_DONE, NLM_F_MULTI, &zero, sizeof zero);
  }
}

// --- the system calls of a netlink socket ----------------------------------------------------------------------------

int socket(int domain, int type, int protocol) {
  int (*real)(int, int, int) = next_symbol("socket");
  if (domain != AF_NETLINK || protocol != NETLINK_AUDIT) return real(domain, type, protocol);
  struct queue* queue = queues;
  while (queue < queues + kSockets && queue->last) ++queue;
  if (queue == queues + kSockets) return errno = EMFILE, -1;
  queue->fd = eventfd(0, EFD_NONBLOCK | ((type & SOCK_CLOEXEC) ? EFD_CLOEXEC : 0));
  if (queue->fd >= 0) queue->last = &queue->first;
  return queue->fd;
}

int close(int fd) {
  int (*real)(int) = next_symbol("close");
  struct queue* queue = queue_of(fd);
  while (queue && queue->first) {
    struct message* message = queue->first;
    queue->first = message->next;
    free(message);
  }
  if (queue) queue->last = NULL;
  return real(fd);
}

int bind(int fd, const struct sockaddr* address, socklen_t length) {
  int (*real)(int, const struct sockaddr*, socklen_t) = next_symbol("bind");
  return queue_of(fd) ? 0 : real(fd, address, length);
}

int connect(int fd, const struct sockaddr* address, socklen_t length) {
  int (*real)(int, const struct sockaddr*, socklen_t) = next_symbol("connect");
  return queue_of(fd) ? 0 : real(fd, address, length);
}

int setsockopt(int fd, int level, int option, const void* value, socklen_t length) {
  int (*real)(int, int, int, const void*, socklen_t) = next_symbol("setsockopt");
  return queue_of(fd) ? 0 : real(fd, level, option, value, length);
}

int getsockname(int fd, struct sockaddr* address, socklen_t* length) {
  int (*real)(int, struct sockaddr*, socklen_t*) = next_symbol("getsockname");
  if (!queue_of(fd)) return real(fd, address, length);
  struct sockaddr_nl name = {.nl_family = AF_NETLINK, .nl_pid = (uint32_t)getpid()};
  memcpy(address, &name, *length < sizeof name ? *length : sizeof name);
  *length = sizeof name;
  return 0;
}

ssize_t sendto(int fd, const void* bytes, size_t size, int flags, const struct sockaddr* to, socklen_t length) {
  ssize_t (*real)(int, const void*, size_t, int, const struct sockaddr*, socklen_t) = next_symbol("sendto");
  struct queue* queue = queue_of(fd);
  if (!queue) return real(fd, bytes, size, flags, to, length);
  answer(queue, bytes, size);
  return (ssize_t)size;
}

ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  ssize_t (*real)(int, const void*, size_t, int) = next_symbol("send");
  struct queue* queue = queue_of(fd);
  if (!queue) return real(fd, bytes, size, flags);
  answer(queue, bytes, size);
  return (ssize_t)size;
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  ssize_t (*real)(int, const struct msghdr*, int) = next_symbol("sendmsg");
  struct queue* queue = queue_of(fd);
  if (!queue) return real(fd, message, flags);
  static unsigned char bytes[2 * kMostBytes];
  size_t size = 0;
  for (size_t i = 0; i < message->msg_iovlen; ++i) {
    const struct iovec* part = &message->msg_iov[i];
    if (part->iov_len > sizeof bytes - size) return errno = EMSGSIZE, -1;
    memcpy(bytes + size, part->iov_base, part->iov_len);
    size += part->iov_len;
  }
  answer(queue, bytes, size);
  return (ssize_t)size;
}

static ssize_t take(struct queue* queue, void* to, size_t room, int flags, int* truncated) {
  struct message* message = queue->first;
  if (!message) return errno = EAGAIN, -1;
  const size_t size = message->size < room ? message->size : room;
  if (truncated) *truncated = message->size > room;
  memcpy(to, message->bytes, size);
  if (flags & MSG_PEEK) return (ssize_t)size;
  queue->first = message->next;
  free(message);
  if (!queue->first) {
    queue->last = &queue->first;
    eventfd_t value;
    eventfd_read(queue->fd, &value);
  }
  return (ssize_t)size;
}

static void tell_sender(void* name, socklen_t* length) {
  const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  if (!name || !length) return;
  memcpy(name, &kernel, *length < sizeof kernel ? *length : sizeof kernel);
  *length = sizeof kernel;
}

ssize_t recvfrom(int fd, void* to, size_t room, int flags, struct sockaddr* from, socklen_t* length) {
  ssize_t (*real)(int, void*, size_t, int, struct sockaddr*, socklen_t*) = next_symbol("recvfrom");
  struct queue* queue = queue_of(fd);
  if (!queue) return real(fd, to, room, flags, from, length);
  const ssize_t size = take(queue, to, room, flags, NULL);
  if (size >= 0) tell_sender(from, length);
  return size;
}

// What a program built with _FORTIFY_SOURCE calls.
ssize_t __recvfrom_chk(int fd, void* to, size_t room, size_t object, int flags, struct sockaddr* from,
                       socklen_t* length) {
  return recvfrom(fd, to, room < object ? room : object, flags, from, length);
}

ssize_t recv(int fd, void* to, size_t room, int flags) {
  ssize_t (*real)(int, void*, size_t, int) = next_symbol("recv");
  struct queue* queue = queue_of(fd);
  return queue ? take(queue, to, room, flags, NULL) : real(fd, to, room, flags);
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
  ssize_t (*real)(int, struct msghdr*, int) = next_symbol("recvmsg");
  struct queue* queue = queue_of(fd);
  if (!queue) return real(fd, message, flags);
  int truncated = 0;
  const ssize_t size = take(queue, message->msg_iov[0].iov_base, message->msg_iov[0].iov_len, flags, &truncated);
  if (size < 0) return size;
  tell_sender(message->msg_name, &message->msg_namelen);
  message->msg_controllen = 0;
  message->msg_flags = truncated ? MSG_TRUNC : 0;
  return size;
}

// --- who runs the program ---------------------------------------------------------------------------------------------

uid_t geteuid(void) {
  return 0;
}

// libcap-ng, by which libaudit and nauditctl ask for CAP_AUDIT_CONTROL.
int capng_have_capability(int set, unsigned capability) {
  (void)set;
  (void)capability;
  return 1;
}

int fstat(int fd, struct stat* status) {
  int (*real)(int, struct stat*) = next_symbol("fstat");
  const int result = real(fd, status);
  if (result == 0 && status->st_uid == (uid_t)syscall(SYS_geteuid)) status->st_uid = 0;
  return result;
}

// --- where else a loader can be killed -------------------------------------------------------------------------------

int fsync(int fd) {
  int (*real)(int) = next_symbol("fsync");
  count_change();
  return real(fd);
}

int rename(const char* from, const char* to) {
  int (*real)(const char*, const char*) = next_symbol("rename");
  count_change();
  return real(from, to);
}
