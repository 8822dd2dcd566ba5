/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public face of the write path: open, add, delete, close. */
#include "indexer.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "core/file.h"
#include "store/pairs.h"
#include "store/user_list.h"

enum {
    DEFAULT_MEMORY = 256 << 20,
    LEAST_MEMORY = 8 << 20,
    DEFAULT_ARTICLE_BYTES = 16 << 20,
    MOST_ARTICLE_BYTES = 256 << 20, /* positions have 28 bits in a run */
    MOST_JOBS = 64,
    LARGEST_BATCH = 4 << 20,
    SMALLEST_BATCH = 128 << 10,
    BATCH_ARTICLES = 4096
};

const char *const *morgue_input_kinds(void)
{
    return mrg_source_kinds();
}

morgue_status mrg_indexer_failed(morgue_indexer *ix, morgue_status status, const morgue_error *err)
{
    if (status && !ix->failure.status) {
        if (err && err->status)
            ix->failure = *err;
        else
            mrg_fail(&ix->failure, status, "%s", morgue_status_text(status));
    }
    return status;
}

/* ---- Opening ---- */

static void set_options(morgue_indexer *ix, const morgue_index_options *options)
{
    if (options)
        ix->options = *options;
    morgue_index_options *o = &ix->options;
    if (!o->memory_bytes)
        o->memory_bytes = DEFAULT_MEMORY;
    if (o->memory_bytes < LEAST_MEMORY)
        o->memory_bytes = LEAST_MEMORY;
    if (!o->jobs) {
        long n = sysconf(_SC_NPROCESSORS_ONLN);
        o->jobs = n > 0 ? (unsigned)n : 1;
    }
    if (o->jobs > MOST_JOBS)
        o->jobs = MOST_JOBS;
    if (!o->max_article_bytes)
        o->max_article_bytes = DEFAULT_ARTICLE_BYTES;
    if (o->max_article_bytes > MOST_ARTICLE_BYTES)
        o->max_article_bytes = MOST_ARTICLE_BYTES;
    /* A batch under way takes about five times its text. */
    ix->batch_bytes = o->memory_bytes / (20 * ((size_t)o->jobs + 3));
    if (ix->batch_bytes > LARGEST_BATCH)
        ix->batch_bytes = LARGEST_BATCH;
    if (ix->batch_bytes < SMALLEST_BATCH)
        ix->batch_bytes = SMALLEST_BATCH;
    /* To make a segment of runs takes about half their size again, and sketches and sums of names lie beside them. */
    ix->segments.budget_bytes = o->memory_bytes / 16 * 9;
}

static morgue_status make_parents(const char *path, morgue_error *err)
{
    char *copy = mrg_strdup(path);
    if (!copy)
        return mrg_fail_nomem(err);
    morgue_status status = MORGUE_OK;
    for (char *p = copy + 1; *p && !status; p++) {
        if (*p == '/') {
            *p = 0;
            status = mrg_make_directory(copy, err);
            *p = '/';
        }
    }
    mrg_free(copy);
    return status;
}

static int is_ours(const char *name)
{
    static const char *const ours[] = { ".", "..", "segments", "catalogue", "names", "catalogue" MRG_TIDY_SUFFIX,
                                        "names" MRG_TIDY_SUFFIX, MRG_SKETCH_FILE };
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (!strcmp(name, ours[i]))
            return 1;
    return 0;
}

/* A directory with anything else in it is somebody's, and no place for an archive. */
static morgue_status look_for_strangers(const char *path, morgue_error *err)
{
    DIR *dir = opendir(path);
    if (!dir)
        return mrg_fail_errno(err, errno, "cannot open %s", path);
    morgue_status status = MORGUE_OK;
    struct dirent *entry;
    while (!status && (entry = readdir(dir))) {
        const char *n = entry->d_name;
        if (!is_ours(n))
            status = mrg_fail(err, MORGUE_ERR_INVALID, "%s is not an archive, and not empty: it has %s", path, n);
    }
    closedir(dir);
    return status;
}

