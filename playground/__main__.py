"""The command line: `python -m playground serve | demo | sample | gallery | import-html`."""

import argparse
import json
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from playground import gallery as pictures
from playground.boot import DEFAULT_SITE, World, running
from playground.cdn import missing_packages
from playground.connect import InstallFailed
from playground.faults import BadFault
from playground.faults import load as load_faults
from playground.product import ProductFailed
from playground.sample import ExportFailed, Order, export
from playground.server import PortTaken, port_is_free
from playground.site_folder import BadSite

FAILURES = (BadSite, BadFault, PortTaken, InstallFailed, ProductFailed, ExportFailed, OSError)


def main(argv: Sequence[str]) -> int:
    """Run one command, and tell the exit code."""
    if argv[:1] == ["import-html"]:
        # Loaded only when asked for: it needs more than serving does.
        from playground.html_export import main as import_html

        return import_html(list(argv[1:]))
    arguments = _parser().parse_args(argv)
    # Ended like Ctrl-C, so that nothing that was started outlives us.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(arguments.run(arguments))
    except FAILURES as error:
        print(f"playground: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def serve(arguments: argparse.Namespace) -> int:
    """Serve a site for an app that runs already."""
    with running(
        arguments.site,
        port=arguments.port,
        media_port=arguments.media_port,
        app_url=arguments.app.rstrip("/"),
        install=arguments.install,
        latency_ms=arguments.latency_ms,
        faults=load_faults(arguments.faults) if arguments.faults else (),
    ) as world:
        return _until_interrupted(world)


def demo(arguments: argparse.Namespace) -> int:
    """Run site and product, on their usual ports or the next free ones."""
    app_port = _next_free(8000)
    port = _next_free(8090)
    media_port = _next_free(port + 1)
    with running(
        arguments.site, port=port, media_port=media_port, app_port=app_port, install=False
    ) as world:
        return _until_interrupted(world)


def sample(arguments: argparse.Namespace) -> int:
    """Export once, and stop."""
    order = Order(
        page=arguments.page,
        scope=arguments.scope,
        out=arguments.out,
        options=_options(arguments.options),
        report=arguments.report,
        user=arguments.user,
    )
    with running(arguments.site, app_command=shlex.split(arguments.app_command)) as world:
        if order.user and order.user not in world.confluence.site.users:
            raise ExportFailed(f"The site has no user {order.user}.")
        print(export(world, order))
    return 0


def gallery(arguments: argparse.Namespace) -> int:
    """Print the space, and draw its sheets."""
    with running(arguments.site) as world:
        if arguments.page not in world.confluence.site.pages:
            raise ExportFailed(f"The site has no page {arguments.page}.")
        print(pictures.make(world, arguments.page, arguments.out))
    return 0


def _until_interrupted(world: World) -> int:
    if missing_packages():
        print(f"playground: {missing_packages()}", file=sys.stderr)
    print(f"Confluence   {world.confluence.origin}/")
    print(f"App          {world.descriptor_url}")
    if not world.confluence.connect.installed:
        print(f"Install it   {world.site_url}/manage-apps")
    print("Ctrl-C stops everything.", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
    return 0


def _next_free(port: int) -> int:
    return next(candidate for candidate in range(port, port + 100) if port_is_free(candidate))


def _options(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        options = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ExportFailed(f"{path} is not JSON: {error}") from error
    if not isinstance(options, dict):
        raise ExportFailed(f"{path} must hold an object.")
    return options


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="playground", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("import-html", help="turn an HTML space export into a site folder")
    _serve_parser(commands.add_parser("serve", help="serve a site for a running app"))
    _demo_parser(commands.add_parser("demo", help="run site and product until Ctrl-C"))
    _gallery_parser(commands.add_parser("gallery", help="draw the sheets of a space"))
    _sample_parser(commands.add_parser("sample", help="export once, over HTTP, into a file"))
    return parser


def _serve_parser(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=serve)
    _site(parser)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--media-port", type=int, default=8091)
    parser.add_argument("--app", default="http://127.0.0.1:8000", help="where the app runs")
    parser.add_argument("--install", action="store_true", help="install the app at once")
    parser.add_argument("--latency-ms", type=int, default=0, help="delay of each REST answer")
    parser.add_argument("--faults", type=Path, help="JSON file of rules that make it unwell")


def _demo_parser(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=demo)
    _site(parser)


def _gallery_parser(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=gallery)
    _site(parser)
    parser.add_argument("--page", required=True, help="id of the page whose branch comes first")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the pictures")


def _sample_parser(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=sample)
    _site(parser)
    parser.add_argument("--page", required=True, help="id of the page to start from")
    parser.add_argument("--scope", choices=("page", "tree", "space"), default="page")
    parser.add_argument("--out", type=Path, required=True, help="where the PDF goes")
    parser.add_argument("--options", type=Path, help="JSON file of export options")
    parser.add_argument("--report", type=Path, help="where the report goes, as JSON")
    parser.add_argument("--user", default="", help="account id; the first user if left out")
    parser.add_argument("--app-command", default="", help="instead of the product; {port} is set")


def _site(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", type=Path, default=DEFAULT_SITE, help="a site folder")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
