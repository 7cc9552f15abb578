#!/usr/bin/env python3
"""Writes files of exactly Gemma 4 E2B's shape with random weights, to measure memory and speed at its real size:

    python3 tools/shape/shape.py FOLDER [--seed N]

e2b-shape.gguf (Q8_0, about 5 GB) and e2b-shape-mmproj.gguf (F16, audio alone, 0.6 GB) in half a minute; needs numpy.
What such a model says is noise. Its tensors, its vocabulary's size and its cost are the real one's.
"""
import argparse
import pathlib
import time

import e2b


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--seed', type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, make in {'e2b-shape.gguf': e2b.text_model, 'e2b-shape-mmproj.gguf': e2b.audio_projector}.items():
        began = time.monotonic()
        file = make(options.seed)
        size = file.write(options.folder / name)
        print(f'{name}: {size} bytes, {file.parameters()} parameters, {time.monotonic() - began:.0f} s', flush=True)


if __name__ == '__main__':
    main()
