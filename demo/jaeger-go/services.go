package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	otlog "github.com/opentracing/opentracing-go/log"
)

// newUserService knows every user but the second, which it does not find.
func newUserService(tracer opentracing.Tracer) http.Handler {
	return traced(tracer, "GET /users", func(w http.ResponseWriter, r *http.Request, span opentracing.Span) {
		user := r.URL.Query().Get("user")
		query := tracer.StartSpan("SELECT users", opentracing.ChildOf(span.Context()))
		ext.SpanKindRPCClient.Set(query)
		ext.DBType.Set(query, "sql")
		ext.DBStatement.Set(query, "SELECT name FROM users WHERE id = $1")
		time.Sleep(2 * time.Millisecond)
		query.Finish()
		if user == "user-2" {
			ext.Error.Set(span, true)
			span.LogFields(otlog.Event("error"), otlog.String("message", "no such user"), otlog.String("user", user))
			answer(w, span, http.StatusNotFound, "no such user")
			return
		}
		answer(w, span, http.StatusOK, user)
	})
}

// newOrderService asks user-service who orders, and ships later: a span that follows from the request.
func newOrderService(tracer opentracing.Tracer, userURL string) http.Handler {
	return traced(tracer, "POST /orders", func(w http.ResponseWriter, r *http.Request, span opentracing.Span) {
		user, err := call(tracer, span, userURL+"/users?user="+r.URL.Query().Get("user"))
		if err != nil {
			ext.Error.Set(span, true)
			span.LogFields(otlog.Error(err))
			answer(w, span, http.StatusBadGateway, "refused: "+err.Error())
			return
		}
		shipping := tracer.StartSpan("ship-order", opentracing.FollowsFrom(span.Context()))
		ext.SpanKindProducer.Set(shipping)
		shipping.SetTag("express", true)
		shipping.LogFields(otlog.Event("parcel packed"), otlog.Int("parcel.grams", 1250))
		shipping.Finish()
		answer(w, span, http.StatusOK, "order of "+user)
	})
}

type handler func(w http.ResponseWriter, r *http.Request, span opentracing.Span)

// traced makes a server span of each request, below the caller's.
func traced(tracer opentracing.Tracer, name string, handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(r.Header))
		options := []opentracing.StartSpanOption{ext.SpanKindRPCServer}
		if err == nil {
			options = append(options, opentracing.ChildOf(caller))
		}
		span := tracer.StartSpan(name, options...)
		defer span.Finish()
		ext.HTTPMethod.Set(span, r.Method)
		ext.HTTPUrl.Set(span, r.URL.String())
		handle(w, r, span)
	})
}

// call makes a request inside a client span below parent, and returns the answer's text; a refusal is an error.
func call(tracer opentracing.Tracer, parent opentracing.Span, url string) (string, error) {
	span := tracer.StartSpan("GET", opentracing.ChildOf(parent.Context()))
	defer span.Finish()
	ext.SpanKindRPCClient.Set(span)
	ext.HTTPUrl.Set(span, url)
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	headers := opentracing.HTTPHeadersCarrier(request.Header)
	if err := tracer.Inject(span.Context(), opentracing.HTTPHeaders, headers); err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	ext.HTTPStatusCode.Set(span, uint16(response.StatusCode))
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		ext.Error.Set(span, true)
		err = errors.New(string(text))
	}
	return string(text), err
}

func answer(w http.ResponseWriter, span opentracing.Span, status int, text string) {
	ext.HTTPStatusCode.Set(span, uint16(status))
	w.WriteHeader(status)
	fmt.Fprint(w, text)
}
