/* SPDX-License-Identifier: MIT */
#include "core/train/schedule.h"

#include <math.h>

double tfu_schedule_factor(const struct tfu_train_config *config, int64_t step, int64_t steps)
{
    const int64_t warmup = config->schedule.warmup;
    const double rise = step < warmup ? (double)step / (double)warmup : 1;
    switch ((enum tfu_schedule)config->schedule.kind) {
    case TFU_SCHEDULE_STEP: {
        int passed = 0;
        for (uint64_t i = 0; i < config->schedule.milestones.count; i++)
            passed += step > config->schedule.milestones.item[i];
        return rise * pow(config->schedule.gamma, passed);
    }
    case TFU_SCHEDULE_COSINE: {
        const double floor = config->schedule.floor;
        if (step <= warmup)
            return rise;
        const double pi = 3.14159265358979323846;
        const double done = (double)(step - 1 - warmup) / (double)(steps - warmup);
        return floor + (1 - floor) * 0.5 * (1 + cos(pi * done));
    }
    case TFU_SCHEDULE_CONSTANT:
        break;
    }
    return rise;
}
