import numpy as np
import pytest

from zhicheng.engines.addresses.lexicon import Lexicon
from zhicheng.engines.addresses.network.inputs import SEEN_LEAST, Vocabulary, told_of
from zhicheng.engines.addresses.network.network import Batch, Drop, new_weights, scores_of, slope_of
from zhicheng.engines.addresses.spans import TaggedAddress

CITY = TaggedAddress(tuple("云城市"), ("B-city", "I-city", "I-city"))


@pytest.fixture
def weights():
    return new_weights([5] * len(SEEN_LEAST), 4, np.random.default_rng(1))


@pytest.fixture
def batch():
    things = np.random.default_rng(2).integers(0, 5, (4, 3, len(SEEN_LEAST)))
    return Batch(things, np.array([4, 2, 1]))


class TestNetwork:
    @pytest.mark.parametrize("name", ["things0", "things7", "ahead.inward", "back.again", "back.bias", "out", "steps"])
    def test_its_slope_is_how_the_loss_changes(self, weights, batch, name):
        gold, nothing = np.random.default_rng(3).integers(0, 4, (4, 3)), Drop(0.0, 0.0, np.random.default_rng(0))
        weights = {key: value.astype(np.float64) for key, value in weights.items()}
        loss, slopes = slope_of(weights, batch, gold, nothing)
        place = np.unravel_index(np.abs(slopes[name]).argmax(), slopes[name].shape)
        weights[name][place] += 1e-3
        more, _ = slope_of(weights, batch, gold, nothing)
        assert (more - loss) / 1e-3 == pytest.approx(slopes[name][place], rel=0.05, abs=1e-4)

    def test_reads_an_address_alike_alone_and_among_others(self, weights, batch):
        alone = scores_of(weights, Batch(batch.things[:2, 1:2], np.array([2])))
        np.testing.assert_allclose(alone[:, 0], scores_of(weights, batch)[:2, 1], rtol=1e-4, atol=1e-5)


class TestTold:
    def test_tells_which_city_is_said_again(self):
        told = told_of(list("云城市云城市路"), Lexicon.learned([CITY]))
        assert [things[-1] for things in told] == ["10", "10", "10", "01", "01", "01", "00"]
        assert told[0][4:7] == ("cityB31", "city", "-")

    def test_does_not_know_what_it_never_saw(self):
        told = told_of(list("云城市"), Lexicon.learned([CITY]))
        vocabulary = Vocabulary([told, told])
        assert vocabulary.numbers_of(told).all()
        assert not vocabulary.numbers_of(told_of(list("海"), Lexicon.learned([])))[0, 0]
        assert vocabulary.numbers_of([]).shape == (0, len(SEEN_LEAST))
