/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An archive with damaged files: whatever byte is turned, wherever a file is cut off, opening, searching,
 * fetching and checking give a clean error or an answer. Never a crash, never a hang. Damage to segments
 * is also found by the archive's own check, byte for byte, because checksums cover them.
 *
 * Each trial on a file of Xapian's runs in a child process: libxapian 1.4 keeps no checksums and trusts its
 * blocks more than we do. It is known to read out of bounds when item pointers of a block are wrong, and to
 * search a block for ever when its directory ends at an odd offset (bytes 9 and 10 of the block). Deaths
 * and hangs inside libxapian are counted and printed, for they are a limit of ours too; those anywhere else
 * fail the test.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "../support/testing.h"

enum { NAMES = 64, XAPIAN_POSITIONS = 400, TRIAL_SECONDS = 10, XAPIAN_SECONDS = 3, FRAMES = 64 };

static char scratch[TEST_PATH], archive[TEST_PATH];
static uint64_t random_state;

/* ---- The archive --------------------------------------------------------------------------------------- */

static void add(morgue_indexer *indexer, const char *id, const char *title, const char *date, const char *text)
{
    morgue_error err = { 0 };
    morgue_article article = {
        .id = id, .title = title, .date = date, .text = text, .source = "Gazette", .author = "A. Writer"
    };
    test_ok(morgue_indexer_add(indexer, &article, &err));
}

static void make_archive(void)
{
    morgue_error err = { 0 };
    morgue_index_options options = { .jobs = 1 };
    morgue_indexer *indexer;
    test_path(archive, scratch, "archive");
    test_remove_tree(archive);
    test_ok(morgue_indexer_open(&indexer, archive, &options, &err));
    add(indexer, "a", "Talks in Oslo", "2017-03-01",
        "President Vladimir Putin met Jens Stoltenberg of NATO in Oslo. The peace talks went on, and the talks ended.");
    add(indexer, "b", "Cable cut", "2017-03-02",
        "The undersea cable was cut again. Jens Stoltenberg called for talks.");
    add(indexer, "c", "Gone tomorrow", "2017", "This one about talks is deleted soon.");
    test_ok(morgue_indexer_commit(indexer, &err));
    test_ok(morgue_indexer_delete(indexer, "c", &err));
    add(indexer, "d", "Peace", "2017-04", "Peace talks, talks about peace: Vladimir Putin went home to the Kremlin.");
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
    test_archive_is_sound(archive);
}

static void setup(void)
{
    test_make_scratch(scratch);
    random_state = test_seed();
}

static void teardown(void)
{
    test_remove_tree(scratch);
}

/* ---- One look at a damaged archive ----------------------------------------------------------------------- */

/* What a look may end with: a message and _exit when something is not clean; for children as for us. */
static const char *volatile looking_at = "";

static int is_clean(morgue_status status, const morgue_error *err)
{
    return status == MORGUE_OK ||
           (status < 0 && status >= MORGUE_ERR_INTERNAL && err->status == status && err->message[0] != 0);
}

#define LOOK(call)                                                                                                     \
    do {                                                                                                               \
        memset(&err, 0, sizeof err);                                                                                   \
        if (!is_clean(status = (call), &err))                                                                          \
            return #call;                                                                                              \
    } while (0)

static const char *look_at_hit(const morgue_hit *hit)
{
    morgue_error err;
    morgue_status status;
    const char *text;
    const morgue_span *spans;
    const morgue_entity *entities;
    const morgue_date *dates;
    morgue_snippet snippet;
    size_t n;
    if (!morgue_hit_id(hit) || !morgue_hit_title(hit) || !morgue_hit_date(hit) || !morgue_hit_source(hit))
        return "a field is NULL";
    LOOK(morgue_hit_text(hit, &text, &n, &err));
    if (!status && (!text || text[n] != 0))
        return "a text is no string";
    LOOK(morgue_hit_snippet(hit, 60, &snippet, &err));
    LOOK(morgue_hit_matches(hit, 0, &spans, &n, &err));
    LOOK(morgue_hit_entities(hit, &entities, &n, &err));
    LOOK(morgue_hit_dates(hit, &dates, &n, &err));
    return NULL;
}

