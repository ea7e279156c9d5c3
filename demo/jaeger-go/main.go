// Two services instrumented with OpenTracing and Jaeger's Go client, as many were before OpenTelemetry: order-service
// calls user-service over HTTP. The first posts its spans to Jaeger's HTTP port, the second sends them to the agent's
// UDP port, so every trace arrives by both ways and is whole only when both work.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/uber/jaeger-client-go"
)

func main() {
	httpURL := flag.String("http", "http://localhost:14268/api/traces", "where order-service posts its spans")
	agent := flag.String("agent", "localhost:6831", "where user-service sends its datagrams")
	orders := flag.Int("orders", 3, "how many orders to place")
	flag.Parse()
	if err := run(*httpURL, *agent, *orders); err != nil {
		log.Fatal(err)
	}
}

func run(httpURL, agent string, orders int) error {
	userTracer, closeUserTracer, err := newUDPTracer("user-service", agent)
	if err != nil {
		return fmt.Errorf("tracer of user-service: %w", err)
	}
	orderTracer, closeOrderTracer := newHTTPTracer("order-service", httpURL)

	userURL, err := serve(newUserService(userTracer))
	if err != nil {
		return err
	}
	orderURL, err := serve(newOrderService(orderTracer, userURL))
	if err != nil {
		return err
	}
	for order := 1; order <= orders; order++ {
		placeOrder(orderTracer, orderURL, order)
	}
	// Closing a tracer sends what it still holds.
	if err := closeUserTracer.Close(); err != nil {
		return err
	}
	return closeOrderTracer.Close()
}

// serve listens on a free port of this machine and returns the service's URL.
func serve(handler http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() { log.Fatal(http.Serve(listener, handler)) }()
	return "http://" + listener.Addr().String(), nil
}

// placeOrder is the customer: the root of a trace, whose id it prints.
func placeOrder(tracer opentracing.Tracer, orderURL string, order int) {
	span := tracer.StartSpan("place-order")
	defer span.Finish()
	span.SetTag("order.number", order)
	span.SetTag("order.total", 19.99*float64(order))

	user := fmt.Sprintf("user-%d", order)
	outcome, err := call(tracer, span, orderURL+"/orders?user="+user)
	if err != nil {
		ext.Error.Set(span, true)
		outcome = err.Error()
	}
	if context, ok := span.Context().(jaeger.SpanContext); ok {
		fmt.Printf("%s %s\n", context.TraceID(), outcome)
	}
}
