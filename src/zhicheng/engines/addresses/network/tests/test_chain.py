from itertools import pairwise, product

import numpy as np
import pytest

from zhicheng.engines.addresses.network.chain import Chain, best_chain, chain_slope, shares_of

KINDS = 3


@pytest.fixture
def chain():
    rng = np.random.default_rng(1)
    return Chain(
        rng.standard_normal((KINDS + 1, KINDS)).astype(np.float32), rng.standard_normal(KINDS).astype(np.float32)
    )


@pytest.fixture
def scores():
    return np.random.default_rng(2).standard_normal((4, KINDS)).astype(np.float32)


def worth(chain, scores, path):
    steps = chain.steps[-1, path[0]] + sum(chain.steps[one, other] for one, other in pairwise(path))
    return steps + sum(scores[at, mark] for at, mark in enumerate(path)) + chain.last[path[-1]]


class TestChain:
    def test_finds_the_best_of_all_paths(self, chain, scores):
        paths = list(product(range(KINDS), repeat=4))
        assert tuple(best_chain(chain, scores)) == max(paths, key=lambda path: worth(chain, scores, path))

    def test_shares_are_those_of_all_paths(self, chain, scores):
        expected = np.zeros((4, KINDS))
        for path in product(range(KINDS), repeat=4):
            expected[np.arange(4), path] += np.exp(worth(chain, scores, path))
        np.testing.assert_allclose(shares_of(chain, scores), expected / expected[0].sum(), rtol=1e-5)

    def test_loss_is_the_likelihood_and_its_slope_points_up(self, chain, scores):
        batch, lengths = np.stack([scores, scores[::-1]], axis=1), np.array([4, 2])
        gold = np.array([[0, 1], [2, 2], [1, 0], [1, 0]])
        found = chain_slope(chain, batch, lengths, gold)
        moved = batch.copy()
        moved[1, 1, 2] += 0.01
        more = chain_slope(chain, moved, lengths, gold).loss
        assert (more - found.loss) / 0.01 == pytest.approx(found.scores[1, 1, 2], abs=2e-3)
        steps = chain.steps.copy()
        steps[0, 2] += 0.01
        more = chain_slope(Chain(steps, chain.last), batch, lengths, gold).loss
        assert (more - found.loss) / 0.01 == pytest.approx(found.chain.steps[0, 2], abs=2e-3)

    def test_what_lies_behind_the_end_does_not_count(self, chain, scores):
        batch, lengths, gold = scores[:, None, :], np.array([2]), np.array([[0], [1], [0], [0]])
        other = batch.copy()
        other[2:] += 5.0
        assert chain_slope(chain, batch, lengths, gold).loss == chain_slope(chain, other, lengths, gold).loss
        assert not chain_slope(chain, batch, lengths, gold).scores[2:].any()
