"""What `zhicheng doctor` looks at where a city is reached by others: HTTPS, proxies, host names, figures."""

from collections.abc import Iterator

from django.conf import settings

from zhicheng.config.operating.check import Check
from zhicheng.web.edge.forwarding import Networks

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
_WIDEST = {4: 8, 6: 16}  # a wider network than this holds strangers


def examine_exposure(*, demo: bool) -> Iterator[Check]:
    """What is wrong for a city that people reach over a network; a demo on one machine needs none of it."""
    if not settings.SECURE:
        advice = "" if demo else "市民访问必须经过 HTTPS：在前面放一个 TLS 代理，再设 ZHICHENG_HTTPS=1。"
        yield Check("HTTPS", "ok" if demo else "warn", "没有打开，Cookie 会以明文传送", advice)
        yield from _too_wide(settings.TRUSTED_PROXIES)
        return
    yield _hsts()
    yield from _proxies(settings.TRUSTED_PROXIES)
    yield _hosts()
    yield _figures()


def _hsts() -> Check:
    seconds = settings.SECURE_HSTS_SECONDS
    if seconds:
        return Check("HTTPS", "ok", f"已打开，浏览器记住 {seconds // 86400} 天（HSTS）")
    return Check("HTTPS", "warn", "已打开，但没有 HSTS", "去掉 ZHICHENG_HSTS_S=0，首次访问才不会被引到明文地址。")


def _proxies(trusted: Networks) -> Iterator[Check]:
    if not trusted:
        found = "没有写明，代理后面的所有人会被当作同一个地址"
        advice = "设 ZHICHENG_TRUSTED_PROXIES 为 TLS 代理的地址：否则一个人超限全城都被限，表单也会因来源不符被拒绝。"
        yield Check("可信代理", "fail", found, advice)
        return
    wide = list(_too_wide(trusted))
    yield from wide
    if not wide:
        yield Check("可信代理", "ok", "、".join(str(network) for network in trusted))


def _too_wide(trusted: Networks) -> Iterator[Check]:
    for network in trusted:
        if network.prefixlen < _WIDEST[network.version]:
            advice = "任何人都可以冒充别的地址：ZHICHENG_TRUSTED_PROXIES 只写代理自己的地址。"
            yield Check("可信代理", "fail", f"{network} 太宽", advice)


def _hosts() -> Check:
    names = [name for name in settings.ALLOWED_HOSTS if name not in _LOCAL_HOSTS]
    if "*" in names:
        return Check("域名", "fail", "接受任何域名", "ZHICHENG_HOSTS 只写本市的域名。")
    if names:
        return Check("域名", "ok", "、".join(names))
    return Check("域名", "fail", "只接受本机的名字", "设 ZHICHENG_HOSTS，写上市民访问的域名，如 city.example.cn。")


def _figures() -> Check:
    if settings.METRICS_TOKEN:
        return Check("指标", "ok", "凭令牌读取 /metrics")
    return Check(
        "指标", "warn", "没有令牌，别的机器读不到 /metrics", "设 ZHICHENG_METRICS_TOKEN，并写进 Prometheus 的配置。"
    )
