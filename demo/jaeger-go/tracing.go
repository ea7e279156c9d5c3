package main

import (
	"io"

	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/transport"
)

// newHTTPTracer posts spans to Jaeger's HTTP port, as thrift in the binary protocol. Ids of traces have 128 bits.
func newHTTPTracer(service, url string) (opentracing.Tracer, io.Closer) {
	reporter := jaeger.NewRemoteReporter(transport.NewHTTPTransport(url))
	return jaeger.NewTracer(
		service,
		jaeger.NewConstSampler(true),
		reporter,
		jaeger.TracerOptions.Gen128Bit(true),
		jaeger.TracerOptions.Tag("deployment.environment", "demo"),
	)
}

// newUDPTracer sends spans to the agent's port in datagrams, as thrift in the compact protocol.
func newUDPTracer(service, agent string) (opentracing.Tracer, io.Closer, error) {
	udp, err := jaeger.NewUDPTransport(agent, 0)
	if err != nil {
		return nil, nil, err
	}
	tracer, closer := jaeger.NewTracer(service, jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(udp))
	return tracer, closer, nil
}
