"""The only door to the twin."""

from zhicheng.apps.twin.base.commands import gather_words, source_of, with_synonyms
from zhicheng.apps.twin.gate.tile_files import prepared_tile
from zhicheng.apps.twin.operations.applications import (
    change_application,
    register_application,
    retire_application,
)
from zhicheng.apps.twin.operations.commands_acting import Yes, do_act, draft_act
from zhicheng.apps.twin.operations.commands_keeping import (
    check_watched,
    end_watch,
    forget_asked,
    keep_asked,
    watch_question,
)
from zhicheng.apps.twin.operations.commands_rewriting import understand_or_rewrite
from zhicheng.apps.twin.operations.services import add_calls, set_quota
from zhicheng.apps.twin.operations.services_tiles import draw_crowded, prepare_tiles
from zhicheng.apps.twin.policy.services import Bucket, default_quota, may_see, until_midnight_s
from zhicheng.apps.twin.queries.applications import ApplicationFilter, get_application, list_applications
from zhicheng.apps.twin.queries.commands_asking import (
    ask_city,
    leave_out,
    run_understood,
    suggest_commands,
    understand,
    understand_plain,
)
from zhicheng.apps.twin.queries.commands_kept import get_watched, list_asked, list_watched
from zhicheng.apps.twin.queries.commands_vocabulary import current_words, forget_words
from zhicheng.apps.twin.queries.services_callers import caller_by_key, caller_by_session
from zhicheng.apps.twin.queries.services_calls import PERMISSION as SERVICES_PERMISSION
from zhicheng.apps.twin.queries.services_calls import (
    CallFilter,
    last_days,
    list_application_quotas,
    list_calls,
    quota_of,
    total_calls,
    used_today,
)
from zhicheng.apps.twin.queries.services_features import (
    FeatureQuery,
    count_rows,
    filter_columns,
    matching_blocks,
    select_rows,
)
from zhicheng.apps.twin.queries.services_tiles import LAST_ZOOM as TILE_LAST_ZOOM
from zhicheng.apps.twin.queries.services_tiles import make_tile, tile_columns, zoom_range
from zhicheng.apps.twin.registry import IndicatorSource, indicator_sources

__all__ = [
    "SERVICES_PERMISSION",
    "TILE_LAST_ZOOM",
    "ApplicationFilter",
    "Bucket",
    "CallFilter",
    "FeatureQuery",
    "IndicatorSource",
    "Yes",
    "add_calls",
    "ask_city",
    "caller_by_key",
    "caller_by_session",
    "change_application",
    "check_watched",
    "count_rows",
    "current_words",
    "default_quota",
    "do_act",
    "draft_act",
    "draw_crowded",
    "end_watch",
    "filter_columns",
    "forget_asked",
    "forget_words",
    "gather_words",
    "get_application",
    "get_watched",
    "indicator_sources",
    "keep_asked",
    "last_days",
    "leave_out",
    "list_application_quotas",
    "list_applications",
    "list_asked",
    "list_calls",
    "list_watched",
    "make_tile",
    "matching_blocks",
    "may_see",
    "prepare_tiles",
    "prepared_tile",
    "quota_of",
    "register_application",
    "retire_application",
    "run_understood",
    "select_rows",
    "set_quota",
    "source_of",
    "suggest_commands",
    "tile_columns",
    "total_calls",
    "understand",
    "understand_or_rewrite",
    "understand_plain",
    "until_midnight_s",
    "used_today",
    "watch_question",
    "with_synonyms",
    "zoom_range",
]
