#include "core/report/build_default.h"
#include "core/report/published.h"
#include "core/report/table_predictions.h"
#include <math.h>
enum tfu_status tfu_report_published(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                     const struct tfu_report_group *row, size_t rows,
                                     const struct tfu_report_group *column, size_t columns,
                                     struct tfu_report_number *number, struct tfu_text *notes,
                                     struct tfu_error *e)
{
    (void)b;
    (void)ask;
    (void)row;
    (void)rows;
    (void)column;
    (void)columns;
    (void)number;
    (void)notes;
    (void)e;
    return TFU_OK;
}
enum tfu_status tfu_report_test_predictions(struct tfu_report_builder *b,
                                            const struct tfu_report_ask *ask,
                                            const struct tfu_report_pair *p, double *out,
                                            double *difference, char why[TFU_REPORT_WHY],
                                            size_t *used, struct tfu_error *e)
{
    (void)b;
    (void)ask;
    (void)p;
    (void)why;
    (void)used;
    (void)e;
    *out = NAN;
    *difference = NAN;
    return TFU_OK;
}
enum tfu_status tfu_report_cost_get(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                    size_t item, const struct tfu_report_cost **out,
                                    struct tfu_error *e)
{
    static const struct tfu_report_cost none = {.why = "not known"};
    (void)c;
    (void)cases;
    (void)item;
    (void)e;
    *out = &none;
    return TFU_OK;
}
enum tfu_status tfu_report_default(struct tfu_report_builder *b, struct tfu_error *e)
{
    (void)b;
    (void)e;
    return TFU_OK;
}
enum tfu_status tfu_report_figure_build(struct tfu_report_builder *b,
                                        const struct tfu_report_ask *ask, struct tfu_error *e)
{
    return tfu_report_add_text(b, TFU_REPORT_HOLE, 0, ask->name, e);
}
enum tfu_status tfu_report_runs_build(struct tfu_report_builder *b,
                                      const struct tfu_report_ask *ask, struct tfu_error *e)
{
    return tfu_report_add_text(b, TFU_REPORT_HOLE, 0, ask->name, e);
}
enum tfu_status tfu_report_analysis_build(struct tfu_report_builder *b, const char *name,
                                          bool figure_alone, struct tfu_error *e)
{
    (void)figure_alone;
    return tfu_report_add_text(b, TFU_REPORT_HOLE, 0, name, e);
}
