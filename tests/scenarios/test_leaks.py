from pathlib import Path

from tests.scenarios.leaks import places


def test_a_secret_is_found_in_text_and_in_files(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(b"\x00planted\xff")
    (tmp_path / "other").write_text("nothing here", encoding="utf-8")
    assert list(places("planted", "it says planted", tmp_path)) == [
        "planted is in what the commands print",
        "planted is in below/file",
    ]
    assert list(places("absent", "it says planted", tmp_path)) == []
