/* SPDX-License-Identifier: MIT
 *
 * context.h - what all analyses of a process share: plugins, threads, log, and the networks and
 * data that were opened, each once.
 */
#ifndef TFU_CORE_ANALYSIS_CONTEXT_H
#define TFU_CORE_ANALYSIS_CONTEXT_H

#include <stdbool.h>

#include "core/analysis/options.h"
#include "core/study/images.h"
#include "core/study/subject.h"

/* What the caller lends. */
struct tfu_analysis_host {
    struct tfu_registry *registry;
    struct tfu_diagnostics *diagnostics; /* gets what is wrong in configurations of networks */
    struct tfu_log *log;
    void *arg; /* of the calls, each of which may be NULL */
    void (*progress)(void *arg, enum tfu_split split, int64_t done, int64_t total);
};

/* What tables and figures call a network, in the place of what its configuration says. */
struct tfu_analysis_name {
    const char *spec, *name;
};

struct tfu_analysis_context {
    struct tfu_analysis_host host;
    const struct tfu_analysis_common *common; /* of the analysis that runs */
    const struct tfu_analysis_name *name;     /* what labels call some of its networks */
    size_t names;
    struct tfu_threads *threads; /* NULL: not started yet */
    int64_t threads_asked;
    struct tfu_opened *opened; /* every network so far */
    size_t opened_count;
    struct tfu_images *images;   /* every split of data so far */
    struct tfu_digests *digests; /* of the files so far */
    const char *refused;         /* the option that the last error is about; NULL: none */
};

/* To be freed in any case. */
enum tfu_status tfu_analysis_context_init(struct tfu_analysis_context *c,
                                          const struct tfu_analysis_host *host,
                                          struct tfu_error *e);
/* Closes everything that was opened. */
void tfu_analysis_context_free(struct tfu_analysis_context *c);

/* TFU_EINVAL about the value of an option, whose name lives as long as the program. */
enum tfu_status tfu_analysis_refuse(struct tfu_analysis_context *c, const char *option,
                                    struct tfu_error *e, const char *fmt, ...) TFU_PRINTF(4, 5);

/* As many threads as `common` asks for, or `standard` (0: the processors that may be used). */
enum tfu_status tfu_analysis_threads(struct tfu_analysis_context *c, int64_t standard,
                                     struct tfu_error *e);

/* Which network. */
struct tfu_state_request {
    const char *spec;
    bool initial;                /* the state before its first step */
    const char *const *override; /* on top of `set` */
    size_t override_count;
};

/* The network, opened now or before. Threads that were not started are, as many as its
 * configuration says. Borrowed until the context is freed. */
enum tfu_status tfu_analysis_subject(struct tfu_analysis_context *c,
                                     const struct tfu_state_request *request,
                                     const struct tfu_subject **out, struct tfu_error *e);
/* Its images of a split, opened now or before; likewise. */
enum tfu_status tfu_analysis_images(struct tfu_analysis_context *c, const struct tfu_subject *s,
                                    enum tfu_split split, const struct tfu_dataset **out,
                                    struct tfu_error *e);
/* The name of the split that `common` asks for, for tfu_split_choose() and the like; NULL: none. */
const char *tfu_analysis_split_name(const struct tfu_analysis_common *common);

#endif
