"""Runs in the interpreter that is looked at: makes objects, says where the words of each of them are
and what they are, one "address cause object" a line, and waits until its input ends. A child of it is looked at."""
import ctypes
import datetime
import decimal
import gc
import os
import sys
import types
from collections import OrderedDict, defaultdict, deque

HAVE_GC = 1 << 14
lines = []


def type_name(of):
    return ctypes.string_at(ctypes.c_void_p.from_address(id(of) + 24).value).decode()


def say(address, cause, name):
    lines.append("%x %s %s" % (address, cause, name))


def say_object(thing):
    name = type_name(type(thing))
    say(id(thing), "refcount", name)
    if type(thing).__basicsize__ > 16:
        say(id(thing) + 16, "object", name)
    if type(thing).__flags__ & HAVE_GC and not isinstance(thing, type):
        say(id(thing) - 16, "gc-mark", name)
        say(id(thing) - 8, "gc-mark", name)


class Plain:
    def __init__(self, value):
        self.value = value
        self.other = [value]


class Slotted:
    __slots__ = ("one", "two")

    def __init__(self, value):
        self.one = value


class Meta(type):
    pass


class Made(metaclass=Meta):
    pass


class Text(str):
    pass


def make(i):
    name = "word %d" % i
    code = compile("a = %d" % i, "made.py", "exec")
    plain = Plain(i)
    return [
        10**6 + i, float(i) + 0.5, complex(i, 1), name, name.encode(), name + "\u4e2d", bytearray(name.encode()),
        [i, i + 1], {"key": name, i: name}, (i, name), {i, name}, frozenset((i, name)), plain, plain.__dict__,
        Slotted(name), Made(), Text(name), code, types.FunctionType(code, {}), plain.__init__, lambda: i, iter([i]),
        (x for x in (i,)), slice(i, i + 1), range(i, i + 5), memoryview(name.encode()), OrderedDict(a=i),
        defaultdict(list), deque([i]), decimal.Decimal(i), datetime.date(2000, 1, 1 + i % 28), ValueError(name),
        types.SimpleNamespace(a=i), property(len), classmethod(len), types.MappingProxyType({}), type(name, (), {}),
        "x" * (600 + i), b"y" * (600 + i), tuple(range(100 + i % 50)),
    ]


def say_items(i):
    """Items that lie in memory of malloc's, in a block or in a mapping."""
    for count in (200 + i, 400 + i, 5000 + i, 20000 + i):
        items = [i] * count
        say(ctypes.c_void_p.from_address(id(items) + 24).value + count * 4, "object", "list")
        yield items
    table = set(range(400 + i))
    say(ctypes.c_void_p.from_address(id(table) + 40).value + 64, "object", "set")
    yield table


def say_freed():
    memory = ctypes.pythonapi
    memory.PyMem_Malloc.restype = ctypes.c_void_p
    memory.PyMem_Malloc.argtypes = [ctypes.c_size_t]
    memory.PyMem_Free.argtypes = [ctypes.c_void_p]
    blocks = [memory.PyMem_Malloc(448) for _ in range(2000)]
    freed = blocks[::2]
    for block in freed:
        memory.PyMem_Free(block)
    for block in freed:
        say(block, "allocator", "freed block")
    return blocks


things = [make(i) for i in range(int(sys.argv[1]))]
gc.collect()
for some in things:
    for thing in some:
        say_object(thing)
items = [list(say_items(i)) for i in range(int(sys.argv[1]))]
blocks = say_freed()
child = os.fork()  # which has not looked at anything since
if child == 0:
    os.read(0, 1)
    os._exit(0)
sys.stdout.write("%s %d\n" % (sys.version.split()[0], child) + "\n".join(lines) + "\n\n")
sys.stdout.flush()
os.read(0, 1)
os.waitpid(child, 0)