static morgue_status prepare_directory(morgue_indexer *ix, morgue_error *err)
{
    struct stat st;
    mrg_buffer segments = MRG_BUFFER_INIT;
    mrg_buffer_printf(&segments, "%s/segments", ix->path);
    const char *segments_path = mrg_buffer_cstr(&segments);
    morgue_status status = segments_path ? MORGUE_OK : mrg_fail_nomem(err);
    if (!status && stat(ix->path, &st)) {
        if (errno != ENOENT)
            status = mrg_fail_errno(err, errno, "cannot open %s", ix->path);
        else if (ix->options.open_existing)
            status = mrg_fail(err, MORGUE_ERR_NOT_FOUND, "there is no archive at %s", ix->path);
        else
            status = make_parents(ix->path, err);
        if (!status)
            status = mrg_make_directory(ix->path, err);
    } else if (!status) {
        status = look_for_strangers(ix->path, err);
    }
    if (!status)
        status = mrg_make_directory(segments_path, err);
    mrg_buffer_dispose(&segments);
    return status;
}

static int has_segments(const morgue_indexer *ix)
{
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/segments", ix->path);
    const char *segments = mrg_buffer_cstr(&path);
    DIR *dir = segments ? opendir(segments) : NULL;
    int found = !dir; /* if in doubt */
    struct dirent *entry;
    while (dir && !found && (entry = readdir(dir)))
        found = strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    if (dir)
        closedir(dir);
    mrg_buffer_dispose(&path);
    return found;
}

/* A crash may leave a catalogue half made, which Xapian then neither opens nor makes. Before the first
   segment nothing is lost by beginning again. */
static xapian_status open_or_begin_again(morgue_indexer *ix, const char *catalogue, int flags, xapian_error *cause)
{
    int timeout_ms = (int)ix->options.lock_timeout_ms;
    xapian_status got =
        xapian_writable_open(&ix->catalogue, catalogue, flags, MRG_CATALOGUE_BLOCK_BYTES, timeout_ms, cause);
    if (got == XAPIAN_C_DB_NOT_FOUND && flags == XAPIAN_DB_CREATE_OR_OPEN && !has_segments(ix))
        got = xapian_writable_open(&ix->catalogue, catalogue, XAPIAN_DB_CREATE_OR_OVERWRITE, MRG_CATALOGUE_BLOCK_BYTES,
                                   timeout_ms, cause);
    return got;
}

static morgue_status open_catalogue(morgue_indexer *ix, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    mrg_buffer path = MRG_BUFFER_INIT;
    int flags = ix->options.open_existing ? XAPIAN_DB_OPEN : XAPIAN_DB_CREATE_OR_OPEN;
    mrg_buffer_printf(&path, "%s/catalogue", ix->path);
    const char *catalogue = mrg_buffer_cstr(&path);
    morgue_status status = MORGUE_OK;
    if (!catalogue)
        status = mrg_fail_nomem(err);
    else if (open_or_begin_again(ix, catalogue, flags, &cause))
        status = cause.status == XAPIAN_C_LOCK
                     ? mrg_fail(err, MORGUE_ERR_LOCKED, "%s is being written by another process", ix->path)
                     : mrg_fail_xapian(err, &cause, catalogue);
    if (!status && !ix->document && xapian_document_create(&ix->document, &cause))
        status = mrg_fail_xapian(err, &cause, catalogue);
    mrg_buffer_dispose(&path);
    return status;
}

/* At least this long: another writer may have been waiting. */
enum { REOPEN_TIMEOUT_MS = 10000 };

morgue_status mrg_catalogue_reopen(morgue_indexer *ix, morgue_error *err)
{
    unsigned timeout_ms = ix->options.lock_timeout_ms;
    if (timeout_ms < REOPEN_TIMEOUT_MS)
        ix->options.lock_timeout_ms = REOPEN_TIMEOUT_MS;
    morgue_status status = open_catalogue(ix, err);
    ix->options.lock_timeout_ms = timeout_ms;
    return status;
}

