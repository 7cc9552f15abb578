"""Writes GGUF files that need not fit into memory: tensors are declared first, their values made while they are written."""
import hashlib
import math
import struct

import numpy as np

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
NUMPY_TYPES = {UINT32: '<u4', INT32: '<i4', FLOAT32: '<f4', BOOL: 'u1'}

# name: number in the file, elements of a block, bytes of a block
TENSOR_TYPES = {'f32': (0, 1, 4), 'f16': (1, 1, 2), 'q8_0': (8, 32, 34)}
Q8_BLOCK = np.dtype([('scale', '<f2'), ('values', 'i1', 32)])
UNIFORM_INT8_DEVIATION = 73.3

PIECE_BYTES = 8 << 20
ALIGNMENT = 32


def text(value):
    encoded = value.encode()
    return struct.pack('<Q', len(encoded)) + encoded


class Tensor:
    """`shape` in GGUF's order: the length of a row first. `fill` is a number for all elements, a list, or None: random."""

    def __init__(self, name, shape, kind, fill, deviation):
        number, block, block_bytes = TENSOR_TYPES[kind]
        if shape[0] % block:
            raise ValueError(f'{name}: rows of {shape[0]} cannot be cut into blocks of {block}')
        self.name, self.shape, self.kind, self.number, self.fill = name, shape, kind, number, fill
        self.count = math.prod(shape)
        self.bytes = self.count // block * block_bytes
        # each output of a layer then stays near unit variance
        self.deviation = shape[0] ** -0.5 if deviation is None else deviation

    def pieces(self, random):
        if self.fill is not None:
            yield np.broadcast_to(np.asarray(self.fill, '<f4'), self.count).tobytes()
            return
        _, _, block_bytes = TENSOR_TYPES[self.kind]
        left = self.bytes // block_bytes
        while left:
            blocks = min(left, PIECE_BYTES // block_bytes)
            left -= blocks
            yield (self._q8(random, blocks) if self.kind == 'q8_0' else self._floats(random, blocks)).tobytes()

    def _q8(self, random, blocks):
        piece = np.empty(blocks, Q8_BLOCK)
        piece['scale'] = self.deviation / UNIFORM_INT8_DEVIATION
        values = np.frombuffer(random.bytes(blocks * 32), np.int8)
        piece['values'] = np.maximum(values, -127).reshape(blocks, 32)
        return piece

    def _floats(self, random, count):
        centred = random.random(count, np.float32) - 0.5
        return (centred * np.float32(self.deviation * math.sqrt(12))).astype('<f2' if self.kind == 'f16' else '<f4')


class GgufStream:
    def __init__(self, seed):
        self.metadata, self.tensors = [], []
        self.random = np.random.Generator(np.random.SFC64(seed))

    def put(self, key, kind, value):
        if kind == STRING:
            body = text(value)
        else:
            body = np.asarray(value, NUMPY_TYPES[kind]).tobytes()
        self.metadata.append(text(key) + struct.pack('<I', kind) + body)

    def put_all(self, kind, pairs):
        for key, value in pairs.items():
            self.put(key, kind, value)

    def put_array(self, key, kind, values):
        body = b''.join(map(text, values)) if kind == STRING else np.asarray(values, NUMPY_TYPES[kind]).tobytes()
        self.metadata.append(text(key) + struct.pack('<IIQ', ARRAY, kind, len(values)) + body)

    def tensor(self, name, shape, kind='f32', fill=None, deviation=None):
        self.tensors.append(Tensor(name, shape, kind, fill, deviation))

    def parameters(self):
        return sum(tensor.count for tensor in self.tensors)

    def write(self, path):
        """Gives the size of the file in bytes and its sha256. Needs little more memory than one piece."""
        size, sha256 = 0, hashlib.sha256()
        with open(path, 'wb') as file:
            for piece in self._pieces():
                file.write(piece)
                sha256.update(piece)
                size += len(piece)
        return size, sha256.hexdigest()

    def _pieces(self):
        table, offset = [], 0
        for tensor in self.tensors:
            shape = struct.pack(f'<I{len(tensor.shape)}Q', len(tensor.shape), *tensor.shape)
            table.append(text(tensor.name) + shape + struct.pack('<IQ', tensor.number, offset))
            offset += padded(tensor.bytes)
        head = b'GGUF' + struct.pack('<IQQ', 3, len(self.tensors), len(self.metadata))
        head += b''.join(self.metadata) + b''.join(table)
        yield head.ljust(padded(len(head)), b'\0')
        for tensor in self.tensors:
            yield from tensor.pieces(self.random)
            yield b'\0' * (padded(tensor.bytes) - tensor.bytes)


def padded(count):
    return -(-count // ALIGNMENT) * ALIGNMENT
