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

static enum tfu_status start(struct tfu_hash **out, const EVP_MD *type, const char *name,
                             struct tfu_error *e)
{
    *out = NULL;
    struct tfu_hash *h = calloc(1, sizeof *h);
    if (!h || !(h->context = EVP_MD_CTX_new())) {
        free(h);
        return tfu_error_memory(e, "starting a digest", 0);
    }
    if (EVP_DigestInit_ex(h->context, type, NULL) != 1) {
        tfu_hash_free(h);
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "OpenSSL offers no %s; check its configuration (openssl.cnf)", name);
    }
    *out = h;
    return TFU_OK;
}

enum tfu_status tfu_hash_new(struct tfu_hash **out, struct tfu_error *e)
{
    return start(out, EVP_sha256(), "SHA-256", e);
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

static void to_hex(const uint8_t *digest, size_t size, char *hex)
{
    static const char digit[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digit[digest[i] >> 4];
        hex[2 * i + 1] = digit[digest[i] & 15];
    }
    hex[2 * size] = '\0';
}

void tfu_hash_to_hex(const uint8_t digest[TFU_HASH_SIZE], char hex[TFU_HASH_HEX])
{
    to_hex(digest, TFU_HASH_SIZE, hex);
}

static enum tfu_status add_file(struct tfu_hash *h, const char *path, struct tfu_error *e)
{
    FILE *f = fopen(path, "rb");
    enum tfu_status st = f ? TFU_OK : tfu_error_errno(e, errno, "cannot open", path);
    unsigned char buffer[65536];
    size_t n;
    while (st == TFU_OK && (n = fread(buffer, 1, sizeof buffer, f)) > 0)
        tfu_hash_add(h, buffer, n);
    if (st == TFU_OK && ferror(f))
        st = tfu_error_errno(e, errno, "cannot read", path);
    if (f)
        fclose(f);
    return st;
}

enum tfu_status tfu_hash_file(const char *path, char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    struct tfu_hash *h = NULL;
    enum tfu_status st = tfu_hash_new(&h, e);
    if (st == TFU_OK)
        st = add_file(h, path, e);
    if (st == TFU_OK)
        st = tfu_hash_hex(h, hex, e);
    tfu_hash_free(h);
    return st;
}

enum tfu_status tfu_hash_file_md5(const char *path, char hex[TFU_HASH_MD5_HEX], struct tfu_error *e)
{
    uint8_t digest[TFU_HASH_MD5_SIZE];
    struct tfu_hash *h = NULL;
    enum tfu_status st = start(&h, EVP_md5(), "MD5", e);
    if (st == TFU_OK)
        st = add_file(h, path, e);
    if (st == TFU_OK && (h->failed || EVP_DigestFinal_ex(h->context, digest, NULL) != 1))
        st = tfu_error_set(e, TFU_EUNSUPPORTED, "OpenSSL failed while computing an MD5");
    if (st == TFU_OK)
        to_hex(digest, sizeof digest, hex);
    tfu_hash_free(h);
    return st;
}