static morgue_status read_state(morgue_indexer *ix, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_docid last = 0;
    morgue_status status = mrg_snapshot_open(&ix->committed, ix->path, err);
    if (status)
        return status;
    if (xapian_database_lastdocid(&last, ix->committed->catalogue, &cause))
        return mrg_fail_xapian(err, &cause, ix->path);
    const mrg_manifest *m = &ix->committed->manifest;
    ix->next_docid = last + 1;
    ix->segments.next_number = m->next_segment_number;
    const char *lang = m->commit_number || !ix->options.lang ? m->lang : ix->options.lang;
    status = mrg_langs_init(&ix->langs, lang, err);
    if (!status && ix->options.lang) {
        ix->lang = mrg_strdup(ix->options.lang);
        if (!ix->lang)
            status = mrg_fail_nomem(err);
    }
    return status;
}

static morgue_status check_options(const morgue_index_options *o, morgue_error *err)
{
    if (o->no_text && !o->no_entities)
        return mrg_fail(err, MORGUE_ERR_INVALID, "names are kept with texts: without texts (no-text) there must be no "
                                                 "names either (no-entities)");
    if (o->pair_percent > MRG_PAIR_MAX_PERCENT)
        return mrg_fail(err, MORGUE_ERR_INVALID, "lists of pairs may take %d percent at most, not %d",
                        MRG_PAIR_MAX_PERCENT, o->pair_percent);
    mrg_source_options source = { .input = o->input, .fields = o->fields };
    return mrg_source_options_check(&source, err);
}

static morgue_status open_to_write(morgue_indexer *ix, morgue_error *err)
{
    morgue_status status = prepare_directory(ix, err);
    if (!status)
        status = open_catalogue(ix, err);
    if (!status)
        status = read_state(ix, err);
    if (!status)
        status = mrg_sweep(ix->path, &ix->committed->manifest, err);
    if (!status)
        mrg_tidy_sweep(ix);
    if (!status)
        status = mrg_begin(ix->catalogue, err);
    return status ? status : mrg_names_open(ix, err);
}

/* A dry run looks at the last commit, if there is one. */
static morgue_status open_to_look(morgue_indexer *ix, morgue_error *err)
{
    morgue_status status = mrg_snapshot_open(&ix->committed, ix->path, err);
    ix->next_docid = 1;
    if (status == MORGUE_ERR_NOT_FOUND && !ix->options.open_existing) {
        mrg_error_clear(err);
        status = MORGUE_OK;
    }
    return status;
}

/* The model that finds names, unless none are wanted. */
static morgue_status open_model(morgue_indexer *ix, morgue_error *err)
{
    if (ix->options.no_entities)
        return MORGUE_OK;
    morgue_status status = mrg_model_find(&ix->model, ix->options.model, err);
    ix->finder.model = ix->model;
    if (!status && !ix->model && !ix->options.model && ix->options.message)
        ix->options.message(ix->options.ctx, "no names model is installed; names are found by rules alone");
    return status;
}

/* The list that comes with the options, or the archive's. */
static morgue_status open_list(morgue_indexer *ix, morgue_error *err)
{
    const morgue_index_options *o = &ix->options;
    const xapian_buffer *old = ix->committed ? &ix->committed->list : NULL;
    morgue_status status = MORGUE_OK;
    if (o->names && *o->names)
        status = mrg_user_list_read_file(&ix->authority, &ix->list, o->names, o->message, o->ctx, err);
    else if (!o->names && old && old->len)
        status = mrg_user_list_open(&ix->authority, old->data, old->len, err);
    if (o->names && !status) {
        size_t old_len = old ? old->len : 0;
        ix->list_changed =
            old_len != ix->list.len || (old_len && memcmp(old->data, ix->list.data, old_len) != 0);
    }
    ix->finder.authority = ix->authority;
    return status;
}

static void set_pairs(morgue_indexer *ix)
{
    int percent = ix->options.pair_percent;
    if (percent)
        ix->pair_percent = percent > 0 ? (unsigned)percent : 0;
    else
        ix->pair_percent = ix->committed ? ix->committed->pair_percent : MRG_PAIR_DEFAULT_PERCENT;
}

