/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the model lies: installed beside the program or library, or in the tree it was built in. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buffer.h"
#include "entity/model.h"

/* From the directory of the program or library: installed in bin or lib (or lib/x86_64-linux-gnu), built in
   build or below it. */
static const char *const beside[] = { "../share/morgue/names.model",     "../../share/morgue/names.model",
                                      "../indexer/entity/names.model",   "../../indexer/entity/names.model",
                                      "../../../indexer/entity/names.model" };

/* The directory, with its slash, of the file that holds this code. */
static int append_own_directory(mrg_buffer *path)
{
    Dl_info info;
    static const char here;
    if (!dladdr(&here, &info) || !info.dli_fname)
        return 0;
    /* a program started by name alone is not where its name says */
    char program[4096];
    ssize_t len = strchr(info.dli_fname, '/') ? 0 : readlink("/proc/self/exe", program, sizeof program - 1);
    if (len < 0)
        return 0;
    program[len] = 0;
    const char *name = len ? program : info.dli_fname;
    const char *slash = strrchr(name, '/');
    if (!slash)
        return 0;
    mrg_buffer_append(path, name, (size_t)(slash - name) + 1);
    return !path->failed;
}

/* The path of a readable model, in `path`; or NULL. */
static const char *find(mrg_buffer *path)
{
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        mrg_buffer_clear(path);
        if (!append_own_directory(path))
            break;
        mrg_buffer_append_str(path, beside[i]);
        const char *found = mrg_buffer_cstr(path);
        if (found && !access(found, R_OK))
            return found;
    }
    return access(MRG_INSTALLED_MODEL, R_OK) ? NULL : MRG_INSTALLED_MODEL;
}

morgue_status mrg_model_find(mrg_model **out, const char *path, morgue_error *err)
{
    mrg_buffer buffer = MRG_BUFFER_INIT;
    const char *wanted = path ? path : getenv("MORGUE_MODEL");
    *out = NULL;
    if (wanted && !*wanted)
        return MORGUE_OK;
    if (!wanted)
        wanted = find(&buffer);
    morgue_status status = wanted ? mrg_model_open(out, wanted, err) : MORGUE_OK;
    mrg_buffer_dispose(&buffer);
    return status;
}
