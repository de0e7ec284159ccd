# SPDX-License-Identifier: MIT
"""The second half of make_readers.py: what is damaged, lies or is too much. Not run by itself."""


def put_bad(name, data, text):
    with open("bad/" + name, "wb") as f:
        f.write(data)
    with open("bad/" + name + ".err", "w") as f:
        f.write(text + "\n")


def sections(data):
    """Where a JPEG file's marker segments begin, up to the first scan's."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        found.append((data[at + 1], at))
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return found + [(0xDA, at)]


def change(data, at, new):
    return data[:at] + new + data[at + len(new) :]


def make_bad_png():
    a = smooth(6, 5, 3)
    good = png(a, 8, 2)
    raw = pack_rows(a, 8)
    z = zlib.compress(raw, 9)
    early = "it ends early, after %d bytes; copy or download it again"
    for name, n in (("signature", 8), ("length", 10), ("name", 14), ("header", 20), ("header_crc", 31),
                    ("idat_name", 39), ("idat", 60), ("idat_crc", len(good) - 14), ("iend_crc", len(good) - 2)):
        put_bad("cut_%s.png" % name, good[:n], early % n)
    put_bad("no_iend.png", good[:-12], early % (len(good) - 12))
    start = SIGNATURE + header(5, 6, 8, 2)
    iend = chunk(b"IEND", b"")
    says = "libpng says '%s'"
    put_bad("crc_header.png", SIGNATURE + header(5, 6, 8, 2)[:-1] + b"\0" + good[33:], says % "IHDR: CRC error")
    put_bad("crc_idat.png", start + chunk(b"IDAT", z, 1) + iend, says % "IDAT: CRC error")
    put_bad("crc_text.png", start + chunk(b"tEXt", b"a\0b", 1) + chunk(b"IDAT", z) + iend, says % "tEXt: CRC error")
    put_bad("idat_short.png", start + chunk(b"IDAT", zlib.compress(raw[:40], 9)) + iend, says % "Not enough image data")
    put_bad("idat_cut.png", start + chunk(b"IDAT", z[:30]) + iend, says % "Not enough image data")
    put_bad("idat_none.png", start + iend, says % "IEND: out of place")
    put_bad("idat_noise.png", start + chunk(b"IDAT", bytes(range(64))) + iend, says % "IDAT: incorrect header check")
    put_bad("filter.png", start + chunk(b"IDAT", zlib.compress(b"\7" + raw[1:], 9)) + iend, says % "bad adaptive filter value")
    put_bad("length_lies.png", start + struct.pack(">I", 0x7FFFFFFF) + good[37:], early % 164)
    put_bad("length_negative.png", start + struct.pack(">I", 0xFFFFFFFF) + good[37:], says % "PNG unsigned integer out of range")
    put_bad("critical.png", start + chunk(b"ABCD", b"?") + chunk(b"IDAT", z) + iend, says % "ABCD: unhandled critical chunk")
    put_bad("palette_none.png", SIGNATURE + header(5, 6, 8, 3) + chunk(b"IDAT", zlib.compress(raw)) + iend,
            says % "IDAT: Missing PLTE before IDAT")
    put_bad("palette_length.png", SIGNATURE + header(5, 6, 8, 3) + chunk(b"PLTE", b"12345") + good[33:], says % "PLTE: invalid")
    put_bad("bits_3.png", SIGNATURE + header(5, 6, 3, 0) + good[33:], says % "Invalid IHDR data")
    put_bad("colour_5.png", SIGNATURE + header(5, 6, 8, 5) + good[33:], says % "Invalid IHDR data")
    put_bad("width_0.png", SIGNATURE + header(0, 6, 8, 2) + good[33:], says % "Invalid IHDR data")
    put_bad("width_negative.png", SIGNATURE + header(0x80000001, 6, 8, 2) + good[33:],
            says % "PNG unsigned integer out of range")
    more = "it has %d x %d pixels of %d channels, more than the 268435456 numbers that an image may have"
    put_bad("65500.png", SIGNATURE + header(65500, 65500, 8, 2) + good[33:], more % (65500, 65500, 3))
    put_bad("largest.png", SIGNATURE + header(0x7FFFFFFF, 0x7FFFFFFF, 16, 6) + good[33:],
            more % (0x7FFFFFFF, 0x7FFFFFFF, 4))
    # one row: what libpng would take for it is far more than the file
    put_bad("row.png", SIGNATURE + header(0xFFFFFFF, 1, 16, 6) + good[33:], more % (1, 0xFFFFFFF, 4))
    row = SIGNATURE + header(1 << 26, 1, 16, 6) + good[33:]
    put_bad("row_claims.png", row,
            "it claims %d bytes of pixels, more than a file of %d bytes can hold; copy or download it again"
            % (1 + 8 * (1 << 26), len(row)))
    small = SIGNATURE + header(16384, 16384, 8, 0) + good[33:]
    put_bad("16384.png", small, "it claims 268451840 bytes of pixels, more than a file of %d bytes can hold; copy or "
            "download it again" % len(small))
    # bombs: what is of no use is not unpacked, and more pixels than there are not either
    zeros = zlib.compress(bytes(20 << 20), 9)
    put_bad("bomb_ztxt.png", start + chunk(b"zTXt", b"a\0\0" + zeros) + chunk(b"IDAT", z[:9]) + iend,
            says % "Not enough image data")
    put_bad("bomb_iccp.png", start + chunk(b"iCCP", b"a\0\0" + zeros) + chunk(b"IDAT", z[:9]) + iend,
            says % "Not enough image data")


def make_bad_jpeg():
    rgb = Image.fromarray(smooth(37, 29, 3))
    good, progressive = jpeg(rgb, quality=75), jpeg(rgb, quality=75, progressive=True)
    early = "it ends early: libjpeg says 'Premature end of JPEG file'; copy or download it again"
    says = "libjpeg says '%s'"
    unsupported = says + "; save it as a baseline or progressive JPEG of 8 bits"
    for marker, at in sections(good):
        put_bad("cut_at_%02x.jpg" % marker, good[: at + 2], early)
        put_bad("cut_in_%02x.jpg" % marker, good[: at + 7], early)
    scan = sections(good)[-1][1]
    for name, data in (("scan", good[: scan + 20]), ("half", good[: (scan + len(good)) // 2]), ("end", good[:-2]),
                       ("progressive", progressive[: len(progressive) // 2]), ("progressive_end", progressive[:-2])):
        put_bad("cut_%s.jpg" % name, data, early)
    put_bad("ends_in_scan.jpg", good[: (scan + len(good)) // 2] + b"\xff\xd9", "it ends early: libjpeg says 'Corrupt JPEG data: premature end of data segment'; copy or download it again")
    frame = dict((m, at) for m, at in sections(good))
    size = frame[0xC0] + 5
    put_bad("65500.jpg", change(good, size, struct.pack(">HH", 65500, 65500)),
            "it has 65500 x 65500 pixels of 3 channels, more than the 268435456 numbers that an image may have")
    put_bad("claims.jpg", change(good, size, struct.pack(">HH", 9000, 9000)),
            "it claims 9000 x 9000 pixels, more than a file of %d bytes can hold; copy or download it again" % len(good))
    put_bad("height_0.jpg", change(good, size, b"\0\0"), says % "Empty JPEG image (DNL not supported)")
    put_bad("width_0.jpg", change(good, size + 2, b"\0\0"), says % "Empty JPEG image (DNL not supported)")
    put_bad("bits_12.jpg", change(good, frame[0xC0] + 4, b"\x0c"), unsupported % "Unsupported JPEG data precision 12")
    put_bad("lossless.jpg", change(good, frame[0xC0] + 1, b"\xc3"), unsupported % "Unsupported JPEG process: SOF type 0xc3")
    put_bad("arithmetic.jpg", change(good, frame[0xC0] + 1, b"\xc9"), "its pixels are coded arithmetically; save it with Huffman codes")
    put_bad("channels_2.jpg", change(change(good, frame[0xC0] + 9, b"\x02"), frame[0xC0] + 2, b"\0\x0e")[: frame[0xC0] + 16]
            + good[frame[0xC0] + 19 :], says % "Invalid component ID 3 in SOS")
    put_bad("sampling.jpg", change(good, frame[0xC0] + 11, b"\xff"), says % "Bogus sampling factors")
    put_bad("huffman_lies.jpg", change(good, frame[0xC4] + 5, b"\xff" * 16), says % "Bogus Huffman table definition")
    put_bad("quantisation_none.jpg", good[: frame[0xDB]] + good[frame[0xC0] :], says % "Quantization table 0x01 was not defined")
    put_bad("segment_lies.jpg", change(good, 4, b"\xff\xff"), early)
    put_bad("two_frames.jpg", good[: frame[0xC4]] + good[frame[0xC0] : frame[0xC4]] + good[frame[0xC4] :], says % "Invalid JPEG file structure: two SOF markers")
    noise = draw.randint(0, 255, len(good) - scan).astype(np.uint8).tobytes()
    put_bad("noise.jpg", good[: scan + 14] + noise, early)
    # a walk over the image for a few bytes, again and again
    end = progressive.index(b"\xff\xda")
    two = progressive.index(b"\xff\xda", end + 2)
    put_bad("scans_again.jpg", progressive[:two] + progressive[end:two] * 120 + progressive[two:], says % "Inconsistent progression sequence for component 0 coefficient 0")
    # coefficient by coefficient: each scan is all zeros, of one bit a block
    table = b"\xff\xc4\0\x14\x10" + bytes([1]) + bytes(15) + b"\0"
    parts = [
        b"\xff\xda\0\x08\x01" + bytes([channel, 0x00, k, k, 0]) + (b"\0\0\x0f" if channel == 1 else b"\x03")
        for channel in (1, 2, 3)
        for k in range(1, 64)
    ]
    put_bad("scans.jpg", progressive[:two] + table + b"".join(parts) + b"\xff\xd9",
            "more than 100 scans; save it as a baseline or progressive JPEG of 8 bits")


def make_bad():
    make_bad_png()
    make_bad_jpeg()
    unknown = (
        "no reader knows its format; it begins with the bytes %s, and the readers are READERS: save it as one of "
        "these, put a reader for it on the plugin path, or have the dataset leave it out (`ignore`, where it has that)"
    )
    put_bad("text.png", b"not an image\n", unknown % "6e 6f 74 20 61 6e 20 69")
    put_bad("gif.gif", b"GIF89a\1\0\1\0\0\0\0;", unknown % "47 49 46 38 39 61 01 00")
    put_bad("jpeg_ls.jpg", b"\xff\xd8\xff\xf7\0\x0b\x08\0\1\0\1\1\1\x11\0\xff\xd9", unknown % "ff d8 ff f7 00 0b 08 00")
    put_bad("empty.png", b"", "it is empty; copy or download it again")
