"""Structured logs: one JSON object a line on stderr, or readable lines on a terminal."""

import logging
import sys

import structlog

from zhicheng.config import environment


def configure_logs() -> None:
    """Send structlog and the standard library through the same lines. Personal data never goes into a log."""
    as_json = not sys.stderr.isatty() or environment.flag("ZHICHENG_JSON_LOGS")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
    ]
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(environment.text("ZHICHENG_LOG_LEVEL", "INFO").upper())
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would tell of every request
