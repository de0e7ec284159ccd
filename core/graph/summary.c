/* SPDX-License-Identifier: MIT */
#include "core/graph/summary.h"

#include <stdio.h>
#include <string.h>

#include <transfuse/layer.h>

const char *tfu_thousands(int64_t n, char buffer[32])
{
    char digits[24];
    const uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)size);
    char *to = buffer;
    if (n < 0)
        *to++ = '-';
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return buffer;
}

const char *tfu_image_text(const struct tfu_shape *s, char buffer[96])
{
    size_t end = 0;
    buffer[0] = '\0';
    for (uint32_t i = 1; i < s->rank && end < 72; i++)
        end += (size_t)snprintf(buffer + end, 96 - end, "%s%lld", i > 1 ? "x" : "",
                                (long long)s->dim[i]);
    return buffer;
}

double tfu_graph_multiply_adds(const struct tfu_graph *g, uint32_t node)
{
    enum { MAX_TENSORS = 16 };
    const struct tfu_graph_node *n = &g->node[node];
    if (!n->layer->multiply_adds || n->in_count > MAX_TENSORS || n->param_count > MAX_TENSORS)
        return 0;
    struct tfu_tensor in[MAX_TENSORS] = {{0}}, param[MAX_TENSORS] = {{0}};
    const struct tfu_tensor *ins[MAX_TENSORS], *params[MAX_TENSORS];
    const struct tfu_tensor out = {.struct_size = sizeof out, .shape = g->value[n->out].shape};
    for (uint32_t i = 0; i < n->in_count; i++) {
        in[i] = (struct tfu_tensor){.struct_size = sizeof out, .shape = g->value[n->in[i]].shape};
        ins[i] = &in[i];
    }
    for (uint32_t i = 0; i < n->param_count; i++) {
        param[i] = (struct tfu_tensor){.struct_size = sizeof out,
                                       .shape = g->param[n->first_param + i].shape};
        params[i] = &param[i];
    }
    const struct tfu_op_call call = {.struct_size = sizeof call,
                                     .op = n->op,
                                     .node = n->name,
                                     .attrs = n->attrs,
                                     .n_attrs = n->attr_count,
                                     .n_in = n->in_count,
                                     .n_param = n->param_count,
                                     .in = ins,
                                     .out = &out,
                                     .param = params};
    return n->layer->multiply_adds(&call);
}

int64_t tfu_graph_node_trained(const struct tfu_graph *g, uint32_t node)
{
    int64_t n = 0;
    for (uint32_t p = g->node[node].first_param;
         p < g->node[node].first_param + g->node[node].param_count; p++)
        if (tfu_role_trained(g->param[p].role))
            n += tfu_shape_count(&g->param[p].shape);
    return n;
}

/* The widest of the names, within reason, so that the table fits a terminal. */
static int name_width(const struct tfu_graph *g)
{
    size_t width = 12;
    for (uint32_t i = 0; i < g->node_count; i++)
        if (strlen(g->node[i].name) > width)
            width = strlen(g->node[i].name);
    return width > 40 ? 40 : (int)width;
}

static void put_line(struct tfu_text *out, int width, const char *name, const char *op,
                     const char *shape, int64_t params, double multiply_adds)
{
    char number[32], work[32];
    snprintf(work, sizeof work, "%.2f M", multiply_adds * 1e-6);
    tfu_text_printf(out, "  %-*s  %-14s %14s %12s %14s\n", width, name, op, shape,
                    params ? tfu_thousands(params, number) : "", multiply_adds > 0 ? work : "");
}

void tfu_graph_summary(const struct tfu_graph *g, struct tfu_text *out)
{
    const int width = name_width(g);
    const double batch = (double)g->value[g->input].shape.dim[0];
    char shape[96], number[32];
    tfu_text_printf(out, "%s, input %s\n\n", g->arch,
                    tfu_image_text(&g->value[g->input].shape, shape));
    tfu_text_printf(out, "  %-*s  %-14s %14s %12s %14s\n", width, "layer", "operation", "output",
                    "parameters", "multiply-adds");
    double total = 0;
    for (uint32_t s = 0; s < g->stage_count; s++) {
        const struct tfu_graph_stage *stage = &g->stage[s];
        int64_t params = 0;
        double work = 0;
        for (uint32_t i = stage->first_node; i < stage->first_node + stage->node_count; i++) {
            params += tfu_graph_node_trained(g, i);
            work += tfu_graph_multiply_adds(g, i) / batch;
        }
        tfu_text_printf(out, "%s: %s parameters, %.2f million multiply-adds\n", stage->name,
                        tfu_thousands(params, number), work * 1e-6);
        for (uint32_t i = stage->first_node; i < stage->first_node + stage->node_count; i++)
            put_line(out, width, g->node[i].name, g->node[i].op,
                     tfu_image_text(&g->value[g->node[i].out].shape, shape),
                     tfu_graph_node_trained(g, i), tfu_graph_multiply_adds(g, i) / batch);
        total += work;
    }
    tfu_text_printf(out, "\n%s trained parameters, %.3f billion multiply-adds an image\n",
                    tfu_thousands(tfu_graph_trained_count(g), number), total * 1e-9);
}

