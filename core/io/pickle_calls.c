/* SPDX-License-Identifier: MIT
 *
 * The opcodes that name or call something. A name is looked up in the table of the one who reads
 * and means nothing when it is not there; a call is remembered, not made.
 */
#include <string.h>

#include "core/io/pickle_machine.h"

/* ---- names */

/* Up to a newline, which is left out. */
static enum tfu_status take_line(struct tfu_pickle_machine *m, const char **out, size_t *length)
{
    const uint8_t *at = m->bytes + m->position;
    const uint8_t *end = memchr(at, '\n', m->source->size - m->position);
    if (!end)
        return tfu_pickle_refuse(m, TFU_ECORRUPT, "its name has no end; the file is cut off");
    *out = (const char *)at;
    *length = (size_t)(end - at);
    m->position += *length + 1;
    return TFU_OK;
}

/* Never text of the file's as it is: a terminal would obey it. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
}

/* Modules and functions that run programs, load code or reach for the net: nothing that stands
 * beside weights, and the sign of a file that was made to do harm. Nothing would come of it here;
 * that the file is refused is for the sake of its other readers. */
static bool does_harm(const char *name)
{
    static const char *const modules[] = {
        "asyncio.",    "bdb.",     "cPickle.",    "cProfile.", "code.",      "codeop.",
        "commands.",   "ctypes.",  "doctest.",    "http.",     "idlelib.",   "imp.",
        "importlib.",  "marshal.", "nt.",         "os.",       "pdb.",       "pickle.",
        "pip.",        "pkgutil.", "popen2.",     "posix.",    "profile.",   "pty.",
        "requests.",   "runpy.",   "shutil.",     "signal.",   "socket.",    "ssl.",
        "subprocess.", "sys.",     "tempfile.",   "timeit.",   "torch.hub.", "trace.",
        "urllib.",     "urllib2.", "webbrowser.", "_pickle."};
    static const char *const functions[] = {"__import__", "apply", "breakpoint", "compile",
                                            "eval",       "exec",  "execfile",   "file",
                                            "input",      "open",  "raw_input"};
    static const char *const builtins[] = {"builtins.", "__builtin__."};
    for (size_t i = 0; i < TFU_COUNT(modules); i++)
        if (strncmp(name, modules[i], strlen(modules[i])) == 0)
            return true;
    for (size_t b = 0; b < TFU_COUNT(builtins); b++)
        for (size_t i = 0; i < TFU_COUNT(functions); i++)
            if (strncmp(name, builtins[b], strlen(builtins[b])) == 0 &&
                strcmp(name + strlen(builtins[b]), functions[i]) == 0)
                return true;
    return false;
}

static enum tfu_status refuse_name(struct tfu_pickle_machine *m, const char *name)
{
    return tfu_pickle_refuse(m, TFU_EUNSUPPORTED,
                             "it refers to '%.200s', and a file of weights has no business calling "
                             "functions; if you trust it, load it in Python and save only "
                             "`model.state_dict()` with torch.save, or convert it to safetensors",
                             name);
}

static const struct tfu_pickle_name *find_name(struct tfu_pickle_machine *m, const char *text)
{
    for (size_t i = 0; i < m->source->name_count; i++)
        if (strcmp(m->source->name[i].name, text) == 0)
            return &m->source->name[i];
    struct tfu_pickle_name *unknown = tfu_arena_alloc(m->arena, sizeof *unknown);
    if (unknown)
        *unknown = (struct tfu_pickle_name){.name = text, .makes = TFU_PICKLE_OBJECT};
    return unknown;
}

