"""Create the application from its settings, database, API, pages and commands."""

from flask import Flask

from legal import api, cli, site
from legal.api import problems
from legal.db.engine import Database
from legal.errors import InvalidInput
from legal.gateway.clients import parse_networks
from legal.gateway.observer import RequestObserver
from legal.http.sessions import NoSessions
from legal.mcp import commands as mcp_commands
from legal.queries import health
from legal.response_cache import ResponseCache
from legal.settings import DEFAULT_PUBLIC_URL, MAX_JSON_BYTES, Settings
from legal.site import errors


def create_app(settings: Settings | None = None) -> Flask:
    """Create the service as a WSGI app, with settings from the environment by default.

    Raises:
        SystemExit: a setting is invalid, or a file cannot be read or written.
    """
    try:
        return _build_app(settings or Settings.from_environment())
    except InvalidInput as error:
        raise SystemExit(f"Error: {error}") from None  # one line, and no traceback, in a terminal or a log
    except OSError as error:
        raise SystemExit(f"Error: the service cannot read or write what it needs to start: {error}.") from None


def _build_app(settings: Settings) -> Flask:
    database = Database(settings.database_url, settings.database_timeout_ms / 1000, settings.database_replica_urls)
    app = Flask("legal", static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks))
    app.session_interface = NoSessions()
    app.config.update(MAX_CONTENT_LENGTH=MAX_JSON_BYTES)
    # Feeds always need absolute addresses. JSON has them if the operator has set the public one.
    app.config.update(PUBLIC_URL=settings.public_url or DEFAULT_PUBLIC_URL, LINK_BASE=settings.public_url)
    app.config["ROSTER_LARGEST_FALL"] = settings.roster_largest_fall
    app.config["EXPORT_FOLDER"] = settings.export_folder
    app.config["ROSTER_LARGEST_SET_ASIDE"] = settings.roster_largest_set_aside
    app.extensions["database"] = database
    api.register(app, error_page=errors.render_error_page)
    site.register(app)
    cli.register(app)
    mcp_commands.register(app)
    limiter = None
    if settings.rate_limit:
        from legal.gateway.rate_limits import RateLimiter  # noqa: PLC0415 - limits is imported only where requests are limited

        proxies = parse_networks(settings.trusted_proxies)
        problem = problems.problem_for_unparsed_request(429)
        limiter = RateLimiter(app.wsgi_app, settings.rate_limit, settings.rate_limit_storage_uri, proxies, problem)
        app.wsgi_app = limiter  # type: ignore[method-assign]
    if settings.response_cache_bytes:
        cache = ResponseCache(app.wsgi_app, lambda: health.load_record_state(database), settings.response_cache_bytes)
        app.wsgi_app = cache  # type: ignore[method-assign]
        app.extensions["response_cache"] = cache
    app.wsgi_app = RequestObserver(  # type: ignore[method-assign]
        app.wsgi_app,
        metrics=settings.metrics,
        is_logging=settings.log_requests,
        window_seconds=limiter.window_seconds if limiter else 0,
    )
    return app
