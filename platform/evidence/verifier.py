#!/usr/bin/env python3
"""Check an evidence bundle of a Touchstone log, without Touchstone.

    python3 verifier.py BUNDLE.zip [--key VERIFIER_KEY] [--remember CHECKPOINT.txt]

Needs Python 3.10 or later and the package ``cryptography``. It believes nothing in the bundle but
the signature on its checkpoint, and that only under the keys given with --key; without --key it
uses the keys in the bundle and says that these prove the bundle's consistency, not its origin.

Exit codes: 0 everything holds, 1 something does not, 2 the files or arguments can't be used.

What is checked: RFC 9162 (leaf hash, inclusion 2.1.3.2, consistency 2.1.4.2), C2SP signed-note and
tlog-checkpoint (Ed25519). The code below is all there is to it; read it.
"""

import argparse
import base64
import binascii
import hashlib
import itertools
import json
import sys
import typing
import zipfile
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

DASH = "\N{EM DASH}"


class Broken(Exception):
    """Something that must hold does not."""


class Unusable(Exception):
    """A file or an argument is not what it has to be."""


def leaf_hash(line: bytes) -> bytes:
    """RFC 9162 2.1.1: SHA-256(0x00 || line)."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 2.1.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, path: "list[bytes]", root: bytes) -> bool:
    """RFC 9162 2.1.3.2: whether ``path`` leads from the leaf at ``index`` to the root."""
    if not 0 <= index < size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            r = node_hash(p, r)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(
    first: int, first_root: bytes, second: int, second_root: bytes, path: "list[bytes]"
) -> bool:
    """RFC 9162 2.1.4.2: whether the tree of ``second`` begins with the tree of ``first``."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    if first & (first - 1) == 0:
        path = [first_root, *path]
    return folded(first - 1, second - 1, path) == (first_root, second_root)


def folded(fn: int, sn: int, path: "list[bytes]") -> "tuple[bytes, bytes] | None":
    """Both roots that a consistency path leads to; None when its length is wrong."""
    while fn % 2 == 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return None
        if fn % 2 == 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr) if sn == 0 else None


def read_key(text: str) -> "tuple[str, bytes, bytes]":
    """A verifier key ``name+id+key`` as (name, id, public key)."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise Unusable(f"{text!r} is no verifier key.")
    name, hexed, encoded = parts
    raw = unbase64(encoded)
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != b"\x01" or len(raw) != 33 or key_id.hex() != hexed:
        raise Unusable(f"{text!r} is no Ed25519 verifier key.")
    return name, key_id, raw[1:]


def read_checkpoint(note: str, keys: "list[str]") -> "tuple[str, int, bytes, str, list[str]]":
    """A signed checkpoint as (origin, size, root, time, ids of the keys that signed it)."""
    text, separator, tail = note.rpartition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3 or not lines[1].isdigit():
        raise Unusable("The checkpoint is not a signed note.")
    known = {(name, key_id): public for name, key_id, public in map(read_key, keys)}
    signers = []
    for line in tail.splitlines():
        words = line.split(" ")
        if len(words) != 3 or words[0] != DASH:
            raise Unusable("A signature line can't be read.")
        raw = unbase64(words[2])
        public = known.get((words[1], raw[:4]))
        if public is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], (text + "\n").encode())
        except InvalidSignature:
            raise Broken(f"The signature of key {raw[:4].hex()} on the checkpoint is wrong.")
        signers.append(raw[:4].hex())
    if not signers:
        raise Broken("No key that was given signed the checkpoint.")
    sealed = next((line[7:] for line in lines[3:] if line.startswith("sealed ")), "unknown")
    return lines[0], int(lines[1]), unbase64(lines[2]), sealed, signers


def unbase64(text: str) -> bytes:
    """Strict base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("Something that must be base64 is not.")