/* NULL, or what was not clean. */
static const char *look(const char *path)
{
    static const char *const queries[] = { "talks", "\"peace talks\"", "person:putin",
                                           "title:cable OR date:2017-03 source:gazette" };
    morgue_error err;
    morgue_status status;
    morgue_searcher *searcher;
    morgue_results *results;
    const char *fault = NULL;
    LOOK(morgue_searcher_open(&searcher, &path, 1, &err));
    if (status)
        return searcher ? "a searcher came with a failure" : NULL;
    for (size_t i = 0; i < sizeof queries / sizeof *queries && !fault; i++) {
        morgue_search_options options = { .limit = 3, .exact_count = 1 };
        LOOK(morgue_search(searcher, queries[i], &options, &results, &err));
        for (size_t h = 0; results && h < morgue_results_size(results) && !fault; h++)
            fault = look_at_hit(morgue_results_hit(results, h));
        morgue_results_free(results);
    }
    static const char *const ids[] = { "a", "b", "c", "d" };
    for (size_t i = 0; i < sizeof ids / sizeof *ids && !fault; i++) {
        LOOK(morgue_fetch(searcher, ids[i], NULL, &results, &err));
        if (results)
            fault = look_at_hit(morgue_results_hit(results, 0));
        morgue_results_free(results);
    }
    morgue_searcher_close(searcher);
    return fault;
}

/* ---- Files ------------------------------------------------------------------------------------------------ */

typedef struct victim {
    char path[TEST_PATH + 300];
    unsigned char *bytes; /* as it was */
    size_t len;
} victim;

static size_t list_victims(const char *directory, const char *suffix, victim *out)
{
    char path[TEST_PATH];
    size_t count = 0;
    struct dirent *entry;
    test_path(path, archive, directory);
    DIR *dir = opendir(path);
    ck_assert_ptr_nonnull(dir);
    while ((entry = readdir(dir))) {
        size_t len = strlen(entry->d_name), tail = strlen(suffix);
        if (entry->d_name[0] == '.' || len < tail || strcmp(entry->d_name + len - tail, suffix) != 0)
            continue;
        ck_assert_uint_lt(count, NAMES);
        victim *v = &out[count++];
        snprintf(v->path, sizeof v->path, "%s/%s", path, entry->d_name);
        v->bytes = test_read_file(v->path, &v->len);
        ck_assert_ptr_nonnull(v->bytes);
    }
    closedir(dir);
    return count;
}

static void free_victims(victim *victims, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(victims[i].bytes);
}

/* Kinds of damage: a byte turned in one of two ways, or everything from there on missing. */
typedef enum damage { TURN_ALL, TURN_ONE, CUT, DAMAGES } damage;
static const char *const damage_names[] = { "^ff", "^01", "cut" };

static int do_damage(const victim *v, damage kind, size_t at)
{
    if (kind == CUT)
        return truncate(v->path, (off_t)at);
    unsigned char byte = v->bytes[at] ^ (unsigned char)(kind == TURN_ALL ? 0xff : 0x01);
    int fd = open(v->path, O_WRONLY);
    int failed = fd < 0 || pwrite(fd, &byte, 1, (off_t)at) != 1;
    if (fd >= 0)
        close(fd);
    return failed;
}

static void repair(const victim *v, damage kind, size_t at)
{
    int fd = open(v->path, O_WRONLY);
    ck_assert_int_ge(fd, 0);
    ssize_t wanted = kind == CUT ? (ssize_t)(v->len - at) : 1;
    ck_assert_int_eq(pwrite(fd, v->bytes + at, (size_t)wanted, (off_t)at), wanted);
    close(fd);
}

/* ---- Segments: every byte, every length --------------------------------------------------------------------- */

static void on_alarm(int signal_number)
{
    static const char text[] = "hangs: ";
    (void)signal_number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0 || write(STDERR_FILENO, looking_at, strlen(looking_at)) < 0)
        _exit(9);
    _exit(8);
}

/* One kind of damage at each place of each segment. */
static void damage_segments(damage kind)
{
    static char where[1000];
    victim victims[NAMES];
    size_t trials = 0;
    make_archive();
    size_t count = list_victims("segments", ".seg", victims);
    ck_assert_uint_ge(count, 2);
    signal(SIGALRM, on_alarm);
    looking_at = where;
    for (size_t i = 0; i < count; i++) {
        const victim *v = &victims[i];
        for (size_t at = 0; at < v->len; at++, trials++) {
            morgue_error err = { 0 };
            snprintf(where, sizeof where, "%.700s %s at %zu of %zu", v->path, damage_names[kind], at, v->len);
            ck_assert_int_eq(do_damage(v, kind, at), 0);
            alarm(TRIAL_SECONDS);
            const char *fault = look(archive);
            morgue_status status = morgue_archive_check(archive, NULL, NULL, &err);
            alarm(0);
            repair(v, kind, at);
            ck_assert_msg(!fault, "%s: %s was not clean", where, fault);
            ck_assert_msg(is_clean(status, &err), "%s: check was not clean: %d", where, (int)status);
            ck_assert_msg(status == MORGUE_ERR_CORRUPT || status == MORGUE_ERR_VERSION, "%s: check says %d", where,
                          (int)status);
        }
    }
    printf("segments, %s: %zu trials\n", damage_names[kind], trials);
    test_archive_is_sound(archive);
    free_victims(victims, count);
}

