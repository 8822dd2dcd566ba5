/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Search as you type: typing ARCHIVE, with a query a line on standard input, as keys would bring them. An event loop of
 * its own, poll(), waits for either more to be typed or a part of an answer; nothing in it waits for a search.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "morgue.h"

static void show(const morgue_part *part)
{
    const morgue_results *page = morgue_part_results(part);
    size_t count;
    const morgue_facet_value *values = morgue_part_facet(part, NULL, &count, NULL);
    switch (morgue_part_get_kind(part)) {
    case MORGUE_PART_PAGE:
        for (size_t i = 0; i < morgue_results_size(page); i++)
            printf("  %s\n", morgue_hit_title(morgue_results_hit(page, i)));
        break;
    case MORGUE_PART_COUNT:
        printf("  %llu in all\n", (unsigned long long)morgue_part_count(part));
        break;
    case MORGUE_PART_FACET:
        for (size_t i = 0; i < count; i++)
            printf("  %s (%llu)\n", values[i].value, (unsigned long long)values[i].count);
        break;
    case MORGUE_PART_END:
        if (morgue_part_error(part)->status)
            printf("  %s\n", morgue_part_error(part)->message);
        break;
    default:
        break;
    }
}

/* Takes the parts that wait. Returns whether an end was among them. */
static int take(morgue_session *session)
{
    int ended = 0;
    for (morgue_part *part; (part = morgue_session_take(session));) {
        show(part);
        ended |= morgue_part_get_kind(part) == MORGUE_PART_END;
        morgue_part_free(part);
    }
    return ended;
}

static morgue_status loop(morgue_session *session, morgue_error *err)
{
    static const morgue_facet facets[] = { MORGUE_FACET_PERSON };
    morgue_question question = { .options.limit = 3, .count = 1, .facets = facets, .facet_count = 1, .facet_max = 3 };
    struct pollfd wait_for[] = { { .fd = morgue_session_fd(session), .events = POLLIN },
                                 { .fd = 0, .events = POLLIN } };
    morgue_status status = MORGUE_OK;
    char line[256];
    int typing = 1, ended = 1;
    while (!status && (typing || !ended) && poll(wait_for, typing ? 2 : 1, -1) > 0) {
        if (wait_for[0].revents)
            ended |= take(session);
        if (!typing || !wait_for[1].revents)
            continue;
        typing = fgets(line, sizeof line, stdin) != NULL;
        if (!typing)
            continue;
        line[strcspn(line, "\n")] = 0;
        question.query = line;
        status = morgue_session_ask(session, &question, NULL, err); /* and forget what was asked before */
        ended = 0;
    }
    return status;
}

int main(int argc, char **argv)
{
    morgue_session *session = NULL;
    morgue_error err = { 0 };
    if (argc != 2) {
        fprintf(stderr, "usage: typing ARCHIVE\n");
        return 2;
    }
    const char *paths[] = { argv[1] };
    setvbuf(stdin, NULL, _IONBF, 0); /* so that poll() knows of all that was typed */
    morgue_status status = morgue_session_open(&session, paths, 1, NULL, &err);
    if (!status)
        status = loop(session, &err);
    if (status)
        fprintf(stderr, "typing: %s\n", err.message);
    morgue_session_close(session);
    return status ? 2 : 0;
}
