/* SPDX-License-Identifier: MIT */
#include "core/plugin/elf.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *machine_name(unsigned machine, char *other, size_t size)
{
    switch (machine) {
    case EM_X86_64:
        return "x86-64";
    case EM_386:
        return "32-bit x86";
    case EM_AARCH64:
        return "64-bit ARM";
    case EM_ARM:
        return "32-bit ARM";
    case EM_PPC64:
        return "64-bit PowerPC";
    case EM_RISCV:
        return "RISC-V";
    case EM_S390:
        return "IBM Z";
    default:
        snprintf(other, size, "machine number %u", machine);
        return other;
    }
}

/* The header of this very program says what fits. */
static bool own_header(Elf64_Ehdr *own)
{
    const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool read_all = read(fd, own, sizeof *own) == (ssize_t)sizeof *own;
    close(fd);
    return read_all;
}

static const char *word_size(const Elf64_Ehdr *h)
{
    return h->e_ident[EI_CLASS] == ELFCLASS32 ? "32" : "64";
}

/* Fields up to e_machine lie at the same places in 32-bit and 64-bit files. */
static enum tfu_status check_header(const char *path, const Elf64_Ehdr *h, size_t got, off_t size,
                                    struct tfu_error *e)
{
    if (got == 0)
        return tfu_error_set(e, TFU_EABI, "'%s' is empty; build it again", path);
    if (got < EI_NIDENT || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0)
        return tfu_error_set(e, TFU_EABI,
                             "'%s' is not a shared object; name the .so file that the plugin is "
                             "compiled to",
                             path);
    if (got < sizeof *h)
        return tfu_error_set(e, TFU_EABI, "'%s' is cut off after %zu bytes; build or copy it again",
                             path, got);
    Elf64_Ehdr own;
    const bool know_own = own_header(&own);
    if (know_own && h->e_machine == own.e_machine && h->e_ident[EI_CLASS] != own.e_ident[EI_CLASS])
        return tfu_error_set(
            e, TFU_EABI,
            "'%s' is a %s-bit file and this program a %s-bit one; build the plugin on this machine",
            path, word_size(h), word_size(&own));
    if (know_own &&
        (h->e_ident[EI_CLASS] != own.e_ident[EI_CLASS] ||
         h->e_ident[EI_DATA] != own.e_ident[EI_DATA] || h->e_machine != own.e_machine)) {
        char a[32], b[32];
        return tfu_error_set(
            e, TFU_EABI,
            "'%s' is built for %s and this program for %s; build the plugin on this "
            "machine",
            path, machine_name(h->e_machine, a, sizeof a),
            machine_name(own.e_machine, b, sizeof b));
    }
    if (h->e_type != ET_DYN)
        return tfu_error_set(e, TFU_EABI, "'%s' is %s, not a shared object; link it with -shared",
                             path, h->e_type == ET_REL ? "an object file" : "no plugin");
    const unsigned long long end = h->e_shoff + (unsigned long long)h->e_shentsize * h->e_shnum;
    if (h->e_shoff && end > (unsigned long long)size)
        return tfu_error_set(
            e, TFU_EABI,
            "'%s' is cut off: it has %lld bytes of at least %llu; build or copy it "
            "again",
            path, (long long)size, end);
    return TFU_OK;
}

enum tfu_status tfu_elf_check(const char *path, struct tfu_error *e)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return tfu_error_errno(e, errno, "cannot open the plugin", path);
    struct stat st;
    enum tfu_status result = TFU_OK;
    if (fstat(fd, &st) != 0) {
        result = tfu_error_errno(e, errno, "cannot look at the plugin", path);
    } else if (!S_ISREG(st.st_mode)) {
        result = tfu_error_set(e, TFU_EABI, "'%s' is %s, not a shared object", path,
                               S_ISDIR(st.st_mode) ? "a folder" : "no regular file");
    } else {
        Elf64_Ehdr h;
        memset(&h, 0, sizeof h);
        const ssize_t got = read(fd, &h, sizeof h);
        result = got < 0 ? tfu_error_errno(e, errno, "cannot read the plugin", path)
                         : check_header(path, &h, (size_t)got, st.st_size, e);
    }
    close(fd);
    return result;
}
