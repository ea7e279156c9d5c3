// The user-service in Go, traced with OpenTelemetry's own libraries: GET /users/{id} reads one user from PostgreSQL.
// It answers what the one in TypeScript answers, and its spans have the same names and attributes.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

func main() {
	if err := run(); err != nil {
		log.Fatalf("user-service cannot start: %v", err)
	}
}

// run serves until SIGTERM, then finishes what is under way and sends the spans that are left.
func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	shutdownTracing, err := startTracing(ctx)
	if err != nil {
		return err
	}
	users, err := openUsers(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer users.close()

	listener, err := net.Listen("tcp", "127.0.0.1:"+envOr("PORT", "0"))
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", users.serve)
	// The server's span is named after the route, as in the other languages.
	named := otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
		if r.Pattern == "" {
			return r.Method
		}
		return r.Method + " " + route
	})
	server := &http.Server{Handler: otelhttp.NewHandler(withRoute(mux), "", named)}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	fmt.Printf("user-service ready at http://%s\n", listener.Addr())
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	flush, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return shutdownTracing(flush)
}

func envOr(key, fallback string) string {
	if value := os.Getenv(key); value != "" {
		return value
	}
	return fallback
}
