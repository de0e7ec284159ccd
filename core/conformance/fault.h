/* SPDX-License-Identifier: MIT
 *
 * fault.h - inside the conformance suite: puts a fault in guarded memory into words.
 */
#ifndef TFU_CORE_CONFORMANCE_FAULT_H
#define TFU_CORE_CONFORMANCE_FAULT_H

/* When this process touches a page of tfu_guarded_new() that is not to be touched, `say` is called
 * with a sentence, inside a signal handler, and must not return. Other faults do what they did. */
void tfu_fault_catch(void (*say)(const char *text));

#endif