static enum tfu_status push_name(struct tfu_pickle_machine *m, const char *module,
                                 size_t module_length, const char *name, size_t name_length)
{
    struct tfu_pickle_value *v = tfu_pickle_new_value(m, TFU_PICKLE_GLOBAL);
    char *text = tfu_arena_alloc(m->arena, module_length + name_length + 2);
    if (!v || !text)
        return tfu_pickle_memory(m);
    memcpy(text, module, module_length);
    text[module_length] = '.';
    memcpy(text + module_length + 1, name, name_length);
    make_printable(text);
    if (does_harm(text))
        return refuse_name(m, text);
    v->name = find_name(m, text);
    return v->name ? tfu_pickle_push(m, v) : tfu_pickle_memory(m);
}

enum tfu_status tfu_pickle_run_global(struct tfu_pickle_machine *m)
{
    const char *module = NULL, *name = NULL;
    size_t module_length = 0, name_length = 0;
    enum tfu_status st = take_line(m, &module, &module_length);
    if (st == TFU_OK)
        st = take_line(m, &name, &name_length);
    return st == TFU_OK ? push_name(m, module, module_length, name, name_length) : st;
}

enum tfu_status tfu_pickle_run_stack_global(struct tfu_pickle_machine *m)
{
    const enum tfu_status st = tfu_pickle_need(m, 2);
    if (st != TFU_OK)
        return st;
    const struct tfu_pickle_value *name = tfu_pickle_pop(m), *module = tfu_pickle_pop(m);
    if (name->kind != TFU_PICKLE_STRING || module->kind != TFU_PICKLE_STRING)
        return tfu_pickle_refuse(
            m, TFU_ECORRUPT, "a name is %s; the file is damaged",
            tfu_pickle_kind_text(name->kind != TFU_PICKLE_STRING ? name->kind : module->kind));
    return push_name(m, module->text, module->count, name->text, name->count);
}

/* ---- calls */

/* The pairs of OrderedDict([[key, value], ...]), as Python 2 wrote it. */
static enum tfu_status add_pairs(struct tfu_pickle_machine *m, struct tfu_pickle_value *dict,
                                 const struct tfu_pickle_value *pairs)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < pairs->count; i++) {
        const struct tfu_pickle_value *pair = pairs->item[i];
        if ((pair->kind != TFU_PICKLE_LIST && pair->kind != TFU_PICKLE_TUPLE) || pair->count != 2)
            return tfu_pickle_refuse(
                m, TFU_ECORRUPT, "item %zu of a dictionary is not a pair; the file is damaged", i);
        st = tfu_pickle_extend(m, dict, pair->item, 2);
    }
    return st;
}

/* A dictionary or set of nothing or of one list. */
static enum tfu_status make_container(struct tfu_pickle_machine *m, enum tfu_pickle_kind kind,
                                      const struct tfu_pickle_value *arguments)
{
    struct tfu_pickle_value *v = tfu_pickle_new_value(m, kind);
    if (!v)
        return tfu_pickle_memory(m);
    enum tfu_status st = TFU_OK;
    if (arguments->count > 1 ||
        (arguments->count == 1 && arguments->item[0]->kind != TFU_PICKLE_LIST))
        return tfu_pickle_refuse(m, TFU_ECORRUPT,
                                 "%s is not made of such arguments; the file is damaged",
                                 tfu_pickle_kind_text(kind));
    if (arguments->count == 1) {
        struct tfu_pickle_value *list = arguments->item[0];
        if (kind == TFU_PICKLE_DICT)
            st = add_pairs(m, v, list);
        else
            st = tfu_pickle_extend(m, v, list->item, list->count);
        list->kind = TFU_PICKLE_NONE; /* used up: short calls must not copy a long list often */
    }
    return st == TFU_OK ? tfu_pickle_push(m, v) : st;
}

/* What a call can be of: a name, what a call gave (a method, say), or a class that is kept outside.
 */
static bool is_callable(const struct tfu_pickle_value *v)
{
    return v->kind == TFU_PICKLE_GLOBAL || v->kind == TFU_PICKLE_OBJECT ||
           v->kind == TFU_PICKLE_PERSISTENT;
}

