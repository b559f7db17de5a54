# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""The requests of ioctl(2), of which the compiler knows the numbers: they hold the sizes of structures."""

import pathlib
import re
import subprocess
import tempfile

AUDIT_SPELLINGS = {"FIONREAD": "TIOCINQ"}
# Of two requests with one number the first one stays: what everybody has comes before what few have.
HEADERS = """asm-generic/ioctls.h linux/sockios.h linux/fs.h linux/kd.h linux/vt.h linux/tiocl.h linux/if_tun.h linux/loop.h
    linux/fiemap.h linux/fscrypt.h linux/fsverity.h linux/nsfs.h linux/kvm.h linux/vhost.h linux/vfio.h linux/fuse.h
    linux/userfaultfd.h linux/seccomp.h linux/perf_event.h linux/random.h linux/rtc.h linux/watchdog.h linux/blkzoned.h
    linux/blkpg.h linux/blktrace_api.h linux/hdreg.h linux/cdrom.h linux/nbd.h linux/dm-ioctl.h linux/raid/md_u.h
    linux/nvme_ioctl.h linux/sed-opal.h linux/btrfs.h linux/f2fs.h linux/auto_fs.h linux/ppp-ioctl.h linux/input.h
    linux/uinput.h linux/hidraw.h linux/usbdevice_fs.h linux/i2c-dev.h linux/gpio.h linux/sync_file.h linux/dma-buf.h
    linux/udmabuf.h linux/videodev2.h linux/media.h sound/asound.h linux/tee.h linux/vm_sockets.h
    linux/virtio_ring.h linux/vtpm_proxy.h linux/watch_queue.h linux/suspend_ioctls.h linux/pps.h linux/ptp_clock.h
    linux/mei.h linux/kcov.h linux/cachefiles.h""".split()
# Those that are plain numbers, and so cannot be told from other macros by their text.
PLAIN = {
    "asm-generic/ioctls.h": "TC|TIOC|FIO", "linux/sockios.h": "SIOC", "linux/kd.h": "KD|GIO|PIO|KIO|KB", "linux/vt.h": "VT_",
    "linux/hdreg.h": "HDIO_(GET|SET|DRIVE|SCAN|TASK|TRISTATE|UNREG|DROP|OBSOLETE)", "linux/cdrom.h": "CDROM|DVD_",
    "linux/loop.h": "LOOP_(SET|CLR|GET|CHANGE|CTL|CONF)", "linux/i2c-dev.h": "I2C_(RETRIES|TIMEOUT|SLAVE|TENBIT|FUNCS|RDWR|PEC|SMBUS)",
}
NOT_A_REQUEST = r"TIOC_?(PKT_|SER_|M_).*|TIOCPKT_.*|TIOCM_.*|TIOCSER_.*|SIOC_?(IOC_|DEVPRIVATE|PROTOPRIVATE).*|" \
                r"VT_(AUTO|PROCESS|ACKACQ|EVENT_.*|MAX.*)|KD_(TEXT.?|GRAPHICS)|KB_.*|CDROM_(MAX|LBA|MSF|DATA|AUDIO|LEADOUT|" \
                r"LAST).*|.*_IOC_MAGIC|.*_IOCTL_(MAX|BASE|COUNT)|.*_(LASTOP|MAXNR)"


def ioctl_requests():
    lines, includes = [], []
    for header in HEADERS:
        plain = PLAIN.get(header)
        source = pathlib.Path("/usr/include", header).read_text().replace("\\\n", " ")
        for name, text in re.findall(r"^\s*#\s*define\s+(\w+)\s+(.+)$", source, re.M):
            encoded = re.search(r"\b(_IO|_IOR|_IOW|_IOWR|_IO[A-Z]*_BAD|KVMIO|BTRFS_IOCTL_MAGIC)\s*\(", text)
            if not (encoded or (plain and re.match(plain, name) and re.match(r"\(?(0x|0X|\d|'|_IO)", text))):
                continue
            if re.fullmatch(NOT_A_REQUEST, name) or name.startswith("_"):
                continue
            lines.append(f'#ifdef {name}\nprintf("%u {name}\\n", (unsigned)({name}));\n#endif')
        includes.append(f"#include <{header}>")
    return numbers_of(includes, lines)


def numbers_of(includes, lines):
    """Lines whose structure has no header of its own are left out, one after the other."""
    program = pathlib.Path(tempfile.mkdtemp()) / "numbers"
    while True:
        source = ["#include <stdio.h>", "#include <stdint.h>", "#include <sys/types.h>", "#include <sys/socket.h>",
                  "#include <net/if.h>", *includes, "int main(void) {"]
        start = len(source)
        text = "\n".join([*source, *lines, "}"])
        build = subprocess.run(["gcc", "-w", "-x", "c", "-", "-o", program], input=text, text=True,
                               capture_output=True, check=False)
        if build.returncode == 0:
            break
        wrong = {(int(n) - start - 1) // 3 for n in re.findall(r"<stdin>:(\d+):\d+: error", build.stderr)}
        assert wrong and min(wrong) >= 0, build.stderr
        lines = [line for i, line in enumerate(lines) if i not in wrong]
    output = subprocess.run([program], text=True, stdout=subprocess.PIPE, check=True).stdout
    program.unlink()
    program.parent.rmdir()
    found = {}
    for line in output.splitlines():
        number, name = line.split()
        if int(number) > 0xFF:
            found.setdefault(int(number), AUDIT_SPELLINGS.get(name, name))
    return sorted(found.items())
