#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What no compiler checks. `lint.py CHECK ROOT` prints each finding as file:line: text and fails if there is one."""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys

# Which folders each folder may include from, besides itself: the way the data flows.
ALLOWED = {
    "base": [],
    "tables": [],
    "netlink": ["base"],
    "config": ["base"],
    "correlate": ["base", "tables"],
    "interpret": ["base", "tables", "correlate"],
    "formats": ["base", "tables", "config", "correlate", "interpret"],
    "stored": ["base", "tables", "correlate", "formats"],
    "output": ["base", "tables", "config", "correlate", "interpret", "formats"],
    "rules": ["base", "tables", "config", "netlink"],
    "migrate": ["base", "tables", "config", "netlink", "rules"],
    "library": ["base", "tables", "config", "netlink", "correlate", "interpret", "formats", "stored", "rules", "migrate"],
    "daemon": ["base", "tables", "config", "netlink", "correlate", "interpret", "formats", "stored", "output", "rules"],
    "ctl": ["base", "tables", "config", "netlink", "correlate", "interpret", "formats", "stored", "output", "rules",
            "migrate"],
}
MOST_LINES = 600  # a length is a hint: a longer file is nearly always two nouns
MOST_FILES = 26  # in one folder
CODE = [*ALLOWED, "tests", "fuzz", "bench"]
INCLUDE = re.compile(r'\s*#\s*include\s+(["<])([^">]+)[">]')


def sources(root, suffixes=(".hpp", ".cpp")):
    for folder in CODE:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in suffixes and "corpus" not in path.parts:
                yield path.relative_to(root)


def includes(root, path):
    """(line number, '"' or '<', name) of each include."""
    for number, line in enumerate((root / path).read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1], match[2]


def may_include(path):
    """The folders that this file may include from; None: any."""
    folder = path.parts[0]
    if folder == "tests" and path.parts[1] in ALLOWED:
        return [path.parts[1], *ALLOWED[path.parts[1]], "tests"]
    if folder in ALLOWED:
        return [folder, *ALLOWED[folder]]
    return None


def include_direction(root):
    for path in sources(root):
        allowed = may_include(path)
        for number, quote, name in includes(root, path):
            target = pathlib.PurePath(name)
            ours = target.parts[0] in CODE and (root / name).exists()
            if quote == '"' and not ours:
                yield f"{path}:{number}: \"{name}\" is not a path from the root of the tree"
            elif quote == "<" and ours:
                yield f"{path}:{number}: <{name}> is ours; write it in quotes"
            elif quote == '"' and allowed is not None and target.parts[0] not in allowed:
                yield f"{path}:{number}: {path.parts[0]}/ may not include \"{name}\""


def conventions(root):
    for path in sources(root):
        lines = (root / path).read_text().splitlines()
        listed = list(includes(root, path))
        for number, _, name in listed:
            if name == "boost/asio.hpp":
                yield f"{path}:{number}: include the single headers of Asio that are needed, not all of it"
            # libcurl reads no request: that of who fetches the metrics is read by Beast.
            if name.startswith("boost/beast") and str(path) != "daemon/metrics/scrape_request.cpp":
                yield f"{path}:{number}: HTTP is libcurl's (docs/decisions/0011-libcurl.md)"
            if name.startswith("catch2/") and str(path) != "tests/support/catch.hpp":
                yield f"{path}:{number}: Catch2 is included through tests/support/catch.hpp only"
        own = path.with_suffix(".hpp")
        if path.suffix == ".cpp" and (root / own).exists() and (not listed or listed[0][2] != str(own)):
            yield f"{path}:1: the first include has to be its own header"
        if path.suffix == ".hpp" and "#pragma once" not in lines:
            yield f"{path}:1: no #pragma once"
        if len(lines) > MOST_LINES and path.parts[0] not in ("tables", "tests"):
            yield f"{path}:{MOST_LINES}: more than {MOST_LINES} lines are two files"
        for number, line in enumerate(lines, 1):
            if re.search(r"\b(TODO|FIXME|XXX)\b", line):
                yield f"{path}:{number}: an open end"


def rooms(root):
    """No folder is a drawer: at most MOST_FILES in one, and in base/ only what two folders need."""
    folders = collections.Counter(path.parent for path in sources(root) if path.parts[0] in ALLOWED)
    for folder, count in sorted(folders.items()):
        if count > MOST_FILES:
            yield f"{folder}: {count} files; more than {MOST_FILES} are two folders"
    users = collections.defaultdict(set)
    for path in sources(root):
        if path.parts[0] in ALLOWED:
            for _, _, name in includes(root, path):
                users[name].add(path.parts[0])
    # What base/ itself builds on counts where that is used.
    for path in sorted(path for path in sources(root, (".hpp",)) if path.parts[0] == "base"):
        others = set(users[str(path)])
        if "base" in others:
            others |= {folder for name in users for folder in users[name] if name.startswith("base/") and
                       any(inner == str(path) for _, _, inner in includes(root, name))}
        if len(others - {"base"}) < 2:
            yield f"{path}:1: used by {', '.join(sorted(others - {'base'})) or 'nobody'} only; base/ is for two folders at least"


