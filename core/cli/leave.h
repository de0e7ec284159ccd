/* SPDX-License-Identifier: MIT
 *
 * leave.h - signals that ask a subcommand to end: it tidies up, and leaves. A second SIGINT ends
 * the program at once.
 */
#ifndef TFU_CORE_CLI_LEAVE_H
#define TFU_CORE_CLI_LEAVE_H

#include <stdbool.h>

/* SIGINT, SIGTERM and SIGHUP, unless nohup had that be ignored; with `resumable` also SIGUSR1, by
 * which a scheduler says that time is up, and a closed pipe is an error then to be reported. */
void tfu_cli_leave_watch(bool resumable);
/* Likewise with `resumable`, but a second SIGINT is only noted: for who has children to look after.
 */
void tfu_cli_leave_watch_children(void);
/* Was SIGINT sent twice? */
bool tfu_cli_leave_insisted(void);
/* Was one of them sent? A hook `interrupted`; the argument is of no use. */
bool tfu_cli_leave_requested(void *arg);

#endif