/* A name as a quoted string of the dot language. */
static void put_quoted(struct tfu_text *out, const char *s)
{
    tfu_text_puts(out, "\"");
    for (; *s; s++)
        tfu_text_printf(out, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
    tfu_text_puts(out, "\"");
}

/* Text inside an HTML-like label of the dot language. */
static void put_escaped(struct tfu_text *out, const char *s)
{
    for (; *s; s++)
        if (*s == '&')
            tfu_text_puts(out, "&amp;");
        else if (*s == '<')
            tfu_text_puts(out, "&lt;");
        else if (*s == '>')
            tfu_text_puts(out, "&gt;");
        else
            tfu_text_append(out, s, 1);
}

/* "conv2d 5x5 / 2": the operation, with the attributes that a reader looks for. */
static void put_operation(struct tfu_text *out, const struct tfu_graph_node *n)
{
    int64_t kernel[2] = {0, 0}, stride = 1, groups = 1;
    for (uint32_t i = 0; i < n->attr_count; i++) {
        const struct tfu_attr *a = &n->attr[i];
        if (strcmp(a->name, "kernel_h") == 0)
            kernel[0] = a->i;
        else if (strcmp(a->name, "kernel_w") == 0)
            kernel[1] = a->i;
        else if (strcmp(a->name, "stride_h") == 0)
            stride = a->i;
        else if (strcmp(a->name, "groups") == 0)
            groups = a->i;
    }
    tfu_text_puts(out, n->op);
    if (kernel[0])
        tfu_text_printf(out, " %lldx%lld", (long long)kernel[0], (long long)kernel[1]);
    if (stride > 1)
        tfu_text_printf(out, ", stride %lld", (long long)stride);
    if (groups > 1)
        tfu_text_printf(out, ", %lld groups", (long long)groups);
}

static void put_node(struct tfu_text *out, const struct tfu_graph *g, uint32_t i)
{
    char number[32];
    const struct tfu_graph_node *n = &g->node[i];
    const char *dot = strrchr(n->name, '.');
    tfu_text_printf(out, "        n%u [label=<<b>", i);
    put_escaped(out, dot && dot[1] ? dot + 1 : n->name);
    tfu_text_puts(out, "</b><br/>");
    put_operation(out, n);
    if (tfu_graph_node_trained(g, i))
        tfu_text_printf(out, "<br/><font point-size=\"9\">%s parameters</font>",
                        tfu_thousands(tfu_graph_node_trained(g, i), number));
    tfu_text_printf(out, ">, fillcolor=\"%s\"];\n",
                    n->param_count    ? "#d9e8f5"
                    : n->in_count > 1 ? "#fbe3c8"
                                      : "#f4f4f4");
}

void tfu_graph_dot(const struct tfu_graph *g, struct tfu_text *out)
{
    char shape[96];
    tfu_text_puts(out, "digraph ");
    put_quoted(out, g->arch);
    tfu_text_puts(out, " {\n"
                       "    rankdir=TB;\n"
                       "    node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", "
                       "fontsize=11, margin=\"0.12,0.05\"];\n"
                       "    edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];\n"
                       "    image [label=\"image\", shape=ellipse, fillcolor=\"#ffffff\"];\n");
    for (uint32_t s = 0; s < g->stage_count; s++) {
        const struct tfu_graph_stage *stage = &g->stage[s];
        tfu_text_printf(out, "    subgraph cluster_%u {\n        label=", s);
        put_quoted(out, stage->name);
        tfu_text_puts(out, "; labeljust=l; fontname=\"Helvetica-Bold\"; fontsize=12; "
                           "color=\"#9a9a9a\"; style=rounded;\n");
        for (uint32_t i = stage->first_node; i < stage->first_node + stage->node_count; i++)
            put_node(out, g, i);
        tfu_text_puts(out, "    }\n");
    }
    for (uint32_t i = 0; i < g->node_count; i++)
        for (uint32_t k = 0; k < g->node[i].in_count; k++) {
            const struct tfu_graph_value *v = &g->value[g->node[i].in[k]];
            if (v->producer == TFU_GRAPH_NONE)
                tfu_text_puts(out, "    image");
            else
                tfu_text_printf(out, "    n%u", v->producer);
            tfu_text_printf(out, " -> n%u [label=\" %s\"];\n", i, tfu_image_text(&v->shape, shape));
        }
    tfu_text_puts(out, "}\n");
}
