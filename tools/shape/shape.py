#!/usr/bin/env python3
"""Writes files of exactly Gemma 4 E2B's shape with random weights, to measure memory and speed at its real size:

    python3 tools/shape/shape.py FOLDER [--seed N]

e2b-shape.gguf (Q8_0, about 5 GB), e2b-shape-mmproj.gguf (F16, audio alone, 0.6 GB) and the build.json with which an agent can
serve them (TRADEWIND_DEMO=FOLDER), in half a minute; needs numpy.
What such a model says is noise. Its tensors, its vocabulary's size and its cost are the real one's.
"""
import argparse
import json
import pathlib
import time

import e2b


FILES = [
    ('weights', 'e2b-shape.gguf', e2b.text_model),
    ('projector', 'e2b-shape-mmproj.gguf', e2b.audio_projector),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--seed', type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    written = []
    for role, name, make in FILES:
        began = time.monotonic()
        file = make(options.seed)
        size, sha256 = file.write(options.folder / name)
        written.append({'role': role, 'repository': 'tradewind/shape', 'path': name, 'bytes': size, 'sha256': sha256})
        print(f'{name}: {size} bytes, {file.parameters()} parameters, {time.monotonic() - began:.0f} s', flush=True)
    build = {
        'id': 'e2b-shape',
        'label': 'E2B’s shape (random weights: says noise)',
        'demo': True,
        'variant': 'e2b',
        'quantisation': 'Q8_0',
        'bitsPerWeight': 8.5,
        'quantisationAware': False,
        'engine': 'llama-server',
        'hears': True,
        'sees': False,
        'files': written,
    }
    (options.folder / 'build.json').write_text(json.dumps(build, indent=2, ensure_ascii=False) + '\n')


if __name__ == '__main__':
    main()
