# SPDX-License-Identifier: Apache-2.0
"""Linux audit events: libnaudit for Python.

    import naudit
    for event in naudit.read("/var/log/audit/audit.log"):
        print(event.serial, event.action, event.json()["records"].keys())

What naudit.h says of options, lifetimes and formats holds here, too. Text is str; bytes of it that are not UTF-8 are lone
surrogates (PEP 383), so that text.encode("utf-8", "surrogateescape") gives the bytes back. A reader and its events are for
one thread at a time; calls hold the interpreter's lock. Memory that is out is MemoryError, any other failure naudit.Error.
"""
import ctypes
import json
import os
import pathlib

__all__ = ["Error", "Event", "Field", "Reader", "Record", "Rules", "arch_name", "arch_number", "errno_name", "errno_number",
           "formats", "read", "syscall_name", "syscall_number", "type_name", "type_number", "version"]

OK, MEMORY, ARGUMENT, STATE, SYSTEM, INTERNAL = range(6)
COUNTERS = ("bytes", "records", "rejected", "events", "overruns", "missed")

_SONAME = "libnaudit.so.@PROJECT_VERSION_MAJOR@"
# From this file's folder to the library's, as they were installed; where it is not there, the system looks for it.
_LIBRARY = "@to_library@"


class _Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def _load():
    beside = (pathlib.Path(__file__).resolve().parent / _LIBRARY / _SONAME).resolve()
    # PyDLL keeps the interpreter's lock: an event may be freed by the garbage collector, which runs in any thread.
    return ctypes.PyDLL(str(beside) if beside.exists() else _SONAME)


_lib = _load()
_P, _S, _I, _Z, _T = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t, ctypes.POINTER(_Text)
_OUT = ctypes.POINTER(ctypes.c_void_p)
for _name, _result, _arguments in (
        ("version", _S, []), ("result_text", _S, [_I]), ("format_name", _Text, [_Z]),
        ("reader_new", _I, [_OUT]), ("reader_free", None, [_P]), ("reader_set", _I, [_P, _S, _S]),
        ("reader_message", _Text, [_P]), ("reader_feed", _I, [_P, _S, _Z]), ("reader_flush", _I, [_P]),
        ("reader_timeout", _I, [_P]), ("reader_age", _I, [_P]), ("reader_open_kernel", _I, [_P]), ("reader_fd", _I, [_P]),
        ("reader_receive", _I, [_P]), ("reader_next", _I, [_P, _OUT]), ("reader_end_document", _I, [_P, _T]),
        ("reader_count", ctypes.c_uint64, [_P, _I]),
        ("event_free", None, [_P]), ("event_text", _I, [_P, _T]), ("event_seconds", ctypes.c_uint64, [_P]),
        ("event_milliseconds", ctypes.c_uint32, [_P]), ("event_serial", ctypes.c_uint32, [_P]), ("event_node", _Text, [_P]),
        ("event_incomplete", _Text, [_P]), ("event_is_late", _I, [_P]), ("event_key", _Text, [_P, _Z]),
        ("event_action", _Text, [_P]), ("event_kind", _Text, [_P]), ("event_success", _I, [_P]),
        ("event_object", _I, [_P, _T]), ("event_argument_count", _Z, [_P]), ("event_argument", _Text, [_P, _Z]),
        ("event_record_count", _Z, [_P]), ("event_record", _P, [_P, _Z]), ("event_find_record", _P, [_P, _I]),
        ("event_find_field", _P, [_P, _S]), ("record_type", _I, [_P]), ("record_type_name", _Text, [_P]),
        ("record_text", _Text, [_P]), ("record_field_count", _Z, [_P]), ("record_field", _P, [_P, _Z]),
        ("record_find_field", _P, [_P, _S]), ("record_find_claim", _P, [_P, _S]), ("field_name", _Text, [_P]),
        ("field_raw", _Text, [_P]), ("field_value", _I, [_P, _T]), ("field_interpreted", _I, [_P, _T]),
        ("field_kind", _S, [_P]), ("field_number", _I, [_P, ctypes.POINTER(ctypes.c_int64)]), ("field_is_claim", _I, [_P]),
        ("type_name", _Text, [_I]), ("type_number", _I, [_S]), ("arch_name", _Text, [ctypes.c_uint32]),
        ("arch_number", ctypes.c_uint32, [_S]), ("syscall_name", _Text, [ctypes.c_uint32, ctypes.c_uint32]),
        ("syscall_number", _I, [ctypes.c_uint32, _S]), ("errno_name", _Text, [_I]), ("errno_number", _I, [_S]),
        ("rules_new", _I, [_OUT]), ("rules_free", None, [_P]), ("rules_add_text", _I, [_P, _S, _S, _Z]),
        ("rules_add_yaml", _I, [_P, _S, _S, _Z]), ("rules_add_kernel", _I, [_P, _S, _Z]), ("rules_message", _Text, [_P]),
        ("rules_count", _Z, [_P]), ("rules_kernel", _I, [_P, _Z, _T]), ("rules_line", _I, [_P, _Z, _T]),
        ("rules_yaml", _I, [_P, _T])):
    _function = getattr(_lib, "naudit_" + _name)
    _function.restype, _function.argtypes = _result, _arguments


