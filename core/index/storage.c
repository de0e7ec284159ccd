/* SPDX-License-Identifier: MIT */
#include "core/index/storage.h"

#include <stdio.h>
#include <sys/vfs.h>

#include <transfuse/abi.h>

struct kind {
    unsigned long magic; /* linux/magic.h, and the headers of those that are not in it */
    const char *name;
    enum tfu_storage storage;
};

static const struct kind kinds[] = {
    {0xef53, "ext4", TFU_STORAGE_LOCAL},         {0x58465342, "XFS", TFU_STORAGE_LOCAL},
    {0x9123683e, "Btrfs", TFU_STORAGE_LOCAL},    {0x01021994, "tmpfs", TFU_STORAGE_LOCAL},
    {0x858458f6, "ramfs", TFU_STORAGE_LOCAL},    {0x794c7630, "overlayfs", TFU_STORAGE_LOCAL},
    {0x2fc12fc1, "ZFS", TFU_STORAGE_LOCAL},      {0xf2f52010, "F2FS", TFU_STORAGE_LOCAL},
    {0xca451a4e, "bcachefs", TFU_STORAGE_LOCAL}, {0x3153464a, "JFS", TFU_STORAGE_LOCAL},
    {0x52654973, "ReiserFS", TFU_STORAGE_LOCAL}, {0x4d44, "FAT", TFU_STORAGE_LOCAL},
    {0x2011bab0, "exFAT", TFU_STORAGE_LOCAL},    {0x7366746e, "NTFS", TFU_STORAGE_LOCAL},
    {0x6969, "NFS", TFU_STORAGE_NETWORK},        {0x0bd00bd0, "Lustre", TFU_STORAGE_NETWORK},
    {0x517b, "SMB", TFU_STORAGE_NETWORK},        {0xff534d42, "SMB", TFU_STORAGE_NETWORK},
    {0xfe534d42, "SMB", TFU_STORAGE_NETWORK},    {0x47504653, "GPFS", TFU_STORAGE_NETWORK},
    {0x00c36400, "Ceph", TFU_STORAGE_NETWORK},   {0x5346414f, "AFS", TFU_STORAGE_NETWORK},
    {0x19830326, "BeeGFS", TFU_STORAGE_NETWORK}, {0xaad7aaea, "PanFS", TFU_STORAGE_NETWORK},
    {0x7461636f, "OCFS2", TFU_STORAGE_NETWORK},  {0x01161970, "GFS2", TFU_STORAGE_NETWORK},
    {0x01021997, "9P", TFU_STORAGE_NETWORK},     {0x65735546, "FUSE", TFU_STORAGE_NETWORK},
    {0x786f4256, "vboxsf", TFU_STORAGE_NETWORK},
};

enum tfu_storage tfu_storage_of(const char *folder, char name[48])
{
    struct statfs info;
    if (statfs(folder, &info) != 0) {
        snprintf(name, 48, "a kind that cannot be asked for");
        return TFU_STORAGE_NETWORK;
    }
    const unsigned long magic = (unsigned long)info.f_type & 0xffffffffUL;
    for (size_t i = 0; i < TFU_COUNT(kinds); i++)
        if (kinds[i].magic == magic) {
            snprintf(name, 48, "%s", kinds[i].name);
            return kinds[i].storage;
        }
    snprintf(name, 48, "a kind 0x%lx that is not known", magic);
    return TFU_STORAGE_NETWORK;
}
