/* SPDX-License-Identifier: MIT */
#include "core/train/edited.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/difference.h"
#include "core/base/path.h"
#include "core/config/experiment.h"
#include "core/store/identity.h"

/* What the identity says of the data of a split, to be freed; NULL: nothing. False without memory.
 */
static bool contents_of(const char *identity, const char *key, char **out)
{
    const char *at = strstr(identity, key);
    *out = at ? strndup(at + strlen(key), strcspn(at + strlen(key), "\n")) : NULL;
    return *out || !at;
}

static enum tfu_status compare(const char *was, const struct tfu_config *config, const char *run,
                               struct tfu_log *log, struct tfu_digests *digests,
                               struct tfu_error *e)
{
    struct tfu_text is = TFU_TEXT_INIT, difference = TFU_TEXT_INIT;
    char *train, *valid, *test;
    bool known = contents_of(was, "train_contents: ", &train);
    known = contents_of(was, "valid_contents: ", &valid) && known;
    known = contents_of(was, "test_contents: ", &test) && known;
    const struct tfu_config_contents contents = {
        .train = train, .valid = valid, .test = test, .digests = digests};
    const enum tfu_status st = known ? tfu_config_identity(config, &contents, &is, e)
                                     : tfu_error_memory(e, "looking at a run folder", 0);
    if (st == TFU_OK && !tfu_identity_agrees(was, tfu_text_get(&is))) {
        tfu_text_difference(&difference, was, tfu_text_get(&is));
        tfu_log_write(log, TFU_LOG_WARNING,
                      "%s: its config.yaml, or a file that it names, was changed since the run "
                      "began (- then, + now), so that numbers may not be the run's\n%s",
                      run, tfu_text_get(&difference));
    }
    tfu_text_free(&is);
    tfu_text_free(&difference);
    free(train);
    free(valid);
    free(test);
    return st;
}

/* What is wrong in the configuration itself is for whoever loads it in earnest. */
static enum tfu_status load(struct tfu_config **out, const char *path, struct tfu_registry *r,
                            struct tfu_error *e)
{
    struct tfu_diagnostics *d;
    struct tfu_error ignored = TFU_ERROR_INIT;
    *out = NULL;
    enum tfu_status st = tfu_diagnostics_new(&d, e);
    if (st != TFU_OK)
        return st;
    st = tfu_config_load(out, path, NULL, 0, r, d, &ignored);
    tfu_diagnostics_free(d);
    return st == TFU_ENOMEM ? tfu_error_memory(e, "reading a configuration", 0) : TFU_OK;
}

enum tfu_status tfu_edited_warn(const char *run, struct tfu_registry *r, struct tfu_log *log,
                                struct tfu_digests *digests, struct tfu_error *e)
{
    char *was, *path = tfu_path_join(run, "config.yaml");
    struct tfu_config *config = NULL;
    enum tfu_status st = tfu_identity_read(run, &was, e);
    if (st == TFU_OK && !path)
        st = tfu_error_memory(e, "looking at a run folder", 0);
    if (st == TFU_OK && was)
        st = load(&config, path, r, e);
    if (config)
        st = compare(was, config, run, log, digests, e);
    tfu_config_free(config);
    free(path);
    free(was);
    return st;
}
