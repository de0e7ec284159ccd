# SPDX-License-Identifier: MIT
# What the R package pROC has in its data set aSAH, and what it says of it, for proc.test:
#   Rscript proc.R FOLDER
# writes COLUMN.rows, "1 or 0, value" a line, and COLUMN.expected, "key value" a line.
suppressMessages(library(pROC))
data(aSAH)
folder <- commandArgs(TRUE)[1]
for (column in c("wfns", "s100b", "ndka")) {
    positive <- as.integer(aSAH$outcome == "Poor")
    value <- as.numeric(aSAH[[column]])
    write.table(cbind(positive, value), file.path(folder, paste0(column, ".rows")),
        row.names = FALSE, col.names = FALSE)
    curve <- roc(positive, value, levels = c(0, 1), direction = "<", quiet = TRUE)
    interval <- ci.auc(curve, method = "delong")
    at <- coords(curve, x = "all", ret = c("specificity", "sensitivity", "precision", "recall"),
        transpose = FALSE)
    steps <- at[!is.nan(at$precision), ]
    steps <- steps[order(steps$recall, -steps$precision), ]
    expected <- c(
        auc.class.0 = as.numeric(curve$auc),
        auc.class.0.se = sqrt(var(curve, method = "delong")),
        auc.class.0.low = interval[1],
        auc.class.0.high = interval[3],
        average_precision.class.0 = sum(diff(c(0, steps$recall)) * steps$precision),
        sensitivity_at.class.0 = max(at$sensitivity[at$specificity >= 0.9]),
        specificity_at.class.0 = max(at$specificity[at$sensitivity >= 0.9]),
        linear.class.0 = coords(curve, x = 0.9, input = "specificity", ret = "sensitivity",
            transpose = FALSE)[[1]])
    cat(sprintf("%s %.17g\n", names(expected), expected), sep = "",
        file = file.path(folder, paste0(column, ".expected")))
}