morgue_status morgue_indexer_open(morgue_indexer **out, const char *path, const morgue_index_options *options,
                                  morgue_error *err)
{
    *out = NULL;
    mrg_error_clear(err);
    if (!path || !*path)
        return mrg_fail(err, MORGUE_ERR_INVALID, "no archive was named");
    morgue_indexer *ix = mrg_calloc(1, sizeof *ix);
    if (!ix)
        return mrg_fail_nomem(err);
    set_options(ix, options);
    morgue_status status = check_options(&ix->options, err);
    if (!status && !(ix->path = mrg_strdup(path)))
        status = mrg_fail_nomem(err);
    if (!status)
        status = open_model(ix, err);
    if (!status)
        status = ix->options.dry_run ? open_to_look(ix, err) : open_to_write(ix, err);
    if (!status)
        status = open_list(ix, err);
    if (!status)
        set_pairs(ix);
    if (status) {
        morgue_indexer_close(ix);
        return status;
    }
    *out = ix;
    return MORGUE_OK;
}

void morgue_indexer_close(morgue_indexer *ix)
{
    if (!ix)
        return;
    mrg_pipeline_free(ix->pipeline);
    mrg_model_free(ix->model);
    mrg_authority_free(ix->authority);
    mrg_buffer_dispose(&ix->list);
    mrg_batch_free(ix->batch);
    mrg_segment_state_dispose(&ix->segments);
    mrg_names_delta_free(ix->delta);
    mrg_langs_dispose(&ix->langs);
    mrg_pending_dispose(&ix->pending);
    mrg_bitset_dispose(&ix->gone);
    mrg_sources_dispose(&ix->sources);
    mrg_captures_dispose(&ix->captures);
    mrg_sketches_dispose(&ix->sketches);
    /* What was finished but not committed goes now; not after a failure, which may have come behind the
       commit itself, so that `committed` is not the last one. The next writer sweeps. */
    if (ix->committed && !ix->failure.status && !ix->options.dry_run)
        mrg_sweep(ix->path, &ix->committed->manifest, NULL);
    mrg_snapshot_close(ix->committed);
    xapian_document_free(ix->document);
    if (ix->names)
        xapian_writable_cancel_transaction(ix->names, NULL);
    xapian_writable_free(ix->names);
    if (ix->catalogue)
        xapian_writable_cancel_transaction(ix->catalogue, NULL);
    xapian_writable_free(ix->catalogue);
    mrg_free(ix->lang);
    mrg_free(ix->path);
    mrg_free(ix);
}

/* ---- Batches ---- */

static morgue_status start_pipeline(morgue_indexer *ix, morgue_error *err)
{
    const mrg_batch_writer writers[MRG_WRITERS] = { { mrg_write_catalogue, ix },
                                                    { mrg_write_segments, ix },
                                                    { mrg_write_names, ix } };
    const mrg_finder_options *finder = ix->options.no_entities ? NULL : &ix->finder;
    return mrg_pipeline_create(&ix->pipeline, ix->options.jobs, finder, ix->options.resemblance >= 0, writers,
                               err);
}

static morgue_status need_batch(morgue_indexer *ix, morgue_error *err)
{
    if (ix->batch)
        return MORGUE_OK;
    ix->batch = mrg_batch_create();
    if (!ix->batch)
        return mrg_fail_nomem(err);
    ix->batch->first_docid = ix->next_docid;
    ix->batch->no_text = ix->options.no_text;
    return MORGUE_OK;
}

morgue_status mrg_indexer_push(morgue_indexer *ix, int flush, morgue_error *err)
{
    morgue_status status = need_batch(ix, err);
    if (!status && !ix->pipeline)
        status = start_pipeline(ix, err);
    if (status)
        return status;
    mrg_batch *batch = ix->batch;
    ix->batch = NULL;
    batch->flush = flush;
    return mrg_pipeline_push(ix->pipeline, batch, err);
}

/* ---- Adding ---- */

static uint64_t hash_field(uint64_t hash, const char *s, size_t len)
{
    return mrg_hash_bytes(s ? s : "", s ? len : 0, hash);
}

static uint64_t content_hash(const morgue_article *a)
{
    const char *fields[] = { a->title, a->date, a->url, a->source, a->author, a->lang };
    uint64_t hash = hash_field(0, a->text, a->text_len);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        hash = hash_field(hash, fields[i], fields[i] ? strlen(fields[i]) : 0);
    if (a->subject && *a->subject)
        hash = hash_field(hash, a->subject, strlen(a->subject));
    return hash;
}

