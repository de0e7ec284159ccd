/* SPDX-License-Identifier: MIT
 *
 * find.h - the networks that people mean by a few words, one or many: what subject.h opens, a
 * pattern over folders of runs, the first digits of a run's id.
 */
#ifndef TFU_CORE_STUDY_FIND_H
#define TFU_CORE_STUDY_FIND_H

#include <stddef.h>

#include "core/base/error.h"

/* Where runs are looked for by their ids, unless something else is said. */
#define TFU_FIND_FOLDER "runs"

struct tfu_found {
    struct tfu_found_one {
        char *spec; /* for struct tfu_subject_request */
        char *run;  /* the folder of a run; NULL: it is none, or not known to be one */
    } * item;
    size_t count;
};

/* What `what` stands for:
 *   RUN, RUN@STATE, CONFIG.yaml, FILE   itself, as subject.h says; also when it is not there, which
 *                                       opening it says
 *   "runs/[ab]*", "?1/a*@initial"      each run whose folder fits (pattern.h), in the order of
 *                                       their names, in the state that is named, if any
 *   "3fa2", "target/3fa2@best"          the one run whose id begins with these digits, at least 4,
 *                                       in `folder` (NULL: TFU_FIND_FOLDER) or below: NAME/ID
 * TFU_ENOTFOUND: nothing fits; TFU_EINVAL: several ids begin so, which are listed. */
enum tfu_status tfu_find(struct tfu_found *out, const char *what, const char *folder,
                         struct tfu_error *e);
void tfu_found_free(struct tfu_found *f);

#endif
