/* SPDX-License-Identifier: MIT
 *
 * calling.h - which function of which plugin a thread is in, for the sentence that is owed when the
 * process dies in it.
 */
#ifndef TFU_CORE_BASE_CALLING_H
#define TFU_CORE_BASE_CALLING_H

#include <stddef.h>

struct tfu_calling {
    const char *kind;     /* "metric"; of a file what is done with it: "opened", "closed" */
    const char *plugin;   /* its name, "": there is but one; or its file */
    const char *function; /* "update"; NULL: it is a file */
    const char *where;    /* the node or parameter that it works on; NULL: none */
    const char *kernel;   /* the algorithm of a backend's kernel; NULL: it is none */
};

/* From here to the end this thread runs the plugin's code. The strings live until then. Calls may
 * be nested: the result is what tfu_calling_end() goes back to.
 *
 *     const struct tfu_calling *outer = tfu_calling_begin(
 *         &(struct tfu_calling){.kind = "metric", .plugin = name, .function = "update"});
 *     st = ops->update(...);
 *     tfu_calling_end(outer);
 */
const struct tfu_calling *tfu_calling_begin(const struct tfu_calling *call);
/* The same of what most calls say, which is put into `call`. */
const struct tfu_calling *tfu_calling_enter(struct tfu_calling *call, const char *kind,
                                            const char *plugin, const char *function);
void tfu_calling_end(const struct tfu_calling *outer);

/* What this thread is in, or NULL. Signal handlers may ask. */
const struct tfu_calling *tfu_calling_now(void);

/* "metric plugin 'auc' crashed (SIGSEGV) in update() of 'fc'", with `did` after the name. Cut off
 * where `size` ends. Signal handlers may ask: nothing is locked or allocated. */
void tfu_calling_text(const struct tfu_calling *call, const char *did, char *text, size_t size);

#endif
