"""What is not there can't be broken: features of other software that had holes, shown to be absent here."""

import ast
import re

from tests.house.source import modules
from web.access import ROUTES


def calls_of(*names: str) -> set[str]:
    """Return the modules that call something by one of these names."""
    return {
        each.name
        for each in modules()
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names
    }


def importing(name: str) -> set[str]:
    """Return the modules that import a package."""
    pattern = re.compile(rf"^\s*(?:import|from) {name}\b", re.MULTILINE)
    return {each.name for each in modules() if pattern.search(each.text)}


def test_no_page_takes_archives_lists_of_files_or_a_file_by_its_number_v_s10_v_s12_a22() -> None:
    words = re.compile(r"archive|import|export|playlist|upload|proxy|preview_url|oembed|clip|channel")

    assert [route.rule for route in ROUTES if words.search(route.rule)] == []


def test_every_request_leaves_through_one_client_v_z01_a05() -> None:
    assert {name for name in importing("httpx") if not name.startswith("federation/client/")} == set()
    assert calls_of("aiohttp.ClientSession") == {"federation/client/transport.py"}
    assert calls_of("httpx.AsyncClient", "httpx.Client", "httpx.get", "httpx.post") == set()


def test_programs_are_started_with_a_list_in_known_places_a03_v_g03() -> None:
    """The decoder of pictures is a program of ours with no file and no socket; there is no ffmpeg."""
    started = calls_of("asyncio.create_subprocess_exec", "subprocess.run", "subprocess.Popen")

    assert started == {"node/media/processing.py", "node/backup/postgres.py"}
    assert calls_of("asyncio.create_subprocess_shell", "subprocess.getoutput") == set()
    assert {each.name for each in modules() if "ffmpeg" in each.text} == set()


def test_secrets_come_from_one_place_a18() -> None:
    assert importing("random") <= {"node/serving/assembly.py"}
    assert importing("secrets") == {"node/chance.py", "node/commands/backup.py", "node/settings/loading.py"}
