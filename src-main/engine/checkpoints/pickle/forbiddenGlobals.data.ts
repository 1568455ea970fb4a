/**
 * Names no file of weights has a use for. The reader never resolves a name, these or others, so the list is not what
 * keeps it safe: it tells a user that a file was made to attack whoever opens it with Python.
 */

/** Modules of which every name is forbidden, with all that is inside them. */
export const FORBIDDEN_MODULES: ReadonlySet<string> = new Set(
  (
    'os posix nt ntpath posixpath sys subprocess commands popen2 pty platform importlib imp runpy code codeop ' +
    'pkgutil zipimport socket ssl socketserver http httplib urllib urllib2 requests ftplib smtplib telnetlib ' +
    'poplib imaplib xmlrpc asyncio aiohttp webbrowser shutil tempfile glob fileinput io mmap ctypes _ctypes cffi ' +
    'multiprocessing concurrent threading _thread signal resource atexit gc inspect types marshal pickle _pickle ' +
    'cPickle dill cloudpickle joblib shelve pdb bdb cProfile profile trace timeit doctest pydoc unittest idlelib ' +
    'lib2to3 distutils setuptools pip ensurepip venv site linecache traceback faulthandler sqlite3 dbm cgi nturl2path ' +
    'antigravity tkinter turtle winreg msvcrt _winapi fcntl termios syslog torch.hub torch.utils.cpp_extension ' +
    'torch.serialization torch.package torch._inductor torch._dynamo numpy.testing numpy.f2py numpy.distutils'
  ).split(' '),
);

/** The only names of Python's own that weights may mention; `eval`, `exec`, `getattr`, `__import__` are not among them. */
export const INERT_BUILTINS: ReadonlySet<string> = new Set(
  'object set frozenset dict list tuple bytes bytearray int float complex bool str slice range type Ellipsis NotImplemented'.split(
    ' ',
  ),
);

/** Where Python's own names live, in its two generations. */
export const BUILTIN_MODULES: ReadonlySet<string> = new Set(['builtins', '__builtin__', '__builtins__']);

/** Single names of forbidden modules that honest files mention: plain records, and the layouts of sparse tensors. */
export const INERT_NAMES: ReadonlySet<string> = new Set([
  'types.SimpleNamespace',
  'torch.serialization._get_layout',
]);

/** Single names of modules that are harmless otherwise: they call what they are given, or read files. */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  'operator.attrgetter',
  'operator.methodcaller',
  'operator.call',
  '_operator.attrgetter',
  '_operator.methodcaller',
  '_operator.call',
  'functools.reduce',
  '_functools.reduce',
  'torch.load',
  'numpy.load',
  'numpy.fromfile',
  'numpy.memmap',
  'numpy.core.memmap',
  'numpy.lib.npyio.load',
]);