def spdx(root):
    code = "// SPDX-License-Identifier: Apache-2.0\n// SPDX-FileCopyrightText: The nauditd authors\n"
    for path in sources(root):
        if not (root / path).read_text().startswith(code):
            yield f"{path}:1: the two SPDX lines are missing"
    others = [*root.rglob("CMakeLists.txt"), *root.glob("cmake/*"), *root.glob("tools/*"), *root.glob("**/*.py"),
              *root.glob("config/**/*.yaml"), *root.glob("systemd/*.in")]
    for path in sorted(set(others)):
        relative = path.relative_to(root)
        if not path.is_file() or relative.parts[0] in ("build", ".git") or relative.suffix == ".log":
            continue
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in path.read_text().splitlines()[:3]):
            yield f"{relative}:1: the SPDX line is missing"


def formatting(root):
    tool = shutil.which("clang-format-19")
    if tool is None:
        yield "clang-format-19 is missing; tools/install-deps installs it"
        return
    files = [str(root / path) for path in sources(root)]
    run = subprocess.run([tool, "--dry-run", "--Werror", *files], capture_output=True, text=True, check=False)
    for line in run.stderr.splitlines():
        if "error:" in line:
            yield line


def schema_keys(schema):
    """Every key of nauditd.yaml as docs/configuration.md names it: node, kernel.mode, sinks.tls.ca, …"""

    def below(prefix, node):
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        for part in [node, *node.get("allOf", []), *node.get("anyOf", [])]:
            if part is not node:
                yield from below(prefix, part)
            for key, value in part.get("properties", {}).items() if part is node else ():
                inner = list(below(f"{prefix}{key}.", value))
                if inner and any(one.get("type") in ("boolean", "string") for one in value.get("anyOf", [])):
                    yield f"{prefix}{key}"  # a map with a switch, or in whose place a text may stand
                yield from inner or [f"{prefix}{key}"]

    for key, value in schema["properties"].items():
        if key not in ("sinks", "sources"):
            yield from list(below(f"{key}.", value)) or [key]
    for name, value in schema["$defs"].items():
        if name.endswith("_sink"):
            yield from below("sinks.", value)
        if name == "source":
            yield from below("sources.", value)


def documented_keys(root):
    wanted = set(schema_keys(json.loads((root / "docs/nauditd.schema.json").read_text())))
    told = set()
    seen = {}  # below one heading: a key of two types may be two things
    for number, line in enumerate((root / "docs/configuration.md").read_text().splitlines(), 1):
        if line.startswith("#"):
            seen = {}
        match = re.match(r"\| `([a-z_.-]+)` \|", line)
        if not match:
            continue
        key = match[1]
        if key in seen:
            yield f"docs/configuration.md:{number}: {key} stands in line {seen[key]} already"
        if key not in wanted:
            yield f"docs/configuration.md:{number}: there is no key {key}"
        seen[key] = number
        told.add(key)
    for key in sorted(wanted - told):
        yield f"docs/configuration.md: {key} is missing"


OURS = "|".join([*CODE, "cmake", "docs", "man", "systemd", "tools"])
# A path from the root of the tree, with an ending or in tools/; not the end of a longer one, and no pattern.
PATH = re.compile(rf"(?<![\w/.<>*{{}}$-])((?:{OURS})(?:/[\w.-]+)*/[\w-]+(?:\.[\w-]+)*\.(?:hpp|cpp|inc|c|py|md|yaml|json|txt|rules|cmake|in)|"
                  r"tools/[\w-]+)(?![\w/*<{-]|\.\w)")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def paths(root):
    """What documents and comments name is there. Decisions and the list of changes tell of what was."""
    documents = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("tests/data/**/*.md")]
    for path in sorted(documents):
        relative = path.relative_to(root)
        is_history = relative.name == "CHANGELOG.md" or relative.parts[:2] == ("docs", "decisions")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for name in LINK.findall(line):
                if not (path.parent / name).exists():
                    yield f"{relative}:{number}: there is no {name}"
            for name in [] if is_history else PATH.findall(line):
                if not (root / name).exists():
                    yield f"{relative}:{number}: there is no {name}"
    for path in sources(root, (".hpp", ".cpp", ".c", ".py")):
        if path.parts[:2] == ("tests", "lint"):
            continue
        for number, line in enumerate((root / path).read_text().splitlines(), 1):
            comment = line.partition("//")[2] or (line if path.suffix == ".py" else "")
            for name in PATH.findall(comment):
                if not (root / name).exists():
                    yield f"{path}:{number}: there is no {name}"


def decisions(root):
    """docs/decisions/README.md lists each record once, and each has a number of its own and that number as its title's."""
    folder = root / "docs/decisions"
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \|", (folder / "README.md").read_text(), re.MULTILINE)
    numbers = [number for number, _ in listed]
    if numbers != sorted(set(numbers)):
        yield "docs/decisions/README.md: the numbers are not in order, or one stands there twice"
    for number, name in listed:
        if not name.startswith(number + "-"):
            yield f"docs/decisions/README.md: {number} leads to {name}"
    names = [name for _, name in listed]
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        if path.name not in names:
            yield f"docs/decisions/README.md: {path.name} is missing"
        number = re.match(r"(\d{4})-", path.name)
        if not number or not path.read_text().startswith(f"# {int(number[1])}. "):
            yield f"docs/decisions/{path.name}:1: the name and the title begin with the same number"
    for name in names:
        if not (folder / name).exists():
            yield f"docs/decisions/README.md: there is no {name}"


CHECKS = {
    "include_direction": include_direction,
    "conventions": conventions,
    "rooms": rooms,
    "spdx": spdx,
    "format": formatting,
    "documented_keys": documented_keys,
    "paths": paths,
    "decisions": decisions,
}


def main():
    findings = list(CHECKS[sys.argv[1]](pathlib.Path(sys.argv[2])))
    print("\n".join(findings) or "nothing found")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
