/* SPDX-License-Identifier: MIT
 *
 * cca.h - canonical correlations of two sets of columns from their moments.
 *
 * Each side is whitened (w' S w = 1) and the correlations are the singular values of wa' Sab wb:
 * Bjorck and Golub, "Numerical Methods for Computing Angles Between Linear Subspaces" (1973).
 */
#ifndef TFU_PLUGINS_METRIC_CCA_H
#define TFU_PLUGINS_METRIC_CCA_H

#include "covariance.h"

/* A map from columns to uncorrelated ones of variance 1 (up to the scale of the scatter). */
struct whitening {
    int64_t columns, rank;
    int64_t kept; /* columns that vary; the others take no part */
    int64_t tied; /* directions beyond those that were asked for, whose variance equals the last */
    int64_t *index; /* kept: which columns */
    double *scale;  /* kept: a column is divided by it first */
    double *factor; /* kept x kept, Cholesky: rank = kept; NULL: */
    double *basis;  /* rank x kept */
};

enum whitening_kind {
    WHITEN_ALL,            /* every direction that varies: rank decided on standardised columns */
    WHITEN_SHARE_VARIANCE, /* leading principal components with a share of the variance, */
    WHITEN_SHARE_SINGULAR, /* of the sum of singular values, */
    WHITEN_COUNT,          /* or so many */
    WHITEN_COMPAT          /* symmetric inverse root, as google/svcca computes it */
};

struct whitening_request {
    enum whitening_kind kind;
    double share;
    int64_t count;
    double tolerance; /* a direction with less than this share of the largest variance is none */
    double epsilon;   /* COMPAT: columns below it are dropped, and it is added to the diagonal */
};

struct cca {
    struct whitening side[2];
    int64_t count;       /* min of the ranks */
    double *correlation; /* descending */
    double *vector[2];   /* side: rank x rank, row i is the i-th direction; NULL unless wanted */
};

/* `vectors`: the directions are wanted too. Freed by cca_free() in any case. A side without any
 * column that varies gives count 0. */
enum tfu_status cca_solve(struct cca *out, const struct moments *m,
                          const struct whitening_request *request, bool vectors,
                          struct tfu_metric_host *h);
void cca_free(struct cca *c);

/* How many coefficients have an equal: one that is no more than 1e-6 away, as the next but one may
 * be from that. Their directions are defined up to a rotation of the whole group, and rounding
 * chooses one. A coefficient is good to 1e-8 where the covariance's condition is 1e10, the worst
 * that the default tolerance lets pass, and to 1e-13 where it is 1e4; a direction whose coefficient
 * is further away is turned by no more than the quotient of that error and the distance. */
int64_t cca_tied(const struct cca *c);

/* Projection weights of the side with the smaller rank, normalised to sum 1, `count` of them:
 * Morcos, Raghu, Bengio, "Insights on representational similarity" (2018): a_i = sum over columns
 * x_j of |<h_i, x_j>|, h_i the canonical variates. Equal coefficients share the mean of their sum
 * over all rotations of the group. Needs vectors. */
enum tfu_status cca_projection_weights(const struct cca *c, const struct moments *m, double *weight,
                                       struct tfu_metric_host *h);
/* What pwcca.py of google/svcca computes instead: directions that are not whitened, with the mean
 * of column i added to direction i, orthonormalised, and activations that are not centred. False:
 * the directions are not independent (or memory ran out), and there is no defined value. */
bool cca_projection_weights_compat(const struct cca *c, const struct moments *m, double *weight);

#endif