static enum tfu_status call(struct tfu_pickle_machine *m)
{
    const enum tfu_status st = tfu_pickle_need(m, 2);
    if (st != TFU_OK)
        return st;
    struct tfu_pickle_value *part[2];
    part[1] = tfu_pickle_pop(m);
    part[0] = tfu_pickle_pop(m);
    if (part[1]->kind != TFU_PICKLE_TUPLE)
        return tfu_pickle_refuse(m, TFU_ECORRUPT,
                                 "its arguments are %s and not a tuple; the file is damaged",
                                 tfu_pickle_kind_text(part[1]->kind));
    if (!is_callable(part[0]))
        return tfu_pickle_refuse(m, TFU_ECORRUPT,
                                 "it calls %s, which is no function; the file is damaged",
                                 tfu_pickle_kind_text(part[0]->kind));
    const enum tfu_pickle_kind makes =
        part[0]->kind == TFU_PICKLE_GLOBAL ? part[0]->name->makes : TFU_PICKLE_OBJECT;
    if (makes == TFU_PICKLE_NONE)
        return tfu_pickle_refuse(m, TFU_EUNSUPPORTED,
                                 "it calls '%s', which files of weights only name; the file is "
                                 "damaged",
                                 part[0]->name->name);
    if (makes == TFU_PICKLE_OBJECT)
        return tfu_pickle_push(m, tfu_pickle_new_items(m, TFU_PICKLE_OBJECT, part, 2));
    return make_container(m, makes, part[1]);
}

enum tfu_status tfu_pickle_run_reduce(struct tfu_pickle_machine *m)
{
    return call(m);
}

enum tfu_status tfu_pickle_run_newobj(struct tfu_pickle_machine *m)
{
    return call(m);
}

/* The arguments that have names are of no use. */
enum tfu_status tfu_pickle_run_newobj_ex(struct tfu_pickle_machine *m)
{
    const enum tfu_status st = tfu_pickle_need(m, 3);
    if (st != TFU_OK)
        return st;
    const enum tfu_pickle_kind kind = tfu_pickle_pop(m)->kind;
    if (kind != TFU_PICKLE_DICT)
        return tfu_pickle_refuse(m, TFU_ECORRUPT,
                                 "its arguments by name are %s and not a dictionary; the file is "
                                 "damaged",
                                 tfu_pickle_kind_text(kind));
    return call(m);
}

/* The attributes of a dictionary (its versions) are nothing that weights need; those of an object
 * are kept, as they tell what it is. */
enum tfu_status tfu_pickle_run_build(struct tfu_pickle_machine *m)
{
    enum { STATE = 2 };
    const enum tfu_status st = tfu_pickle_need(m, 2);
    if (st != TFU_OK)
        return st;
    struct tfu_pickle_value *state = tfu_pickle_pop(m), *v = tfu_pickle_top(m);
    if (v->kind == TFU_PICKLE_DICT)
        return TFU_OK;
    if (v->kind != TFU_PICKLE_OBJECT)
        return tfu_pickle_refuse(m, TFU_ECORRUPT, "it gives attributes to %s; the file is damaged",
                                 tfu_pickle_kind_text(v->kind));
    if (v->count == STATE)
        return tfu_pickle_extend(m, v, &state, 1);
    v->item[STATE] = state;
    return TFU_OK;
}

enum tfu_status tfu_pickle_run_binpersid(struct tfu_pickle_machine *m)
{
    enum tfu_status st = tfu_pickle_need(m, 1);
    if (st != TFU_OK)
        return st;
    struct tfu_pickle_value *identity = tfu_pickle_pop(m);
    struct tfu_pickle_value *v = tfu_pickle_new_items(m, TFU_PICKLE_PERSISTENT, &identity, 1);
    st = tfu_pickle_push(m, v);
    return st == TFU_OK ? tfu_pickle_append(m, &m->persistent, v) : st;
}
