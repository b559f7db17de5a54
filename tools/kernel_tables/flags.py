# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""Words of flags: the tables of tables/flags.hpp, by the names that they have there.

What came after the headers (6.1) or is not exported stands here, with its source.
"""

import re

from .constants import C_LIBRARY_SOCKET
from .headers import constants, enumerators, single_bits, words


def message_flags():
    # include/linux/socket.h, which is not exported, has some more than the C library.
    internal = [(0x20000, "MSG_SENDPAGE_NOTLAST"), (0x40000, "MSG_BATCH"), (0x2000000, "MSG_SOCK_DEVMEM"),
                (0x80000000, "MSG_CMSG_COMPAT")]
    rows = [(int(n, 16), name) for name, n in re.findall(r"\b(MSG_\w+)\s*= (0x\w+)", C_LIBRARY_SOCKET.read_text())]
    return single_bits(rows + internal)


def open_flags(arch):
    rows = constants("asm/fcntl.h", "O_", "ACCMODE|RDONLY|WRONLY|RDWR|NDELAY", arch=arch)
    more = {0x2000: "O_ASYNC", 0x100000: "__O_SYNC", 0x400000: "__O_TMPFILE"}
    return single_bits(rows + list(more.items()))


def mmap_flags(arch):
    # MAP_UNINITIALIZED is of machines without an MMU and has no value in this header.
    own = "asm/mman.h"
    rows = constants(own, "MAP_", "FILE|TYPE|HUGE_.*|UNINITIALIZED|SHARED.*|PRIVATE", arch=arch)
    return single_bits(rows + [(0x4000000, "MAP_UNINITIALIZED")] + (words(MAP_ABOVE4G=0x80) if arch == "x86_64" else []))


def protection_flags(arch):
    return single_bits(constants("asm/mman.h", "PROT_", arch=arch))


def by_prefix(header, prefix, but=None, **later):
    return single_bits(constants(header, prefix, but) + [row for row in enumerators(header, prefix, but) if row[0] > 0]
                       + words(**later))


def tables():
    at = words(AT_SYMLINK_NOFOLLOW=0x100, AT_SYMLINK_FOLLOW=0x400, AT_NO_AUTOMOUNT=0x800, AT_EMPTY_PATH=0x1000,
               AT_STATX_FORCE_SYNC=0x2000, AT_STATX_DONT_SYNC=0x4000, AT_RECURSIVE=0x8000)  # linux/fcntl.h
    close, nonblock = 0x80000, 0x800  # O_CLOEXEC, O_NONBLOCK; the same on every arch that we know
    ipc = words(IPC_CREAT=0x200, IPC_EXCL=0x400)
    return {
        "kAccess": words(X_OK=1, W_OK=2, R_OK=4),  # access(2)
        "kAt": at,
        "kAtAccess": sorted(at + words(AT_EACCESS=0x200)),
        "kAtRemove": sorted(at + words(AT_REMOVEDIR=0x200)),
        "kClone": single_bits(constants("linux/sched.h", "CLONE_", "NEWTIME|INTO_CGROUP|CLEAR_SIGHAND|ARGS_.*")
                              + words(CLONE_STOPPED=0x2000000)),
        # What is no signal in unshare and setns.
        "kNamespace": single_bits(constants("linux/sched.h", "CLONE_", "INTO_CGROUP|CLEAR_SIGHAND|ARGS_.*|STOPPED|PIDFD")),
        "kCloseRange": by_prefix("linux/close_range.h", "CLOSE_RANGE_"),
        "kDirectoryNotify": by_prefix("linux/fcntl.h", "DN_"),
        "kEpollCreate": words(EPOLL_CLOEXEC=close),
        "kEventDescriptor": words(EFD_SEMAPHORE=1, EFD_NONBLOCK=nonblock, EFD_CLOEXEC=close),  # eventfd(2)
        "kFallocate": by_prefix("linux/falloc.h", "FALLOC_FL_", FALLOC_FL_WRITE_ZEROES=0x80),
        "kFanotifyInit": by_prefix("linux/fanotify.h", "FAN_", "(?!CLOEXEC|NONBLOCK|CLASS_CONTENT|CLASS_PRE|UNLIMITED|ENABLE|"
                                   "REPORT).*", FAN_REPORT_FD_ERROR=0x2000, FAN_REPORT_MNT=0x4000),  # 6.14
        "kFanotifyMark": by_prefix("linux/fanotify.h", "FAN_MARK_", "_FLUSH_ALL", FAN_MARK_MNTNS=0x110),
        "kFanotifyMask": by_prefix("linux/fanotify.h", "FAN_", "(CLOEXEC|NONBLOCK|CLASS_.*|UNLIMITED_.*|ENABLE_.*|REPORT_.*|"
                                   "MARK_.*|ALLOW|DENY|AUDIT|INFO|EVENT_INFO_.*|RESPONSE_.*|NOFD|EPIDFD|NOPIDFD|ALL_.*|Q_OVERFLOW_.*)",
                                   FAN_PRE_ACCESS=0x100000, FAN_MNT_ATTACH=0x1000000, FAN_MNT_DETACH=0x2000000),  # 6.14
        "kFileLock": words(LOCK_SH=1, LOCK_EX=2, LOCK_NB=4, LOCK_UN=8, LOCK_MAND=32, LOCK_READ=64, LOCK_WRITE=128),
        "kFsmount": by_prefix("linux/mount.h", "FSMOUNT_"),
        "kFsopen": by_prefix("linux/mount.h", "FSOPEN_"),
        "kFspick": by_prefix("linux/mount.h", "FSPICK_"),
        "kFutex": words(FUTEX_PRIVATE_FLAG=128, FUTEX_CLOCK_REALTIME=256),  # linux/futex.h
        "kFutexSize": words(FUTEX2_SIZE_U16=1, FUTEX2_SIZE_U32=2, FUTEX2_NUMA=4, FUTEX2_MPOL=8, FUTEX2_PRIVATE=128),  # 6.16
        "kInotifyInit": words(IN_NONBLOCK=nonblock, IN_CLOEXEC=close),  # inotify_init1(2)
        "kInotifyMask": by_prefix("linux/inotify.h", "IN_", "CLOEXEC|NONBLOCK|ALL_EVENTS|CLOSE|MOVE"),
        "kInstructionCache": words(SYS_RISCV_FLUSH_ICACHE_LOCAL=1),  # asm/cachectl.h of riscv
        "kIpc": ipc,
        "kKexec": by_prefix("linux/kexec.h", "KEXEC_", "ARCH_.*|FILE_.*|SEGMENT_.*", KEXEC_UPDATE_ELFCOREHDR=4,
                            KEXEC_CRASH_HOTPLUG_SUPPORT=8),  # 6.10
        # linux/landlock.h of 6.15 (restrict) and 6.14
        "kLandlockCreate": words(LANDLOCK_CREATE_RULESET_VERSION=1, LANDLOCK_CREATE_RULESET_ERRATA=2),
        "kLandlockRestrict": words(LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF=1, LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON=2,
                                   LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF=4, LANDLOCK_RESTRICT_SELF_TSYNC=8),
        "kListMount": words(LISTMOUNT_REVERSE=1),  # linux/mount.h of 6.12
        "kLsm": words(LSM_FLAG_SINGLE=1),  # linux/lsm.h of 6.8
        "kMemoryDescriptor": by_prefix("linux/memfd.h", "MFD_", "HUGE_.*", MFD_NOEXEC_SEAL=8, MFD_EXEC=16),  # 6.3
        "kMembarrier": words(MEMBARRIER_CMD_FLAG_CPU=1),
        "kMemoryLock": words(MLOCK_ONFAULT=1),
        "kMemoryLockAll": constants("asm/mman.h", "MCL_"),
        "kMemoryLockAllPpc": constants("asm/mman.h", "MCL_", arch="ppc64"),
        "kMemoryPolicy": words(MPOL_F_NUMA_BALANCING=0x2000, MPOL_F_RELATIVE_NODES=0x4000, MPOL_F_STATIC_NODES=0x8000),
        "kMessage": message_flags(),
        "kMessageQueue": words(IPC_NOWAIT=0x800, MSG_NOERROR=0x1000, MSG_EXCEPT=0x2000, MSG_COPY=0x4000),  # linux/msg.h
        "kMmap": mmap_flags("x86_64"),
        "kMmapGeneric": mmap_flags("aarch64"),
        "kMmapPpc": mmap_flags("ppc64"),
        "kModule": by_prefix("linux/module.h", "MODULE_INIT_"),
        "kMount": single_bits(constants("linux/mount.h", "MS_", "RMT_MASK|MGC_.*|VERBOSE")),
        "kMountAttribute": by_prefix("linux/mount.h", "MOUNT_ATTR_", "_ATIME|RELATIME|SIZE_.*"),
        "kMremap": words(MREMAP_MAYMOVE=1, MREMAP_FIXED=2, MREMAP_DONTUNMAP=4),  # linux/mman.h
        "kMemoryDeny": words(PR_MDWE_REFUSE_EXEC_GAIN=1, PR_MDWE_NO_INHERIT=2),  # linux/prctl.h of 6.7
        "kMsync": constants("asm/mman.h", "MS_"),
        "kOpen": open_flags("x86_64"),
        "kOpenArm": open_flags("aarch64"),
        "kOpenPpc": open_flags("ppc64"),
        "kOpenTree": sorted(at + words(OPEN_TREE_CLONE=1, OPEN_TREE_NAMESPACE=2, OPEN_TREE_CLOEXEC=close)),  # linux/mount.h
        "kPersonality": words(UNAME26=0x20000, ADDR_NO_RANDOMIZE=0x40000, FDPIC_FUNCPTRS=0x80000, MMAP_PAGE_ZERO=0x100000,
                              ADDR_COMPAT_LAYOUT=0x200000, READ_IMPLIES_EXEC=0x400000, ADDR_LIMIT_32BIT=0x800000,
                              SHORT_INODE=0x1000000, WHOLE_SECONDS=0x2000000, STICKY_TIMEOUTS=0x4000000,
                              ADDR_LIMIT_3GB=0x8000000),  # linux/personality.h
        "kProcessDescriptor": words(PIDFD_THREAD=0x80, PIDFD_NONBLOCK=nonblock),  # linux/pidfd.h of 6.9
        "kProcessSignal": words(PIDFD_SIGNAL_THREAD=1, PIDFD_SIGNAL_THREAD_GROUP=2, PIDFD_SIGNAL_PROCESS_GROUP=4),  # 6.9
        "kProtection": protection_flags("x86_64"),
        "kProtectionArm": protection_flags("aarch64"),
        "kProtectionKey": words(PKEY_DISABLE_ACCESS=1, PKEY_DISABLE_WRITE=2, PKEY_DISABLE_EXECUTE=4, PKEY_DISABLE_READ=8),
        "kProtectionPpc": protection_flags("ppc64"),
        "kPtraceOptions": single_bits(constants("linux/ptrace.h", "PTRACE_O_") + [
            (1 << n, name.replace("EVENT", "O_TRACE", 1).replace("O_TRACE_", "O_TRACE")) for n, name in
            constants("linux/ptrace.h", "PTRACE_EVENT_", "STOP")]),
        "kRandom": by_prefix("linux/random.h", "GRND_"),
        "kResolve": single_bits(constants("linux/openat2.h", "RESOLVE_")),
        "kRseq": words(RSEQ_FLAG_UNREGISTER=1, RSEQ_FLAG_SLICE_EXT_DEFAULT_ON=2),
        "kSchedulerReset": words(SCHED_RESET_ON_FORK=0x40000000),
        "kSeals": by_prefix("linux/fcntl.h", "F_SEAL_", F_SEAL_EXEC=0x20),  # 6.3
        "kSeccompFilter": by_prefix("linux/seccomp.h", "SECCOMP_FILTER_FLAG_"),
        "kSecureBits": single_bits([(1 << n, "SECBIT_" + name.removeprefix("SECURE_")) for n, name in
                                    constants("linux/securebits.h", "SECURE_", "ALL_.*")]
                                   + words(SECBIT_EXEC_RESTRICT_FILE=0x100, SECBIT_EXEC_DENY_INTERACTIVE=0x400)),
        "kSemaphore": sorted(ipc + words(IPC_NOWAIT=0x800, SEM_UNDO=0x1000)),
        "kShadowStack": words(SHADOW_STACK_SET_TOKEN=1, SHADOW_STACK_SET_MARKER=2),  # asm/mman.h of 6.6, asm-generic of 6.13
        "kSharedMemory": sorted(ipc + words(SHM_HUGETLB=0x800, SHM_NORESERVE=0x1000)),
        "kSharedMemoryAttach": words(SHM_RDONLY=0x1000, SHM_RND=0x2000, SHM_REMAP=0x4000, SHM_EXEC=0x8000),
        "kSignalDescriptor": words(SFD_NONBLOCK=nonblock, SFD_CLOEXEC=close),  # linux/signalfd.h
        "kSocket": words(SOCK_NONBLOCK=nonblock, SOCK_CLOEXEC=close),  # linux/net.h, which is not exported
        "kSplice": words(SPLICE_F_MOVE=1, SPLICE_F_NONBLOCK=2, SPLICE_F_MORE=4, SPLICE_F_GIFT=8),  # include/linux/splice.h
        "kStatxMask": by_prefix("linux/stat.h", "STATX_", "ATTR_.*|_RESERVED|ALL|BASIC_STATS", STATX_MNT_ID_UNIQUE=0x4000,
                                STATX_SUBVOL=0x8000, STATX_WRITE_ATOMIC=0x10000, STATX_DIO_READ_ALIGN=0x20000),  # 6.14
        "kSwap": words(SWAP_FLAG_PREFER=0x8000, SWAP_FLAG_DISCARD=0x10000, SWAP_FLAG_DISCARD_ONCE=0x20000,
                       SWAP_FLAG_DISCARD_PAGES=0x40000),  # include/linux/swap.h, which is not exported
        "kSyncRange": by_prefix("linux/fs.h", "SYNC_FILE_RANGE_"),
        "kTimeStatus": by_prefix("linux/timex.h", "STA_", "RONLY"),
        "kTimer": words(TIMER_ABSTIME=1),  # linux/time.h
        "kTimerDescriptor": words(TFD_NONBLOCK=nonblock, TFD_CLOEXEC=close),  # linux/timerfd.h
        "kTimerDescriptorSet": words(TFD_TIMER_ABSTIME=1, TFD_TIMER_CANCEL_ON_SET=2),
        # umount(2); include/linux/fs.h, which is not exported
        "kUmount": words(MNT_FORCE=1, MNT_DETACH=2, MNT_EXPIRE=4, UMOUNT_NOFOLLOW=8, UMOUNT_UNUSED=0x80000000),
        "kUringEnter": by_prefix("linux/io_uring.h", "IORING_ENTER_", IORING_ENTER_ABS_TIMER=0x20,
                                 IORING_ENTER_EXT_ARG_REG=0x40, IORING_ENTER_NO_IOWAIT=0x80),  # 6.15
        "kUringRegister": words(IORING_REGISTER_USE_REGISTERED_RING=0x80000000),  # linux/io_uring.h of 6.3
        "kUserFault": words(UFFD_USER_MODE_ONLY=1, O_NONBLOCK=nonblock, O_CLOEXEC=close),
        "kWait": by_prefix("linux/wait.h", "W", __WNOTHREAD=0x20000000, __WALL=0x40000000, __WCLONE=0x80000000),
        "kXattr": words(XATTR_CREATE=1, XATTR_REPLACE=2),  # linux/xattr.h
    }
