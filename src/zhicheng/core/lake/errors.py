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


class RejectionsSwept(ZhichengError):
    """The list of what an ingest rejected was removed after the time for which the lake keeps versions."""

    code = "lake.rejections_swept"
    kind = ErrorKind.NOT_FOUND
    message = "这次入库（{ingest}）退回的行已过保存期限，清单已经清除；入库记录里仍有退回的行数和原因。"


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


class CopyMisplaced(ZhichengError):
    """The address of the lake's copy cannot be read, or says too little."""

    code = "lake.copy_misplaced"
    kind = ErrorKind.INVALID
    message = "湖的副本没有设好：{why}"


class CopyUnreachable(ZhichengError):
    """The object store did not answer."""

    code = "lake.copy_unreachable"
    kind = ErrorKind.UNAVAILABLE
    message = "连不上对象存储 {host}：{why}。请检查网络和 AWS_ENDPOINT_URL；本机的湖照常工作，连上后会自动补齐。"
    retryable = True


class CopyRefused(ZhichengError):
    """The object store does not let us in."""

    code = "lake.copy_refused"
    kind = ErrorKind.FORBIDDEN
    message = (
        "对象存储拒绝了访问（{reason}）。请检查 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY、AWS_REGION、本机时钟，"
        "以及这个密钥能不能读写桶“{bucket}”。"
    )


class BucketUnknown(ZhichengError):
    """There is no such bucket."""

    code = "lake.copy_no_bucket"
    kind = ErrorKind.NOT_FOUND
    message = "对象存储里没有桶“{bucket}”。请先建好桶，或者改正 ZHICHENG_LAKE_S3。"


class CopyFailed(ZhichengError):
    """The object store answered with a fault."""

    code = "lake.copy_failed"
    kind = ErrorKind.UNAVAILABLE
    message = "对象存储没有完成请求（{status} {reason}）：{key}。稍后会自动再试。"
    retryable = True


class CopyOwned(ZhichengError):
    """The place belongs to another city, or to this one before its disk was lost."""

    code = "lake.copy_owned"
    kind = ErrorKind.CONFLICT
    message = (
        "{place} 里已经有一座城市的湖（{owner}，最近一次写入 {at}），本机不会往里写。"
        "如果那就是这座城市、原来的盘已经没有了，请先停下城市，运行 zhicheng lake restore；"
        "如果是另一座城市，请给 ZHICHENG_LAKE_S3 换一个前缀。"
    )


class CopyInUse(ZhichengError):
    """Who owns the copy wrote a moment ago: taking over would split the city in two."""

    code = "lake.copy_in_use"
    kind = ErrorKind.CONFLICT
    message = "{owner} 在 {at} 还在写这份副本。请先停下那座城市，等 {minutes} 分钟再试；确知它已停下，可加 --force。"


class CopyEmpty(ZhichengError):
    """There is nothing to restore."""

    code = "lake.copy_empty"
    kind = ErrorKind.NOT_FOUND
    message = "{place} 里没有湖的副本。请检查 ZHICHENG_LAKE_S3。"


class CopyDiverged(ZhichengError):
    """The copy of a table tells another history than the table."""

    code = "lake.copy_diverged"
    kind = ErrorKind.CONFLICT
    message = (
        "表“{table}”的副本从第 {version} 版起与本机不同，已停止复制这张表。"
        "以本机为准重新复制：zhicheng lake copy --anew {table}。"
    )


class CopyIncomplete(ZhichengError):
    """A table of the copy lacks files that its newest version names."""

    code = "lake.copy_incomplete"
    kind = ErrorKind.CONFLICT
    message = "表“{table}”的副本不完整，缺 {missing} 个文件，没有取回。请换一份副本，或者从备份恢复。"
