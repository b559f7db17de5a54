# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""Reads numbers and their names out of the kernel's exported headers."""

import functools
import re
import subprocess

NATIVE = "/usr/include/x86_64-linux-gnu /usr/include"

# arch -> (include folders, macros that select the ABI). The preprocessor runs with -undef, so that the macros of the
# building machine do not leak in.
ARCHES = {
    "x86_64": (NATIVE, "__x86_64__"),
    "i386": ("/usr/i686-linux-gnu/include", "__i386__"),
    "aarch64": ("/usr/aarch64-linux-gnu/include", "__aarch64__"),
    "arm": ("/usr/arm-linux-gnueabihf/include", "__arm__ __ARM_EABI__"),
    "arm_oabi": ("/usr/arm-linux-gnueabihf/include", "__arm__"),  # numbers above 0x900000; only merged into "arm"
    "ppc64": ("/usr/powerpc64le-linux-gnu/include", "__powerpc__ __powerpc64__"),
    "ppc": ("/usr/powerpc64le-linux-gnu/include", "__powerpc__"),
    "s390x": ("/usr/s390x-linux-gnu/include", "__s390__ __s390x__"),
    "s390": ("/usr/s390x-linux-gnu/include", "__s390__"),
    "riscv64": ("/usr/riscv64-linux-gnu/include", "__riscv __LP64__ __riscv_xlen=64 __SIZEOF_POINTER__=8"),
    "riscv32": ("/usr/riscv64-linux-gnu/include", "__riscv __riscv_xlen=32 __SIZEOF_POINTER__=4"),
}


def preprocessed(header, option, arch="x86_64"):
    folders, defines = ARCHES[arch]
    # Some native headers include one of the C library.
    command = ["cpp", "-P", "-undef", *(["-nostdinc"] if folders != NATIVE else []), *([option] if option else [])]
    command += [f"-I{folder}" for folder in folders.split()]
    command += [f"-D{define}" for define in defines.split()]
    return subprocess.run(command, input=f"#include <{header}>\n", text=True, stdout=subprocess.PIPE, check=True).stdout


@functools.cache
def macros(header, arch="x86_64"):
    """All macros that a header defines: name -> text."""
    lines = preprocessed(header, "-dM", arch).splitlines()
    found = (re.match(r"#define (\w+)\s+(.+)$", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def number(text, known, depth=0):
    """The value of a macro's text: a number, another macro, or a sum or union of these. None if it is anything else."""
    text = re.sub(r"\b\w+\b", lambda m: f"({known[m[0]]})" if m[0] in known else m[0], text)
    text = re.sub(r"\((__u32|__u64|int|unsigned int)\)", "", text)
    if re.search(r"[A-Za-z_]\w*", re.sub(r"\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b", "0", text)):
        return number(text, known, depth + 1) if depth < 8 else None
    literal = r"\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b"
    text = re.sub(literal, lambda m: str(int(m[1], 8 if re.match(r"0\d", m[1]) else 0)), text)
    return int(eval(text)) if re.fullmatch(r"[\d\s()+|<~&-]+", text) else None


def numbered(found, prefix):
    """[(number, name)] of the macros with a prefix, sorted; of two names for one number the real one stands first."""
    rows = []
    for name, text in found.items():
        if name.startswith(prefix):
            value = number(text, found)
            if value is not None:
                # A macro that is defined as another call's macro is only a second name.
                rows.append((value, prefix in text, name[len(prefix):]))
    return [(value, name) for value, _, name in sorted(rows)]


def constants(header, prefix, but=None, strip="", arch="x86_64"):
    """Macros by prefix, but those whose rest matches a pattern; named with the prefix, less what is to be stripped."""
    rows = numbered(macros(header, arch), prefix)
    return [(n, (prefix + name).removeprefix(strip)) for n, name in rows if not (but and re.fullmatch(but, name))]


@functools.cache
def all_enumerators(header):
    known = dict(macros(header))
    rows = []
    for body in re.findall(r"\benum\b[^{;]*\{([^}]*)\}", preprocessed(header, "")):
        value = -1
        for entry in filter(None, (part.strip() for part in body.split(","))):
            name, _, text = (part.strip() for part in entry.partition("="))
            value = number(text, known) if text else value + 1
            if value is None:
                value = 1 << 62  # not a number that we can read: those that follow have none either
            known[name] = str(value)
            rows.append((value, name))
    return rows


def enumerators(header, prefix, but=None):
    """Enumerators by prefix, but those whose rest matches a pattern."""
    return sorted((n, name) for n, name in all_enumerators(header) if name.startswith(prefix) and n < 1 << 62
                  and not (but and re.fullmatch(but, name[len(prefix):])))


def without_aliases(rows):
    """The first name of each number only."""
    return sorted({n: (n, name) for n, name in reversed(rows)}.values())


def single_bits(rows):
    return without_aliases([(n, name) for n, name in rows if n > 0 and n & (n - 1) == 0])


def renamed(rows, names):
    return [(n, names.get(name, name)) for n, name in rows]


def run(names, first=0, prefix=""):
    """Names that have consecutive numbers, from a text; "-" is a gap."""
    return [(first + i, prefix + name) for i, name in enumerate(names.split()) if name != "-"]


def words(**numbers):
    """Names and their numbers, for the few that no header has."""
    return sorted((n & 0xFFFFFFFF, name) for name, n in numbers.items())
