/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/manifest.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "core/zip.h"

void mrg_manifest_dispose(mrg_manifest *manifest)
{
    mrg_free(manifest->segments);
    mrg_bitset_dispose(&manifest->deleted);
    memset(manifest, 0, sizeof *manifest);
}

int mrg_manifest_copy(mrg_manifest *out, const mrg_manifest *manifest)
{
    mrg_manifest copy = *manifest;
    memset(&copy.deleted, 0, sizeof copy.deleted);
    copy.segments = NULL;
    copy.segment_capacity = 0;
    if (manifest->segment_count) {
        copy.segments = mrg_reallocarray(NULL, manifest->segment_count, sizeof *copy.segments);
        if (!copy.segments)
            return -1;
        memcpy(copy.segments, manifest->segments, manifest->segment_count * sizeof *copy.segments);
        copy.segment_capacity = manifest->segment_count;
    }
    if (mrg_bitset_copy(&copy.deleted, &manifest->deleted)) {
        mrg_free(copy.segments);
        return -1;
    }
    mrg_manifest_dispose(out);
    *out = copy;
    return 0;
}

int mrg_manifest_add(mrg_manifest *manifest, const mrg_manifest_segment *segment)
{
    if (mrg_reserve((void **)&manifest->segments, &manifest->segment_capacity, manifest->segment_count + 1,
                    sizeof *manifest->segments))
        return -1;
    manifest->segments[manifest->segment_count++] = *segment;
    return 0;
}

static void encode_segment(mrg_buffer *out, const mrg_manifest_segment *s)
{
    mrg_buffer_append_varint(out, s->number);
    mrg_buffer_append_varint(out, s->summary.first_docid);
    mrg_buffer_append_varint(out, s->summary.doc_count);
    mrg_buffer_append_varint(out, s->summary.live_count);
    mrg_buffer_append_varint(out, s->summary.file_bytes);
    mrg_buffer_append_varint(out, s->summary.text_bytes);
    mrg_buffer_append_varint(out, s->summary.word_count);
    mrg_buffer_append_varint(out, s->summary.title_word_count);
    mrg_buffer_append_u32(out, s->summary.checksum);
}

/* Docids as differences, so that deflate sees small numbers. */
static morgue_status encode_deleted(const mrg_bitset *deleted, mrg_buffer *out, morgue_error *err)
{
    mrg_buffer plain = MRG_BUFFER_INIT;
    uint32_t last = 0;
    mrg_buffer_append_varint(&plain, deleted->count);
    for (size_t word = 0; word < deleted->word_count; word++) {
        for (uint64_t bits = deleted->words[word]; bits; bits &= bits - 1) {
            uint32_t docid = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            mrg_buffer_append_varint(&plain, docid - last);
            last = docid;
        }
    }
    morgue_status status = MORGUE_OK;
    mrg_buffer_append_varint(out, plain.len);
    if (plain.failed || out->failed)
        status = mrg_fail_nomem(err);
    else
        status = mrg_zip(out, plain.data, plain.len, 6, err);
    mrg_buffer_dispose(&plain);
    return status;
}

morgue_status mrg_manifest_encode(const mrg_manifest *manifest, mrg_buffer *out, mrg_buffer *deleted, morgue_error *err)
{
    size_t start = out->len;
    mrg_buffer_append_varint(out, manifest->format);
    mrg_buffer_append_varint(out, 0); /* features: none are needed to read this format */
    mrg_buffer_append_varint(out, manifest->commit_number);
    mrg_buffer_append_varint(out, manifest->next_segment_number);
    mrg_buffer_append_string(out, manifest->lang, strlen(manifest->lang));
    mrg_buffer_append_varint(out, manifest->segment_count);
    for (size_t i = 0; i < manifest->segment_count; i++)
        encode_segment(out, &manifest->segments[i]);
    if (out->failed)
        return mrg_fail_nomem(err);
    mrg_buffer_append_u32(out, mrg_crc32(0, out->data + start, out->len - start));
    if (out->failed)
        return mrg_fail_nomem(err);
    return encode_deleted(&manifest->deleted, deleted, err);
}