START_TEST(turned_byte_in_a_segment_is_found)
{
    damage_segments(TURN_ALL);
}
END_TEST

START_TEST(turned_bit_in_a_segment_is_found)
{
    damage_segments(TURN_ONE);
}
END_TEST

START_TEST(cut_off_segment_is_found)
{
    damage_segments(CUT);
}
END_TEST

START_TEST(missing_or_longer_segment_is_found)
{
    victim victims[NAMES];
    make_archive();
    size_t count = list_victims("segments", ".seg", victims);
    for (size_t i = 0; i < count; i++) {
        morgue_error err = { 0 };
        unsigned char *longer = calloc(1, victims[i].len + 1);
        ck_assert_ptr_nonnull(longer);
        memcpy(longer, victims[i].bytes, victims[i].len);
        ck_assert_int_eq(unlink(victims[i].path), 0);
        ck_assert_ptr_null(look(archive));
        ck_assert_int_eq(morgue_archive_check(archive, NULL, NULL, &err), MORGUE_ERR_CORRUPT);
        ck_assert_int_eq(test_write_file(victims[i].path, longer, victims[i].len + 1), 0);
        ck_assert_ptr_null(look(archive));
        ck_assert_int_eq(morgue_archive_check(archive, NULL, NULL, &err), MORGUE_ERR_CORRUPT);
        ck_assert_int_eq(test_write_file(victims[i].path, victims[i].bytes, victims[i].len), 0);
        free(longer);
    }
    /* One in the place of the other. */
    ck_assert_uint_ge(count, 2);
    morgue_error err = { 0 };
    ck_assert_int_eq(test_write_file(victims[0].path, victims[1].bytes, victims[1].len), 0);
    ck_assert_ptr_null(look(archive));
    ck_assert_int_eq(morgue_archive_check(archive, NULL, NULL, &err), MORGUE_ERR_CORRUPT);
    ck_assert_int_eq(test_write_file(victims[0].path, victims[0].bytes, victims[0].len), 0);
    test_archive_is_sound(archive);
    free_victims(victims, count);
}
END_TEST

/* ---- Xapian's files ------------------------------------------------------------------------------------------- */

typedef struct trial {
    damage kind;
    size_t at;
} trial;

enum { MOST_TRIALS = 3 * XAPIAN_POSITIONS };

/* Shared with the child, so that we know where it died. */
typedef struct progress {
    volatile size_t done;      /* trials behind it */
    volatile int in_libxapian; /* where a signal found it */
    char fault[200];
} progress;

static progress *shared;

/* The code nearest to what happened that is neither the C library's nor a sanitizer's. */
static void note_place(void)
{
    void *frames[FRAMES];
    Dl_info info;
    int count = backtrace(frames, FRAMES), own = 0;
    for (int i = 0; i < count; i++) {
        if (!dladdr(frames[i], &info) || !info.dli_fname)
            continue;
        if (strstr(info.dli_fname, "libxapian")) {
            shared->in_libxapian = 1;
            return;
        }
        /* This function, and the one for signals, are the first frames of the program. */
        if (!strstr(info.dli_fname, "/lib") && ++own > 2)
            return;
    }
}

static void on_deadly_signal(int signal_number)
{
    note_place();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* Where a sanitizer is linked in, it ends the program itself. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void watch_for_death(void)
{
    static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM };
    static char stack[1 << 16]; /* another one, since the usual one may have overflowed */
    stack_t other = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action = { .sa_handler = on_deadly_signal, .sa_flags = SA_ONSTACK };
    void *frame;
    backtrace(&frame, 1); /* loads what it needs now */
    sigaltstack(&other, NULL);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(note_place);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        sigaction(deadly[i], &action, NULL);
}

/* Half of the places among bytes that are not 0, since the blocks are mostly empty. */
static size_t choose_trials(const victim *v, trial *out)
{
    size_t count = 0, used = 0, *places = malloc((v->len + 1) * sizeof *places);
    ck_assert_ptr_nonnull(places);
    for (size_t i = 0; i < v->len; i++)
        if (v->bytes[i])
            places[used++] = i;
    for (int kind = 0; kind < DAMAGES && v->len; kind++) {
        int all = v->len <= XAPIAN_POSITIONS;
        for (size_t i = 0; i < (all ? v->len : (size_t)XAPIAN_POSITIONS); i++) {
            size_t at = all             ? i
                        : i % 4 && used ? places[test_below(&random_state, (unsigned)used)]
                                        : test_below(&random_state, (unsigned)v->len);
            out[count++] = (trial){ (damage)kind, at };
        }
    }
    free(places);
    return count;
}

