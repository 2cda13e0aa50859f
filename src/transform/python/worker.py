"""Runs one model in Python. It talks with the program that started it in lines of JSON over stdin and stdout: what the
model refers to comes as Parquet files, which are views in a DuckDB of its own; what it returns goes back as one."""
import json
import os
import sys
import traceback
import types


class WarehouseError(Exception):
    """A statement failed on the other side, which keeps the reason."""


class Talk:
    """Owns the real stdin and stdout; the model gets an empty input, and prints to stderr."""

    def __init__(self):
        self.input = os.fdopen(os.dup(0), "r", encoding="utf-8", newline="\n")
        self.output = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)

    def read(self):
        line = self.input.readline()
        if not line:
            os._exit(1)  # nobody is there any more
        return json.loads(line)

    def tell(self, **message):
        sys.stdout.flush()
        sys.stderr.flush()
        self.output.write(json.dumps(message) + "\n")
        self.output.flush()

    def ask(self, **message):
        self.tell(**message)
        answer = self.read()
        if "error" in answer:
            raise WarehouseError(answer["error"])
        return answer


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Session:
    """The DuckDB that the model works in, with a catalogue of the warehouse's name."""

    def __init__(self, duckdb, talk, job):
        self.talk = talk
        self.connection = duckdb.connect(":memory:")
        self.relation_class = duckdb.DuckDBPyRelation
        self.error_class = duckdb.Error
        self.databases = {row[0] for row in self.connection.execute("select database_name from duckdb_databases()").fetchall()}
        self.database = job["database"]
        self.loaded = {}
        for extension in job["extensions"]:
            try:
                self.connection.load_extension(extension)
            except duckdb.Error:
                pass  # a model that needs it says so itself
        for name, value in job["settings"]:
            try:
                self.connection.execute("set %s = '%s'" % (name, value.replace("'", "''")))
            except duckdb.Error as error:  # which may quote the value, and that may be a secret
                print("the setting '%s' is not set for Python: %s" % (name, type(error).__name__), file=sys.stderr)
        self.make_database(self.database)
        self.connection.execute("use " + quoted(self.database))

    def make_database(self, name):
        if name not in self.databases:
            self.connection.execute("attach ':memory:' as " + quoted(name))
            self.databases.add(name)

    def load(self, name):
        """dbt's load_df_function: the relation behind a name as the warehouse writes it."""
        if name not in self.loaded:
            answer = self.talk.ask(load=name)
            database, schema, identifier = answer["relation"]
            database = database or self.database
            self.make_database(database)
            self.connection.execute("create schema if not exists %s.%s" % (quoted(database), quoted(schema)))
            view = ".".join(quoted(part) for part in (database, schema, identifier))
            try:
                self.connection.execute("create or replace view %s as %s" % (view, answer["select"]))
            except self.error_class:  # a type that only the warehouse knows: as the file has it
                self.connection.execute("create or replace view %s as %s" % (view, answer["plain"]))
            self.loaded[name] = view
        return self.connection.query("select * from " + self.loaded[name])


class Warehouse:
    """The connection that materialize() is given: names are tables it registered, statements run in the warehouse."""

    def __init__(self, session, frame):
        self.talk = session.talk
        self.relation_class = session.relation_class
        # A relation may stand on temporary tables of its connection; other tables may be read from that connection
        # while they are written.
        self.reader = session.connection if isinstance(frame, self.relation_class) else session.connection.cursor()

    def register(self, name, frame):
        relation = frame if isinstance(frame, self.relation_class) else None
        try:
            if relation is None:
                self.reader.register(name, frame)
                relation = self.reader.view(name)
        except Exception as error:
            kind = type(frame)
            raise TypeError("model() returned a value of type %s.%s, which is no table to DuckDB: %s"
                            % (kind.__module__, kind.__qualname__, str(error).split("\n")[0])) from None
        columns = list(zip(relation.columns, (str(kind) for kind in relation.types)))
        answer = self.talk.ask(register=name, columns=columns)
        relation.project(answer["project"]).write_parquet(answer["file"])
        self.talk.ask(written=name)
        return self

    def unregister(self, name):
        self.talk.ask(unregister=name)
        return self

    def execute(self, sql):
        self.talk.ask(execute=sql)
        return self


def stop_with_parent():
    """A killed parent leaves no child behind."""
    try:
        import ctypes
        parent = os.getppid()
        ctypes.CDLL(None).prctl(1, 9)
        if os.getppid() != parent:
            os._exit(1)
    except Exception:
        pass  # not on this system


def described(error):
    frames = [{"file": frame.filename, "line": frame.lineno, "function": frame.name,
               "column": getattr(frame, "colno", None), "end_column": getattr(frame, "end_colno", None),
               "end_line": getattr(frame, "end_lineno", None)}
              for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    kind = type(error)
    failed = {"type": kind.__qualname__ if kind.__module__ == "builtins" else kind.__module__ + "." + kind.__qualname__,
              "message": str(error), "frames": frames, "python": sys.executable}
    if isinstance(error, SyntaxError) and error.filename:
        failed["message"] = error.msg
        frames.append({"file": error.filename, "line": error.lineno or 1, "function": "",
                       "column": (error.offset or 1) - 1, "end_column": None, "end_line": None})
    if isinstance(error, ModuleNotFoundError) and error.name:
        failed["missing"] = error.name.split(".")[0]
    if isinstance(error, WarehouseError):
        failed["warehouse"] = True
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        failed["cause"] = "".join(traceback.format_exception_only(type(cause), cause)).strip()
    return failed


def absent(packages):
    """Those of dbt.config(packages=[...]) that are not installed."""
    import re
    from importlib import metadata
    missing = []
    for package in packages:
        try:
            metadata.distribution(re.split(r"[\s<>=!~\[;@]", package.strip(), maxsplit=1)[0])
        except Exception:
            missing.append(package)
    return missing


def run(talk, job):
    import duckdb
    session = Session(duckdb, talk, job)
    sys.path.extend(path for path in job["module_paths"] if path not in sys.path)
    module = types.ModuleType(job["module"])
    module.__file__ = job["path"]
    sys.modules[job["module"]] = module
    exec(compile("\n" * job["lines_before"] + job["code"], job["path"], "exec"), module.__dict__)
    for name in job["load"]:
        session.load(name)
    frame = module.model(module.dbtObj(session.load), session.connection)
    module.materialize(frame, Warehouse(session, frame))


def main():
    stop_with_parent()
    del sys.path[0]  # this file's folder
    talk = Talk()
    job = talk.read()
    sys.argv = [job["path"]]
    try:
        run(talk, job)
    except BaseException as error:  # sys.exit() and an interrupt are failures, too
        failed = described(error)
        if "missing" in failed:
            failed["packages"] = absent(job["packages"])
        talk.tell(failed=failed)
    else:
        talk.tell(done=True)


main()
