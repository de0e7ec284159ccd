/* SPDX-License-Identifier: MIT */
#include "core/conformance/fault.h"

#include <signal.h>
#include <stdio.h>
#include <ucontext.h>

#include "core/base/calling.h"
#include "core/base/guarded.h"

#include <transfuse/abi.h>

static const int faults[] = {SIGSEGV, SIGBUS};
static struct sigaction before[TFU_COUNT(faults)];
static void (*say_it)(const char *text);

static const char *access_of(const void *context)
{
#if defined(__x86_64__)
    enum { IS_WRITE = 2 };
    const ucontext_t *c = context;
    return c->uc_mcontext.gregs[REG_ERR] & IS_WRITE ? "writes" : "reads";
#else
    (void)context;
    return "reads or writes";
#endif
}

/* The process is over: that snprintf() is not for signal handlers can do no more harm. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
    const struct tfu_calling *call = tfu_calling_now();
    char where[160], text[320];
    if (tfu_guarded_name(info->si_addr, where, sizeof where)) {
        snprintf(text, sizeof text, "%s%s %s %s", call && call->function ? call->function : "it",
                 call && call->function ? "()" : "", access_of(context), where);
        say_it(text);
    }
    for (size_t i = 0; i < TFU_COUNT(faults); i++)
        if (faults[i] == signal)
            sigaction(signal, &before[i], NULL);
    if (info->si_code <= 0) /* sent, not raised by an instruction */
        raise(signal);
}

void tfu_fault_catch(void (*say)(const char *text))
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    say_it = say;
    for (size_t i = 0; i < TFU_COUNT(faults); i++)
        sigaction(faults[i], &action, &before[i]);
}
