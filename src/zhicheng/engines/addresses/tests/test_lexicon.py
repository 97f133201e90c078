from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.addresses.lexicon import Lexicon, folds
from zhicheng.engines.addresses.network.inputs import told_of
from zhicheng.engines.addresses.spans import TaggedAddress
from zhicheng.engines.addresses.tokens import tokens_of

ROAD = TaggedAddress(tuple("平安路"), ("B-road", "I-road", "I-road"))
CITY = TaggedAddress(tuple("云城市"), ("B-city", "I-city", "I-city"))


class TestTokensOf:
    @given(st.text(max_size=30))
    def test_leaves_out_only_white_space(self, text):
        covered = {at for start, token in tokens_of(text) for at in range(start, start + len(token))}
        assert all(character.isspace() for at, character in enumerate(text) if at not in covered)

    @settings(deadline=None)  # the first text waits for the dictionary
    @given(st.text(alphabet="云城市平安路12A-　 ", max_size=20))
    def test_something_is_told_about_every_token(self, text):
        tokens = [token for _, token in tokens_of(text)]
        assert len(told_of(tokens, Lexicon.learned([ROAD, CITY]))) == len(tokens)


class TestFolds:
    def test_hides_from_each_address_what_only_it_says(self):
        of_road, of_city = folds([ROAD, CITY], 2)
        assert of_road.longest_from("平安路", 0) is None
        assert of_city.longest_from("云城市", 0) is None
        assert of_city.longest_from("平安路", 0).name.tag == "road"

    def test_knows_a_name_of_the_gazetteer(self):
        assert Lexicon.learned([], {"平安路": "road"}).longest_from("平安路", 0).name.tag == "road"