static int decode_segment(mrg_reader *r, mrg_manifest_segment *s)
{
    memset(s, 0, sizeof *s);
    s->number = mrg_read_varint(r);
    uint64_t first = mrg_read_varint(r), doc_count = mrg_read_varint(r), live = mrg_read_varint(r);
    s->summary.file_bytes = mrg_read_varint(r);
    s->summary.text_bytes = mrg_read_varint(r);
    s->summary.word_count = mrg_read_varint(r);
    s->summary.title_word_count = mrg_read_varint(r);
    s->summary.checksum = mrg_read_u32(r);
    s->summary.first_docid = (uint32_t)first;
    s->summary.doc_count = (uint32_t)doc_count;
    s->summary.live_count = (uint32_t)live;
    return !r->failed && first > 0 && first < MRG_DOCID_END && doc_count > 0 && doc_count <= MRG_DOCID_END - first &&
           live <= doc_count;
}

static morgue_status decode_deleted(mrg_bitset *out, const void *bytes, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    mrg_buffer plain = MRG_BUFFER_INIT;
    uint64_t plain_len = mrg_read_varint(&r);
    morgue_status status = MORGUE_ERR_CORRUPT;
    /* Deflate gains 1032 to 1 at the very best. */
    if (!r.failed && plain_len / 1100 <= len)
        status = mrg_unzip(&plain, r.p, (size_t)(r.end - r.p), (size_t)plain_len, NULL);
    if (status == MORGUE_OK) {
        mrg_reader p = mrg_reader_make(plain.data, plain.len);
        uint64_t count = mrg_read_varint(&p), docid = 0;
        while (count-- && !p.failed) {
            uint64_t step = mrg_read_varint(&p);
            docid += step;
            if (p.failed || step == 0 || step >= MRG_DOCID_END || docid >= MRG_DOCID_END) {
                p.failed = 1;
            } else if (mrg_bitset_add(out, (uint32_t)docid)) {
                status = MORGUE_ERR_NOMEM;
                break;
            }
        }
        if (status == MORGUE_OK && p.failed)
            status = MORGUE_ERR_CORRUPT;
    }
    mrg_buffer_dispose(&plain);
    if (status == MORGUE_ERR_NOMEM)
        return mrg_fail_nomem(err);
    if (status)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "the list of deleted articles is damaged");
    return MORGUE_OK;
}

static morgue_status decode_body(mrg_manifest *out, mrg_reader *r, morgue_error *err)
{
    uint64_t format = mrg_read_varint(r), features = mrg_read_varint(r);
    if (!r->failed && (format < 1 || format > MRG_ARCHIVE_FORMAT || features))
        return mrg_fail(err, MORGUE_ERR_VERSION, "archive format %llu is not known here, only 1 to %d",
                        (unsigned long long)format, MRG_ARCHIVE_FORMAT);
    out->format = (unsigned)format;
    out->commit_number = mrg_read_varint(r);
    out->next_segment_number = mrg_read_varint(r);
    size_t lang_len;
    const char *lang = mrg_read_string(r, &lang_len);
    uint64_t count = mrg_read_varint(r);
    if (r->failed || lang_len >= sizeof out->lang)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "the manifest is damaged");
    memcpy(out->lang, lang, lang_len);
    uint64_t last = 0;
    for (uint64_t i = 0; i < count; i++) {
        mrg_manifest_segment s;
        if (!decode_segment(r, &s) || s.summary.first_docid <= last || s.number >= out->next_segment_number)
            return mrg_fail(err, MORGUE_ERR_CORRUPT, "the manifest is damaged at segment %llu", (unsigned long long)i);
        if (mrg_manifest_add(out, &s))
            return mrg_fail_nomem(err);
        last = (uint64_t)s.summary.first_docid + s.summary.doc_count - 1;
    }
    return MORGUE_OK;
}

morgue_status mrg_manifest_decode(mrg_manifest *out, const void *bytes, size_t len, const void *deleted,
                                  size_t deleted_len, morgue_error *err)
{
    memset(out, 0, sizeof *out);
    if (len < 4 || mrg_load_u32((const unsigned char *)bytes + len - 4) != mrg_crc32(0, bytes, len - 4))
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "the manifest's checksum is wrong");
    mrg_reader r = mrg_reader_make(bytes, len - 4);
    morgue_status status = decode_body(out, &r, err);
    if (status == MORGUE_OK)
        status = decode_deleted(&out->deleted, deleted, deleted_len, err);
    if (status)
        mrg_manifest_dispose(out);
    return status;
}

char *mrg_segment_file(const char *archive, uint64_t number)
{
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/segments/%08llx.seg", archive, (unsigned long long)number);
    char *taken = mrg_buffer_take(&path, NULL);
    if (!taken)
        mrg_buffer_dispose(&path);
    return taken;
}
