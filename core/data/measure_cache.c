/* SPDX-License-Identifier: MIT
 *
 * A small file for each: a heading, the digest of what was measured, and a line a channel.
 */
#include "core/data/measure_cache.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/io/user_cache.h"

enum { FOLDER_BYTES = 1 << 20, FILE_MAX = 1024 };

static void digest_of(const char *contents, char hex[TFU_HASH_HEX])
{
    uint8_t digest[TFU_HASH_SIZE];
    tfu_hash_bytes(contents, strlen(contents), digest);
    tfu_hash_to_hex(digest, hex);
}

static char *path_of(const char *folder, const char *hex)
{
    char name[64];
    snprintf(name, sizeof name, "measured-%.16s", hex);
    return folder ? tfu_path_join(folder, name) : NULL;
}

static void put(struct tfu_text *out, const char *hex, const struct tfu_measured *m)
{
    tfu_text_printf(out, "transfuse measured 1\n%s\n%lld images, %zu channels\n", hex,
                    (long long)m->images, m->channels);
    for (size_t c = 0; c < m->channels; c++)
        tfu_text_printf(out, "%.17g %.17g\n", m->mean[c], m->deviation[c]);
}

static bool take_number(char **at, char end, double *out)
{
    char *stop;
    *out = strtod(*at, &stop);
    if (stop == *at || *stop != end || !isfinite(*out))
        return false;
    *at = stop + 1;
    return true;
}

/* Writing what was read gives the very file, or it is not one of ours. */
static bool take(char *text, const char *hex, struct tfu_measured *m)
{
    struct tfu_measured is = {.images = m->images, .channels = m->channels};
    struct tfu_text again = TFU_TEXT_INIT;
    char *at = text;
    bool same = true;
    for (int line = 0; same && line < 3; line++) {
        at = strchr(at, '\n');
        same = at != NULL;
        at = at ? at + 1 : at;
    }
    for (size_t c = 0; same && c < is.channels; c++)
        same = take_number(&at, ' ', &is.mean[c]) && take_number(&at, '\n', &is.deviation[c]);
    put(&again, hex, &is);
    same = same && !again.failed && strcmp(tfu_text_get(&again), text) == 0;
    tfu_text_free(&again);
    if (same)
        *m = is;
    return same;
}

bool tfu_measure_cache_find(const char *contents, struct tfu_measured *m)
{
    char hex[TFU_HASH_HEX], text[FILE_MAX];
    digest_of(contents, hex);
    char *folder = tfu_user_cache(), *path = path_of(folder, hex);
    FILE *f = path ? fopen(path, "rbe") : NULL;
    const size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = '\0';
    const bool found = n > 0 && take(text, hex, m);
    if (f)
        fclose(f);
    free(path);
    free(folder);
    return found;
}

void tfu_measure_cache_add(const char *contents, const struct tfu_measured *m, struct tfu_log *log)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    char hex[TFU_HASH_HEX];
    digest_of(contents, hex);
    char *folder = tfu_user_cache(), *path = path_of(folder, hex);
    put(&text, hex, m);
    if (path && !text.failed) {
        enum tfu_status st = tfu_folder_make(folder, &why);
        if (st == TFU_OK)
            st = tfu_atomic_write_file(path, text.data, text.length, &why);
        if (st == TFU_OK)
            tfu_user_cache_trim(folder, "measured-", strrchr(path, '/') + 1, FOLDER_BYTES);
        else
            tfu_log_write(log, TFU_LOG_INFO, "%s: it is measured again next time", why.text);
    }
    tfu_text_free(&text);
    free(path);
    free(folder);
}
