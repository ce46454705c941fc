"""A newer version of the package: the same gateway with one more migration, and another number."""

import os
import re
import shutil
from pathlib import Path

from tests.package.root import CACHE, command

NEWER = "99.0"
SCHEMA = "9000"
COLUMN = "of_the_newer"
MIGRATION = f'''"""A column that the version before does not know."""

import sqlalchemy as sa

from gateway.database.migrations import lacking

revision = "{SCHEMA}"
down_revision = "{{last}}"


def upgrade() -> None:
    """Null in earlier rows."""
    lacking.columns("calls", sa.Column("{COLUMN}", sa.Text))
'''


def newer_package(out: Path) -> Path:
    """Packed from the tree that the package was built of."""
    tree = CACHE / "tree-newer"
    shutil.rmtree(tree, ignore_errors=True)
    command("cp", "-al", str(CACHE / "tree"), str(tree))
    (site,) = (tree / "opt/sansheng/lib").glob("python3*/site-packages")
    versions = site / "gateway/database/migrations/versions"
    last = max(path.name.partition("_")[0] for path in versions.glob("[0-9]*_*.py"))
    (versions / f"{SCHEMA}_newer.py").write_text(MIGRATION.format(last=last))
    (metadata,) = site.glob("sansheng-*.dist-info/METADATA")
    told = re.sub(r"(?m)^Version: .*", f"Version: {NEWER}", metadata.read_text())
    metadata.unlink()  # a link to the older one's
    metadata.write_text(told)
    shutil.rmtree(tree / "DEBIAN")
    os.environ.setdefault("LEVEL", "3")
    command("deploy/debian/pack.sh", str(tree), str(out), NEWER)
    shutil.rmtree(tree)
    (package,) = out.glob(f"sansheng_{NEWER}_*.deb")
    return package
