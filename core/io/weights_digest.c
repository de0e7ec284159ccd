/* SPDX-License-Identifier: MIT */
#include "core/io/weights_digest.h"

#include <ctype.h>
#include <string.h>

enum { PREFIX_MIN = 8 };

static size_t hex_digits(const char *s)
{
    return strspn(s, "0123456789abcdefABCDEF");
}

/* A checkpoint of a run: the number is its step (core/store). */
static bool is_step(const char *name)
{
    static const char begin[] = "step-", end[] = ".safetensors";
    const size_t digits = strspn(name + (strncmp(name, begin, 5) == 0 ? 5 : 0), "0123456789");
    return strncmp(name, begin, 5) == 0 && strcmp(name + 5 + digits, end) == 0;
}

static void from_name(struct tfu_weights_digest *out, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    if (!dot || dot - name < PREFIX_MIN + 1 || is_step(name))
        return;
    const char *digits = dot - PREFIX_MIN;
    if (digits[-1] != '-' || hex_digits(digits) != PREFIX_MIN)
        return;
    memcpy(out->prefix, digits, PREFIX_MIN);
    out->from_name = true;
    out->unsure = strspn(digits, "0123456789") >= PREFIX_MIN;
}

enum tfu_status tfu_weights_digest_expect(struct tfu_weights_digest *out, const char *path,
                                          const char *wanted, struct tfu_error *e)
{
    *out = (struct tfu_weights_digest){.from_name = false};
    if (wanted && wanted[0]) {
        const size_t n = strlen(wanted);
        if (n < PREFIX_MIN || n >= sizeof out->prefix || hex_digits(wanted) != n)
            return tfu_error_set(e, TFU_EINVAL,
                                 "'%.80s' is no SHA-256: it has 64 hex digits, of which at least "
                                 "the first %d have to be given",
                                 wanted, PREFIX_MIN);
        memcpy(out->prefix, wanted, n);
    } else {
        from_name(out, path);
    }
    for (char *p = out->prefix; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return TFU_OK;
}

enum tfu_status tfu_weights_digest_check(const struct tfu_weights_digest *d, const char *path,
                                         const char *hex, struct tfu_text *warning,
                                         struct tfu_error *e)
{
    const size_t n = strlen(d->prefix);
    if (strncmp(hex, d->prefix, n) == 0)
        return TFU_OK;
    if (d->unsure) {
        tfu_text_printf(warning,
                        "%s: the digits %s in its name are not those that its SHA-256 begins with "
                        "(%.8s); that is right if they are a date or a number, else get the file "
                        "again",
                        path, d->prefix, hex);
        return TFU_OK;
    }
    if (d->from_name)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "its name says that its SHA-256 begins with %s, but it is %s; get the "
                            "file again, or, if it was changed on purpose, take '-%s' out of its "
                            "name",
                            d->prefix, hex, d->prefix);
    return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                        "its SHA-256 should %s %s, but it is %s; get the file again, or correct "
                        "the digest that was asked for",
                        n == TFU_HASH_HEX - 1 ? "be" : "begin with", d->prefix, hex);
}
