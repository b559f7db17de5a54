#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""spdx.py FOLDER CONTROL: prints, as JSON of SPDX 2.3, what the Debian packages in FOLDER are made of: each with its SHA-256,
the libraries that it loads (its Depends), and what was compiled into it (Build-Depends of the file CONTROL), with versions and
licences as this machine has them. Its time is SOURCE_DATE_EPOCH, so that the same packages give the same bytes."""
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

TOOLS = {"debhelper", "dh-python", "python3", "cmake", "ninja-build", "pkg-config"}  # at work, but not in the result


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def names(depends):
    """Of `a (>= 1) | b, c`: the first of each that is installed, and it if none is."""
    for one in depends.replace("\n", " ").split(","):
        words = [re.match(r"[a-z0-9+.-]+", word.strip()) for word in one.split("|")]
        found = [word[0] for word in words if word]
        if found:
            real = [name if installed(name) else provider(name) for name in found]
            yield next((name for name in real if name), found[0])


_known = {}


def installed(name):
    """(name, version, source, architecture) or None."""
    if name not in _known:
        query = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}\t${Package}\t${Version}\t${source:Package}\t"
                                "${Architecture}\n", name], capture_output=True, text=True)
        rows = [line.split("\t")[1:] for line in query.stdout.splitlines() if line.startswith("ii")]
        _known[name] = tuple(rows[0]) if rows else None
    return _known[name]


def provider(name):
    """The installed package that is a virtual one's, such as that of a library's interface."""
    for line in output("dpkg-query", "-W", "-f", "${Package}\t${Provides}\n").splitlines():
        package, _, provides = line.partition("\t")
        if name in (one.split()[0] for one in provides.split(",") if one.strip()) and installed(package):
            return package
    return None


def licences(name):
    """The short names of a machine-readable copyright file; such a file need not use SPDX's names."""
    path = pathlib.Path("/usr/share/doc", name, "copyright")
    if not path.exists():
        return []
    return sorted(set(re.findall(r"^License: *(\S.*)$", path.read_text(errors="replace"), re.MULTILINE)))


def reference(name):
    return "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def ours(path):
    name, version, architecture = output("dpkg-deb", "-f", path, "Package", "Version", "Architecture").split("\n")[:3]
    return {
        "SPDXID": reference(name.removeprefix("Package: ")), "name": name.removeprefix("Package: "),
        "versionInfo": version.removeprefix("Version: "), "packageFileName": path.name,
        "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "supplier": "Organization: The nauditd authors",
        "checksums": [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(path.read_bytes()).hexdigest()}],
        "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0",
        "copyrightText": "The nauditd authors",
        "comment": "architecture " + architecture.removeprefix("Architecture: "),
    }


def theirs(name):
    row = installed(name)
    if row is None:
        sys.exit(f"spdx.py: {name} is needed by a package and not installed here, so its version is not known")
    _, version, source, architecture = row
    words = licences(name)
    return {
        "SPDXID": reference(name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False, "supplier": "Organization: Debian", "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
        "licenseComments": "Debian's copyright file names: " + (", ".join(words) if words else "none by a short name"),
        "sourceInfo": f"built from Debian's source package {source}",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": f"pkg:deb/debian/{name}@{version}?arch={architecture}"}],
    }


def main():
    folder, control = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text()
    packages, relations = {}, []
    built = {ours(path)["name"]: path for path in sorted(folder.glob("*.deb"))}
    for name, path in built.items():
        packages[name] = ours(path)
        relations.append(("SPDXRef-DOCUMENT", "DESCRIBES", reference(name)))
    for name, path in built.items():
        depends = [output("dpkg-deb", "-f", path, field) for field in ("Pre-Depends", "Depends")]
        for other in sorted(set(names(",".join(depends)))):
            if other not in packages:
                packages[other] = theirs(other)
            relations.append((reference(name), "DEPENDS_ON", reference(other)))
    build_depends = re.search(r"^Build-Depends: (.*(?:\n .*)*)", control, re.MULTILINE)[1]
    for other in sorted(set(names(build_depends)) - TOOLS):
        if other not in packages:
            packages[other] = theirs(other)
        relations.append((reference(other), "BUILD_DEPENDENCY_OF", reference("nauditd")))
    digest = hashlib.sha256(json.dumps([one.get("checksums") for one in packages.values()]).encode()).hexdigest()
    when = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "nauditd",
        "documentNamespace": f"https://nauditd.example/spdx/{digest}",
        "creationInfo": {"created": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: nauditd-packaging-sbom"]},
        "packages": list(packages.values()),
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations],
    }
    json.dump(document, sys.stdout, indent=1)
    print()


main()
