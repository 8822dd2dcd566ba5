#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""recombine.py TIMES <news.jsonl: the articles, then again and again with the sentences of two mixed, to see what
happens in an archive larger than the news there are. The same input gives the same output."""
import json
import random
import re
import sys

random.seed(7)
articles = [json.loads(line) for line in sys.stdin]
sentences = [re.split(r"(?<=[.!?]) +", article["text"]) for article in articles]
for copy in range(int(sys.argv[1])):
    for i, article in enumerate(articles):
        article = dict(article, id=f"{article['id']}-{copy}")
        if copy:
            mine, other = sentences[i], sentences[random.randrange(len(sentences))]
            half = len(mine) // 2
            mixed = random.sample(mine, half) + random.sample(other, min(len(other), len(mine) - half))
            random.shuffle(mixed)
            article["text"] = " ".join(mixed)
        print(json.dumps(article))
