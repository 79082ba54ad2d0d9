"""Rules of the house that no reader should have to check by hand."""

import ast
import re
import statistics
import string
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

from experiments.texts import LANGUAGES, texts

ROOT = Path(__file__).resolve().parents[1]
FILES = {
    path.relative_to(ROOT).as_posix(): path
    for folder in ("model", "experiments", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
MODEL = [name for name in FILES if name.startswith("model/")]
CODE = [name for name in FILES if not name.startswith("tests/")]
assert {"model/ties.py", "experiments/store.py"} <= set(CODE), "no code found: the tests below would pass silently"

LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 600, 50, 12
FORGETFUL = {"time", "datetime", "random", "secrets", "uuid"}
"""Modules that give another answer each time."""
MAKERS_OF_REGIONS = {"model/region.py", "model/rosters.py"}
FILE_ACTS = {
    "open",
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "touch",
    "mkdir",
    "unlink",
    "load",
    "loadtxt",
    "save",
    "savetxt",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"), name)


def functions(name: str) -> list[Function]:
    return [node for node in ast.walk(tree(name)) if isinstance(node, Function)]


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_kernel(function: Function) -> bool:
    """Whether numba compiles it."""
    return any(ast.unparse(decorator).startswith(("kernel", "numba.")) for decorator in function.decorator_list)


class TestLayers:
    def test_the_contracts_of_pyproject_hold(self, monkeypatch, capsys):
        monkeypatch.chdir(ROOT)
        broken = lint_imports(config_filename="pyproject.toml", no_cache=True)
        assert broken == 0, capsys.readouterr().out

    @pytest.mark.parametrize(
        ("module", "stranger"),
        [
            ("figures", "store"),
            ("figures", "sweep"),
            ("designs", "sweep"),
            ("designs", "analysis"),
            ("sweep", "designs"),
            ("sweep", "analysis"),
            ("analysis", "designs"),
            ("analysis", "sweep"),
            ("store", "cli"),
            ("report", "cli"),
        ],
    )
    def test_parts_meet_only_in_tables(self, module, stranger):
        """`module` does not import `stranger`, not even through others."""
        importer, imported = f"experiments.{module}", f"experiments.{stranger}"
        graph = imports()
        chain = graph.find_shortest_chain(importer, imported) if {importer, imported} <= graph.modules else None
        assert chain is None, f"must not be: {' → '.join(chain or ())}"

    def test_the_command_imports_heavy_parts_only_where_it_needs_them(self):
        heavy = {"matplotlib", "mesa", "networkx", "numba", "numpy", "pandas", "pyarrow", "scipy", "solara"}
        paths = [name for name in FILES if name == "experiments/cli.py" or name.startswith("experiments/commands/")]
        assert len(paths) > 1
        assert {path: at_once & heavy for path in paths if (at_once := imported_at_once(path)) & heavy} == {}

    def test_nobody_imports_the_bare_package(self):
        """`model` is also what Mesa calls a model, so that the name would hide the package."""
        found = [
            f"{name}:{node.lineno}"
            for name in FILES
            for node in ast.walk(tree(name))
            if isinstance(node, ast.Import) and any(alias.name == "model" for alias in node.names)
        ]
        assert not found


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("model", "experiments", cache_dir=None)


def imported_at_once(name: str) -> set[str]:
    """Top-level names of what a module imports when it is itself imported."""
    found = set()
    for node in tree(name).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


class TestSize:
    @pytest.mark.parametrize("name", FILES)
    def test_no_file_is_too_long_to_read(self, name):
        lines = FILES[name].read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST_FILE

    @pytest.mark.parametrize("name", CODE)
    def test_no_function_is_too_long_to_read(self, name):
        long = {function.name: length(function) for function in functions(name) if length(function) > LONGEST_FUNCTION}
        assert not long

    @pytest.mark.parametrize("package", ["model/", "experiments/"])
    def test_most_functions_are_short(self, package):
        lengths = [length(function) for name in CODE if name.startswith(package) for function in functions(name)]
        assert statistics.median(lengths) <= MEDIAN_FUNCTION


@pytest.mark.parametrize("name", MODEL)
class TestModelKnowsNothingOfTheOutside:
    def test_it_prints_nothing(self, name):
        assert not calls(name) & {"print", "input"}

    def test_it_opens_no_file(self, name):
        assert name == "model/rosters.py" or not calls(name) & FILE_ACTS

    def test_it_reads_no_clock(self, name):
        assert not imported(name) & FORGETFUL

    def test_every_draw_is_keyed_or_at_least_seeded(self, name):
        """Worlds draw by key; a region, made once before any world, may use a seeded generator."""
        makers = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng")]
        assert all(maker.args or maker.keywords for maker in makers)
        assert not makers or name in MAKERS_OF_REGIONS
        assert not {
            attribute for attribute in dotted(name) if re.match(r"(np\.random\.(?!default_rng|Generator)|self\.(random|rng)\b)", attribute)
        }

    def test_only_compiled_functions_go_without_types(self, name):
        """mypy allows untyped functions in the model for the sake of kernels; this closes the door for all others."""
        bare = [function.name for function in functions(name) if not is_kernel(function) and not is_typed(function)]
        assert not bare


def imported(name: str) -> set[str]:
    """Top-level names of everything a module imports, wherever it does so."""
    nodes = list(ast.walk(tree(name)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {module.partition(".")[0] for module in plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}}


def dotted(name: str) -> set[str]:
    """Every attribute as it is written: np.random.normal."""
    return {ast.unparse(node) for node in ast.walk(tree(name)) if isinstance(node, ast.Attribute)}


def calls(name: str) -> set[str]:
    """Last names of everything that is called."""
    called = (node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call))
    return {node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in called}


def is_typed(function: Function) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return function.returns is not None and all(a.annotation is not None or a.arg in {"self", "cls"} for a in arguments)


@pytest.mark.parametrize("name", CODE)
def test_every_public_function_says_what_it_does(name):
    silent = [node.name for node in public(tree(name)) if not ast.get_docstring(node)]
    assert not silent


def public(node: ast.Module | ast.ClassDef) -> list[Function | ast.ClassDef]:
    found: list[Function | ast.ClassDef] = []
    for inner in node.body:
        if isinstance(inner, Function | ast.ClassDef) and not inner.name.startswith("_"):
            found.append(inner)
            found += public(inner) if isinstance(inner, ast.ClassDef) else []
    return found


def test_every_test_asserts_something():
    signs = ("assert", "raises", "fail(", "warns")
    idle = [
        f"{name}: {function.name}"
        for name in FILES
        if name.startswith("tests/")
        for function in functions(name)
        if function.name.startswith("test_") and not any(sign in ast.unparse(function) for sign in signs)
    ]
    assert not idle


class TestTexts:
    def test_both_languages_have_the_same_texts(self):
        nl, en = (set(texts(language).templates) for language in LANGUAGES)
        assert nl == en, f"only in nl: {sorted(nl - en)}; only in en: {sorted(en - nl)}"

    def test_both_languages_leave_the_same_places_open(self):
        nl, en = (texts(language).templates for language in LANGUAGES)
        differ = {name: (places(nl[name]), places(en[name])) for name in nl.keys() & en.keys() if places(nl[name]) != places(en[name])}
        assert not differ

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_text_has_words_and_every_place_a_name(self, language):
        templates = texts(language).templates
        assert [name for name, text in templates.items() if not text.strip()] == []
        assert [name for name, text in templates.items() if not all(place.isidentifier() for place in places(text))] == []


def places(template: str) -> set[str]:
    return {place for _, place, _, _ in string.Formatter().parse(template) if place is not None}


@cache
def tracked() -> dict[str, Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    return {name: ROOT / name for name in names if name and (ROOT / name).is_file()}


@cache
def lines_with(pattern: str) -> list[str]:
    """Places in tracked text files, tests apart, that match."""
    rule = re.compile(pattern)
    ours = {
        name: path for name, path in tracked().items() if not name.startswith("tests/") and path.suffix not in {".png", ".parquet", ".gz"}
    }
    return [
        f"{name}:{number}"
        for name, path in ours.items()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if rule.search(line)
    ]


class TestWhatIsInTheRepository:
    def test_no_lock_file_is_kept(self):
        locks = [name for name in tracked() if Path(name).name in {"uv.lock", "poetry.lock", "package-lock.json"} or "pylock" in name]
        assert not locks

    def test_no_address_of_a_registry_is_kept(self):
        hosts = ["pypi" + r"\.org", "python" + "hosted", "npm" + "js", "debian" + r"\.org"]
        assert lines_with("|".join(hosts)) == []

    def test_no_folder_of_anybodys_computer_is_named(self):
        assert lines_with(r"(?<![\w.])/(?:home|Users|root|work)/\w") == []

    def test_nothing_is_left_unfinished(self):
        assert lines_with(r"\b(?:TODO|FIXME|XXX)\b") == []

    def test_the_text_is_about_the_subject_and_not_about_its_making(self):
        assert lines_with(r"(?i)\b(?:as requested|issue #\d|issue tracker|language model|chat ?bot|prompted)\b") == []

    def test_versions_agree(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert f"\nversion: {project['version']}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
