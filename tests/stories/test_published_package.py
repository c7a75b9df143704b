"""The same job on the source of a real published package, with its own test suite."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.stories import house as houses

PACKAGE = "sqlparse==0.5.3"


@pytest.fixture
def sqlparse(tmp_path: Path) -> houses.House:
    """The package's source release, with one import broken as by a careless rename."""
    house = houses.empty(tmp_path)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(tmp_path), PACKAGE], check=True)
    with tarfile.open(next(tmp_path.glob("sqlparse-*.tar.gz"))) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    shutil.copytree(next((tmp_path / "unpacked").iterdir()), house.path, dirs_exist_ok=True)
    house.commit(message="The release as it was published")
    cli = (house.path / "sqlparse" / "cli.py").read_text()
    assert "import SQLParseError" in cli
    house.commit({"sqlparse/cli.py": cli.replace("SQLParseError", "SQLParserError")}, "Rename the error")
    return house


@pytest.mark.network
@pytest.mark.slow
def test_a_broken_import_in_a_published_package_is_closed_as_fixed(sqlparse: houses.House) -> None:
    before = sqlparse.footprint()

    ended = sqlparse.tickety("sqlformat --version throws an ImportError", "--yes", "--json")

    assert ended.code == 0, ended.out[-3000:] + ended.err
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("closed", "fixed")
    assert sqlparse.footprint() == before
    receipts = [receipt for update in ended.ticket["agent_updates"] for receipt in update["receipts"]]
    assert {receipt["phase"] for receipt in receipts} == {"setup", "before", "after"}
    suite = [receipt for receipt in receipts if receipt["phase"] == "after" and receipt["purpose"] == "verification"]
    assert suite[-1]["exit_code"] == 0
    assert suite[-1]["tests"]["passed"] > 400
    changed = sqlparse.git("diff", "--name-only", "main", ended.ticket["branch"]).split()
    assert changed == ["sqlparse/cli.py"]
