"""Recomputes a verification file without the program that made it.

python3 verify.py FILE, with nothing but Python's own library. It prints "equal" and the
numbers of draws, or the first deviation. Written from the text in doc.go.
"""
import hashlib, hmac, json, sys

FORMAT = "tidemark-allocation-1"


def numbers(seed, purpose, stratum, number):
    i = 0
    while True:
        text = "\n".join([FORMAT, purpose, stratum, str(number), str(i)])
        yield int.from_bytes(hmac.new(seed, text.encode(), hashlib.sha256).digest()[:6], "big")
        i += 1


def below(stream, n):
    return next(v for v in stream if v < 2**48 - 2**48 % n) % n


def permuted(seed, stratum, number, parts, sizes):
    s = numbers(seed, "block", stratum, number)
    size = sizes[below(s, len(sizes))]
    block = [arm for arm in dict.fromkeys(parts) for _ in range(parts.count(arm) * size // len(parts))]
    for i in range(size - 1, 0, -1):
        j = below(s, i + 1)
        block[i], block[j] = block[j], block[i]
    return block


def best_parts(factors, levels, parts, counted):
    def imbalance(part):
        total = 0
        for f, factor in enumerate(factors):
            n = [sum(1 for p, l in counted if p == k and l[f] == levels[f]) + (k == part) for k in range(len(parts))]
            total += factor["weight"] * (max(n) - min(n))
        return total
    sums = [imbalance(k) for k in range(len(parts))]
    return [k for k, v in enumerate(sums) if v == min(sums)]


def verify(f):
    seed, scheme = bytes.fromhex(f["seed"]), f["scheme"]
    if hashlib.sha256(seed).hexdigest() != f["commitment"]:
        return "the seed is not the one that was committed to"
    parts = [a["key"] for a in scheme["arms"] for _ in range(a["share"])]
    factors, best = scheme.get("factors", []), scheme.get("best", 0)
    text = "method %s\nunit %s\n" % (scheme["method"], scheme["unit"])
    text += "".join("arm %s=%d\n" % (a["key"], a["share"]) for a in scheme["arms"])
    if scheme.get("sizes"):
        text += "sizes %s\n" % " ".join(map(str, scheme["sizes"]))
    text += "".join("factor %s=%d|%s\n" % (x["name"], x.get("weight", 0), "|".join(x.get("levels", []))) for x in factors)
    text += "best %d\n" % best if best else ""

    def digest(lines):
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    chain = digest([FORMAT, f["study"], f["sealed_at"], f["commitment"], text])
    count, blocks, counted = {}, {}, []
    for place, d in enumerate(f["draws"], 1):
        levels = d["levels"] or []
        if d["kind"] == "lot":
            stratum = "study"
            if scheme["method"] == "blocks" and factors:
                stratum = "; ".join("%s=%s" % (x["name"], l) for x, l in zip(factors, levels))
            k = count[stratum] = count.get(stratum, 0) + 1
            draw = numbers(seed, "draw", stratum, k)
            if scheme["method"] == "simple":
                arm = parts[below(draw, len(parts))]
            elif scheme["method"] == "blocks":
                line = blocks.setdefault(stratum, [[], 0])
                while len(line[0]) < k:
                    line[1] += 1
                    line[0] += permuted(seed, stratum, line[1], parts, scheme["sizes"])
                arm = line[0][k - 1]
            else:
                good = best_parts(factors, levels, parts, counted)
                by_lot = below(draw, 100 * (len(parts) - 1)) < (100 - best) * len(parts)
                part = below(draw, len(parts)) if by_lot else good[below(draw, len(good))]
                counted.append((part, levels))
                arm = parts[part]
            if (d["stratum"], d["number"], d["arm"]) != (stratum, k, arm):
                return "record %d: draw %d of %s gives %s" % (place, k, stratum, arm)
        elif d["kind"] == "hand" and scheme["method"] == "minimisation" and scheme["unit"] == "person":
            own = [k for k, arm in enumerate(parts) if arm == d["arm"]]
            counted.append((min(own, key=lambda k: sum(p == k for p, _ in counted)), levels))
        if d["seq"] != place:
            return "record %d is numbered %d" % (place, d["seq"])
        chain = digest([chain, str(d["seq"]), d["at"], d["kind"], d["stratum"], str(d["number"]), d["arm"], *levels])
        if chain != d["chain"]:
            return "record %d: it, or one before it, was changed" % place
    if chain != f["head"]:
        return "the head is not the hash of the last record"
    kinds = [d["kind"] for d in f["draws"]]
    return "equal: %d by lot, %d by hand, %d before" % tuple(kinds.count(k) for k in ("lot", "hand", "before"))


if __name__ == "__main__":
    print(verify(json.load(open(sys.argv[1], encoding="utf-8"))))
