# SPDX-License-Identifier: MIT
"""TIFF files of make_readers.py, tag by tag, and by PIL for what libtiff compresses; and what is turned in all eight
ways, also as it is stored (flags: 2). Not run by itself."""

TYPES = {1: "B", 2: "c", 3: "H", 4: "I", 16: "Q"}


def tag_values(kind, values, e):
    return struct.pack("%s%d%s" % (e, len(values), TYPES[kind]), *values)


def tiff_file(pages, little=True, big=False):
    """`pages`: of each the tags {number: (type, [values])} and the blocks of its pixels. Tags 273 and 279 (324 and
    325 where 322 is there) are filled in."""
    e = "<" if little else ">"
    word, kind = (8, 16) if big else (4, 4)
    out = bytearray(b"II" if little else b"MM")
    out += struct.pack(e + ("HHHQ" if big else "HI"), *((43, 8, 0, 16) if big else (42, 8)))
    link = len(out) - word
    for tags, blocks in pages:
        tags = dict(tags)
        at, sizes = [], []
        for b in blocks:
            at.append(len(out))
            sizes.append(len(b))
            out += b + b"\0" * (len(b) % 2)
        where, lengths = (324, 325) if 322 in tags else (273, 279)
        tags.setdefault(where, (kind, at))
        tags.setdefault(lengths, (kind, sizes))
        entries = []
        for number in sorted(tags):
            t, values = tags[number]
            data = tag_values(t, values, e)
            if len(data) > word:
                place = len(out)
                out += data + b"\0" * (len(data) % 2)
                data = struct.pack(e + ("Q" if big else "I"), place)
            entries.append(struct.pack(e + ("HHQ" if big else "HHI"), number, t, len(values)) + data.ljust(word, b"\0"))
        here = len(out)
        out[link : link + word] = struct.pack(e + ("Q" if big else "I"), here)
        out += struct.pack(e + ("Q" if big else "H"), len(entries)) + b"".join(entries)
        link = len(out)
        out += b"\0" * word
    return bytes(out)


def pack(a, bits, little):
    """Rows of numbers, each padded to whole bytes."""
    if a.dtype == np.float32:
        return a.astype("<f4" if little else ">f4").tobytes()
    if bits == 16:
        return a.astype("<u2" if little else ">u2").tobytes()
    if bits == 8:
        return a.astype(np.uint8).tobytes()
    return b"".join(pack_rows(a[i : i + 1], bits)[1:] for i in range(a.shape[0]))


def tiff_page(a, bits, photometric, little=True, tile=None, rows=None, planar=False, more=None, compress=None):
    """The page of an array H,W,C. `tile`: height, width."""
    height, width, samples = a.shape
    tags = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [bits] * samples),
        259: (3, [1]),
        262: (3, [photometric]),
        277: (3, [samples]),
        284: (3, [2 if planar else 1]),
    }
    if a.dtype == np.float32:
        tags[339] = (3, [3] * samples)
    tags.update(more or {})
    blocks = []
    for plane in [a[..., c : c + 1] for c in range(samples)] if planar else [a]:
        if tile:
            tags[322], tags[323] = (4, [tile[1]]), (4, [tile[0]])
            for y in range(0, height, tile[0]):
                for x in range(0, width, tile[1]):
                    part = np.zeros((tile[0], tile[1], plane.shape[2]), a.dtype)
                    got = plane[y : y + tile[0], x : x + tile[1]]
                    part[: got.shape[0], : got.shape[1]] = got
                    blocks.append(pack(part, bits, little))
        else:
            step = rows or height
            tags[278] = (4, [step])
            blocks += [pack(plane[y : y + step], bits, little) for y in range(0, height, step)]
    if compress:
        tags[259] = (3, [8])
        blocks = [zlib.compress(b, 9) for b in blocks]
    return tags, blocks


def put_tiff(name, data, truth=None, flags=0):
    """`truth`: where PIL reads it otherwise, or not at all."""
    put(name, data)
    if truth is None:
        image = Image.open("good/" + name)
        image.load()  # PIL turns TIFF files by itself here, and exif_transpose() would do it again
        image = image.convert({"P": "RGB", "1": "L", "CMYK": "RGB"}.get(image.mode, image.mode))
        truth = np.array(image)
        if truth.dtype == np.int32 or truth.dtype.byteorder == ">":
            truth = truth.astype(np.uint16)
        if truth.dtype == np.uint8:
            note(name, np.array(image.convert("L")), 0, 1)
            note(name, np.array(image.convert("RGB")), 0, 3)
    note(name, truth, flags)


def saved(image, **options):
    b = io.BytesIO()
    image.save(b, "tiff", **options)
    return b.getvalue()


