import numpy as np
import pytest

from zhicheng.core.inference.contrib.scripted import ScriptedModel
from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.gate.bundled import BundledEmbedder
from zhicheng.core.inference.gate.sharing import shared
from zhicheng.core.inference.public import get_embedder


@pytest.fixture
def remote(settings):
    with ScriptedModel(lambda _: "") as model:
        settings.EMBED_URL, settings.EMBED_MODEL = model.url, "letters"
        yield get_embedder()


def bundled():
    return get_embedder()


class TestBundledEmbedder:
    def test_says_which_questions_mean_alike(self):
        birth, likewise, gas = bundled().embed(["宝宝怎么上户口", "孩子出生后如何落户", "煤气费在哪里交"])
        assert birth @ likewise > birth @ gas

    def test_one_text_and_many_give_the_same_vectors(self):
        texts = ["居住证怎么办", "公积金怎么提取", ""]
        together = bundled().embed(texts)
        alone = np.concatenate([bundled().embed([text]) for text in texts])
        assert together.shape == (3, bundled().dimensions)
        assert np.allclose(together, alone, atol=1e-4)

    def test_vectors_have_length_one_and_an_empty_text_none(self):
        lengths = np.linalg.norm(bundled().embed(["居住证", "  ", "a" * 5000]), axis=1)
        assert np.allclose(lengths, [1, 0, 1], atol=1e-4)

    def test_is_one_object_in_a_process(self):
        assert bundled() is bundled()


class TestSharing:
    @pytest.fixture
    def table(self):
        return np.arange(4000, dtype=np.uint8).reshape(100, 40)

    def test_maps_one_file_in_place_of_two_copies(self, tmp_path, table):
        path = tmp_path / "new" / "table.npy"
        first, second = shared(path, table), shared(path, table.copy())
        assert isinstance(first, np.memmap)
        assert isinstance(second, np.memmap)
        assert np.array_equal(first, table)
        assert [each.name for each in path.parent.iterdir()] == ["table.npy"]

    @pytest.mark.parametrize("held", [b"", b"no array at all", None])
    def test_writes_what_is_cut_or_another_again(self, tmp_path, table, held):
        path = tmp_path / "table.npy"
        if held is None:
            np.save(path, table + 1)
        else:
            path.write_bytes(held)
        assert np.array_equal(shared(path, table), table)
        assert np.array_equal(np.load(path), table)

    def test_goes_on_alone_where_nothing_can_be_written(self, tmp_path, table):
        (tmp_path / "file").write_text("in the way")
        assert shared(tmp_path / "file" / "table.npy", table) is table

    def test_gives_the_same_vectors(self, tmp_path):
        shares = BundledEmbedder(tmp_path).embed(["居住证怎么办"])
        assert np.allclose(shares, bundled().embed(["居住证怎么办"]), atol=1e-4)
        assert [each.suffix for each in tmp_path.iterdir()] == [".npy"]


class TestRemoteEmbedder:
    def test_embeds_by_the_openai_protocol(self, remote):
        one, same, other = remote.embed(["上户口", "口户上", "煤气"])
        assert remote.dimensions == 32
        assert one @ same == pytest.approx(1.0)
        assert one @ other < 0.9
        assert not remote.embed([""]).any()

    def test_takes_many_texts_in_batches(self, remote):
        assert remote.embed([f"第{number}条" for number in range(150)]).shape == (150, 32)

    @pytest.mark.parametrize("mode", ["down", "nonsense", "refused"])
    def test_fails_in_one_way_whatever_goes_wrong(self, settings, mode):
        with ScriptedModel(lambda _: "", mode=mode) as model:
            settings.EMBED_URL = model.url
            with pytest.raises(ModelFailed):
                get_embedder().embed(["上户口"])
