/* SPDX-License-Identifier: MIT */
#include "core/base/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

struct tfu_hash {
    EVP_MD_CTX *context;
    int failed;
};

enum tfu_status tfu_hash_new(struct tfu_hash **out, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_hash *h = calloc(1, sizeof *h);
    if (!h || !(h->context = EVP_MD_CTX_new())) {
        free(h);
        return tfu_error_memory(e, "starting a SHA-256", 0);
    }
    if (EVP_DigestInit_ex(h->context, EVP_sha256(), NULL) != 1) {
        tfu_hash_free(h);
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "OpenSSL offers no SHA-256; check its configuration (openssl.cnf)");
    }
    *out = h;
    return TFU_OK;
}

void tfu_hash_add(struct tfu_hash *h, const void *bytes, size_t n)
{
    if (EVP_DigestUpdate(h->context, bytes, n) != 1)
        h->failed = 1;
}

enum tfu_status tfu_hash_hex(struct tfu_hash *h, char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    uint8_t digest[TFU_HASH_SIZE];
    if (h->failed || EVP_DigestFinal_ex(h->context, digest, NULL) != 1)
        return tfu_error_set(e, TFU_EUNSUPPORTED, "OpenSSL failed while computing a SHA-256");
    tfu_hash_to_hex(digest, hex);
    return TFU_OK;
}

void tfu_hash_free(struct tfu_hash *h)
{
    if (h)
        EVP_MD_CTX_free(h->context);
    free(h);
}

void tfu_hash_bytes(const void *bytes, size_t n, uint8_t digest[TFU_HASH_SIZE])
{
    SHA256(bytes, n, digest);
}

void tfu_hash_to_hex(const uint8_t digest[TFU_HASH_SIZE], char hex[TFU_HASH_HEX])
{
    static const char digit[] = "0123456789abcdef";
    for (size_t i = 0; i < TFU_HASH_SIZE; i++) {
        hex[2 * i] = digit[digest[i] >> 4];
        hex[2 * i + 1] = digit[digest[i] & 15];
    }
    hex[TFU_HASH_HEX - 1] = '\0';
}

enum tfu_status tfu_hash_file(const char *path, char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return tfu_error_errno(e, errno, "cannot open", path);
    struct tfu_hash *h = NULL;
    enum tfu_status st = tfu_hash_new(&h, e);
    unsigned char buffer[65536];
    size_t n;
    while (st == TFU_OK && (n = fread(buffer, 1, sizeof buffer, f)) > 0)
        tfu_hash_add(h, buffer, n);
    if (st == TFU_OK && ferror(f))
        st = tfu_error_errno(e, errno, "cannot read", path);
    if (st == TFU_OK)
        st = tfu_hash_hex(h, hex, e);
    tfu_hash_free(h);
    fclose(f);
    return st;
}
