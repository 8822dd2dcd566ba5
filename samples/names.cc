// SPDX-License-Identifier: GPL-2.0-or-later
// A caller in C++17: names ARCHIVE QUERY prints who and what the articles that match are about. Objects of the library
// go into unique_ptr, its statuses become exceptions.
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "morgue.h"

template <auto close> struct closer {
    template <class T> void operator()(T *object) const { close(object); }
};
using searcher = std::unique_ptr<morgue_searcher, closer<morgue_searcher_close>>;
using results = std::unique_ptr<morgue_results, closer<morgue_results_free>>;

struct failure : std::runtime_error {
    explicit failure(const morgue_error &err) : std::runtime_error(err.message) {}
};

static searcher open(const char *path)
{
    morgue_searcher *raw;
    morgue_error err;
    if (morgue_searcher_open(&raw, &path, 1, &err))
        throw failure(err);
    return searcher(raw);
}

static results search(const searcher &in, const char *query)
{
    morgue_results *raw;
    morgue_error err;
    if (morgue_search(in.get(), query, nullptr, &raw, &err))
        throw failure(err);
    return results(raw);
}

int main(int argc, char **argv)
try {
    if (argc != 3)
        return std::fputs("usage: names ARCHIVE QUERY\n", stderr), 2;
    const searcher archive = open(argv[1]);
    const results found = search(archive, argv[2]);
    const morgue_associate *names;
    std::size_t count;
    morgue_error err;
    if (morgue_results_names(found.get(), nullptr, 5, &names, &count, &err))
        throw failure(err);
    for (std::size_t i = 0; i < count; i++)
        std::printf("%-7s %s (%llu of %llu)\n", names[i].type, names[i].name,
                    static_cast<unsigned long long>(names[i].count), static_cast<unsigned long long>(names[i].everywhere));
    return count ? 0 : 1;
} catch (const std::exception &e) {
    std::fprintf(stderr, "names: %s\n", e.what());
    return 2;
}
