/* SPDX-License-Identifier: MIT */
#include "core/store/lease_claim.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void tfu_lease_claim_end(struct tfu_lease_claim *c)
{
    if (c->path[0])
        unlink(c->path);
    if (c->fd >= 0)
        close(c->fd);
    *c = (struct tfu_lease_claim){.fd = -1};
}

enum tfu_status tfu_lease_claim_begin(struct tfu_lease_claim *c, const char *folder,
                                      const struct tfu_lease_content *content, struct tfu_error *e)
{
    c->fd = tfu_lease_file_make(c->path, folder, &content->holder);
    if (c->fd < 0)
        c->path[0] = '\0';
    if (c->fd >= 0 && tfu_lease_file_write(c->fd, content, &c->time))
        return TFU_OK;
    const int error = errno;
    tfu_lease_claim_end(c);
    return tfu_error_errno(e, error, "cannot take the lease of", folder);
}

/* Is the link there in spite of EEXIST? A file server that is asked twice says so the second time.
 */
static bool is_linked(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && info.st_nlink > 1;
}

/* Gives the claim the name `path`, which nobody has. 0, or errno: EEXIST is a race that was lost.
 */
static int put_in_place(struct tfu_lease_claim *c, const char *path,
                        const struct tfu_lease_content *content)
{
    if (link(c->path, path) == 0 || (errno == EEXIST && is_linked(c->fd)))
        return 0;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
        return errno;
    /* A file system without links. Until it is written the lease is a torn one, which is held. */
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    if (!tfu_lease_file_write(fd, content, &c->time)) {
        const int error = errno;
        unlink(path);
        close(fd);
        return error;
    }
    close(c->fd);
    c->fd = fd;
    return 0;
}

enum tfu_status tfu_lease_claim_number(struct tfu_lease_claim *c, const char *folder,
                                       uint64_t token, const struct tfu_lease_content *content,
                                       bool *taken, struct tfu_error *e)
{
    char path[PATH_MAX];
    uint64_t newest = 0;
    *taken = false;
    enum tfu_status st = tfu_lease_file_path(path, folder, token, e);
    if (st != TFU_OK)
        return st;
    const int error = put_in_place(c, path, content);
    if (error == EEXIST)
        return TFU_OK;
    if (error)
        return tfu_error_errno(e, error, "cannot take the lease of", folder);
    /* The number may be one that others have come by and removed, meanwhile. */
    st = tfu_lease_file_newest(&newest, folder, e);
    *taken = st == TFU_OK && newest == token;
    if (!*taken)
        unlink(path);
    else
        tfu_lease_file_remove_older(folder, token);
    return st;
}