class Bundle:
    """The files of a bundle."""

    def __init__(self, path: str) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise Unusable(f"{path} can't be opened as a bundle: {error}")

    def lines(self, name: str) -> "Iterator[bytes]":
        """A file's lines, without their ends, one by one: a bundle may be larger than memory."""
        try:
            with self.zip.open(name) as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        raise Broken(f"{name} was cut off.")
                    yield line[:-1]
        except (KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise Unusable(f"{name} can't be read from the bundle: {error}")

    def sum(self, name: str) -> str:
        """A file's SHA-256, hex."""
        found = hashlib.sha256()
        try:
            with self.zip.open(name) as file:
                while part := file.read(1 << 20):
                    found.update(part)
        except (KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise Unusable(f"{name} can't be read from the bundle: {error}")
        return found.hexdigest()

    def text(self, name: str) -> str:
        """A file as text."""
        return "".join(line.decode() + "\n" for line in self.lines(name))


def check_events(bundle: Bundle, size: int, root: bytes) -> int:
    """Every event's line against its proof; returns how many there are."""
    last, number = -1, 0
    pairs = itertools.zip_longest(bundle.lines("events.jsonl"), bundle.lines("proofs.jsonl"))
    for number, (line, raw) in enumerate(pairs, start=1):
        if line is None or raw is None:
            raise Broken(f"There are not as many events as proofs: one is missing at {number}.")
        proof = json.loads(raw)
        name = json.loads(line).get("id")
        index, path = proof["leaf_index"], [unbase64(each) for each in proof["path"]]
        if not included(leaf_hash(line), index, size, path, root):
            raise Broken(f"Event {name} (line {number}) is not what was sealed at leaf {index}.")
        if index <= last:
            raise Broken(f"Event {name} (line {number}) is out of order or there twice.")
        last = index
    return number


def check_manifest(bundle: Bundle, events: int, size: int) -> "list[str]":
    """What the cover says against what is there; returns words about completeness."""
    manifest = json.loads(bundle.text("manifest.json"))
    if manifest["events"] != events or manifest["size"] != size:
        raise Broken("The manifest does not say what is in the bundle.")
    if manifest["selection"]:
        return ["The bundle holds a selection; that nothing else matches it can't be proved here."]
    if events != size:
        return [f"{size - events} of the log's {size} events are not in the bundle."]
    return [f"All {size} events of the log are in the bundle."]


def check_sums(bundle: Bundle) -> "list[str]":
    """Every file against SHA256SUMS, where there is one; returns what to tell."""
    if "SHA256SUMS" not in bundle.zip.namelist():
        return []
    told = dict(line.split("  ", 1)[::-1] for line in bundle.text("SHA256SUMS").splitlines())
    if sorted([*told, "SHA256SUMS"]) != sorted(bundle.zip.namelist()):
        raise Broken("The files in the bundle are not those that SHA256SUMS names.")
    for name, expected in told.items():
        if bundle.sum(name) != expected:
            raise Broken(f"{name} is not the file whose hash SHA256SUMS names.")
    papers = [f"{name} {told[name]}" for name in sorted(told) if name.endswith(".pdf")]
    return [f"{len(told)} files are what SHA256SUMS names.", *(f"SHA-256 of {p}" for p in papers)]


def check_remembered(bundle: Bundle, path: str, keys: "list[str]", new: "tuple[int, bytes]") -> str:
    """That the bundle's tree begins with that of a checkpoint kept from earlier."""
    try:
        note = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{path} can't be read: {error}")
    _, size, root, sealed, _ = read_checkpoint(note, keys)
    proof = json.loads(bundle.text("consistency.json"))
    proofs = {each["from"]: [unbase64(one) for one in each["path"]] for each in proof}
    if size != new[0] and size not in proofs:
        raise Unusable(
            f"The bundle has no proof from {size} leaves; get one from"
            f" /api/v1/log/consistency?from={size}&to={new[0]} or export with --since {size}."
        )
    if size > new[0] or not consistent(size, root, *new, proofs.get(size, [])):
        raise Broken(f"The log does not extend the checkpoint of {size} leaves you remembered.")
    return f"The log extends the checkpoint of {size} leaves of {sealed}."


def check(arguments: argparse.Namespace) -> "list[str]":
    """Everything; returns what to tell. Raises ``Broken`` or ``Unusable``."""
    bundle = Bundle(arguments.bundle)
    theirs = [line for line in bundle.text("keys.txt").splitlines() if line.strip()]
    keys = arguments.key or theirs
    origin, size, root, sealed, signers = read_checkpoint(bundle.text("checkpoint.txt"), keys)
    events = check_events(bundle, size, root)
    by = ", ".join(signers)
    told = [
        f"The checkpoint of {origin}, {size} leaves, sealed {sealed}, is signed by key {by}.",
        f"{events} events are what was sealed, each proved against that checkpoint.",
        *check_manifest(bundle, events, size),
        *check_sums(bundle),
    ]
    if arguments.remember:
        told.append(check_remembered(bundle, arguments.remember, keys, (size, root)))
    if not arguments.key:
        told.append(
            "The keys came with the bundle. To know that the log's owner signed it, get the key"
            " from them by another way and give it with --key."
        )
    return told


def main(argv: "list[str] | None" = None) -> int:
    """Parse, check, tell."""
    parser = argparse.ArgumentParser(description="Check an evidence bundle of a Touchstone log.")
    parser.add_argument("bundle", help="the zip file")
    parser.add_argument("--key", action="append", help="a verifier key you trust; may be repeated")
    parser.add_argument("--remember", metavar="FILE", help="a checkpoint you kept from earlier")
    arguments = parser.parse_args(argv)
    try:
        for line in check(arguments):
            print(f"  \N{CHECK MARK} {line}")
    except Broken as error:
        print(f"  \N{BALLOT X} {error}\nDOES NOT HOLD")
        return 1
    except (Unusable, KeyError, TypeError, ValueError) as error:
        print(f"can't be checked: {error}", file=sys.stderr)
        return 2
    print("HOLDS")
    return 0


if __name__ == "__main__":
    sys.exit(main())
