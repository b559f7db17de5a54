# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""Numbers that stand for one thing each: the tables of tables/constants.hpp, by the names that they have there.

What came after the headers (6.1) or is not exported stands here, with its source.
"""

import pathlib
import re

from .headers import constants, enumerators, renamed, run, without_aliases, words
from .ioctls import ioctl_requests

C_LIBRARY_SOCKET = pathlib.Path("/usr/include/x86_64-linux-gnu/bits/socket.h")


def bpf_commands():
    text = pathlib.Path("/usr/include/linux/bpf.h").read_text()
    names = re.findall(r"^\t(BPF_\w+)(,| =)", re.search(r"enum bpf_cmd \{(.*?)\};", text, re.S)[1], re.M)
    later = ["BPF_TOKEN_CREATE", "BPF_PROG_STREAM_READ_BY_FD", "BPF_PROG_ASSOC_STRUCT_OPS"]  # linux/bpf.h of 6.19
    return list(enumerate([name for name, end in names if end == ","] + later))


def personalities():
    # The low byte is the execution domain, the rest are flags.
    text = pathlib.Path("/usr/include/linux/personality.h").read_text()
    rows = re.findall(r"\b(PER_\w+) =\s+(0x\w+)", text)
    return without_aliases([(int(n, 16) & 0xFF, name) for name, n in rows if name != "PER_MASK" and "_32BIT" not in name])


def ip_protocols():
    # The names that getprotobynumber gives on Debian (package netbase), which are IANA's.
    rows = [line.split() for line in pathlib.Path("/etc/protocols").read_text().splitlines() if line[:1].isalpha()]
    return without_aliases([(int(row[1]), row[0]) for row in rows if int(row[1]) < 256 or row[0] == "mptcp"])


def socket_levels():
    # include/linux/socket.h, which is not exported, has some more than the C library.
    internal = run("SOL_IPX SOL_AX25 SOL_ATALK SOL_NETROM SOL_ROSE", 256) + [(285, "SOL_MCTP"), (286, "SOL_SMC"),
                                                                             (287, "SOL_VSOCK")]
    rows = [(int(n), name) for name, n in re.findall(r"#define\s+(SOL_\w+)\s+(\d+)", C_LIBRARY_SOCKET.read_text())]
    return without_aliases(sorted([(1, "SOL_SOCKET")] + rows + internal))


def prctl_options():
    # The header's other macros are values of these options.
    is_value = r"(?!(GET|SET|CAPBSET|TASK|MCE|MPX|CAP_AMBIENT|SVE|SME|PAC|SCHED_CORE)(_|$)).*|" \
               r"(MCE_KILL_(CLEAR|SET|LATE|EARLY|DEFAULT)|SET_MM_.*|CAP_AMBIENT_.*|SVE_VL.*|SVE_SET_VL_.*|SME_VL.*|" \
               r"SME_SET_VL_.*|SCHED_CORE_.*|PAC_AP.*|SET_PTRACER_ANY|SET_VMA_.*)"
    later = """SET_MDWE GET_MDWE SET_MEMORY_MERGE GET_MEMORY_MERGE RISCV_V_SET_CONTROL RISCV_V_GET_CONTROL
        RISCV_SET_ICACHE_FLUSH_CTX PPC_GET_DEXCR PPC_SET_DEXCR GET_SHADOW_STACK_STATUS SET_SHADOW_STACK_STATUS
        LOCK_SHADOW_STACK_STATUS TIMER_CREATE_RESTORE_IDS FUTEX_HASH RSEQ_SLICE_EXTENSION"""  # after 6.1
    return sorted(constants("linux/prctl.h", "PR_", is_value) + run(later, 65, "PR_"))


def ptrace_requests(arch):
    not_a_request = "GETFDPIC_.*|O_.*|EVENT_.*|EVENTMSG_.*|SYSCALL_INFO_.*|PEEKSIGINFO_SHARED|OLDSETOPTIONS|MODE_.*"
    # audit's own spelling of some
    names = {"PTRACE_PEEKUSR": "PTRACE_PEEKUSER", "PTRACE_POKEUSR": "PTRACE_POKEUSER"}
    own = "asm/ptrace-abi.h" if arch in ("x86_64", "i386") else "asm/ptrace.h"
    rows = [row for header in ("linux/ptrace.h", own) for row in constants(header, "PTRACE_", not_a_request, arch=arch)]
    # linux/ptrace.h after 6.1; asm/ptrace-abi.h names it of i386 only
    rows += run("SET_SYSCALL_USER_DISPATCH_CONFIG GET_SYSCALL_USER_DISPATCH_CONFIG SET_SYSCALL_INFO", 0x4210, "PTRACE_")
    return without_aliases(sorted(renamed(rows, names)))


def socket_options(arch):
    rows = constants("asm/socket.h", "SO_", "GET_FILTER|DETACH_BPF|.*_NEW|TIMESTAMP.*|RCVTIMEO|SNDTIMEO", arch=arch)
    rows = [(n, name.removesuffix("_OLD")) for n, name in rows if name != "SO_RCVTIMEO" and name != "SO_SNDTIMEO"]
    rows += [(n, name.removesuffix("_OLD")) for n, name in constants("asm/socket.h", "SO_", "(?!TIMESTAMP|.*_NEW$).*", arch=arch)]
    rows += constants("asm/socket.h", "SCM_TIMESTAMPING_", arch=arch)
    later = """SO_PASSPIDFD SO_PEERPIDFD SO_DEVMEM_LINEAR SO_DEVMEM_DMABUF SO_DEVMEM_DONTNEED SCM_TS_OPT_ID SO_RCVPRIORITY
        SO_PASSRIGHTS SO_INQ"""  # asm-generic/socket.h of 7.0
    return without_aliases(sorted(rows + run(later, 76)))


def ip_options():
    not_an_option = "PMTUDISC_.*|DEFAULT_.*|MAX_.*|RECVRETOPTS|XFRM_POLICY_.*"
    rows = constants("linux/in.h", "IP_", not_an_option) + constants("linux/in.h", "MCAST_", "EXCLUDE|INCLUDE")
    return without_aliases(sorted(rows + run("IP_LOCAL_PORT_RANGE IP_PROTOCOL", 51)  # linux/in.h of 6.6
                                  + constants("linux/mroute.h", "MRT_", "BASE|MAX|FLUSH_.*")))


def ipv6_options():
    not_an_option = "PMTUDISC_.*|PREFER_.*|PRIORITY_.*|FL_.*|SRCRT_.*|TLV_.*|FLOWINFO_.*|.*RTHDR_TYPE.*|OPT_.*|HDR_.*"
    rows = constants("linux/in6.h", "IPV6_", not_an_option) + [(33, "IPV6_FLOWINFO_SEND"),
                                                                      (63, "IPV6_USE_MIN_MTU")]
    return without_aliases(sorted(rows + constants("linux/in.h", "MCAST_", "EXCLUDE|INCLUDE")
                                  + constants("linux/mroute6.h", "MRT6_", "BASE|MAX|FLUSH_.*")))


def tcp_options():
    later = """AO_ADD_KEY AO_DEL_KEY AO_INFO AO_GET_KEYS AO_REPAIR IS_MPTCP RTO_MAX_MS RTO_MIN_US
        DELACK_MAX_US"""  # linux/tcp.h of 6.15
    not_an_option = "CM_INQ|MSS_.*|REPAIR_(ON|OFF.*)|MD5SIG_(MAX.*|FLAG.*)|RECEIVE_.*|S_.*|NLA_.*"
    rows = constants("linux/tcp.h", "TCP_", not_an_option) + [(15, "TCP_COOKIE_TRANSACTIONS")]
    return without_aliases(sorted([row for row in rows if row[0] < 38] + run(later, 38, "TCP_")))


def netfilter_options(family, suffixes):
    """Options 64 and above of IPv4 and IPv6: include/uapi/linux/netfilter_ipv[46]/ip*_tables.h."""
    return run(suffixes, 64, family)


def tables():
    later_fcntl = words(F_GETLK64=12, F_SETLK64=13, F_SETLKW64=14,  # of 32 bits (asm-generic/fcntl.h)
                        F_DUPFD_QUERY=1027, F_CREATED_QUERY=1028,
                        F_GETDELEG=1039, F_SETDELEG=1040)  # 6.10, 6.12, 6.19
    lock_types = "RDLCK|WRLCK|UNLCK|EXLCK|SHLCK"
    return {
        "kAlgorithmOption": constants("linux/if_alg.h", "ALG_", "OP_.*"),
        "kArchPrctl": without_aliases(constants("asm/prctl.h", "ARCH_") + [  # asm/prctl.h of 6.6
            *run("GET_UNTAG_MASK ENABLE_TAGGED_ADDR GET_MAX_TAG_BITS FORCE_TAGGED_SVA", 0x4001, "ARCH_"),
            *run("SHSTK_ENABLE SHSTK_DISABLE SHSTK_LOCK SHSTK_UNLOCK SHSTK_STATUS", 0x5001, "ARCH_")]),
        # linux/audit.h only numbers the states; the words are those of audit(8)
        "kAuditEnabled": [(0, "disabled"), (1, "enabled"), (2, "immutable")],
        "kAuditFailure": [(0, "silent"), (1, "printk"), (2, "panic")],  # linux/audit.h, AUDIT_FAIL_*
        "kBpfCommand": bpf_commands(),
        # net/bluetooth/bluetooth.h and linux/can.h
        "kBluetoothProtocol": run("L2CAP HCI SCO RFCOMM BNEP CMTP HIDP AVDTP ISO", 0, "BTPROTO_"),
        "kCanProtocol": constants("linux/can.h", "CAN_", "(?!RAW$|BCM|TP16|TP20|MCNET|ISOTP|J1939).*"),
        "kCapability": [(n, name.lower())
                        for n, name in constants("linux/capability.h", "CAP_", "LAST_CAP|TO_.*", "CAP_")],
        "kCapabilityAmbient": constants("linux/prctl.h", "PR_CAP_AMBIENT_"),
        "kClock": constants("linux/time.h", "CLOCK_"),
        "kEpollOperation": constants("linux/eventpoll.h", "EPOLL_CTL_"),
        "kEthernetProtocol": without_aliases(constants("linux/if_ether.h", "ETH_P_", "802_3_MIN")),
        # linux/fanotify.h: FAN_RESPONSE_INFO_*, FAN_ALLOW and FAN_DENY; trust as kernel/auditsc.c writes it
        "kFanotifyInfo": [(0, "none"), (1, "rule_info")],
        "kFanotifyResponse": [(1, "allow"), (2, "deny")],
        "kFanotifyTrust": [(0, "no"), (1, "yes"), (2, "unknown")],
        "kFileAdvice": constants("linux/fadvise.h", "POSIX_FADV_"),
        "kFcntlCommand": without_aliases(sorted(constants(
            "linux/fcntl.h", "F_", f"{lock_types}|OWNER_.*|SEAL_.*|LINUX_SPECIFIC_BASE") + later_fcntl)),
        # linux/audit.h, without those out of use
        "kFilterList": [(0, "user"), (1, "task"), (4, "exit"), (5, "exclude"), (6, "filesystem"), (7, "io_uring")],
        "kFsconfigCommand": enumerators("linux/mount.h", "FSCONFIG_") + [(8, "FSCONFIG_CMD_CREATE_EXCL")],  # 6.6
        "kFutexOperation": constants("linux/futex.h", "FUTEX_", "OP_.*|WAITERS|.*_PRIVATE|WAITV.*|TID.*|OWNER.*|BITSET.*|"
                                     "PRIVATE.*|CLOCK.*|CMD.*|32"),
        # linux/icmp.h; the words are audit's
        "kIcmpType": [(0, "echo-reply"), (3, "destination-unreachable"), (4, "source-quench"), (5, "redirect"), (8, "echo"),
                      (11, "time-exceeded"), (12, "parameter-problem"), (13, "timestamp-request"), (14, "timestamp-reply"),
                      (15, "info-request"), (16, "info-reply"), (17, "address-mask-request"), (18, "address-mask-reply")],
        "kIntervalTimer": constants("linux/time.h", "ITIMER_"),
        "kIoctlRequest": ioctl_requests(),
        "kIoPriorityClass": enumerators("linux/ioprio.h", "IOPRIO_CLASS_"),
        "kIoPriorityWho": enumerators("linux/ioprio.h", "IOPRIO_WHO_"),
        "kIpcCall": [(n, name.lower()) for n, name in constants("linux/ipc.h", "", "(?!SEM|MSG|SHM|DIPC).*")],
        "kIpProtocol": ip_protocols(),
        "kIpOption": ip_options(),
        "kIpv6Option": ipv6_options(),
        "kIpTablesGet": netfilter_options("IPT_SO_GET_", "INFO ENTRIES REVISION_MATCH REVISION_TARGET")
                        + [(80, "SO_ORIGINAL_DST")],
        "kIpTablesSet": netfilter_options("IPT_SO_SET_", "REPLACE ADD_COUNTERS"),
        "kIp6TablesGet": [*netfilter_options("IP6T_SO_GET_", "INFO ENTRIES - - REVISION_MATCH REVISION_TARGET"),
                          (80, "IP6T_SO_ORIGINAL_DST")],
        "kIp6TablesSet": netfilter_options("IP6T_SO_SET_", "REPLACE ADD_COUNTERS"),
        "kKcmpType": enumerators("linux/kcmp.h", "KCMP_", "TYPES"),
        "kKeyctlCommand": constants("linux/keyctl.h", "KEYCTL_", "(CAPS|MOVE_|SUPPORTS_).*"),
        "kKeyring": sorted((n & 0xFFFFFFFF, name) for n, name in constants("linux/keyctl.h", "KEY_SPEC_")),
        "kKeyringDefault": sorted((n & 0xFFFFFFFF, name) for n, name in constants("linux/keyctl.h", "KEY_REQKEY_DEFL_")),
        "kLandlockRule": enumerators("linux/landlock.h", "LANDLOCK_RULE_") + [(2, "LANDLOCK_RULE_NET_PORT")],  # 6.7
        "kLockType": words(F_RDLCK=0, F_WRLCK=1, F_UNLCK=2),  # asm-generic/fcntl.h
        # linux/lsm.h of 6.8
        "kLsmAttribute": run("CURRENT EXEC FSCREATE KEYCREATE PREV SOCKCREATE", 100, "LSM_ATTR_"),
        "kMachineCheckEarly": run("LATE EARLY DEFAULT", 0, "PR_MCE_KILL_"),  # linux/prctl.h
        "kMachineCheckPolicy": words(PR_MCE_KILL_CLEAR=0, PR_MCE_KILL_SET=1),  # linux/prctl.h
        "kMemoryAdvice": constants("asm/mman.h", "MADV_") + [(102, "MADV_GUARD_INSTALL"), (103, "MADV_GUARD_REMOVE")],
        "kMemoryMap": constants("linux/prctl.h", "PR_SET_MM_"),
        "kMemoryPolicy": enumerators("linux/mempolicy.h", "MPOL_", "MAX|F_.*|MF_.*") + [(6, "MPOL_WEIGHTED_INTERLEAVE")],
        # linux/membarrier.h; the last is of 6.3
        "kMembarrierCommand": without_aliases(enumerators("linux/membarrier.h", "MEMBARRIER_CMD_", "FLAG_.*|SHARED")
                                              + [(512, "MEMBARRIER_CMD_GET_REGISTRATIONS")]),
        "kMessageQueueCommand": words(IPC_RMID=0, IPC_SET=1, IPC_STAT=2, IPC_INFO=3)
                                + constants("linux/msg.h", "MSG_", "NOERROR|EXCEPT|COPY"),
        "kMptcpOption": without_aliases(constants("linux/mptcp.h", "MPTCP_", "(?!INFO$|TCPINFO|SUBFLOW_ADDRS|FULL_INFO).*"))
                        + [(4, "MPTCP_FULL_INFO")],  # 6.5
        "kNetfilterAction": [(0, "ACCEPT"), (1, "DROP"), (2, "REJECT")],  # linux/netfilter/xt_AUDIT.h
        # linux/netfilter.h, NFPROTO_*
        "kNetfilterFamily": [(0, "unspecified"), (1, "inet"), (2, "ipv4"), (3, "arp"), (5, "netdev"), (7, "bridge"),
                             (10, "ipv6"), (12, "decnet")],
        # linux/netfilter.h, NF_INET_*, and NF_BR_BROUTING of linux/netfilter_bridge.h
        "kNetfilterHook": run("PREROUTING INPUT FORWARD OUTPUT POSTROUTING BROUTING", 0, ""),
        "kNetlinkGroup": [(0, "audit-none"), (1, "audit-netlink-multicast")],  # linux/audit.h, AUDIT_NLGRP_*
        "kNetlinkProtocol": without_aliases([row for row in constants(
            "linux/netlink.h", "NETLINK_", ".*MEMBERSHIPS?|PKTINFO|BROADCAST_ERROR|NO_ENOBUFS|[RT]X_RING|LISTEN_.*|"
            "CAP_ACK|EXT_ACK|GET_STRICT_CHK|INET_DIAG") if row[0] < 32]),
        "kNetlinkOption": without_aliases([row for row in constants(
            "linux/netlink.h", "NETLINK_", "(?!.*MEMBERSHIPS?|PKTINFO|BROADCAST_ERROR|NO_ENOBUFS|[RT]X_RING|LISTEN_.*|"
            "CAP_ACK|EXT_ACK|GET_STRICT_CHK).*")]),
        "kPacketOption": constants("linux/if_packet.h", "PACKET_", "(?!ADD_|DROP_|RECV|RX_R|STAT|COPY|AUX|ORIG|VERS|HDRLEN|"
                                   "RESERVE|TX_|LOSS|VNET|TIMEST|FANOUT$|FANOUT_DATA|QDISC|ROLLOVER|IGNORE).*")
                         + [(24, "PACKET_VNET_HDR_SZ")],  # 6.6
        "kPersonality": personalities(),
        "kPrctlOption": prctl_options(),
        "kPriorityWho": words(PRIO_PROCESS=0, PRIO_PGRP=1, PRIO_USER=2),  # linux/resource.h
        "kProcessIdType": words(P_ALL=0, P_PID=1, P_PGID=2, P_PIDFD=3),  # linux/wait.h
        "kPtraceRequest": ptrace_requests("x86_64"),
        "kPtraceRequestAarch64": ptrace_requests("aarch64"),
        "kPtraceRequestArm": ptrace_requests("arm"),
        "kPtraceRequestPpc": ptrace_requests("ppc64"),
        "kPtraceRequestRiscv": ptrace_requests("riscv64"),
        "kPtraceRequestS390": ptrace_requests("s390x"),
        # linux/quota.h, linux/dqblk_xfs.h: what is left of QCMD() without the type of quota
        "kQuotaCommand": sorted(constants("linux/quota.h", "Q_") + [
            (0x5800 + i, name) for i, name in run("QUOTAON QUOTAOFF GETQUOTA SETQLIM GETQSTAT QUOTARM QUOTASYNC GETQSTATV "
                                                  "GETNEXTQUOTA", 1, "Q_X")]),
        "kQuotaType": words(USRQUOTA=0, GRPQUOTA=1, PRJQUOTA=2),
        "kRebootCommand": constants("linux/reboot.h", "LINUX_REBOOT_CMD_"),
        "kRebootMagic": constants("linux/reboot.h", "LINUX_REBOOT_MAGIC"),
        "kRegisterSet": without_aliases(constants("linux/elf.h", "NT_", "GNU_.*|PRPSINFO|TASKSTRUCT|AUXV|SIGINFO|FILE")),
        "kResourceLimit": constants("asm/resource.h", "RLIMIT_"),
        "kResourceUsage": words(RUSAGE_SELF=0, RUSAGE_THREAD=1, RUSAGE_CHILDREN=-1, RUSAGE_BOTH=-2),  # linux/resource.h
        "kScheduler": renamed(constants("linux/sched.h", "SCHED_", "FLAG_.*|RESET_ON_FORK"),
                              {"SCHED_NORMAL": "SCHED_OTHER"}) + [(7, "SCHED_EXT")],  # 6.12
        "kSchedulerCore": constants("linux/prctl.h", "PR_SCHED_CORE_", "MAX|SCOPE_.*"),
        "kSctpOption": without_aliases([row for row in constants("linux/sctp.h", "SCTP_", "CMSG.*|STATUS_.*|.*_ASSOC|ASSOC_CHANGE_.*|PR_SCTP_.*|BINDX_.*|ENABLE_(RESET|CHANGE)_.*REQ|ENABLE_STRRESET_MASK|ASSOC_RESET_.*"
                                                  ) if row[0] < 200]),
        "kSeccompMode": constants("linux/seccomp.h", "SECCOMP_MODE_"),
        "kSeccompOperation": constants("linux/seccomp.h", "SECCOMP_", "(?!SET_MODE|GET_).*"),
        "kSeekOrigin": constants("linux/fs.h", "SEEK_", "MAX"),
        "kSemaphoreCommand": words(IPC_RMID=0, IPC_SET=1, IPC_STAT=2, IPC_INFO=3)
                             + constants("linux/sem.h", "", "(?!GET|SET[VA]|SEM_(STAT|INFO)).*"),
        "kSharedMemoryCommand": words(IPC_RMID=0, IPC_SET=1, IPC_STAT=2, IPC_INFO=3)
                                + constants("linux/shm.h", "SHM_", "(?!LOCK$|UNLOCK|STAT|INFO).*"),
        "kShutdownHow": words(SHUT_RD=0, SHUT_WR=1, SHUT_RDWR=2),  # shutdown(2)
        "kSignal": [(0, "SIG0")] + [row for row in without_aliases(
            constants("asm/signal.h", "SIG", "RTMIN|RTMAX|STKSZ|UNUSED|_.*")) if row[0] < 32],
        "kSignalHow": words(SIG_BLOCK=0, SIG_UNBLOCK=1, SIG_SETMASK=2),  # asm-generic/signal-defs.h
        "kSocketCall": [(n, name.removeprefix("SYS_").lower()) for n, name in constants("linux/net.h", "SYS_")],
        "kSocketLevel": socket_levels(),
        "kSocketOption": socket_options("x86_64"),
        "kSocketOptionPpc": socket_options("ppc64"),
        # socket(2); linux/net.h, which is not exported
        "kSocketType": words(SOCK_STREAM=1, SOCK_DGRAM=2, SOCK_RAW=3, SOCK_RDM=4, SOCK_SEQPACKET=5, SOCK_DCCP=6,
                             SOCK_PACKET=10),
        "kSpeculation": run("STORE_BYPASS INDIRECT_BRANCH L1D_FLUSH", 0, "PR_SPEC_"),  # linux/prctl.h
        "kSpeculationControl": words(PR_SPEC_ENABLE=2, PR_SPEC_DISABLE=4, PR_SPEC_FORCE_DISABLE=8,
                                     PR_SPEC_DISABLE_NOEXEC=16),  # linux/prctl.h
        "kSyslogAction": run("CLOSE OPEN READ READ_ALL READ_CLEAR CLEAR CONSOLE_OFF CONSOLE_ON CONSOLE_LEVEL SIZE_UNREAD "
                             "SIZE_BUFFER", 0, "SYSLOG_ACTION_"),  # include/linux/syslog.h, which is not exported
        "kTimeStampCounter": words(PR_TSC_ENABLE=1, PR_TSC_SIGSEGV=2),  # linux/prctl.h
        "kTipcOption": [row for row in constants("linux/tipc.h", "TIPC_") if 126 < row[0] < 140],
        "kTlsOption": words(TLS_TX=1, TLS_RX=2, TLS_TX_ZEROCOPY_RO=3, TLS_RX_EXPECT_NO_PAD=4),  # linux/tls.h
        "kTcpOption": tcp_options(),
        "kUdpOption": constants("linux/udp.h", "UDP_", "ENCAP_.*"),
        "kUringRegister": sorted(
            enumerators("linux/io_uring.h", "IORING_REGISTER_", "LAST|FILES_SKIP|USE_.*")
            + enumerators("linux/io_uring.h", "IORING_UNREGISTER_")
            + [(28, "IORING_UNREGISTER_NAPI")]
            + run("PBUF_STATUS NAPI - CLOCK CLONE_BUFFERS SEND_MSG_RING ZCRX_IFQ RESIZE_RINGS MEM_REGION QUERY", 26,
                  "IORING_REGISTER_")),  # 6.18
        "kVsockOption": without_aliases(constants("linux/vm_sockets.h", "SO_VM_SOCKETS_", "CONNECT_TIMEOUT_NEW|CONNECT_TIMEOUT")),
        "kXdpOption": constants("linux/if_xdp.h", "XDP_",
                                "(?!MMAP_OFFSETS|RX_RING|TX_RING|UMEM_(REG|FILL|COMP)|STATISTICS|OPTIONS$).*"),
        "kUserDumpable": words(SUID_DUMP_DISABLE=0, SUID_DUMP_USER=1, SUID_DUMP_ROOT=2),  # include/linux/sched/coredump.h
    }
