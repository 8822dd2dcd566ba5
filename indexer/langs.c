/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "langs.h"

#include <string.h>

/* The primary subtag, lower case: two or three letters. Returns 0 if it is none. */
static int primary(char out[MRG_LANG_BYTES], const char *lang)
{
    size_t n = 0;
    for (; lang[n] && lang[n] != '-' && lang[n] != '_'; n++) {
        char c = lang[n];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (n >= 3 || c < 'a' || c > 'z')
            return 0;
        out[n] = c;
    }
    out[n] = 0;
    return n >= 2;
}

static morgue_status add(mrg_langs *langs, const char *name, morgue_error *err)
{
    strcpy(langs->names[langs->count], name);
    morgue_status status = mrg_stemmer_create(&langs->stemmers[langs->count], name, err);
    if (!status)
        langs->count++;
    return status;
}

morgue_status mrg_langs_init(mrg_langs *langs, const char *archive_lang, morgue_error *err)
{
    char name[MRG_LANG_BYTES];
    if (!primary(name, archive_lang))
        return mrg_fail(err, MORGUE_ERR_INVALID, "\"%s\" is not a language code such as en", archive_lang);
    return add(langs, name, err);
}

void mrg_langs_dispose(mrg_langs *langs)
{
    for (size_t i = 0; i < langs->count; i++)
        mrg_stemmer_free(langs->stemmers[i]);
    langs->count = 0;
}

morgue_status mrg_langs_number(mrg_langs *langs, const char *lang, uint32_t *number, morgue_error *err)
{
    char name[MRG_LANG_BYTES];
    *number = 0;
    if (!lang || !primary(name, lang))
        return MORGUE_OK;
    for (size_t i = 0; i < langs->count; i++) {
        if (!strcmp(langs->names[i], name)) {
            *number = (uint32_t)i;
            return MORGUE_OK;
        }
    }
    if (langs->count == MRG_LANG_MAX)
        return MORGUE_OK;
    morgue_status status = add(langs, name, err);
    if (!status)
        *number = (uint32_t)langs->count - 1;
    return status;
}