/* Room for everything but the text, which has a bound of its own. */
enum { MAX_FIELD_BYTES = 64 << 10 };

static morgue_status check_article(const morgue_indexer *ix, morgue_article *a, morgue_error *err)
{
    const char *fields[] = { a->id, a->title, a->url, a->source, a->author, a->subject };
    if (!a->id || !*a->id)
        return mrg_fail(err, MORGUE_ERR_INVALID, "an article has no id");
    if (!a->text)
        a->text = "";
    if (!a->text_len)
        a->text_len = strlen(a->text);
    if (!a->text_len && (!a->title || !*a->title))
        return mrg_fail(err, MORGUE_ERR_INVALID, "article %.100s has no text", a->id);
    if (a->text_len > ix->options.max_article_bytes)
        return mrg_fail(err, MORGUE_ERR_LIMIT, "article %.100s has %zu bytes of text, more than %llu", a->id, a->text_len,
                        (unsigned long long)ix->options.max_article_bytes);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i] && strlen(fields[i]) > MAX_FIELD_BYTES)
            return mrg_fail(err, MORGUE_ERR_LIMIT, "article %.100s has a field of more than %d bytes", a->id,
                            MAX_FIELD_BYTES);
    if (!mrg_is_clean_utf8(a->id, strlen(a->id)))
        return mrg_fail(err, MORGUE_ERR_INVALID, "the id %.100s is not valid UTF-8 text", a->id);
    return MORGUE_OK;
}

