/* SPDX-License-Identifier: MIT
 *
 * What is known of a split that is open.
 */
#include "core/data/dataset.h"

#include "core/data/dataset_parts.h"

const struct tfu_dataset_info *tfu_dataset_info(const struct tfu_dataset *d)
{
    return &d->info;
}

const struct tfu_census *tfu_dataset_census(const struct tfu_dataset *d)
{
    return &d->census;
}

const struct tfu_preprocessing *tfu_dataset_preprocessing(const struct tfu_dataset *d)
{
    return &d->pipeline.preprocessing;
}

const char *tfu_dataset_published(const struct tfu_dataset *d)
{
    return d->pipeline.published;
}

void tfu_dataset_place(const struct tfu_dataset *d, int64_t index, const char *file,
                       struct tfu_text *out)
{
    tfu_source_place(&d->source, d->selection.index[index], file, out);
}

const char *tfu_dataset_name(const struct tfu_dataset *d, int64_t index)
{
    return tfu_source_name(&d->source, d->selection.index[index]);
}

int64_t tfu_dataset_groups(const struct tfu_dataset *d)
{
    return d->groups.count;
}

int64_t tfu_dataset_group(const struct tfu_dataset *d, int64_t index)
{
    return d->groups.count ? d->groups.of[index] : -1;
}

const char *tfu_dataset_group_name(const struct tfu_dataset *d, int64_t group)
{
    return d->groups.name[group];
}

const struct tfu_example_groups *tfu_dataset_example_groups(const struct tfu_dataset *d)
{
    return &d->groups;
}

const char *const *tfu_dataset_attributes(const struct tfu_dataset *d, int64_t *count)
{
    *count = d->opened->attributes.count;
    return d->opened->attributes.name;
}

int64_t tfu_dataset_attribute_find(const struct tfu_dataset *d, const char *name)
{
    return tfu_attributes_find(&d->opened->attributes, name);
}

int64_t tfu_dataset_attribute_value(const struct tfu_dataset *d, int64_t index, int64_t which)
{
    return d->opened->attributes.item[which].value[d->selection.index[index]];
}

const char *const *tfu_dataset_attribute_words(const struct tfu_dataset *d, int64_t which,
                                               int64_t *count)
{
    *count = d->opened->attributes.item[which].words.count;
    return d->opened->attributes.item[which].words.word;
}

const char *tfu_dataset_attribute(const struct tfu_dataset *d, int64_t index, int64_t which)
{
    return d->opened->attributes.item[which]
        .words.word[tfu_dataset_attribute_value(d, index, which)];
}

const struct tfu_source *tfu_dataset_source(const struct tfu_dataset *d)
{
    return &d->source;
}

void tfu_dataset_put_name(const struct tfu_dataset *d, int64_t index, struct tfu_text *out)
{
    const char *name = tfu_dataset_name(d, index);
    if (name)
        tfu_text_puts(out, name);
    else
        tfu_text_printf(out, "%lld", (long long)tfu_dataset_source_index(d, index));
}

int64_t tfu_dataset_source_index(const struct tfu_dataset *d, int64_t index)
{
    return d->selection.index[index];
}

size_t tfu_dataset_source_pixels(const struct tfu_dataset *d)
{
    if (d->source.largest)
        return (size_t)d->source.largest;
    return (size_t)(d->info.height * d->info.width * d->info.channels);
}

size_t tfu_dataset_bytes(const struct tfu_dataset *d)
{
    const size_t labels = (size_t)(d->selection.count * d->info.label_columns) * sizeof *d->labels;
    /* room was made before it was known how many are selected */
    const size_t index = (size_t)d->source.info.count * sizeof *d->selection.index;
    return labels + index + (d->beside ? 0 : (size_t)d->source.info.memory);
}

/* Kept are floats or fewer bytes a number, of the image as it comes in, as it goes out, or in
 * between. */
size_t tfu_dataset_cache_bytes(const struct tfu_dataset *d)
{
    const size_t out = (size_t)(d->info.height * d->info.width * d->info.channels);
    const size_t in = tfu_dataset_source_pixels(d), numbers = in > out ? in : out;
    const size_t room = d->cache ? (size_t)tfu_image_cache_room(d->cache) : 0;
    const size_t all = (size_t)d->selection.count * numbers * sizeof(float);
    return all < room ? all : room;
}

size_t tfu_dataset_reading_bytes(const struct tfu_dataset *d)
{
    const size_t out = (size_t)(d->info.height * d->info.width * d->info.channels);
    return (tfu_dataset_source_pixels(d) + out) * sizeof(float);
}

const struct tfu_image_kinds *tfu_dataset_image_kinds(const struct tfu_dataset *d)
{
    return d->beside ? NULL : &d->source.kinds;
}

const struct tfu_bad_images *tfu_dataset_bad_images(const struct tfu_dataset *d)
{
    static const struct tfu_bad_images none; /* they are those of the split that opened the data */
    return d->beside ? &none : &d->source.bad;
}

bool tfu_dataset_is_cached(const struct tfu_dataset *d)
{
    return d->cache != NULL;
}
