/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_run TIMES NAME COMMAND...: runs a command so often and prints a line for run.sh: the name, then of its runs the
 * median wall seconds, the median CPU seconds (user and system, its children included) and the largest peak memory
 * in MB, with tabs between. Standard input is rewound for each run; what the command prints goes to standard error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TIMES = 1000 };

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void run(char **command, double *wall, double *cpu, double *peak)
{
    struct rusage used;
    int status;
    lseek(0, 0, SEEK_SET);
    double start = now();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(2, 1);
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &used) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        fprintf(stderr, "bench_run: %s failed\n", command[0]);
        exit(2);
    }
    *wall = now() - start;
    *cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
    double megabytes = (double)used.ru_maxrss * 1024 / 1e6;
    *peak = megabytes > *peak ? megabytes : *peak;
}

int main(int argc, char **argv)
{
    static double wall[MAX_TIMES], cpu[MAX_TIMES];
    double peak = 0;
    int times = argc > 3 ? atoi(argv[1]) : 0;
    if (times < 1 || times > MAX_TIMES) {
        fprintf(stderr, "usage: bench_run TIMES NAME COMMAND...\n");
        return 2;
    }
    for (int i = 0; i < times; i++)
        run(argv + 3, &wall[i], &cpu[i], &peak);
    qsort(wall, (size_t)times, sizeof *wall, by_size);
    qsort(cpu, (size_t)times, sizeof *cpu, by_size);
    printf("%s\t%.4f\t%.4f\t%.0f\n", argv[2], wall[times / 2], cpu[times / 2], peak);
    return 0;
}