def wide(a, bits):
    """Numbers of 9 to 15 bits, or fewer than 8, over the whole range of 16 or 8."""
    most, full = (1 << bits) - 1, 255 if bits < 8 else 65535
    return ((a.astype(np.int64) * full + most // 2) // most).astype(np.uint8 if bits < 8 else np.uint16)


def make_tiff():
    edges = np.array([0, 1, 32767, 32768, 65535, 255, 256, 40000], np.uint16).reshape(2, 4, 1)
    put_tiff("edges16.tif", tiff_file([tiff_page(edges, 16, 1)]), edges)
    put_tiff("edges16_big.tif", tiff_file([tiff_page(edges, 16, 1, False)], False), edges)
    put("edges16.png", png(edges, 16, 0))
    note("edges16.png", edges)
    for bits in (1, 2, 3, 4, 6, 8, 10, 12, 14, 16):
        a = draw.randint(0, 1 << bits, (9, 11, 1)).astype(np.uint16)
        truth = (wide(a, bits) if bits not in (8, 16) else a).astype(np.uint8 if bits <= 8 else np.uint16)
        known = None if bits in (1, 2, 4, 8) else truth
        put_tiff("gray%d.tif" % bits, tiff_file([tiff_page(a, bits, 1, rows=4)]), known)
        put_tiff("white%d.tif" % bits, tiff_file([tiff_page(a, bits, 0, False)], False), (255 if bits <= 8 else 65535) - truth)
        if bits < 8:
            note("gray%d.tif" % bits, a.astype(np.uint8), 1)
        if bits in (1, 4, 8):
            colours = {320: (3, list(draw.randint(0, 65536, 3 << bits)))}
            put_tiff("palette%d.tif" % bits, tiff_file([tiff_page(a, bits, 3, more=colours)]))
            note("palette%d.tif" % bits, a.astype(np.uint8), 1)
    x = draw.normal(0, 100, (7, 5, 1)).astype(np.float32)
    put_tiff("float.tif", tiff_file([tiff_page(x, 32, 1)]))
    put_tiff("float_big.tif", tiff_file([tiff_page(x, 32, 1, False, tile=(16, 16))], False, True), x)
    for samples, photometric, extra in ((2, 1, 2), (3, 2, None), (4, 2, 2), (4, 2, 0), (4, 5, None)):
        a8, a16 = smooth(37, 29, samples), draw.randint(0, 65536, (19, 23, samples)).astype(np.uint16)
        more = {338: (3, [extra])} if extra is not None else None
        name = {1: "la", 2: "rgb" + {None: "", 2: "a", 0: "x"}[extra], 5: "cmyk"}[photometric]
        truth = None
        if name == "rgbx":
            truth = a8[..., :3]
        for how, options in (
            ("strips", {"rows": 5}),
            ("tiles", {"tile": (16, 16)}),
            ("planar", {"planar": True, "rows": 8}),
            ("planar_tiles", {"planar": True, "tile": (16, 32)}),
            ("deflate", {"rows": 7, "compress": True}),
        ):
            data = tiff_file([tiff_page(a8, 8, photometric, more=more, **options)])
            if name == "la" and "planar" in how:
                truth = a8
            put_tiff("%s8_%s.tif" % (name, how), data, truth)
        wanted = a16[..., :3] if name == "rgbx" else a16
        if name != "cmyk":
            put_tiff(name + "16.tif", tiff_file([tiff_page(a16, 16, photometric, more=more, tile=(16, 16))]), wanted)
            put_tiff(name + "16_big.tif", tiff_file([tiff_page(a16, 16, photometric, False, more=more, planar=True)], False, True), wanted)
    a = smooth(9, 7, 4)
    a[..., :3] = np.minimum(a[..., :3], a[..., 3:])
    a[0, :, 3] = 0
    put_tiff("premultiplied.tif", tiff_file([tiff_page(a, 8, 2, more={338: (3, [1])})]))
    # turned, square in no way
    a = smooth(6, 10, 3)
    for k in range(1, 9):
        data = tiff_file([tiff_page(a, 8, 2, more={274: (3, [k])}, tile=(16, 16) if k % 2 else None, rows=4)])
        put_tiff("turned%d.tif" % k, data)
        note("turned%d.tif" % k, a, 2)
        put_png("orientation%d.png" % k, png(a, 8, 2, chunk(b"eXIf", tiff(k, k % 2 == 1)), interlaced=k == 7))
        note("orientation%d.png" % k, a, 2)
        note("turned%d.jpg" % k, np.array(Image.open("good/turned%d.jpg" % k)), 2)
    g = draw.randint(0, 65536, (3, 5, 1)).astype(np.uint16)
    put_tiff("turned8_16.tif", tiff_file([tiff_page(g, 16, 1, more={274: (3, [8])})]), np.rot90(g))
    # several images: the first
    put_tiff("pages.tif", tiff_file([tiff_page(g, 16, 1), tiff_page(a, 8, 2), tiff_page(x, 32, 1)]), g)
    # what libtiff compresses
    rgb, gray = Image.fromarray(smooth(37, 29, 3)), Image.fromarray(smooth(37, 29, 1)[..., 0])
    for way in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "zstd", "lzma", "webp"):
        options = {"compression": way}
        for name, image in (("rgb", rgb), ("gray", gray)):
            if way != "webp" or name == "rgb":
                put_tiff("%s_%s.tif" % (name, way), saved(image, **options))
    put_tiff("predictor.tif", saved(rgb, compression="tiff_lzw", tiffinfo={317: 2}))
    put_tiff("jpeg.tif", saved(rgb, compression="jpeg", quality=80))
    put_tiff("jpeg_gray.tif", saved(gray, compression="jpeg", quality=80))
    for way in ("group3", "group4", "tiff_ccitt"):
        put_tiff(way + ".tif", saved(gray.convert("1"), compression=way))
    # colours that are not compressed as JPEG: PIL has them of libtiff as we do
    y = smooth(8, 12, 3)
    put_tiff("ycbcr.tif", tiff_file([tiff_page(y, 8, 6, more={530: (3, [1, 1])}, rows=3, compress=True)]))