static morgue_status hash_of_committed(morgue_indexer *ix, uint32_t docid, uint64_t *hash, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_document *doc = NULL;
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    *hash = 0;
    if (xapian_database_get_document(&doc, ix->committed->catalogue, docid, &cause) ||
        xapian_document_value(&value, doc, MRG_VALUE_HASH, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot look an article up");
    else if (value.len == 8)
        *hash = mrg_load_u64(value.data);
    xapian_buffer_dispose(&value);
    xapian_document_free(doc);
    return status;
}

/* The article's version of before: its docid, or 0, and its hash. */
static morgue_status find_version(morgue_indexer *ix, const char *id, uint32_t *docid, uint64_t *hash, morgue_error *err)
{
    const mrg_pending_entry *entry = mrg_pending_find(&ix->pending, id);
    *docid = 0;
    *hash = 0;
    if (entry) {
        *docid = entry->docid;
        *hash = entry->content_hash;
        return MORGUE_OK;
    }
    if (!ix->committed || !ix->committed->article_count)
        return MORGUE_OK;
    morgue_status status = mrg_catalogue_find(ix->committed->catalogue, id, docid, err);
    return status || !*docid ? status : hash_of_committed(ix, *docid, hash, err);
}

/* Whether the archive has a later version, as the publisher counts them. */
static morgue_status is_outdated(morgue_indexer *ix, const morgue_article *a, uint32_t docid, int *outdated,
                                 morgue_error *err)
{
    const mrg_pending_entry *entry = mrg_pending_find(&ix->pending, a->id);
    mrg_fields fields = { 0 };
    morgue_status status = MORGUE_OK;
    if (entry)
        fields.version = entry->version;
    else
        status = mrg_catalogue_fields(ix->committed->catalogue, docid, &fields, err);
    *outdated = fields.version > a->version;
    mrg_fields_dispose(&fields);
    return status;
}

/* Past the checks, a failure leaves the indexer unusable: half of the article may have been taken. */
static morgue_status take_article(morgue_indexer *ix, const morgue_article *a, uint64_t hash, uint32_t replaces,
                                  morgue_error *err)
{
    mrg_date date = { 0 };
    uint32_t lang;
    if (a->date && !mrg_date_parse(&date, a->date, strlen(a->date)))
        memset(&date, 0, sizeof date);
    morgue_status status = mrg_langs_number(&ix->langs, a->lang && *a->lang ? a->lang : ix->lang, &lang, err);
    if (!status)
        status = need_batch(ix, err);
    if (!status)
        status = mrg_batch_add(ix->batch, a, &date, ix->langs.names[lang], lang, hash, replaces, err);
    if (!status && (mrg_pending_put(&ix->pending, a->id, ix->next_docid, hash, a->version) ||
                    (replaces && mrg_bitset_add(&ix->gone, replaces))))
        status = mrg_fail_nomem(err);
    if (status)
        return status;
    ix->next_docid++;
    ix->changes++;
    if (ix->batch->text_bytes >= ix->batch_bytes || ix->batch->article_count >= BATCH_ARTICLES)
        status = mrg_indexer_push(ix, 0, err);
    return status;
}

/* Of a dry run. */
static morgue_status count_article(morgue_indexer *ix, const morgue_article *a, uint64_t hash, morgue_error *err)
{
    if (mrg_pending_put(&ix->pending, a->id, ix->next_docid, hash, a->version))
        return mrg_fail_nomem(err);
    ix->next_docid++;
    return MORGUE_OK;
}

morgue_status morgue_indexer_add(morgue_indexer *ix, const morgue_article *article, morgue_error *err)
{
    morgue_article a = *article;
    uint32_t replaces;
    uint64_t was;
    int outdated = 0;
    morgue_error own;
    err = err ? err : &own;
    mrg_error_clear(err);
    if (ix->failure.status) {
        *err = ix->failure;
        return err->status;
    }
    morgue_status status = check_article(ix, &a, err);
    if (!status && ix->next_docid >= MRG_DOCID_END - 1)
        status = mrg_fail(err, MORGUE_ERR_LIMIT, "the archive is full: article numbers are used up");
    if (status)
        return status;
    uint64_t hash = content_hash(&a);
    status = find_version(ix, a.id, &replaces, &was, err);
    if (!status && replaces && was != hash && a.version)
        status = is_outdated(ix, &a, replaces, &outdated, err);
    if (!status && replaces && (was == hash || outdated)) {
        ix->progress.unchanged_count++;
        ix->last_taken = replaces;
    } else if (!status) {
        ix->last_taken = ix->next_docid;
        ix->progress.replaced_count += replaces != 0;
        status = ix->options.dry_run ? count_article(ix, &a, hash, err) : take_article(ix, &a, hash, replaces, err);
    }
    if (!status && a.captured && !outdated)
        status = mrg_captures_add(ix, a.id, a.captured, err);
    if (status)
        return mrg_indexer_failed(ix, status, err);
    ix->progress.article_count++;
    ix->progress.text_bytes += a.text_len;
    return MORGUE_OK;
}

morgue_status morgue_indexer_delete(morgue_indexer *ix, const char *id, morgue_error *err)
{
    uint32_t docid;
    uint64_t hash;
    morgue_error own;
    err = err ? err : &own;
    mrg_error_clear(err);
    if (ix->failure.status) {
        *err = ix->failure;
        return err->status;
    }
    morgue_status status = find_version(ix, id, &docid, &hash, err);
    if (!status && !docid)
        return mrg_fail(err, MORGUE_ERR_NOT_FOUND, "there is no article with the id %.200s", id);
    if (!status && !ix->options.dry_run)
        status = need_batch(ix, err);
    if (!status && !ix->options.dry_run)
        status = mrg_batch_delete(ix->batch, docid, err);
    if (!status && (mrg_pending_put(&ix->pending, id, 0, 0, 0) || mrg_bitset_add(&ix->gone, docid)))
        status = mrg_fail_nomem(err);
    ix->changes += !status;
    return mrg_indexer_failed(ix, status, err);
}

/* ---- Small things ---- */

void morgue_indexer_cancel(morgue_indexer *ix)
{
    atomic_store(&ix->cancelled, 1);
}

uint64_t morgue_indexer_kind_count(const morgue_indexer *ix, const char *kind)
{
    const char *const *kinds = mrg_source_kinds();
    for (size_t i = 0; kinds[i] && i < MRG_MAX_KINDS; i++)
        if (strcmp(kinds[i], kind) == 0)
            return ix->kind_counts[i];
    return 0;
}

void morgue_indexer_progress(const morgue_indexer *ix, morgue_progress *out)
{
    *out = ix->progress;
}