/* In a child: the trials from `first` on, until one kills it. */
static void run_trials(const victim *v, const trial *trials, size_t count)
{
    progress *p = shared;
    int quiet = open("/dev/null", O_WRONLY);
    if (quiet >= 0 && !getenv("MORGUE_SHOW_CRASHES"))
        dup2(quiet, STDERR_FILENO);
    watch_for_death();
    while (p->done < count) {
        const trial *t = &trials[p->done];
        morgue_error err = { 0 };
        if (do_damage(v, t->kind, t->at))
            _exit(5);
        alarm(XAPIAN_SECONDS);
        const char *fault = look(archive);
        if (!fault && !is_clean(morgue_archive_check(archive, NULL, NULL, &err), &err))
            fault = "morgue_archive_check";
        alarm(0);
        repair(v, t->kind, t->at);
        if (fault) {
            snprintf(p->fault, sizeof p->fault, "%s", fault);
            _exit(6);
        }
        p->done++;
    }
    _exit(0);
}

typedef struct deaths {
    unsigned killed, hung;
} deaths;

static void try_file(const victim *v, deaths *sum)
{
    static trial trials[MOST_TRIALS];
    progress *p = shared;
    size_t count = choose_trials(v, trials);
    memset(p, 0, sizeof *p);
    while (p->done < count) {
        int status;
        p->in_libxapian = 0;
        fflush(NULL);
        pid_t pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid == 0)
            run_trials(v, trials, count);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            continue;
        const trial *t = &trials[p->done < count ? p->done : 0];
        ck_assert_msg(!(WIFEXITED(status) && WEXITSTATUS(status) == 6), "%s %s at %zu: %s was not clean", v->path,
                      damage_names[t->kind], t->at, p->fault);
        int hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
        ck_assert_msg(p->in_libxapian, "%s %s at %zu: %s, outside libxapian", v->path, damage_names[t->kind], t->at,
                      hung                  ? "hangs"
                      : WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                            : "ends");
        printf("known limit: %s %s at %zu %s libxapian\n", v->path + strlen(archive) + 1, damage_names[t->kind], t->at,
               hung ? "hangs" : "kills");
        repair(v, t->kind, t->at);
        sum->killed += !hung;
        sum->hung += hung != 0;
        p->done++;
    }
}

static void damage_database(const char *name)
{
    victim victims[NAMES];
    deaths sum = { 0, 0 };
    size_t trials = 0;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(shared, MAP_FAILED);
    make_archive();
    size_t count = list_victims(name, "", victims);
    ck_assert_uint_ge(count, 3);
    for (size_t i = 0; i < count; i++) {
        if (victims[i].len) { /* the lock file is empty */
            try_file(&victims[i], &sum);
            trials += shared->done;
        }
    }
    printf("%s: %zu trials, of which %u killed libxapian and %u kept it busy for ever\n", name, trials, sum.killed,
           sum.hung);
    /* Many more than the few that are known would be something new. */
    ck_assert_uint_lt(sum.killed + sum.hung, trials / 50);
    test_archive_is_sound(archive);
    free_victims(victims, count);
    munmap(shared, sizeof *shared);
}

START_TEST(damaged_catalogue_is_harmless)
{
    damage_database("catalogue");
}
END_TEST

START_TEST(damaged_names_are_harmless)
{
    damage_database("names");
}
END_TEST

/* ---- Whole parts missing ----------------------------------------------------------------------------------------- */

START_TEST(missing_parts_are_told)
{
    static const char *const parts[] = { "catalogue", "names", "segments" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char path[TEST_PATH];
        morgue_error err = { 0 };
        make_archive();
        test_path(path, archive, parts[i]);
        test_remove_tree(path);
        ck_assert_msg(!look(archive), "without %s", parts[i]);
        morgue_status status = morgue_archive_check(archive, NULL, NULL, &err);
        ck_assert_msg(is_clean(status, &err) && status != MORGUE_OK, "without %s, check says %d", parts[i],
                      (int)status);
        /* A writer either mends it or says that it cannot. */
        morgue_indexer *indexer;
        status = morgue_indexer_open(&indexer, archive, NULL, &err);
        ck_assert(is_clean(status, &err));
        morgue_indexer_close(indexer);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("archive_corrupt");
    TCase *tcase = tcase_create("corrupt");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, turned_byte_in_a_segment_is_found);
    tcase_add_test(tcase, turned_bit_in_a_segment_is_found);
    tcase_add_test(tcase, cut_off_segment_is_found);
    tcase_add_test(tcase, missing_or_longer_segment_is_found);
    tcase_add_test(tcase, damaged_catalogue_is_harmless);
    tcase_add_test(tcase, damaged_names_are_harmless);
    tcase_add_test(tcase, missing_parts_are_told);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}
