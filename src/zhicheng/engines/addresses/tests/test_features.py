from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.addresses.features import features_of
from zhicheng.engines.addresses.lexicon import Lexicon, folds
from zhicheng.engines.addresses.second_look import second_features
from zhicheng.engines.addresses.spans import TaggedAddress
from zhicheng.engines.addresses.tokens import tokens_of

ROAD = TaggedAddress(tuple("平安路"), ("B-road", "I-road", "I-road"))
CITY = TaggedAddress(tuple("云城市"), ("B-city", "I-city", "I-city"))


class TestTokensOf:
    @given(st.text(max_size=30))
    def test_leaves_out_only_white_space(self, text):
        covered = {at for start, token in tokens_of(text) for at in range(start, start + len(token))}
        assert all(character.isspace() for at, character in enumerate(text) if at not in covered)


class TestFeaturesOf:
    @given(st.text(alphabet="云城市平安路12A-　 ", max_size=20))
    def test_tells_something_about_every_token(self, text):
        tokens = [token for _, token in tokens_of(text)]
        told = features_of(tokens, Lexicon.learned([ROAD, CITY]))
        assert len(told) == len(tokens)
        assert all(features for features in told)

    def test_tells_which_city_is_said_again(self):
        told = features_of(list("云城市云城市平安路"), Lexicon.learned([CITY]))
        assert "d=CLB" in told[0]
        assert "d=CEB" in told[3]

    def test_knows_a_name_of_the_gazetteer(self):
        told = features_of(list("到平安路"), Lexicon.learned([], {"平安路": "road"}))
        assert "nb=road3" in told[1]
        assert "n=-" in told[0]


class TestFolds:
    def test_hides_from_each_address_what_only_it_says(self):
        of_road, of_city = folds([ROAD, CITY], 2)
        assert of_road.find("平安路") is None
        assert of_city.find("云城市") is None
        assert of_city.find("平安路").tag == "road"


class TestSecondFeatures:
    def test_tells_whole_parts_and_what_is_named_twice(self):
        tokens = list("云城市云城市")
        told = second_features(tokens, ["B-city", "I-city", "I-city"] * 2, Lexicon.learned([CITY]))
        assert "B-x=云城市" in told[0]
        assert "B-r=city101" in told[0]
        assert "B-r=city010" in told[3]
