package main

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// queryTracer makes a span of each query of a request. OpenTelemetry has no instrumentation of pgx, which says itself
// when a query begins and ends.
type queryTracer struct{}

func (queryTracer) TraceQueryStart(
	ctx context.Context, connection *pgx.Conn, data pgx.TraceQueryStartData,
) context.Context {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx
	}
	config := connection.Config()
	operation, _, _ := strings.Cut(data.SQL, " ")
	ctx, _ = tracer.Start(ctx, operation+" "+config.Database,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(
			attribute.String("db.system.name", "postgresql"),
			attribute.String("db.namespace", config.Database),
			attribute.String("db.operation.name", operation),
			attribute.String("db.query.text", data.SQL),
			attribute.String("server.address", config.Host),
			attribute.Int("server.port", int(config.Port)),
		))
	return ctx
}

func (queryTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	span := trace.SpanFromContext(ctx)
	if !span.SpanContext().IsValid() {
		return
	}
	if data.Err != nil {
		span.RecordError(data.Err)
		span.SetStatus(codes.Error, data.Err.Error())
	}
	span.End()
}