class Error(Exception):
    """What the library refused. `result` is its number, as in naudit.h."""

    def __init__(self, result, message):
        super().__init__(message or _lib.naudit_result_text(result).decode())
        self.result = result


def _bytes(text):
    return None if text.data is None else ctypes.string_at(text.data, text.size)


def _str(text):
    data = _bytes(text)
    return None if data is None else data.decode("utf-8", "surrogateescape")


def _encoded(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def _check(result, message=None):
    if result == MEMORY:
        raise MemoryError
    if result != OK:
        raise Error(result, message and _str(message))


def _made(function, *arguments):
    text = _Text()
    _check(function(*arguments, ctypes.byref(text)))
    return text


def _new(function):
    handle = ctypes.c_void_p()
    _check(function(ctypes.byref(handle)))
    return handle.value


class Field:
    """A field of a record."""

    def __init__(self, event, handle):
        self._event, self._handle = event, handle

    name = property(lambda self: _str(_lib.naudit_field_name(self._handle)), doc="Its name.")
    raw = property(lambda self: _str(_lib.naudit_field_raw(self._handle)), doc="The value as it stands in the record.")
    value = property(lambda self: _str(_made(_lib.naudit_field_value, self._handle)), doc="The value, decoded.")
    interpreted = property(lambda self: _str(_made(_lib.naudit_field_interpreted, self._handle)), doc="What it means.")
    kind = property(lambda self: _lib.naudit_field_kind(self._handle).decode(), doc="How it is to be read: 'uid' …")
    is_claim = property(lambda self: _lib.naudit_field_is_claim(self._handle) == 1, doc="Whether only a program says so.")

    @property
    def number(self):
        """The value as a number; None if it is none."""
        number = ctypes.c_int64()
        return number.value if _lib.naudit_field_number(self._handle, ctypes.byref(number)) else None

    def __repr__(self):
        return f"<naudit.Field {self.name}={self.raw}>"


class Record:
    """A record of an event. Iterating gives its fields; record["exe"] the first of a name that the kernel says."""

    def __init__(self, event, handle):
        self._event, self._handle = event, handle

    type = property(lambda self: _lib.naudit_record_type(self._handle), doc="Its type's number.")
    type_name = property(lambda self: _str(_lib.naudit_record_type_name(self._handle)), doc="Its type's name.")
    text = property(lambda self: _str(_lib.naudit_record_text(self._handle)), doc="All of it, as it came.")

    def __len__(self):
        return _lib.naudit_record_field_count(self._handle)

    def __iter__(self):
        return (Field(self._event, _lib.naudit_record_field(self._handle, i)) for i in range(len(self)))

    def get(self, name):
        """The first field of this name; None if there is none."""
        return self._field(_lib.naudit_record_find_field(self._handle, _encoded(name)))

    def claim(self, name):
        """The first field of this name that a program claims; None if there is none."""
        return self._field(_lib.naudit_record_find_claim(self._handle, _encoded(name)))

    def _field(self, handle):
        return None if handle is None else Field(self._event, handle)

    def __getitem__(self, name):
        field = self.get(name)
        if field is None:
            raise KeyError(name)
        return field

    def __repr__(self):
        return f"<naudit.Record {self.type_name}>"


class Event:
    """A whole event. Iterating gives its records; event["exe"] the first field of a name in any of them."""

    def __init__(self, handle):
        self._handle = handle

    def __del__(self, free=_lib.naudit_event_free):
        free(self._handle)

    text = property(lambda self: _bytes(_made(_lib.naudit_event_text, self._handle)), doc="In the reader's format: bytes.")
    seconds = property(lambda self: _lib.naudit_event_seconds(self._handle), doc="When, since 1970.")
    milliseconds = property(lambda self: _lib.naudit_event_milliseconds(self._handle), doc="Of that second.")
    serial = property(lambda self: _lib.naudit_event_serial(self._handle), doc="The number that the kernel gave it.")
    node = property(lambda self: _str(_lib.naudit_event_node(self._handle)), doc="The machine; None if it is not said.")
    incomplete = property(lambda self: _str(_lib.naudit_event_incomplete(self._handle)), doc="Why it is not; None: it is.")
    is_late = property(lambda self: _lib.naudit_event_is_late(self._handle) == 1, doc="Whether its event had gone out.")
    action = property(lambda self: _str(_lib.naudit_event_action(self._handle)), doc="What was done.")
    kind = property(lambda self: _str(_lib.naudit_event_kind(self._handle)), doc="Of which kind it is.")
    object = property(lambda self: _str(_made(_lib.naudit_event_object, self._handle)), doc="What it was done to.")

    def json(self):
        """The event as Python's own lists and dictionaries; its reader has to have a format of JSON."""
        return json.loads(self.text)

    @property
    def success(self):
        """True or False; None if the records do not say."""
        return {0: False, 1: True}.get(_lib.naudit_event_success(self._handle))

    @property
    def keys(self):
        """The keys of the rule that made it."""
        keys = []
        while (key := _str(_lib.naudit_event_key(self._handle, len(keys)))) is not None:
            keys.append(key)
        return keys

    @property
    def arguments(self):
        """The arguments of an exec; None in the place of one that is missing."""
        return [_str(_lib.naudit_event_argument(self._handle, i))
                for i in range(_lib.naudit_event_argument_count(self._handle))]

    def __len__(self):
        return _lib.naudit_event_record_count(self._handle)

    def __iter__(self):
        return (Record(self, _lib.naudit_event_record(self._handle, i)) for i in range(len(self)))

    def record(self, kind):
        """The first record of this type, a name or a number; None if there is none."""
        handle = _lib.naudit_event_find_record(self._handle, kind if isinstance(kind, int) else type_number(kind) or -1)
        return None if handle is None else Record(self, handle)

    def get(self, name):
        """The first field of this name in any record; None if there is none."""
        handle = _lib.naudit_event_find_field(self._handle, _encoded(name))
        return None if handle is None else Field(self, handle)

    def __getitem__(self, name):
        field = self.get(name)
        if field is None:
            raise KeyError(name)
        return field

    def __repr__(self):
        return f"<naudit.Event {self.seconds}.{self.milliseconds:03}:{self.serial} {self.action}>"


class Reader:
    """Bytes of records in, events out: iterating takes those that are whole by now.

    Options by name: Reader(format="raw", names="none", **{"format.prefix": "x"})."""

    def __init__(self, **options):
        self._handle = None
        self._handle = _new(_lib.naudit_reader_new)
        for option, value in options.items():
            self._done(_lib.naudit_reader_set(self._handle, _encoded(option), _encoded(value)))

    def __del__(self, free=_lib.naudit_reader_free):
        free(self._handle)

    def _done(self, result):
        _check(result, _lib.naudit_reader_message(self._handle))

    def feed(self, data):
        """Takes bytes, cut anywhere."""
        data = bytes(data)
        self._done(_lib.naudit_reader_feed(self._handle, data, len(data)))

    def flush(self):
        """The input ends here."""
        self._done(_lib.naudit_reader_flush(self._handle))

    @property
    def timeout(self):
        """In how many seconds age() has something to do; None: nothing."""
        timeout = _lib.naudit_reader_timeout(self._handle)
        return None if timeout < 0 else timeout / 1000

    def age(self):
        """Lets the time pass that has gone by since the last bytes."""
        self._done(_lib.naudit_reader_age(self._handle))

    def open_kernel(self):
        """Reads this machine's records, beside whichever audit daemon runs."""
        self._done(_lib.naudit_reader_open_kernel(self._handle))

    def fileno(self):
        """For select() and its like: readable when receive() has something to do."""
        return _lib.naudit_reader_fd(self._handle)

    def receive(self):
        """Takes the kernel's records that are there, without waiting."""
        self._done(_lib.naudit_reader_receive(self._handle))

    def next(self):
        """The next event; None if none is whole yet."""
        handle = ctypes.c_void_p()
        self._done(_lib.naudit_reader_next(self._handle, ctypes.byref(handle)))
        return None if handle.value is None else Event(handle.value)

    def end_document(self):
        """What a format that puts several events into one document has to say behind the last: bytes."""
        text = _Text()
        self._done(_lib.naudit_reader_end_document(self._handle, ctypes.byref(text)))
        return _bytes(text)

    def __iter__(self):
        return iter(self.next, None)

    def count(self, counter):
        """How many of these there were: one of naudit.COUNTERS."""
        return _lib.naudit_reader_count(self._handle, COUNTERS.index(counter))


def read(source, **options):
    """The events of a file: a path, or an object that reads bytes. Options as those of Reader."""
    reader = Reader(**options)
    file = source if hasattr(source, "read") else open(os.fspath(source), "rb")  # pylint: disable=consider-using-with
    try:
        while data := file.read(65536):
            reader.feed(data)
            yield from reader
        reader.flush()
        yield from reader
    finally:
        if file is not source:
            file.close()


class Rules:
    """A set of audit rules, each once, in the order in which the kernel looks at them."""

    def __init__(self):
        self._handle = None
        self._handle = _new(_lib.naudit_rules_new)

    def __del__(self, free=_lib.naudit_rules_free):
        free(self._handle)

    def _done(self, result):
        _check(result, _lib.naudit_rules_message(self._handle))

    def _get(self, function, *arguments):
        text = _Text()
        self._done(function(self._handle, *arguments, ctypes.byref(text)))
        return text

    def add_text(self, text, name="rules"):
        """Adds lines as auditctl reads them; all or none."""
        text = _encoded(text)
        self._done(_lib.naudit_rules_add_text(self._handle, _encoded(name), text, len(text)))

    def add_yaml(self, text, name="rules"):
        """Adds rules of our YAML; all or none."""
        text = _encoded(text)
        self._done(_lib.naudit_rules_add_yaml(self._handle, _encoded(name), text, len(text)))

    def add_kernel(self, data):
        """Adds one rule as the kernel has it."""
        self._done(_lib.naudit_rules_add_kernel(self._handle, bytes(data), len(data)))

    def __len__(self):
        return _lib.naudit_rules_count(self._handle)

    def kernel(self):
        """Each rule as the bytes for the kernel."""
        return [_bytes(self._get(_lib.naudit_rules_kernel, i)) for i in range(len(self))]

    def lines(self):
        """Each rule as a line for auditctl."""
        return [_str(self._get(_lib.naudit_rules_line, i)) for i in range(len(self))]

    def yaml(self):
        """All of them as a file of our YAML."""
        return _str(self._get(_lib.naudit_rules_yaml))


def _none_if(value, none):
    return None if value == none else value


def version():
    """The library's, "0.1.0"."""
    return _lib.naudit_version().decode()


def formats():
    """The names of the formats."""
    names = []
    while (name := _str(_lib.naudit_format_name(len(names)))) is not None:
        names.append(name)
    return names


def type_name(number):
    """A record type's name; None if there is none, as of all of these."""
    return _str(_lib.naudit_type_name(number))


def type_number(name):
    """A record type's number."""
    return _none_if(_lib.naudit_type_number(_encoded(name)), -1)


def arch_name(number):
    """An arch's name by its word in the records."""
    return _str(_lib.naudit_arch_name(number))


def arch_number(name):
    """An arch's word; of "b64" and "b32" this machine's."""
    return _none_if(_lib.naudit_arch_number(_encoded(name)), 0)


def syscall_name(arch, number):
    """A system call's name on an arch, a name or a number."""
    return _str(_lib.naudit_syscall_name(arch if isinstance(arch, int) else arch_number(arch) or 0, number))


def syscall_number(arch, name):
    """A system call's number on an arch, a name or a number."""
    arch = arch if isinstance(arch, int) else arch_number(arch) or 0
    return _none_if(_lib.naudit_syscall_number(arch, _encoded(name)), -1)


def errno_name(number):
    """An error's name."""
    return _str(_lib.naudit_errno_name(number))


def errno_number(name):
    """An error's number."""
    return _none_if(_lib.naudit_errno_number(_encoded(name)), -1)
