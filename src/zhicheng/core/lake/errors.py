"""What can go wrong with tables of the lake."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class TableUnknown(ZhichengError):
    """There is no such table, or it holds nothing yet."""

    code = "lake.table_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "数据湖里没有表“{table}”，或者还没有入过数据。请先入库：zhicheng lake ingest。"


class EntityUndeclared(ZhichengError):
    """The installed pack declares no such entity table."""

    code = "lake.entity_undeclared"
    kind = ErrorKind.NOT_FOUND
    message = "已安装的城市包没有声明实体表“{table}”。请在城市包的 lake/ 目录里声明，再安装。"


class VersionUnknown(ZhichengError):
    """The table has no such version, or did not exist at that time."""

    code = "lake.version_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "表“{table}”没有{wanted}的版本。"


class SourceUnreadable(ZhichengError):
    """A file cannot be read as a table at all; nothing was written."""

    code = "lake.source_unreadable"
    kind = ErrorKind.UNPROCESSABLE
    message = "{name} 不能当作表来读：{why}"


class ColumnsMissing(ZhichengError):
    """The source lacks columns that may not be empty; nothing was written."""

    code = "lake.columns_missing"
    kind = ErrorKind.UNPROCESSABLE
    message = "{name} 里没有不能为空的列：{columns}。请补上这些列再入库。"


class TableChangedMeanwhile(ZhichengError):
    """Somebody else wrote the table at the same time; nothing was written."""

    code = "lake.table_changed"
    kind = ErrorKind.CONFLICT
    message = "表“{table}”刚刚被另一次写入改变了，请重试。"
    retryable = True


class BadTableName(ZhichengError):
    """The name cannot be a folder and an SQL name at once."""

    code = "lake.bad_table_name"
    kind = ErrorKind.INVALID
    message = "“{table}”不能作表名：请用小写字母开头，只含小写字母、数字和下划线，最多 63 个字符。"


class OnlyReading(ZhichengError):
    """A query tried to do more than read."""

    code = "lake.only_reading"
    kind = ErrorKind.FORBIDDEN
    message = "数据湖的查询连接只能查询（SELECT），不能做别的事。"


class QueryTooSlow(ZhichengError):
    """A query took longer than it may, and was stopped."""

    code = "lake.query_too_slow"
    kind = ErrorKind.UNAVAILABLE
    message = "查询超过 {limit_s:g} 秒还没有完成，已经停止。请缩小范围再试。"
    retryable = True


class QueryFailed(ZhichengError):
    """DuckDB refused or could not finish a query."""

    code = "lake.query_failed"
    kind = ErrorKind.UNPROCESSABLE
    message = "查询没有成功：{why}"
