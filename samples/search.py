#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""search.py ARCHIVE QUERY: libmorgue by ctypes alone. MORGUE_LIBRARY names the library, else the installed one is used."""
import ctypes
import os
import sys
from ctypes import byref, c_char, c_char_p, c_int, c_size_t, c_void_p

morgue = ctypes.CDLL(os.environ.get("MORGUE_LIBRARY", "libmorgue.so.0"))


class Error(ctypes.Structure):
    _fields_ = [("status", c_int), ("column", c_int), ("message", c_char * 400)]


for name in "morgue_hit_title", "morgue_hit_date":
    getattr(morgue, name).argtypes, getattr(morgue, name).restype = [c_void_p], c_char_p
morgue.morgue_results_hit.argtypes, morgue.morgue_results_hit.restype = [c_void_p, c_size_t], c_void_p
morgue.morgue_results_size.argtypes, morgue.morgue_results_size.restype = [c_void_p], c_size_t

searcher, results, err = c_void_p(), c_void_p(), Error()
paths = (c_char_p * 1)(sys.argv[1].encode())
if morgue.morgue_searcher_open(byref(searcher), paths, c_size_t(1), byref(err)) or morgue.morgue_search(
    searcher, sys.argv[2].encode(), None, byref(results), byref(err)
):
    sys.exit("search.py: " + err.message.decode())
for i in range(morgue.morgue_results_size(results)):
    hit = morgue.morgue_results_hit(results, i)
    print(morgue.morgue_hit_date(hit).decode()[:10].ljust(10), morgue.morgue_hit_title(hit).decode())
morgue.morgue_results_free(results)
morgue.morgue_searcher_close(searcher)
