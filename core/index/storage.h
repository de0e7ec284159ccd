/* SPDX-License-Identifier: MIT
 *
 * storage.h - on what kind of file system a store lies: a disk of this machine, or one that several
 * machines may share, where files cannot be mapped for each other and looking at each costs time.
 */
#ifndef TFU_CORE_INDEX_STORAGE_H
#define TFU_CORE_INDEX_STORAGE_H

enum tfu_storage {
    TFU_STORAGE_ASK, /* in a request: whatever the system says */
    TFU_STORAGE_LOCAL,
    TFU_STORAGE_NETWORK /* or a kind that is not known */
};

/* Of the folder; `name` gets "NFS", or "a kind 0x1234 that is not known". */
enum tfu_storage tfu_storage_of(const char *folder, char name[48]);

#endif
