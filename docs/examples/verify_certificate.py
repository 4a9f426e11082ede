"""Verifies an erasure certificate by docs/certificate.md alone.

python3 verify_certificate.py CERTIFICATE PUBLIC_KEY
PUBLIC_KEY is the raw Ed25519 key in base64url, as GET /evidence/v1/key gives it. Needs the package `cryptography`.
Prints what the certificate says and ends with 0, or says why it does not hold and ends with 1.
"""

import base64
import hashlib
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CERTIFICATE = "palmledger erasure certificate 1"
HEAD = "palmledger tree head 1"


class Invalid(Exception):
    pass


def must(holds, what):
    if not holds:
        raise Invalid(what)


def unbase64url(text, length):
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    must(len(data) == length and base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text, "base64url")
    return data


def canonical(value):
    """RFC 8785, for objects with ASCII names, text, and integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


# The shapes of the tables.


def matching(pattern):
    compiled = re.compile(pattern, re.ASCII)

    def check(value, where):
        must(isinstance(value, str) and compiled.fullmatch(value), where)

    return check


def words(value, where):
    must(isinstance(value, str) and 1 <= len(value) <= 500, where)
    must(not any(ord(c) < 32 or 127 <= ord(c) <= 159 for c in value), where)


def clear(value, where):
    must(isinstance(value, str) and 2 <= len(value) <= 100000, where)


def digest(value, where):
    must(isinstance(value, str), where)
    unbase64url(value, 32)


def signature(value, where):
    must(isinstance(value, str), where)
    unbase64url(value, 64)


def count(value, where):
    must(type(value) is int and 0 <= value <= 2**53 - 1, where)


def one_of(*values):
    def check(value, where):
        must(isinstance(value, str) and value in values, where)

    return check


def list_of(item):
    def check(value, where):
        must(isinstance(value, list), where)
        for each in value:
            item(each, where)

    return check


def fields(**shapes):
    def check(value, where):
        must(isinstance(value, dict) and value.keys() == shapes.keys(), "the fields of " + where)
        for name, shape in shapes.items():
            shape(value[name], where + "." + name)

    return check


time = matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
large = matching(r"0|[1-9]\d{0,18}")
head_shape = fields(
    head=fields(format=one_of(HEAD), treeSize=large, root=digest, position=large, pruned=digest, at=time),
    signature=signature,
)
certificate_shape = fields(
    certificate=fields(
        format=one_of(CERTIFICATE),
        commitment=digest,
        reason=one_of("member", "admin", "unused", "lapsed", "consent-withdrawn", "service-closed"),
        requestedAt=time,
        destroyedAt=time,
        issuedAt=time,
        epoch=count,
        keysDestroyed=count,
        destroyed=list_of(fields(what=words, how=words)),
        copies=list_of(fields(name=words, medium=words, proves=words)),
        retiredCopies=list_of(fields(name=words, medium=words, retiredAtEpoch=count)),
        kept=list_of(fields(what=words, basis=words, until=words)),
        subscribers=fields(
            acknowledged=list_of(fields(subscriber=words, at=time)),
            overdue=list_of(fields(subscriber=words, dueBy=time)),
        ),
        recordsPruned=count,
        anchor=fields(
            record=fields(
                stream=words,
                id=matching(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
                type=words,
                version=count,
                recordedAt=time,
                actor=one_of("member", "device", "merchant", "auditor", "admin", "system", "service"),
                clear=clear,
                sealedDigest=matching(r"[0-9a-f]{64}"),
            ),
            leafIndex=large,
            proof=list_of(digest),
            head=head_shape,
        ),
    ),
    signature=signature,
)


def check_signature(key, kind, body, text, what):
    try:
        key.verify(unbase64url(text, 64), kind.encode() + b"\n" + canonical(body))
    except InvalidSignature:
        raise Invalid("the signature of the " + what) from None


def leaf_hash(record):
    order = ["stream", "id", "type", "version", "recordedAt", "actor", "clear", "sealedDigest"]
    return hashlib.sha256(b"\0" + canonical([record[name] for name in order])).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def is_included(leaf, index, size, proof, root):
    """RFC 9162, section 2.1.3.2."""
    if index >= size:
        return False
    place, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            computed = node_hash(sibling, computed)
            while not place & 1 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and computed == root


def verify(file, public_key):
    must(len(file) <= 1024 * 1024, "the size of the file")
    document = json.loads(file.decode("utf-8"))
    certificate_shape(document, "certificate")
    must(canonical(document) == file, "the canonical form")
    key = Ed25519PublicKey.from_public_bytes(unbase64url(public_key, 32))
    body = document["certificate"]
    check_signature(key, CERTIFICATE, body, document["signature"], "certificate")
    anchor = body["anchor"]
    signed, head = anchor["head"], anchor["head"]["head"]
    check_signature(key, HEAD, head, signed["signature"], "head")
    proof = [unbase64url(each, 32) for each in anchor["proof"]]
    root = unbase64url(head["root"], 32)
    leaf = leaf_hash(anchor["record"])
    must(is_included(leaf, int(anchor["leafIndex"]), int(head["treeSize"]), proof, root), "the proof")
    must(body["requestedAt"] <= body["destroyedAt"] <= body["issuedAt"], "the order of the times")
    return body


def main():
    path, public_key = sys.argv[1:]
    with open(path, "rb") as opened:
        file = opened.read()
    try:
        body = verify(file, public_key)
    except (Invalid, ValueError, RecursionError) as error:
        print("NOT VALID: " + str(error))
        return 1
    print("valid: " + str(body["keysDestroyed"]) + " keys destroyed at " + body["destroyedAt"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
