"""What a table's account of its columns tells a bulk query: which ranges need no check, where nothing is unknown."""

from zhicheng.core.lake.public import Account
from zhicheng.engines.rules.bulk import BulkOptions
from zhicheng.engines.rules.values import Seen


def trusting(account: Account) -> BulkOptions:
    """Options for a query over the very version of the table that the account is of."""
    seen = {code: Seen(held.least, held.most, held.nulls, held.rows) for code, held in account.items()}
    return BulkOptions(seen=seen)
