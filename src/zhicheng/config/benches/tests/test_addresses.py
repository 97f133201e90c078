from pathlib import Path

import pytest

from zhicheng.config.benches.addresses import RowRefused, read_addresses, read_gazetteer
from zhicheng.config.environment import pack_root

PUBLIC = Path("../shared/data/addresses/dev.txt")


class TestReadAddresses:
    @pytest.mark.parametrize("line", ["路", "路 road", "路 B-", " B-road"])
    def test_names_the_line_that_is_no_mark(self, tmp_path, line):
        path = tmp_path / "rows.txt"
        path.write_text(f"南 B-road\n{line}\n", encoding="utf-8")
        with pytest.raises(RowRefused, match=r"rows\.txt:2"):
            list(read_addresses(path))

    def test_counts_tags_in_lower_case_and_needs_no_empty_line_at_the_end(self, tmp_path):
        path = tmp_path / "rows.txt"
        path.write_text("支 B-subRoad\n路 I-subroad", encoding="utf-8")
        (address,) = read_addresses(path)
        assert address.marks == ("B-subroad", "I-subroad")

    @pytest.mark.skipif(not PUBLIC.is_file(), reason="the public address data is not here; it may not be shipped")
    def test_reads_the_public_file_whole(self):
        assert sum(1 for _ in read_addresses(PUBLIC)) == 2985


class TestReadGazetteer:
    def test_knows_divisions_and_landmarks_of_the_pack(self):
        names = read_gazetteer(pack_root())
        assert (names["福田区"], names["深圳市"], names["深圳北站"]) == ("district", "city", "poi")
