"""The user-service in Python, traced with OpenTelemetry's own libraries: GET /users/<id> reads one user from PostgreSQL.

It answers what the one in TypeScript answers, and its spans have the same names and attributes. PORT, DATABASE_URL, FAULTS,
OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_RESOURCE_ATTRIBUTES say the rest.
"""

import logging
import os
import signal
import sys
import time
from pathlib import Path

from flask import Flask, jsonify
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from waitress import create_server

ROUTE = "/users/:id"
SELECT_USER = "SELECT id, name, email, plan FROM user_service.users WHERE id = %s"
SELECT_CREDIT_LIMIT = 'SELECT user_service.credit_limit_cents(%s) AS "creditLimitCents"'
MAX_ID = 2**31 - 1

tracer = trace.get_tracer("clew/demo/python")


class NotFound(Exception):
    """That somebody asks for a user who is not there is no failure of this service."""


def start_tracing() -> TracerProvider:
    """Sends spans as OTLP over HTTP; W3C's headers are read by default."""
    # Attributes as they are called since the conventions became stable.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")
    described = Resource.create(
        {"service.name": "user-service", "service.namespace": "shop", "service.version": "1.4.2"}
    ).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=described)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    PsycopgInstrumentor().instrument()
    return provider


def open_database(url: str) -> ConnectionPool:
    """Connects, and creates the tables if they are not there."""
    pool = ConnectionPool(
        url,
        min_size=1,
        max_size=10,
        # No prepared statements: all connections to the database that the demo brings along share one session, and so
        # one set of their names.
        kwargs={"autocommit": True, "prepare_threshold": None, "row_factory": dict_row},
        open=True,
    )
    schema = (Path(__file__).parent.parent / "user-service.sql").read_text()
    with pool.connection() as connection, suppress_instrumentation():
        connection.execute(f"BEGIN; SELECT pg_advisory_xact_lock(4317); {schema}; COMMIT;")
    return pool


def create_app(pool: ConnectionPool, delay_seconds: float) -> Flask:
    app = Flask("user-service")
    # As the shop's JSON is elsewhere: in the order in which it is written.
    app.json.sort_keys = False
    FlaskInstrumentor().instrument_app(app)

    @app.get("/users/<id_text>")
    def serve_user(id_text: str):
        # Flask writes its routes in another way; in traces they are written as in the other languages.
        span = trace.get_current_span()
        span.update_name(f"GET {ROUTE}")
        span.set_attribute("http.route", ROUTE)
        return jsonify(get_user(pool, id_text, delay_seconds))

    @app.errorhandler(NotFound)
    def answer_not_found(error: NotFound):
        return jsonify(error=str(error)), 404

    return app


def get_user(pool: ConnectionPool, id_text: str, delay_seconds: float) -> dict:
    with tracer.start_as_current_span(
        "get-user", record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            time.sleep(delay_seconds)
            user_id = parse_id(id_text)
            span.set_attribute("user.id", user_id)
            user = read_user(pool, user_id)
            span.set_attribute("user.plan", user["plan"])
            return user
        except NotFound:
            span.add_event("not-found", {"user.id": id_text})
            raise
        except Exception as error:
            span.record_exception(error)
            span.set_status(trace.StatusCode.ERROR, str(error))
            raise


def read_user(pool: ConnectionPool, user_id: int) -> dict:
    with pool.connection() as connection:
        user = connection.execute(SELECT_USER, [user_id]).fetchone()
        if user is None:
            raise NotFound(f"user {user_id} does not exist")
        if user["plan"] == "business":
            user |= connection.execute(SELECT_CREDIT_LIMIT, [user_id]).fetchone()
        return user


def parse_id(text: str) -> int:
    if text.isascii() and text.isdecimal() and 0 < int(text) <= MAX_ID:
        return int(text)
    raise NotFound(f"user {text} does not exist")


def stop(*_: object) -> None:
    """Ends the server's loop, which then lets `main` finish."""
    raise SystemExit(0)


def main() -> None:
    provider = start_tracing()
    pool = open_database(os.environ["DATABASE_URL"])
    is_slow = "slow-instance" in os.environ.get("FAULTS", "")
    app = create_app(pool, 0.4 if is_slow else 0)
    # That requests wait for a thread is nothing to be told for each of them.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(app, host="127.0.0.1", port=int(os.environ.get("PORT", "0")), threads=10)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"user-service ready at http://127.0.0.1:{server.effective_port}", flush=True)
    try:
        server.run()
    finally:
        server.close()
        pool.close()
        provider.shutdown()


if __name__ == "__main__":
    sys.exit(main())
